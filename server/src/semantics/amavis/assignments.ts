/** Assignments, and the record of where which setting is set. */
import type { Assignment, Call, Expression } from "../../syntax/amavis/tree.js";
import type { Range } from "../../syntax/text.js";
import { evaluate, evaluateList } from "./expressions.js";
import { containerCell, declaredCell, scalarTarget } from "./lvalues.js";
import type { Machine } from "./machine.js";
import { toNumber } from "./numbers.js";
import { combine } from "./operators.js";
import { taintTarget } from "./taint.js";
import { substring } from "./textFunctions.js";
import { type Cell, ScalarCell, text, textOf, truthOf, undef, type Value } from "./value.js";

/** Whether a target takes a list: arrays, hashes, parentheses, slices. */
export function takesList(target: Expression): boolean {
  switch (target.kind) {
    case "variable":
      return target.sigil === "@" || target.sigil === "%";
    case "dereference":
      return target.sigil === "@" || target.sigil === "%";
    case "list":
      return target.parenthesised;
    case "slice":
      return true;
    case "declaration":
      return takesList(target.target);
    default:
      return false;
  }
}

/** Carries an assignment out and returns its value as a scalar. */
export function assign(machine: Machine, node: Assignment): Value {
  const { target } = node;
  if (target.kind === "placeholder" || (target.kind === "variable" && target.sigil === "*")) {
    return assignOdd(machine, node);
  }
  const name = settingName(machine, target);
  if (name !== undefined) machine.note(name, node.value);
  if (target.kind === "call" && target.name === "substr") return assignPart(machine, node, target);
  if (target.kind === "declaration" && target.scope === "state" && target.target.kind === "variable") {
    const kept = machine.states.get(target);
    if (kept !== undefined) {
      machine.scopes.declare(target.target.sigil + target.target.name, kept);
      return kept.kind === "scalar" ? kept.value : undef();
    }
    const value = takesList(target) ? assignList(machine, node) : assignScalar(machine, node);
    machine.states.set(target, machine.cell(target.target));
    return value;
  }
  if (takesList(target)) return assignList(machine, node);
  if (target.kind === "last-index") return assignLastIndex(machine, node);
  return node.operator === "=" ? assignScalar(machine, node) : assignChanged(machine, node);
}

/** `substr($x, 0, 2) = 'new'` */
function assignPart(machine: Machine, node: Assignment, target: Call): Value {
  const given = evaluate(machine, node.value);
  const value =
    node.operator === "="
      ? given
      : combine(machine, node.operator.slice(0, -1), substring(machine, target), given, node);
  substring(machine, target, value);
  return value;
}

function assignScalar(machine: Machine, node: Assignment): Value {
  const value = evaluate(machine, node.value);
  const cell = scalarTarget(machine, node.target);
  const origin = machine.at(node.value);
  if (cell.kind === "unknown") return value;
  cell.set(value.origin === undefined ? { ...value, origin } : value, origin);
  return value;
}

/** `.=`, `+=`, `||=`, `//=` ... */
function assignChanged(machine: Machine, node: Assignment): Value {
  const cell = scalarTarget(machine, node.target);
  const operator = node.operator.slice(0, -1);
  const old: Value = cell.kind === "unknown" ? cell : cell.value;
  if (operator === "||" || operator === "&&" || operator === "//") {
    const known =
      operator === "//" ? (old.kind === "unknown" ? undefined : old.kind !== "undef") : truthOf(old);
    const keeps = operator === "&&" ? known === false : known === true;
    if (keeps) return old;
    const value = evaluate(machine, node.value);
    if (cell.kind !== "scalar") return value;
    if (known !== undefined) cell.set(value, machine.at(node.value));
    else
      cell.set(
        machine.unknown(old.kind === "unknown" ? old.reason : "a value that is not known", node),
        machine.at(node.value),
      );
    return cell.value;
  }
  const result = combine(machine, operator, old, evaluate(machine, node.value), node);
  if (cell.kind === "scalar") cell.set(result, machine.at(node.value));
  return result;
}

function assignList(machine: Machine, node: Assignment): Value {
  const { target } = node;
  const values = evaluateList(machine, node.value);
  if (node.operator === "=") distribute(machine, target, values, node.value);
  // `push`-like operators on lists: @x x= 3 and their like are too rare to follow.
  else taintTarget(machine, target, machine.unknown(`the result of ${node.operator}`, node));
  const known = values.every((value) => !(value.kind === "unknown" && value.list));
  return known
    ? text(String(values.length), machine.at(node))
    : machine.unknown("the number of elements", node);
}

/** Gives a list of values to a target that takes a list. */
export function distribute(
  machine: Machine,
  target: Expression,
  values: readonly Value[],
  place: Range,
): void {
  if (target.kind === "list") {
    distributeOver(machine, target.items, values, place);
    return;
  }
  if (target.kind === "declaration" && target.target.kind === "list") {
    const { scope } = target;
    const items = target.target.items.map(
      (item): Expression => ({ kind: "declaration", start: item.start, end: item.end, scope, target: item }),
    );
    distributeOver(machine, items, values, place);
    return;
  }
  if (target.kind === "slice") {
    distributeOverSlice(machine, target, values, place);
    return;
  }
  const cell = listTarget(machine, target);
  if (cell?.kind === "array" || cell?.kind === "hash") cell.assign(values, machine.at(place));
}

function listTarget(machine: Machine, target: Expression): Cell | undefined {
  if (target.kind === "variable") return machine.cell(target);
  if (target.kind === "declaration") return declaredCell(machine, target);
  const sigil = target.kind === "dereference" && target.sigil === "%" ? "%" : "@";
  const cell = containerCell(machine, target, sigil, true);
  return cell === undefined || cell.kind === "unknown" ? undefined : cell;
}

function distributeOver(
  machine: Machine,
  targets: readonly Expression[],
  values: readonly Value[],
  place: Range,
): void {
  let at = 0;
  let lost: Value | undefined;
  for (const target of targets) {
    if (takesList(target)) {
      distribute(machine, target, lost === undefined ? values.slice(at) : [lost], place);
      at = values.length;
      continue;
    }
    const value = lost ?? values[at] ?? undef();
    if (value.kind === "unknown" && value.list) lost = value;
    at++;
    if (target.kind === "call" && target.name === "undef") continue;
    const cell = scalarTarget(machine, target);
    if (cell.kind === "scalar")
      cell.set(value.kind === "unknown" ? { ...value, list: false } : value, machine.at(place));
  }
}

function distributeOverSlice(
  machine: Machine,
  target: Expression & { kind: "slice" },
  values: readonly Value[],
  place: Range,
): void {
  const container = containerCell(machine, target.container, target.access === "index" ? "@" : "%", true);
  if (container === undefined || container.kind === "unknown") return;
  evaluateList(machine, target.subscript).forEach((key, index) => {
    const value = values[index] ?? undef();
    const known = textOf(key);
    if (container.kind === "hash" && known !== undefined)
      container.slot(known, key.origin).set(value, machine.at(place));
    else if (container.kind === "hash" && key.kind === "unknown") container.open = key;
    else if (container.kind === "array") {
      const index_ = Math.trunc(toNumber(known ?? ""));
      while (index_ >= 0 && index_ < 10_000 && container.items.length <= index_)
        container.items.push(new ScalarCell());
      container.items[index_]?.set(value, machine.at(place));
    }
  });
}

/** `$#x = -1` empties an array. */
function assignLastIndex(machine: Machine, node: Assignment): Value {
  const value = evaluate(machine, node.value);
  if (node.target.kind !== "last-index") return value;
  const cell = machine.cell(node.target.array);
  const last = Math.trunc(toNumber(textOf(value) ?? ""));
  if (cell.kind === "array" && value.kind === "text" && last < 10_000) {
    cell.items = cell.items.slice(0, Math.max(0, last + 1));
    while (cell.items.length <= last) cell.items.push(new ScalarCell());
  }
  return value;
}

/** `*name = \@other` makes two names of one variable; a template may have put any name in front of `=`. */
function assignOdd(machine: Machine, node: Assignment): Value {
  const value = evaluate(machine, node.value);
  const { target } = node;
  if (target.kind === "variable") {
    const sigil = value.kind === "ref" ? { scalar: "$", array: "@", hash: "%" }[value.cell.kind] : undefined;
    if (value.kind === "ref" && sigil !== undefined) machine.store.bind(sigil + target.name, value.cell);
  } else if (target.kind === "placeholder") {
    const reason = machine.unknown("a place that another program fills in", target);
    for (const operand of target.operands) taintTarget(machine, operand, reason);
  }
  return value;
}

/** The name under which an assignment is noted: `$x`, `@x`, `%policy_bank{A}{key}`, `%interface_policy{10026}`. */
function settingName(machine: Machine, target: Expression): string | undefined {
  if (target.kind === "variable") return machine.globalName(target);
  if (target.kind === "declaration")
    return target.scope === "our" ? settingName(machine, target.target) : undefined;
  if (target.kind !== "element" || target.access !== "key") return undefined;
  const { container, subscript } = target;
  const constant = subscript.kind === "string" ? subscript.constant : undefined;
  const key = constant ?? knownText(evaluate(machine, subscript));
  if (key === undefined) return undefined;
  const holder =
    container.kind === "variable" ? machine.globalName(container) : settingName(machine, container.operand);
  return holder === undefined ? undefined : `${holder}{${key}}`;
}

function knownText(value: Value): string | undefined {
  return value.kind === "text" ? value.text : undefined;
}
