/** Perl's own functions, as far as configurations use them. What is not here gives an unknown value. */
import type { Call, Expression } from "../../syntax/amavis/tree.js";
import { argumentContainer } from "./calls.js";
import { countOf } from "./elements.js";
import { evaluate, evaluateList } from "./expressions.js";
import { builtinList, defaultArgument } from "./listFunctions.js";
import { containerCell, keyText, scalarTarget } from "./lvalues.js";
import { LONGEST_LIST, type Machine, type Outcome } from "./machine.js";
import { formatNumber, hexOf, octalOf, toNumber } from "./numbers.js";
import { concatenate } from "./operators.js";
import { single } from "./subs.js";
import { taintTarget } from "./taint.js";
import { format, indexOf, substring } from "./textFunctions.js";
import { ScalarCell, text, textOf, undef, type Value } from "./value.js";

/** Functions from one known text to another. */
const OF_TEXT: Readonly<Record<string, (value: string) => string>> = {
  lc: lowered,
  uc: raised,
  fc: lowered,
  lcfirst: (value) => lowered(value.charAt(0)) + value.slice(1),
  ucfirst: (value) => raised(value.charAt(0)) + value.slice(1),
  quotemeta: (value) => value.replace(/([^A-Za-z0-9_])/g, "\\$1"),
  length: (value) => String(value.length),
  int: (value) => formatNumber(Math.trunc(toNumber(value))),
  abs: (value) => formatNumber(Math.abs(toNumber(value))),
  hex: hexOf,
  oct: octalOf,
  sqrt: (value) => formatNumber(Math.sqrt(toNumber(value))),
  ord: (value) => String(value.codePointAt(0) ?? 0),
  chr: (value) => String.fromCodePoint(Math.min(Math.max(0, Math.trunc(toNumber(value))), 0x10ffff)),
  idn_to_ascii: lowered,
};

/** The result of one of Perl's functions in scalar context; undefined for other functions. */
export function builtinScalar(machine: Machine, node: Call): Value | undefined {
  const [first] = node.arguments;
  const ofText = Object.hasOwn(OF_TEXT, node.name) ? OF_TEXT[node.name] : undefined;
  if (ofText !== undefined) return applyToText(machine, node, ofText);
  switch (node.name) {
    case "join":
      return join(machine, node);
    case "sprintf":
      return format(machine, node);
    case "substr":
      return substring(machine, node);
    case "index":
    case "rindex":
      return indexOf(machine, node);
    case "reverse":
      return reversed(machine, node);
    case "delete": {
      const removed = builtinList(machine, node) ?? [];
      return single(removed);
    }
    case "splice":
      return single(builtinList(machine, node) ?? []);
    case "split": {
      const parts = builtinList(machine, node) ?? [];
      const lost = parts.find((value) => value.kind === "unknown" && value.list);
      return lost === undefined
        ? text(String(parts.length), machine.at(node))
        : ({ ...lost, list: false } as Value);
    }
    case "__LINE__":
      return text(String(machine.textOf({ start: 0, end: node.start }).split("\n").length), machine.at(node));
    case "__FILE__":
      return text(machine.file, machine.at(node));
    case "defined":
      return isDefined(machine, first, node);
    case "exists":
      return exists(machine, first, node);
    case "ref":
      return referenceKind(machine, first, node);
    case "scalar":
      return first === undefined ? undef() : evaluate(machine, first);
    case "undef":
      return makeUndefined(machine, first);
    case "push":
    case "unshift":
      return extend(machine, node);
    case "shift":
    case "pop":
      return takeOne(machine, node);
    case "chomp":
    case "chop":
      return chomp(machine, node);
    case "keys":
    case "values": {
      const cell = argumentContainer(machine, first, false);
      if (cell?.kind === "array") return countOf(machine, cell, node);
      if (cell === undefined || cell.open !== undefined)
        return machine.unknown("the number of entries", node);
      return text(String(cell.keys().length), machine.at(node));
    }
    case "map":
    case "grep": {
      const list = builtinList(machine, node) ?? [];
      const all = list.flatMap((value) => (value.kind === "unknown" ? (value.elements ?? [value]) : [value]));
      const open = all.find((value) => value.kind === "unknown" && value.list);
      return open ?? text(String(all.length), machine.at(node));
    }
    case "return":
    case "die":
    case "exit":
    case "next":
    case "last":
      leaveBy(machine, node);
      return undef();
    case "wantarray":
      if (machine.wanted === undefined) return machine.unknown("what the file is asked for", node);
      return text(machine.wanted === "list" ? "1" : "", machine.at(node));
    case "warn":
    case "print":
    case "printf":
    case "say":
      for (const argument of node.arguments) evaluateList(machine, argument);
      return text("1", machine.at(node));
    default:
      return undefined;
  }
}

/** Notes how the code is left, and with which values. */
function leaveBy(machine: Machine, node: Call): void {
  const { name, label } = node;
  if (name === "return") machine.returned = returnedValues(machine, node.arguments);
  else machine.returned = node.arguments.flatMap((argument) => evaluateList(machine, argument));
  machine.label = label;
  machine.leaving = name === "exit" ? "die" : (name as Outcome);
}

function returnedValues(machine: Machine, args: readonly Expression[]): Value[] {
  if (machine.wanted !== "scalar") return args.flatMap((argument) => evaluateList(machine, argument));
  let value: Value = undef();
  for (const argument of args) value = evaluate(machine, argument);
  return [value];
}

function applyToText(machine: Machine, node: Call, change: (value: string) => string): Value {
  const [first] = node.arguments;
  const value = first === undefined ? defaultArgument(machine) : evaluate(machine, first);
  if (value.kind === "undef" && node.name === "length") return undef(machine.at(node));
  const known = textOf(value);
  if (known !== undefined) return text(change(known), machine.at(node));
  return machine.unknown(value.kind === "unknown" ? value.reason : `${node.name} of a reference`, node);
}

/** Without a locale only the letters of ASCII have cases. */
function lowered(value: string): string {
  return value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function raised(value: string): string {
  return value.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** reverse as a scalar: the characters of all arguments together. */
function reversed(machine: Machine, node: Call): Value {
  const values = node.arguments.flatMap((argument) => evaluateList(machine, argument));
  const whole = concatenate(machine, values.length > 0 ? values : [defaultArgument(machine)], node);
  return whole.kind === "text"
    ? text([...whole.text].reverse().join(""), whole.origin)
    : machine.unknown("a reversed text", node);
}

function join(machine: Machine, node: Call): Value {
  const [separator, ...rest] = node.arguments.flatMap((argument) => evaluateList(machine, argument));
  if (separator === undefined) return undef();
  return concatenate(
    machine,
    rest.flatMap((value, index) => (index === 0 ? [value] : [separator, value])),
    node,
  );
}

function isDefined(machine: Machine, argument: Expression | undefined, node: Call): Value {
  const value = argument === undefined ? defaultArgument(machine) : evaluate(machine, argument);
  if (value.kind === "unknown") return machine.unknown(value.reason, node);
  return text(value.kind === "undef" ? "" : "1", machine.at(node));
}

function exists(machine: Machine, argument: Expression | undefined, node: Call): Value {
  if (argument?.kind !== "element") return machine.unknown("whether something exists", node);
  const container = containerCell(
    machine,
    argument.container,
    argument.access === "index" ? "@" : "%",
    false,
    true,
  );
  if (container === undefined) return text("", machine.at(node));
  if (container.kind === "unknown") return machine.unknown(container.reason, node);
  if (container.kind === "array") {
    const count = countOf(machine, container, node);
    const index = textOf(evaluate(machine, argument.subscript));
    if (count.kind !== "text" || index === undefined)
      return machine.unknown("whether an element exists", node);
    const at = Math.trunc(toNumber(index));
    const size = toNumber(count.text);
    return text((at < 0 ? at + size >= 0 : at < size) ? "1" : "", machine.at(node));
  }
  const key = keyText(machine, argument);
  if (typeof key !== "string") return machine.unknown(key.reason, node);
  if (container.get(key) !== undefined) return text("1", machine.at(node));
  return container.open === undefined
    ? text("", machine.at(node))
    : machine.unknown(container.open.reason, node);
}

function referenceKind(machine: Machine, argument: Expression | undefined, node: Call): Value {
  const value = argument === undefined ? defaultArgument(machine) : evaluate(machine, argument);
  if (value.kind === "unknown") return machine.unknown(value.reason, node);
  if (value.kind === "opaque") {
    const kind = { qr: "Regexp", code: "CODE" }[value.name];
    return kind === undefined ? machine.unknown("the kind of an object", node) : text(kind, machine.at(node));
  }
  if (value.kind !== "ref") return text("", machine.at(node));
  const { cell } = value;
  const deeper = cell.kind === "scalar" && cell.value.kind === "ref";
  return text(deeper ? "REF" : cell.kind.toUpperCase(), machine.at(node));
}

function makeUndefined(machine: Machine, argument: Expression | undefined): Value {
  if (argument === undefined) return undef();
  const list = argumentContainer(machine, argument, false);
  if (list?.kind === "array" || list?.kind === "hash") list.assign([], machine.at(argument));
  else {
    const cell = scalarTarget(machine, argument);
    if (cell.kind === "scalar") cell.set(undef(machine.at(argument)), machine.at(argument));
  }
  return undef();
}

/** push and unshift */
function extend(machine: Machine, node: Call): Value {
  const [target, ...rest] = node.arguments;
  const cell = argumentContainer(machine, target, true);
  const values = rest.flatMap((argument) => evaluateList(machine, argument));
  if (cell?.kind !== "array") return machine.unknown("the length of a list that is not known", node);
  const added = values.map((value) => new ScalarCell(value, value.origin ?? machine.at(node)));
  // In place: thousands of pushes must not copy thousands of elements each.
  if (node.name === "push") for (const item of added) cell.items.push(item);
  else cell.items = [...added, ...cell.items];
  if (
    cell.items.length > LONGEST_LIST ||
    !machine.mayCopy(node.name === "push" ? added.length : cell.items.length)
  )
    cell.assign([machine.unknownList("a very long list", node)], machine.at(node));
  cell.touch(machine.at(node));
  const name = target?.kind === "variable" ? machine.globalName(target) : undefined;
  if (name !== undefined) machine.note(name, node);
  return countOf(machine, cell, node);
}

/** shift and pop */
function takeOne(machine: Machine, node: Call): Value {
  const [argument] = node.arguments;
  const cell =
    argument === undefined
      ? (machine.scopes.find("@_") ?? machine.store.global("@ARGV"))
      : argumentContainer(machine, argument, true);
  if (cell?.kind !== "array") return machine.unknown("an element of a list that is not known", node);
  const item = node.name === "shift" ? cell.items[0] : cell.items.at(-1);
  if (item?.value.kind === "unknown" && item.value.list) return machine.unknown(item.value.reason, node);
  cell.items = node.name === "shift" ? cell.items.slice(1) : cell.items.slice(0, -1);
  return item?.value ?? undef();
}

function chomp(machine: Machine, node: Call): Value {
  let removed = node.name === "chop" ? "" : "0";
  for (const argument of node.arguments) {
    const container = argumentContainer(machine, argument, false);
    if (container?.kind === "hash") {
      taintTarget(machine, argument, machine.unknown("a chomped list", node));
      continue;
    }
    for (const cell of container?.items ?? [scalarTarget(machine, argument)]) {
      if (cell.kind !== "scalar" || cell.value.kind !== "text") continue;
      const { text: old } = cell.value;
      const cut = node.name === "chomp" ? old.replace(/\n$/, "") : old.slice(0, -1);
      removed = node.name === "chop" ? old.slice(-1) : String(Number(removed) + old.length - cut.length);
      cell.set(text(cut, cell.value.origin), cell.origin);
    }
  }
  return text(removed, machine.at(node));
}
