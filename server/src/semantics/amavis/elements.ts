/** Variables, elements, slices and what references lead to. */
import { amavisVariable } from "../../knowledge/amavisVariables.js";
import type { Element, Expression, Slice, Variable } from "../../syntax/amavis/tree.js";
import { call } from "./calls.js";
import { evaluate, evaluateList, FILLED_IN } from "./expressions.js";
import { containerCell, keyText } from "./lvalues.js";
import type { Machine } from "./machine.js";
import { matchVariable } from "./matching.js";
import { toNumber } from "./numbers.js";
import { ArrayCell, type Cell, placed, ScalarCell, text, textOf, undef, type Value } from "./value.js";

/** Elements keep their own places; what has none gets that of the use. */
export function cellValues(machine: Machine, cell: Cell, node: Expression): Value[] {
  const origin = machine.at(node);
  const size = cell.kind === "array" ? cell.items.length : cell.kind === "hash" ? cell.entries.size : 1;
  if (!machine.mayCopy(size)) return [machine.unknownList("lists that are copied again and again", node)];
  if (cell.kind === "array") return cell.items.map((item) => placed(item.value, origin));
  if (cell.kind === "scalar") return [cell.value];
  const values: Value[] = [];
  for (const key of cell.keys()) {
    const entry = cell.get(key);
    if (entry !== undefined)
      values.push(text(key, entry.keyOrigin ?? origin), placed(entry.value, entry.origin ?? origin));
  }
  if (cell.open !== undefined) values.push({ ...cell.open, list: true });
  return values;
}

export function variableValue(machine: Machine, node: Variable): Value {
  if (node.sigil === "&") return call(machine, callOf(node));
  const cell = machine.cell(node);
  if (cell.kind === "array") return countOf(machine, cell, node);
  if (cell.kind === "hash") {
    if (
      machine.isFilledIn(node) &&
      cell.firstOrigin === undefined &&
      amavisVariable(`%${node.name}`) === undefined
    ) {
      return machine.unknown(FILLED_IN, node);
    }
    return cell.open === undefined ? text(String(cell.keys().length), machine.at(node)) : cell.open;
  }
  if (machine.match !== undefined && (node.name === "&" || /^[1-9]\d*$/.test(node.name)))
    return matchVariable(machine, node.name) ?? cell.value;
  if (cell.value.kind === "undef" && cell.firstOrigin === undefined) return neverSet(machine, node, cell);
  return cell.value;
}

/** A name that nobody sets: undef for amavisd's own variables, otherwise it may be set elsewhere. */
function neverSet(machine: Machine, node: Variable, cell: ScalarCell): Value {
  const name = machine.globalName(node);
  if (name === undefined || amavisVariable(name) !== undefined || name === "$_") return cell.value;
  return machine.unknown(machine.template ? FILLED_IN : `${name} is set nowhere in these files`, node);
}

function callOf(node: Variable): Expression & { kind: "call" } {
  const { start, end, name } = node;
  return {
    kind: "call",
    start,
    end,
    name,
    nameRange: { start: start + 1, end },
    arguments: [],
    block: undefined,
  };
}

export function countOf(machine: Machine, cell: ArrayCell, node: Expression): Value {
  let count = 0;
  for (const { value } of cell.items) {
    const open = value.kind === "unknown" && value.list;
    if (open && value.elements === undefined) return machine.unknown(value.reason, node);
    count += open ? (value.elements?.length ?? 0) : 1;
  }
  return text(String(count), machine.at(node));
}

export function lastIndex(machine: Machine, cell: Cell, node: Expression): Value {
  if (cell.kind !== "array") return undef();
  const count = countOf(machine, cell, node);
  return count.kind === "text" ? text(String(toNumber(count.text) - 1), count.origin) : count;
}

export function elementValue(machine: Machine, node: Element): Value {
  const container = containerCell(machine, node.container, node.access === "index" ? "@" : "%", false, true);
  if (container === undefined) return undef();
  if (container.kind === "unknown") return machine.unknown(container.reason, node);
  if (container.kind === "hash") {
    const key = keyText(machine, node);
    if (typeof key !== "string") return machine.unknown(key.reason, node);
    const entry = container.get(key);
    if (entry !== undefined) return entry.value;
    return container.open === undefined ? undef() : machine.unknown(container.open.reason, node);
  }
  const index = evaluate(machine, node.subscript);
  const known = textOf(index);
  if (known === undefined) return machine.unknown("an index that is not known", node);
  return itemAt(machine, container, Math.trunc(toNumber(known)), node);
}

/** An element by index; beyond a part of unknown length it is not known which one it is. */
function itemAt(machine: Machine, array: ArrayCell, index: number, node: Expression): Value {
  const open = array.items.findIndex((item) => item.value.kind === "unknown" && item.value.list);
  const at = index < 0 ? array.items.length + index : index;
  const item = array.items[at];
  if (open >= 0 && (index < 0 ? at <= open : at >= open))
    return machine.unknown("an element of a list that is not known", node);
  return item?.value ?? undef();
}

export function dereferenceValue(machine: Machine, node: Expression & { kind: "dereference" }): Value {
  const value = evaluate(machine, node.operand);
  if (value.kind === "unknown") return value;
  const cell = value.kind === "ref" ? value.cell : undefined;
  if (value.kind === "text") machine.noteSymbolicReference(node);
  if (cell === undefined)
    return value.kind === "opaque" ? machine.unknown("the inside of an object", node) : undef();
  if (node.sigil === "#") return lastIndex(machine, cell, node);
  if (cell.kind === "scalar") return cell.value;
  return cell.kind === "array"
    ? countOf(machine, cell, node)
    : text(String(cell.keys().length), machine.at(node));
}

export function dereferenceList(
  machine: Machine,
  node: Expression & { kind: "dereference" },
  sigil: "@" | "%",
): Value[] {
  const cell = containerCell(machine, node, sigil, false);
  if (cell === undefined) return [];
  if (cell.kind === "unknown") return [machine.unknownList(cell.reason, node)];
  return cellValues(machine, cell, node);
}

export function sliceValues(machine: Machine, node: Slice): Value[] {
  const keys = evaluateList(machine, node.subscript);
  const { container } = node;
  const isList = container.kind === "list" || container.kind === "words" || container.kind === "call";
  const cell = isList
    ? loose(evaluateList(machine, container))
    : containerCell(machine, container, node.access === "index" ? "@" : "%", false);
  if (cell === undefined) return keys.map(() => undef());
  if (cell.kind === "unknown") return [machine.unknownList(cell.reason, node)];
  // perldata: a slice of an empty list is an empty list, not undef for each index.
  if (isList && cell.kind === "array" && cell.items.length === 0) return [];
  return keys.flatMap((key) => {
    const known = textOf(key);
    if (known === undefined) return [machine.unknownList("a key that is not known", node)];
    const value =
      cell.kind === "array"
        ? itemAt(machine, cell, Math.trunc(toNumber(known)), node)
        : (cell.get(known)?.value ??
          (cell.open === undefined ? undef() : machine.unknown(cell.open.reason, node)));
    return node.pairs ? [key, value] : [value];
  });
}

function loose(values: readonly Value[]): ArrayCell {
  const cell = new ArrayCell();
  cell.items = values.map((value) => new ScalarCell(value));
  return cell;
}
