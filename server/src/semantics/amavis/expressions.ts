/** The value of an expression, as a scalar or as a list. */
import { amavisConstant, amavisVariable } from "../../knowledge/amavisVariables.js";
import type {
  Chain,
  Element,
  Expression,
  Placeholder,
  Slice,
  Ternary,
  Variable,
} from "../../syntax/amavis/tree.js";
import { assign, takesList } from "./assignments.js";
import { call, callList } from "./calls.js";
import { containerCell, declaredCell, keyText } from "./lvalues.js";
import { LONGEST_LIST, type Machine } from "./machine.js";
import { literalNumber, toNumber } from "./numbers.js";
import { combine, concatenate } from "./operators.js";
import { stringValue, wordValues } from "./strings.js";
import { taint, taintTarget } from "./taint.js";
import {
  ArrayCell,
  type Cell,
  HashCell,
  type Opaque,
  placed,
  ref,
  ScalarCell,
  text,
  textOf,
  truthOf,
  undef,
  type Value,
} from "./value.js";

/** The value in scalar context. A parenthesised list gives its last element, as Perl's comma operator does. */
export function evaluate(machine: Machine, node: Expression): Value {
  switch (node.kind) {
    case "number":
      return text(literalNumber(node.text), machine.at(node));
    case "string":
      return stringValue(machine, node);
    case "words":
      return wordValues(machine, node).at(-1) ?? undef(machine.at(node));
    case "variable":
      return variableValue(machine, node);
    case "element":
      return elementValue(machine, node);
    case "list":
      return lastValue(machine, node.items);
    case "array":
    case "hash":
      return newContainer(machine, node);
    case "reference":
      return reference(machine, node.operand);
    case "chain":
      return chainValue(machine, node);
    case "assignment":
      return assign(machine, node);
    case "call":
      return call(machine, node);
    case "ternary": {
      const branch = chosen(machine, node);
      return branch === undefined
        ? machine.unknown("a condition that is not known here", node)
        : evaluate(machine, branch);
    }
    case "bareword":
      return barewordValue(machine, node.name, node);
    default:
      return otherValue(machine, node);
  }
}

function otherValue(machine: Machine, node: Expression): Value {
  switch (node.kind) {
    case "pattern":
      return patternValue(machine, node);
    case "command":
      return machine.unknown(`the output of the command ${shortened(machine.textOf(node.body))}`, node);
    case "readline":
      return machine.unknown("what is read from a file", node);
    case "dereference":
      return dereferenceValue(machine, node);
    case "last-index":
      return lastIndex(machine, machine.cell(node.array), node);
    case "slice":
      return sliceValues(machine, node).at(-1) ?? undef();
    case "unary":
      return unaryValue(machine, node);
    case "postfix":
      return step(machine, node.operand, node.operator, node, false);
    case "declaration": {
      const cell = node.target.kind === "list" ? undefined : declaredCell(machine, node);
      if (cell === undefined) evaluateList(machine, node);
      return cell?.kind === "scalar" ? cell.value : undef();
    }
    case "sub":
      return opaque(machine, "code", "sub { ... }", "anon", node);
    case "file-test":
      return machine.unknown("whether a file exists", node);
    case "placeholder":
      return machine.unknown(FILLED_IN, node);
    case "method-call":
    case "dynamic-call":
      taint(machine, node, machine.unknown("a call that is not followed", node));
      return machine.unknown("the result of a call that is not followed", node);
    default:
      return machine.unknown("a part that could not be read", node);
  }
}

export const FILLED_IN = "a place that another program fills in";

/** A long text is cut where it is only mentioned. */
function shortened(written: string): string {
  return written.length > 60 ? `${written.slice(0, 60)}...` : written;
}

/** The values in list context. */
export function evaluateList(machine: Machine, node: Expression): Value[] {
  switch (node.kind) {
    case "list":
      return joined(machine, node.items);
    case "words":
      return wordValues(machine, node);
    case "variable":
      return node.sigil === "@" || node.sigil === "%"
        ? cellValues(machine, machine.cell(node), node)
        : [evaluate(machine, node)];
    case "dereference":
      if (node.sigil === "@" || node.sigil === "%") return dereferenceList(machine, node, node.sigil);
      return [evaluate(machine, node)];
    case "slice":
      return sliceValues(machine, node);
    case "call":
      return callList(machine, node);
    case "ternary": {
      const branch = chosen(machine, node);
      return branch === undefined
        ? [machine.unknownList("a condition that is not known here", node)]
        : evaluateList(machine, branch);
    }
    case "assignment":
      if (!takesList(node.target)) return [assign(machine, node)];
      assign(machine, node);
      return evaluateList(machine, node.target.kind === "declaration" ? node.target.target : node.target);
    case "declaration":
      return declarationList(machine, node);
    case "chain":
      return chainList(machine, node);
    case "placeholder":
      return placeholderList(machine, node);
    case "reference":
      // \(@x, $y) refers to each of them.
      if (node.operand.kind === "list" && node.operand.parenthesised) {
        return node.operand.items.map((item) => reference(machine, item));
      }
      return [evaluate(machine, node)];
    case "command":
    case "readline":
    case "method-call":
    case "dynamic-call": {
      const value = evaluate(machine, node);
      return [value.kind === "unknown" ? { ...value, list: true } : value];
    }
    case "missing":
      return [];
    default:
      return [evaluate(machine, node)];
  }
}

function joined(machine: Machine, items: readonly Expression[]): Value[] {
  const values: Value[] = [];
  for (const item of items) {
    const before = values.length;
    for (const value of evaluateList(machine, item)) values.push(value);
    if (values.length > LONGEST_LIST || !machine.mayCopy(values.length - before))
      return [machine.unknownList("a very long list", item)];
  }
  return values;
}

function lastValue(machine: Machine, items: readonly Expression[]): Value {
  let value: Value = undef();
  for (const item of items) value = evaluate(machine, item);
  return value;
}

function declarationList(machine: Machine, node: Expression & { kind: "declaration" }): Value[] {
  const targets = node.target.kind === "list" ? node.target.items : [node.target];
  for (const target of targets) {
    if (target.kind === "variable") declaredCell(machine, { ...node, target });
  }
  return [];
}

/** Elements keep their own places; what has none gets that of the use. */
function cellValues(machine: Machine, cell: Cell, node: Expression): Value[] {
  const origin = machine.at(node);
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

function variableValue(machine: Machine, node: Variable): Value {
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
  const open = cell.items.find((item) => item.value.kind === "unknown" && item.value.list);
  if (open !== undefined && open.value.kind === "unknown") return machine.unknown(open.value.reason, node);
  return text(String(cell.items.length), machine.at(node));
}

function lastIndex(machine: Machine, cell: Cell, node: Expression): Value {
  if (cell.kind !== "array") return undef();
  const count = countOf(machine, cell, node);
  return count.kind === "text" ? text(String(toNumber(count.text) - 1), count.origin) : count;
}

function elementValue(machine: Machine, node: Element): Value {
  const container = containerCell(machine, node.container, node.access === "index" ? "@" : "%", false);
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

function dereferenceValue(machine: Machine, node: Expression & { kind: "dereference" }): Value {
  const value = evaluate(machine, node.operand);
  if (value.kind === "unknown") return value;
  const cell = value.kind === "ref" ? value.cell : undefined;
  if (cell === undefined)
    return value.kind === "opaque" ? machine.unknown("the inside of an object", node) : undef();
  if (node.sigil === "#") return lastIndex(machine, cell, node);
  if (cell.kind === "scalar") return cell.value;
  return cell.kind === "array"
    ? countOf(machine, cell, node)
    : text(String(cell.keys().length), machine.at(node));
}

function dereferenceList(
  machine: Machine,
  node: Expression & { kind: "dereference" },
  sigil: "@" | "%",
): Value[] {
  const cell = containerCell(machine, node, sigil, false);
  if (cell === undefined) return [];
  if (cell.kind === "unknown") return [machine.unknownList(cell.reason, node)];
  return cellValues(machine, cell, node);
}

function sliceValues(machine: Machine, node: Slice): Value[] {
  const keys = evaluateList(machine, node.subscript);
  const { container } = node;
  const isList = container.kind === "list" || container.kind === "words" || container.kind === "call";
  const cell = isList
    ? loose(evaluateList(machine, container))
    : containerCell(machine, container, node.access === "index" ? "@" : "%", false);
  if (cell === undefined) return keys.map(() => undef());
  if (cell.kind === "unknown") return [machine.unknownList(cell.reason, node)];
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

function newContainer(machine: Machine, node: Expression & { kind: "array" | "hash" }): Value {
  const origin = machine.at(node);
  const cell = node.kind === "array" ? new ArrayCell() : new HashCell();
  cell.assign(joined(machine, node.items), origin);
  return ref(cell, origin);
}

function reference(machine: Machine, operand: Expression): Value {
  const origin = machine.at(operand);
  switch (operand.kind) {
    case "variable":
      if (operand.sigil === "&") return opaque(machine, "code", `\\&${operand.name}`, operand.name, operand);
      return ref(machine.cell(operand), origin);
    case "dereference": {
      const value = evaluate(machine, operand.operand);
      return value.kind === "ref" ? value : machine.unknown("a reference that is not known", operand);
    }
    case "element": {
      const container = containerCell(
        machine,
        operand.container,
        operand.access === "index" ? "@" : "%",
        true,
      );
      if (container?.kind === "hash") {
        const key = keyText(machine, operand);
        if (typeof key === "string") return ref(container.slot(key, undefined), origin);
      }
      return ref(new ScalarCell(evaluate(machine, operand)), origin);
    }
    case "declaration":
      return ref(declaredCell(machine, operand), origin);
    case "list":
      return operand.items.map((item) => reference(machine, item)).at(-1) ?? undef();
    default:
      return ref(new ScalarCell(evaluate(machine, operand)), origin);
  }
}

function opaque(machine: Machine, name: string, display: string, detail: string, node: Expression): Opaque {
  return { kind: "opaque", name, display, detail, origin: machine.at(node) };
}

/** The branch that is taken; undefined, with both sides made unknown, when the condition is not known. */
function chosen(machine: Machine, node: Ternary): Expression | undefined {
  const condition = evaluate(machine, node.condition);
  const truth = truthOf(condition);
  if (truth !== undefined) return truth ? node.whenTrue : node.whenFalse;
  const reason = machine.unknown("a condition that is not known here", node);
  taint(machine, node.whenTrue, reason);
  taint(machine, node.whenFalse, reason);
  return undefined;
}

function chainValue(machine: Machine, node: Chain): Value {
  const [first, ...rest] = node.operands;
  if (first === undefined) return undef();
  if (node.operators.every((operator) => operator === ".")) {
    return concatenate(
      machine,
      node.operands.map((operand) => evaluate(machine, operand)),
      node,
    );
  }
  let value = evaluate(machine, first);
  for (const [index, operand] of rest.entries()) {
    const operator = node.operators[index] ?? "";
    const next = shortCircuit(machine, operator, value, operand, node);
    if (next !== undefined) value = next;
    else if (operator === "=~" || operator === "!~") value = bound(machine, first, operand, operator);
    else if (operator === ".." || operator === "...") value = machine.unknown("a range as a scalar", node);
    else value = combine(machine, operator, value, evaluate(machine, operand), node);
  }
  return value;
}

/** `&&`, `||`, `//`, `and`, `or`, `xor`; undefined for other operators. */
function shortCircuit(
  machine: Machine,
  operator: string,
  left: Value,
  right: Expression,
  node: Chain,
): Value | undefined {
  let takesRight: boolean | undefined;
  if (operator === "&&" || operator === "and") takesRight = truthOf(left);
  else if (operator === "||" || operator === "or") takesRight = negated(truthOf(left));
  else if (operator === "//") takesRight = left.kind === "unknown" ? undefined : left.kind === "undef";
  else if (operator === "xor") {
    const one = truthOf(left);
    const other = truthOf(evaluate(machine, right));
    return one === undefined || other === undefined
      ? machine.unknown("a condition that is not known here", node)
      : text(one !== other ? "1" : "");
  } else return undefined;
  if (takesRight === true) return evaluate(machine, right);
  if (takesRight === false) return left;
  taint(machine, right, machine.unknown("a condition that is not known here", right));
  return machine.unknown(left.kind === "unknown" ? left.reason : "a condition that is not known here", node);
}

function negated(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

/** `$x =~ s/a/b/` changes $x; patterns are not run. */
function bound(machine: Machine, left: Expression, right: Expression, operator: string): Value {
  const reason = machine.unknown(`the result of a pattern (${operator})`, right);
  if (right.kind === "pattern" && (right.operator === "substitute" || right.operator === "transliterate")) {
    if (!right.flags.includes("r")) taintTarget(machine, left, reason);
  } else if (right.kind !== "pattern") evaluate(machine, right);
  return reason;
}

function chainList(machine: Machine, node: Chain): Value[] {
  const [first, second] = node.operands;
  const [operator] = node.operators;
  if (first === undefined || second === undefined || node.operators.length > 1)
    return [chainValue(machine, node)];
  if (operator === "..") return rangeList(machine, first, second, node);
  if (operator === "x" && first.kind === "list" && first.parenthesised)
    return repeatedList(machine, first, second, node);
  if (operator === "=~") return [{ ...chainValue(machine, node), kind: "unknown", list: true } as Value];
  if (operator === "||" || operator === "or" || operator === "//") {
    const left = evaluate(machine, first);
    const truth = operator === "//" && left.kind !== "unknown" ? left.kind !== "undef" : truthOf(left);
    if (truth === false) return evaluateList(machine, second);
    if (truth === true) return [left];
  }
  return [chainValue(machine, node)];
}

function rangeList(machine: Machine, from: Expression, to: Expression, node: Chain): Value[] {
  const low = textOf(evaluate(machine, from));
  const high = textOf(evaluate(machine, to));
  if (low === undefined || high === undefined)
    return [machine.unknownList("a range that is not known", node)];
  if (!/^-?\d+(?:\.\d+)?$/.test(low)) return [machine.unknownList("a range of letters", node)];
  const start = Math.trunc(toNumber(low));
  const count = Math.trunc(toNumber(high)) - start + 1;
  if (count > LONGEST_LIST) return [machine.unknownList("a very long range", node)];
  const origin = machine.at(node);
  return Array.from({ length: Math.max(0, count) }, (_, index) => text(String(start + index), origin));
}

function repeatedList(machine: Machine, what: Expression, times: Expression, node: Chain): Value[] {
  const values = evaluateList(machine, what);
  const count = textOf(evaluate(machine, times));
  if (count === undefined) return [machine.unknownList("a number of repetitions that is not known", node)];
  const number = Math.max(0, Math.trunc(toNumber(count)));
  if (values.length * number > LONGEST_LIST) return [machine.unknownList("a very long list", node)];
  return Array.from({ length: number }, () => values).flat();
}

function unaryValue(machine: Machine, node: Expression & { kind: "unary" }): Value {
  const { operator, operand } = node;
  if (operator === "++" || operator === "--") return step(machine, operand, operator, node, true);
  const value = evaluate(machine, operand);
  if (operator === "+") return value;
  if (operator === "!" || operator === "not") {
    const truth = truthOf(value);
    return truth === undefined
      ? machine.unknown("a condition that is not known here", node)
      : text(truth ? "" : "1", machine.at(node));
  }
  if (operator === "-") {
    const known = textOf(value);
    // -word is the text with a minus in front.
    if (known !== undefined && /^[A-Za-z_]/.test(known)) return text(`-${known}`, machine.at(node));
    return combine(machine, "-", text("0"), value, node);
  }
  return machine.unknown(`the result of ${operator}`, node);
}

function step(
  machine: Machine,
  operand: Expression,
  operator: string,
  node: Expression,
  before: boolean,
): Value {
  const old = evaluate(machine, operand);
  const result = combine(machine, operator === "++" ? "+" : "-", old, text("1"), node);
  if (operand.kind === "variable") {
    const cell = machine.cell(operand);
    if (cell.kind === "scalar") cell.set(result, machine.at(node));
  } else taintTarget(machine, operand, machine.unknown("a counter", node));
  return before ? result : old;
}

function patternValue(machine: Machine, node: Expression & { kind: "pattern" }): Value {
  const source = machine.textOf(node.body);
  if (node.operator !== "regex") return machine.unknown("the result of a pattern", node);
  return opaque(machine, "qr", `qr/${source}/${node.flags}`, `(?^${node.flags}:${source})`, node);
}

function placeholderList(machine: Machine, node: Placeholder): Value[] {
  const values = joined(machine, node.operands);
  return [...values, machine.unknownList(FILLED_IN, node)];
}

/** A constant of amavisd or of the user, the package's name, or just its own text (a class, a file handle). */
function barewordValue(machine: Machine, name: string, node: Expression): Value {
  const constant = amavisConstant(name);
  if (constant !== undefined) return text(String(constant), machine.at(node));
  const own = machine.constants.get(name);
  if (own !== undefined) return own.at(-1) ?? undef();
  if (name === "__PACKAGE__") return text(machine.package, machine.at(node));
  if (machine.subs.has(name))
    return call(machine, {
      kind: "call",
      start: node.start,
      end: node.end,
      name,
      nameRange: node,
      arguments: [],
      block: undefined,
    });
  if (/^[A-Z][A-Z0-9_]*$/.test(name)) return machine.unknown(`the name ${name}`, node);
  return text(name, machine.at(node));
}
