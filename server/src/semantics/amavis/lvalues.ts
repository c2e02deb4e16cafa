/** What can be assigned to: finding the cells behind `$x`, `@$x`, `$x{a}[1]`, and making them on the way. */
import type { Dereference, Element, Expression, Variable } from "../../syntax/amavis/tree.js";
import { chosen } from "./chains.js";
import { evaluate, evaluateList } from "./expressions.js";
import type { Machine } from "./machine.js";
import { toNumber } from "./numbers.js";
import { storedName } from "./store.js";
import {
  ArrayCell,
  type Cell,
  HashCell,
  ref,
  ScalarCell,
  textOf,
  type UnknownValue,
  type Value,
} from "./value.js";

/** A cell, or the reason why it is not known which one is meant. */
export type Target = Cell | UnknownValue;

/** The array or hash behind a container; with `create` an undefined reference becomes a new one. */
export function containerCell(
  machine: Machine,
  node: Variable | Dereference | Expression,
  sigil: "@" | "%",
  create: boolean,
  reaches = false,
): ArrayCell | HashCell | UnknownValue | undefined {
  if (node.kind === "variable") {
    const cell = machine.cell(node);
    return cell.kind === "scalar" ? undefined : cell;
  }
  if (node.kind === "declaration") {
    const cell = declaredCell(machine, node);
    return cell.kind === "array" || cell.kind === "hash" ? cell : undefined;
  }
  if (node.kind !== "dereference") return undefined;
  // An element of what is not there makes the container, even where it is only read.
  const makes = create || reaches;
  const holder = makes ? scalarTarget(machine, node.operand) : evaluate(machine, node.operand);
  const value = holder.kind === "scalar" ? holder.value : holder;
  if (value.kind === "unknown") return value;
  if (value.kind === "ref") {
    const { cell } = value;
    return cell.kind === (sigil === "@" ? "array" : "hash") ? (cell as ArrayCell | HashCell) : undefined;
  }
  if (value.kind === "undef" && makes && holder.kind === "scalar") {
    const cell = sigil === "@" ? new ArrayCell() : new HashCell();
    holder.set(ref(cell, machine.at(node)), machine.at(node));
    cell.touch(machine.at(node));
    return cell;
  }
  if (value.kind === "text") machine.noteSymbolicReference(node);
  const named = namedCell(machine, sigil, value);
  if (named?.kind === "array" || named?.kind === "hash") return named;
  return value.kind === "opaque" ? machine.unknown("the inside of an object", node) : undefined;
}

/** Without `use strict 'refs'` a text stands for the variable of that name. */
function namedCell(machine: Machine, sigil: "$" | "@" | "%", value: Value): Cell | undefined {
  if (value.kind !== "text" || !/^(?:\w+(?:::|'))*\w+$/.test(value.text)) return undefined;
  return machine.store.global(sigil + storedName(value.text, machine.package));
}

/** The cell that a scalar expression stands for; a new, loose one when it stands for none. */
export function scalarTarget(machine: Machine, node: Expression): ScalarCell | UnknownValue {
  switch (node.kind) {
    case "variable": {
      const cell = machine.cell(node);
      return cell.kind === "scalar" ? cell : new ScalarCell();
    }
    case "element":
      return elementTarget(machine, node);
    case "declaration": {
      const cell = declaredCell(machine, node);
      return cell.kind === "scalar" ? cell : new ScalarCell();
    }
    case "dereference": {
      if (node.sigil !== "$") break;
      const holder = scalarTarget(machine, node.operand);
      const value = holder.kind === "scalar" ? holder.value : holder;
      if (value.kind === "ref" && value.cell.kind === "scalar") return value.cell;
      if (value.kind === "unknown") return value;
      if (value.kind === "text") machine.noteSymbolicReference(node);
      const named = namedCell(machine, "$", value);
      if (named?.kind === "scalar") return named;
      if (value.kind !== "undef" || holder.kind !== "scalar") return new ScalarCell();
      // A reference to a new scalar comes into being.
      const cell = new ScalarCell();
      holder.set(ref(cell, machine.at(node)), machine.at(node));
      return cell;
    }
    case "ternary": {
      const branch = chosen(machine, node);
      return branch === undefined
        ? machine.unknown("a condition that is not known here", node)
        : scalarTarget(machine, branch);
    }
    case "assignment": {
      evaluate(machine, node);
      return scalarTarget(machine, node.target.kind === "declaration" ? node.target.target : node.target);
    }
    case "list": {
      const [only] = node.items;
      if (only !== undefined && node.items.length === 1) return scalarTarget(machine, only);
      break;
    }
    default:
  }
  return new ScalarCell(evaluate(machine, node));
}

function elementTarget(machine: Machine, node: Element): ScalarCell | UnknownValue {
  const container = containerCell(machine, node.container, node.access === "index" ? "@" : "%", true);
  if (container?.kind === "hash") return hashSlot(machine, container, keyText(machine, node), node);
  const key = evaluate(machine, node.subscript);
  if (container === undefined) return new ScalarCell();
  if (container.kind === "unknown") return container;
  if (key.kind === "unknown") {
    const reason = machine.unknownList(key.reason, node);
    container.assign([reason], reason.origin);
    return key;
  }
  return arraySlot(container, Math.trunc(toNumber(textOf(key) ?? "")));
}

function hashSlot(
  machine: Machine,
  hash: HashCell,
  key: string | UnknownValue,
  node: Element,
): ScalarCell | UnknownValue {
  if (typeof key !== "string") {
    hash.open = key;
    return key;
  }
  hash.firstOrigin ??= machine.at(node);
  return hash.slot(key, machine.at(node.subscript));
}

/** The text of a subscript; several values are joined as Perl joins them. */
export function keyText(machine: Machine, node: Element): string | UnknownValue {
  if (node.subscript.kind === "string" && node.subscript.constant !== undefined)
    return node.subscript.constant;
  if (node.subscript.kind === "list" && !node.subscript.parenthesised) {
    const parts = evaluateList(machine, node.subscript);
    return parts.map((part) => textOf(part) ?? "").join("\x1c");
  }
  const value = evaluate(machine, node.subscript);
  return textOf(value) ?? (value.kind === "unknown" ? value : machine.unknown("a reference as a key", node));
}

/** Arrays do not grow without limit: an index out of all reason gives a loose cell. */
const LARGEST_INDEX = 100_000;

function arraySlot(array: ArrayCell, index: number): ScalarCell {
  const at = index < 0 ? array.items.length + index : index;
  if (at < 0 || at > LARGEST_INDEX) return new ScalarCell();
  while (array.items.length <= at) array.items.push(new ScalarCell());
  return array.items[at] ?? new ScalarCell();
}

/** The cell of `my $x`, `our @y`, `local $z` (one variable). */
export function declaredCell(machine: Machine, node: Expression & { kind: "declaration" }): Cell {
  const { target, scope } = node;
  if (scope === "local") {
    const cell = target.kind === "variable" ? machine.cell(target) : scalarTarget(machine, target);
    if (cell.kind === "unknown") return new ScalarCell();
    keepForRestore(machine, cell);
    return cell;
  }
  if (target.kind !== "variable") return new ScalarCell();
  return scope === "our" ? machine.declareOur(target) : machine.declareMy(target);
}

/** `local` gives the old value back at the end of the block; until then the variable starts empty. */
function keepForRestore(machine: Machine, cell: Cell): void {
  if (cell.kind === "scalar") {
    const { value, origin } = cell;
    machine.restores.push(() => cell.set(value, origin));
    cell.set({ kind: "undef", origin: undefined }, origin);
  } else if (cell.kind === "array") {
    const { items } = cell;
    machine.restores.push(() => {
      cell.items = items;
    });
    cell.items = [];
  } else {
    const { entries, open } = cell;
    machine.restores.push(() => {
      cell.entries = entries;
      cell.open = open;
    });
    cell.entries = new Map();
    cell.open = undefined;
  }
}
