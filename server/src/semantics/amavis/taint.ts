/** Code that may or may not run: whatever it could set becomes unknown. */

import { amavisFunction } from "../../knowledge/amavisVariables.js";
import { forEachChild } from "../../syntax/amavis/children.js";
import type { Expression, Node } from "../../syntax/amavis/tree.js";
import { evaluate } from "./expressions.js";
import { containerCell } from "./lvalues.js";
import { type Machine, type Outcome, rootVariable } from "./machine.js";
import { makeUnknown } from "./store.js";
import { type Cell, textOf, type UnknownValue } from "./value.js";

/** Functions that change their first argument. */
const CHANGES_FIRST = new Set([
  "push",
  "unshift",
  "splice",
  "pop",
  "shift",
  "chomp",
  "chop",
  "undef",
  "delete",
]);
const INCLUDES = new Set([
  "do",
  "require",
  "include_config_files",
  "include_optional_config_files",
  "read_config_file",
]);
const LEAVES_ALL = new Set(["return", "exit", "goto"]);
const LEAVES_LOOP = new Set(["last", "next", "redo"]);

/**
 * Makes everything unknown that the code could set.
 * @returns "maybe" or "maybe-next" when the code may leave what is around it, so that what follows may not run
 */
export function taint(machine: Machine, node: Node, reason: UnknownValue): Outcome {
  let leaves: Outcome;
  const visit = (current: Node): void => {
    if (current.kind === "sub" || current.kind === "sub-definition") return;
    if (current.kind === "assignment") taintTarget(machine, current.target, reason);
    else if (current.kind === "postfix" || (current.kind === "unary" && current.operator.length === 2)) {
      taintTarget(machine, current.operand, reason);
    } else if (current.kind === "foreach" && current.variable !== undefined && current.scope === undefined) {
      taintTarget(machine, current.variable, reason);
    } else if (current.kind === "chain") taintBoundPatterns(machine, current.operands, reason);
    else if (current.kind === "method-call" || current.kind === "dynamic-call") {
      taintArguments(machine, current.arguments, reason);
    } else if (current.kind === "template-statement") machine.loseEverything(reason);
    else if (current.kind === "call") leaves = further(leaves, taintCall(machine, current, reason));
    else if (current.kind === "pattern" && current.operator !== "regex") machine.match = reason;
    forEachChild(current, visit);
  };
  visit(node);
  return leaves;
}

/** The farther of two ways to leave. */
export function further(one: Outcome, other: Outcome): Outcome {
  return one === "maybe" || other === undefined ? one : other;
}

function taintCall(machine: Machine, call: Node & { kind: "call" }, reason: UnknownValue): Outcome {
  const [first] = call.arguments;
  if (CHANGES_FIRST.has(call.name) && first !== undefined) taintTarget(machine, first, reason);
  if (INCLUDES.has(call.name) && call.block === undefined && !isModule(call)) {
    machine.loseEverything(machine.unknown(`a file that may be included here: ${reason.reason}`, call));
  }
  // new_RE, Opaque, q_sql_s and their like only look at what they are given.
  if (amavisFunction(call.name) !== "pure") taintArguments(machine, call.arguments, reason);
  taintSub(machine, call.name, reason);
  if (LEAVES_ALL.has(call.name) || (call.name === "die" && machine.evals > 0)) return "maybe";
  return LEAVES_LOOP.has(call.name) ? "maybe-next" : undefined;
}

/** A function that gets a reference may change what it refers to. */
export function taintArguments(machine: Machine, args: readonly Expression[], reason: UnknownValue): void {
  for (const argument of args) {
    if (argument.kind === "reference") taintTarget(machine, argument.operand, reason);
  }
}

/** `require Some::Module` loads code, not configuration. */
export function isModule(call: {
  readonly name: string;
  readonly arguments: readonly Expression[];
}): boolean {
  const [first] = call.arguments;
  return call.name === "require" && (first?.kind === "bareword" || first?.kind === "number");
}

/** What a function of the user's own may set, when it is called. */
export function taintSub(machine: Machine, name: string, reason: UnknownValue): void {
  const sub = machine.subs.get(name);
  if (sub?.definition.body === undefined || machine.entered.has(sub.definition)) return;
  machine.entered.add(sub.definition);
  taint(machine, sub.definition.body, reason);
  machine.entered.delete(sub.definition);
}

function taintBoundPatterns(machine: Machine, operands: readonly Expression[], reason: UnknownValue): void {
  operands.forEach((operand, index) => {
    const changes =
      operand.kind === "pattern" &&
      (operand.operator === "substitute" || operand.operator === "transliterate");
    const target = operands[index - 1];
    if (changes && target !== undefined) taintTarget(machine, target, reason);
  });
}

/** Makes one assignable expression unknown. */
export function taintTarget(machine: Machine, target: Expression, reason: UnknownValue): void {
  switch (target.kind) {
    case "variable":
      if (target.sigil !== "&" && target.sigil !== "*") makeUnknown(machine.cell(target), reason);
      return;
    case "last-index":
      makeUnknown(machine.cell(target.array), reason);
      return;
    case "declaration":
      // A variable that only exists inside the code cannot be seen outside of it.
      target.scope === "our" || target.scope === "local"
        ? taintTarget(machine, target.target, reason)
        : undefined;
      return;
    case "list":
    case "array":
      for (const item of target.items) taintTarget(machine, item, reason);
      return;
    case "ternary":
      taintTarget(machine, target.whenTrue, reason);
      taintTarget(machine, target.whenFalse, reason);
      return;
    case "assignment":
      taintTarget(machine, target.target, reason);
      return;
    case "element":
      taintElement(machine, target, reason);
      return;
    case "slice":
    case "dereference":
      taintContainer(machine, target, reason);
      return;
    default:
      return;
  }
}

function taintElement(
  machine: Machine,
  target: Expression & { kind: "element" },
  reason: UnknownValue,
): void {
  const root = rootVariable(target);
  // A variable of the skipped code itself is nothing that could be seen from outside.
  if (root === undefined) return;
  const sigil = target.access === "index" ? "@" : "%";
  const holder = target.container.kind === "dereference" ? target.container.operand : undefined;
  // `$policy_bank{B}{key}` would make the bank where there is none: whether it is there is not known then.
  if (holder?.kind === "element" && containerCell(machine, target.container, sigil, false) === undefined) {
    taintElement(machine, holder, reason);
    return;
  }
  const container = containerCell(machine, target.container, sigil, true);
  if (container === undefined || container.kind === "unknown") return;
  if (container.kind === "array") {
    makeUnknown(container, reason);
    return;
  }
  const key = mentionsTopic(target.subscript) ? undefined : textOf(evaluate(machine, target.subscript));
  if (key === undefined) container.open = reason;
  else container.slot(key, machine.at(target.subscript)).set(reason, machine.at(target));
}

/** Whether `$_` is part of a key: in code that is not run it stands for every element of a list. */
function mentionsTopic(node: Node): boolean {
  if (node.kind === "variable") return node.name === "_";
  let found = false;
  forEachChild(node, (child) => {
    found ||= mentionsTopic(child);
  });
  return found;
}

function taintContainer(machine: Machine, target: Expression, reason: UnknownValue): void {
  const sigil = target.kind === "dereference" && target.sigil === "%" ? "%" : "@";
  const inner = target.kind === "slice" ? target.container : target;
  if (inner.kind === "dereference" && inner.sigil === "$") {
    const value = evaluate(machine, inner.operand);
    if (value.kind === "ref") makeUnknown(value.cell, reason);
    return;
  }
  const cell: Cell | UnknownValue | undefined = containerCell(machine, inner, sigil, false);
  if (cell !== undefined && cell.kind !== "unknown") makeUnknown(cell, reason);
}
