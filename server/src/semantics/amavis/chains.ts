/** Operators between operands: conditions, ranges, repetition, patterns that are bound to a variable. */
import type { Chain, Expression, Ternary } from "../../syntax/amavis/tree.js";
import { evaluate, evaluateList } from "./expressions.js";
import { LONGEST_LIST, type Machine } from "./machine.js";
import { bound } from "./matching.js";
import { toNumber } from "./numbers.js";
import { combine, concatenate } from "./operators.js";
import { single } from "./subs.js";
import { further, taint } from "./taint.js";
import { textRange } from "./textFunctions.js";
import { text, textOf, truthOf, undef, type Value } from "./value.js";

/** The branch that is taken; undefined, with both sides made unknown, when the condition is not known. */
export function chosen(machine: Machine, node: Ternary): Expression | undefined {
  const condition = evaluate(machine, node.condition);
  const truth = truthOf(condition);
  if (truth !== undefined) return truth ? node.whenTrue : node.whenFalse;
  const reason = machine.unknown("a condition that is not known here", node);
  const leaves = further(taint(machine, node.whenTrue, reason), taint(machine, node.whenFalse, reason));
  machine.leaving ??= leaves;
  return undefined;
}

export function chainValue(machine: Machine, node: Chain): Value {
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
    else if (operator === "=~" || operator === "!~")
      value = single(bound(machine, first, operand, operator === "!~", "scalar"));
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
  const leaves = taint(machine, right, machine.unknown("a condition that is not known here", right));
  machine.leaving ??= leaves;
  return machine.unknown(left.kind === "unknown" ? left.reason : "a condition that is not known here", node);
}

function negated(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

export function chainList(machine: Machine, node: Chain): Value[] {
  const [first, second] = node.operands;
  const [operator] = node.operators;
  if (first === undefined || second === undefined || node.operators.length > 1)
    return [chainValue(machine, node)];
  if (operator === "..") return rangeList(machine, first, second, node);
  if (operator === "x" && first.kind === "list" && first.parenthesised)
    return repeatedList(machine, first, second, node);
  if (operator === "=~") return bound(machine, first, second, false, "list").map(asList);
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
  const origin = machine.at(node);
  // Numbers, and texts that look like one without zeros in front; other texts are counted up.
  if (!/^[-+]?(?:0|[1-9]\d*)?(?:\.\d*)?(?:[eE][-+]?\d+)?$/.test(low) || low === "") {
    const values = textRange(low, high, LONGEST_LIST);
    if (values === undefined) return [machine.unknownList("a very long range", node)];
    return values.map((value) => text(value, origin));
  }
  const start = Math.trunc(toNumber(low));
  const count = Math.trunc(toNumber(high)) - start + 1;
  if (count > LONGEST_LIST) return [machine.unknownList("a very long range", node)];
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

/** What is not known about a list may be any number of elements. */
function asList(value: Value): Value {
  return value.kind === "unknown" ? { ...value, list: true } : value;
}
