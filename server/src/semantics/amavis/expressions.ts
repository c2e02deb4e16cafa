/** The value of an expression, as a scalar or as a list. */
import { amavisConstant } from "../../knowledge/amavisVariables.js";
import { withPlainLineEnds } from "../../syntax/amavis/quotes.js";
import type { Expression, Placeholder } from "../../syntax/amavis/tree.js";
import { assign, takesList } from "./assignments.js";
import { call, callList, dynamicCall } from "./calls.js";
import { chainList, chainValue, chosen } from "./chains.js";
import {
  cellValues,
  dereferenceList,
  dereferenceValue,
  elementValue,
  lastIndex,
  sliceValues,
  variableValue,
} from "./elements.js";
import { containerCell, declaredCell, keyText, scalarTarget } from "./lvalues.js";
import { LONGEST_LIST, type Machine, type Wanted } from "./machine.js";
import { bound, patternSource } from "./matching.js";
import { literalNumber, toNumber } from "./numbers.js";
import { combine } from "./operators.js";
import { stringValue, wordValues } from "./strings.js";
import { callClosure, single } from "./subs.js";
import { taint, taintTarget } from "./taint.js";
import { nextText } from "./textFunctions.js";
import {
  ArrayCell,
  HashCell,
  type Opaque,
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
      return { ...opaque(machine, "code", "sub { ... }", "anon", node), code: machine.closure(node.body) };
    case "file-test":
      return machine.unknown("whether a file exists", node);
    case "placeholder":
      return machine.unknown(FILLED_IN, node);
    case "dynamic-call":
      return single(dynamicCall(machine, node, "scalar"));
    case "method-call":
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
    case "dynamic-call":
      return dynamicCall(machine, node, "list");
    case "bareword":
      return barewordValues(machine, node.name, node);
    case "pattern":
      return node.operator === "match"
        ? bound(machine, undefined, node, false, "list")
        : [evaluate(machine, node)];
    case "command":
    case "readline":
    case "method-call": {
      const value = evaluate(machine, node);
      return [value.kind === "unknown" ? { ...value, list: true } : value];
    }
    case "missing":
      return [];
    default:
      return [evaluate(machine, node)];
  }
}

/** Whether an expression gives one value in every context. */
function isSingle({ kind }: Expression): boolean {
  return kind === "string" || kind === "number" || kind === "array" || kind === "hash";
}

function joined(machine: Machine, items: readonly Expression[]): Value[] {
  const values: Value[] = [];
  for (const item of items) {
    const before = values.length;
    // Most elements are one value, and need no list of their own.
    if (isSingle(item)) values.push(evaluate(machine, item));
    else for (const value of evaluateList(machine, item)) values.push(value);
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
      if (operand.sigil === "@" || operand.sigil === "%") {
        const cell = containerCell(machine, operand, operand.sigil, true);
        if (cell !== undefined && cell.kind !== "unknown") return ref(cell, origin);
      }
      const target = operand.sigil === "$" ? scalarTarget(machine, operand) : undefined;
      if (target?.kind === "scalar") return ref(target, origin);
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
  if (operator === "~" && textOf(value) !== undefined) {
    return text(
      BigInt.asUintN(64, ~BigInt(Math.trunc(toNumber(textOf(value) ?? "")))).toString(),
      machine.at(node),
    );
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
  const target = scalarTarget(machine, operand);
  if (target.kind === "unknown") {
    taintTarget(machine, operand, machine.unknown("a counter", node));
    return target;
  }
  const old = target.value;
  const counted = operator === "++" && old.kind === "text" ? nextText(old.text) : undefined;
  const result =
    counted === undefined
      ? combine(machine, operator === "++" ? "+" : "-", old, text("1"), node)
      : text(counted, machine.at(node));
  target.set(result, machine.at(node));
  if (before) return result;
  // $x++ gives the number that was there.
  return old.kind === "undef" && operator === "++" ? text("0", machine.at(node)) : old;
}

function patternValue(machine: Machine, node: Expression & { kind: "pattern" }): Value {
  if (node.operator !== "regex") return single(bound(machine, undefined, node, false, "scalar"));
  const written = withPlainLineEnds(machine.textOf(node.body));
  const source = node.parts.length === 0 ? written : patternSource(machine, node);
  if (source === undefined) return machine.unknown("a pattern with a part that is not known", node);
  return opaque(machine, "qr", `qr/${written}/${node.flags}`, `(?^${node.flags}:${source})`, node);
}

function placeholderList(machine: Machine, node: Placeholder): Value[] {
  const values = joined(machine, node.operands);
  return [...values, machine.unknownList(FILLED_IN, node)];
}

/** A constant of amavisd or of the user, the package's name, or just its own text (a class, a file handle). */
function barewordValue(machine: Machine, name: string, node: Expression): Value {
  const values = codeOrConstant(machine, name, node, "scalar");
  if (values !== undefined) return single(values);
  if (name === "__PACKAGE__") return text(machine.package, machine.at(node));
  if (/^[A-Z][A-Z0-9_]*$/.test(name)) return machine.unknown(`the name ${name}`, node);
  return text(name, machine.at(node));
}

function barewordValues(machine: Machine, name: string, node: Expression): Value[] {
  return codeOrConstant(machine, name, node, "list") ?? [barewordValue(machine, name, node)];
}

function codeOrConstant(
  machine: Machine,
  name: string,
  node: Expression,
  wanted: Wanted,
): Value[] | undefined {
  const constant = amavisConstant(name);
  if (constant !== undefined) return [text(String(constant), machine.at(node))];
  const own = machine.constants.get(name);
  if (own !== undefined) return [...own];
  const code = machine.subs.get(name)?.code;
  return code === undefined ? undefined : callClosure(machine, code, [], wanted, node);
}
