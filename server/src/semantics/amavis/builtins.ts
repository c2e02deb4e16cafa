/** Perl's own functions, as far as configurations use them. What is not here gives an unknown value. */
import type { Call, Expression } from "../../syntax/amavis/tree.js";
import { argumentContainer } from "./calls.js";
import { countOf, evaluate, evaluateList } from "./expressions.js";
import { containerCell, keyText, scalarTarget } from "./lvalues.js";
import { LONGEST_LIST, type Machine } from "./machine.js";
import { formatNumber, toNumber } from "./numbers.js";
import { concatenate } from "./operators.js";
import { cellsOf, runBlock } from "./statements.js";
import { taint, taintTarget } from "./taint.js";
import { type ArrayCell, ScalarCell, text, textOf, truthOf, undef, type Value } from "./value.js";

/** Functions from one known text to another. */
const OF_TEXT: Readonly<Record<string, (value: string) => string>> = {
  lc: (value) => value.toLowerCase(),
  uc: (value) => value.toUpperCase(),
  fc: (value) => value.toLowerCase(),
  lcfirst: (value) => value.charAt(0).toLowerCase() + value.slice(1),
  ucfirst: (value) => value.charAt(0).toUpperCase() + value.slice(1),
  quotemeta: (value) => value.replace(/([^A-Za-z0-9_])/g, "\\$1"),
  length: (value) => String(value.length),
  int: (value) => formatNumber(Math.trunc(toNumber(value))),
  abs: (value) => formatNumber(Math.abs(toNumber(value))),
  hex: (value) => formatNumber(Number.parseInt(value.replace(/^0[xX]/, "").replaceAll("_", "") || "0", 16)),
  ord: (value) => String(value.codePointAt(0) ?? 0),
  chr: (value) => String.fromCodePoint(Math.min(Math.max(0, Math.trunc(toNumber(value))), 0x10ffff)),
  idn_to_ascii: (value) => value.toLowerCase(),
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
      const open = list.find((value) => value.kind === "unknown" && value.list);
      return open ?? text(String(list.length), machine.at(node));
    }
    case "die":
    case "warn":
    case "return":
    case "print":
    case "printf":
    case "say":
    case "next":
    case "last":
      for (const argument of node.arguments) evaluateList(machine, argument);
      return text("1", machine.at(node));
    default:
      return undefined;
  }
}

/** The result in list context, for functions that give lists; undefined for others. */
export function builtinList(machine: Machine, node: Call): Value[] | undefined {
  const [first] = node.arguments;
  switch (node.name) {
    case "map":
    case "grep":
      return mapOrGrep(machine, node);
    case "sort":
      return sort(machine, node);
    case "reverse":
      return node.arguments.flatMap((argument) => evaluateList(machine, argument)).reverse();
    case "keys":
    case "values":
      return entries(machine, first, node);
    case "split":
      return split(machine, node);
    case "delete":
      return [remove(machine, first)];
    case "splice":
      return splice(machine, node);
    default:
      return undefined;
  }
}

function applyToText(machine: Machine, node: Call, change: (value: string) => string): Value {
  const [first] = node.arguments;
  const value = first === undefined ? defaultArgument(machine) : evaluate(machine, first);
  const known = textOf(value);
  if (known !== undefined) return text(change(known), machine.at(node));
  return machine.unknown(value.kind === "unknown" ? value.reason : `${node.name} of a reference`, node);
}

/** $_ */
function defaultArgument(machine: Machine): Value {
  const cell = machine.store.global("$_");
  return cell.kind === "scalar" ? cell.value : undef();
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

/** %s, %d, %% with a width; anything else is not followed. */
function format(machine: Machine, node: Call): Value {
  const [pattern, ...values] = node.arguments.flatMap((argument) => evaluateList(machine, argument));
  const known = textOf(pattern);
  if (known === undefined || /%(?![sd%]|0?\d+d)/.test(known))
    return machine.unknown("a formatted text", node);
  const parts: Value[] = [];
  let next = 0;
  let end = 0;
  for (const match of known.matchAll(/%(?:(0?)(\d*)d|s|%)/g)) {
    parts.push(text(known.slice(end, match.index)));
    end = match.index + match[0].length;
    if (match[0] === "%%") parts.push(text("%"));
    else {
      const value = values[next++] ?? undef();
      const number = textOf(value);
      const asNumber = match[0].endsWith("d") && number !== undefined;
      parts.push(asNumber ? text(padded(number, match[1] ?? "", match[2] ?? "")) : value);
    }
  }
  return concatenate(machine, [...parts, text(known.slice(end))], node);
}

function padded(value: string, zero: string, width: string): string {
  return formatNumber(Math.trunc(toNumber(value))).padStart(
    Math.min(Number(width) || 0, 100),
    zero === "0" ? "0" : " ",
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
  );
  if (container === undefined) return text("", machine.at(node));
  if (container.kind !== "hash") return machine.unknown("whether an element exists", node);
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
  if (value.kind === "opaque") return machine.unknown("the kind of an object", node);
  return text(value.kind === "ref" ? value.cell.kind.toUpperCase() : "", machine.at(node));
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
  if (name !== undefined) machine.note(name, machine.statement, node);
  return machine.unknown("the length of a list", node);
}

/** shift and pop */
function takeOne(machine: Machine, node: Call): Value {
  const cell = argumentContainer(machine, node.arguments[0], true);
  if (cell?.kind !== "array") return machine.unknown("an element of a list that is not known", node);
  const item = node.name === "shift" ? cell.items[0] : cell.items.at(-1);
  if (item?.value.kind === "unknown" && item.value.list) return machine.unknown(item.value.reason, node);
  cell.items = node.name === "shift" ? cell.items.slice(1) : cell.items.slice(0, -1);
  return item?.value ?? undef();
}

function chomp(machine: Machine, node: Call): Value {
  for (const argument of node.arguments) {
    const container = argumentContainer(machine, argument, false);
    if (container !== undefined) {
      taintTarget(machine, argument, machine.unknown("a chomped list", node));
      continue;
    }
    const cell = scalarTarget(machine, argument);
    if (cell.kind !== "scalar" || cell.value.kind !== "text") continue;
    const { text: old } = cell.value;
    const cut = node.name === "chomp" ? old.replace(/\n$/, "") : old.slice(0, -1);
    cell.set(text(cut, cell.value.origin), cell.origin);
  }
  return text("1", machine.at(node));
}

function entries(machine: Machine, argument: Expression | undefined, node: Call): Value[] {
  const cell = argumentContainer(machine, argument, false);
  if (cell?.kind === "array") {
    return node.name === "values" ? cell.values() : cell.items.map((_, index) => text(String(index)));
  }
  if (cell === undefined) return [machine.unknownList("the entries of a table that is not known", node)];
  const list: Value[] =
    node.name === "keys"
      ? cell.keys().map((key) => text(key, cell.get(key)?.keyOrigin))
      : cell.keys().map((key) => cell.get(key)?.value ?? undef());
  return cell.open === undefined ? list : [...list, { ...cell.open, list: true }];
}

/** Runs the block or expression for each element, with $_ standing for it. */
function mapOrGrep(machine: Machine, node: Call): Value[] {
  const body = node.block ?? node.arguments[0];
  const lists = node.block === undefined ? node.arguments.slice(1) : node.arguments;
  if (body === undefined) return [];
  const cells = lists.flatMap((list) => cellsOf(machine, list));
  const open = cells.some((cell) => cell.value.kind === "unknown" && cell.value.list);
  if (open || !machine.mayIterate(cells.length)) {
    taint(machine, body, machine.unknown(`a ${node.name} over a list that is not known`, node));
    return [machine.unknownList(`a ${node.name} over a list that is not known`, node)];
  }
  const before = machine.store.global("$_");
  const result: Value[] = [];
  for (const cell of cells) {
    machine.store.bind("$_", cell);
    if (node.name === "map") result.push(...bodyList(machine, body));
    else {
      const truth = truthOf(bodyList(machine, body).at(-1) ?? undef());
      if (truth === undefined) result.push(machine.unknownList("a grep whose condition is not known", node));
      else if (truth) result.push(cell.value);
    }
  }
  machine.store.bind("$_", before);
  return result;
}

/** The values of the last expression of a body. */
function bodyList(machine: Machine, body: Expression | NonNullable<Call["block"]>): Value[] {
  if (body.kind !== "block") return evaluateList(machine, body);
  const [only, second] = body.statements.filter((statement) => statement.kind !== "empty");
  if (only === undefined) return [];
  const simple = second === undefined && only.kind === "expression-statement" && only.modifier === undefined;
  if (simple) return evaluateList(machine, only.expression);
  // { a => 1 } inside map { } is a block for the parser and a hash for Perl; both give the pairs.
  if (second === undefined && only.kind === "block") return bodyList(machine, only);
  runBlock(machine, body);
  return [machine.unknownList("the value of a block", body)];
}

function sort(machine: Machine, node: Call): Value[] {
  const values = node.arguments.flatMap((argument) => evaluateList(machine, argument));
  if (node.block !== undefined) return [machine.unknownList("a sorted list", node)];
  const known = values.every((value) => textOf(value) !== undefined);
  if (!known) return [machine.unknownList("a sorted list", node)];
  return values.sort((left, right) => {
    const [a, b] = [textOf(left) ?? "", textOf(right) ?? ""];
    return a < b ? -1 : a > b ? 1 : 0;
  });
}

/** Splits at a text, or at a pattern that means a text or white space. */
function split(machine: Machine, node: Call): Value[] {
  const [pattern, subject, limit] = node.arguments;
  const value = subject === undefined ? defaultArgument(machine) : evaluate(machine, subject);
  const known = textOf(value);
  const separator = pattern === undefined ? " " : separatorOf(machine, pattern);
  if (known === undefined || separator === undefined || limit !== undefined) {
    return [machine.unknownList("a text that is split", node)];
  }
  const source = separator === " " ? known.trimStart() : known;
  if (source === "") return [];
  const parts = source.split(separator === " " ? /\s+/ : separator);
  while (parts.length > 0 && parts.at(-1) === "") parts.pop();
  return parts.map((part) => text(part, value.origin));
}

function separatorOf(machine: Machine, pattern: Expression): string | RegExp | undefined {
  if (pattern.kind !== "pattern") {
    const given = textOf(evaluate(machine, pattern));
    return given === " " || (given !== undefined && /^[\w,:;=/ -]$/.test(given)) ? given : undefined;
  }
  const source = machine.textOf(pattern.body);
  if (source === " " || source === "\\s+") return source === " " ? / / : /\s+/;
  if (source === "\\s*,\\s*") return /\s*,\s*/;
  if (/^\[[,;: \t\\sn]+\]\+?$/.test(source)) return new RegExp(source);
  return /^[\w,:;=/ -]+$/.test(source) ? source : undefined;
}

function remove(machine: Machine, argument: Expression | undefined): Value {
  if (argument?.kind !== "element") {
    if (argument !== undefined) taintTarget(machine, argument, machine.unknown("deleted entries", argument));
    return undef();
  }
  const container = containerCell(
    machine,
    argument.container,
    argument.access === "index" ? "@" : "%",
    false,
  );
  if (container?.kind !== "hash") return undef();
  const key = keyText(machine, argument);
  if (typeof key !== "string") {
    taintTarget(machine, argument, key);
    return machine.unknown(key.reason, argument);
  }
  const old = container.get(key)?.value;
  container.entries.delete(key);
  return old ?? undef();
}

function splice(machine: Machine, node: Call): Value[] {
  const [target, ...rest] = node.arguments;
  const cell: ArrayCell | undefined = (() => {
    const found = argumentContainer(machine, target, true);
    return found?.kind === "array" ? found : undefined;
  })();
  const values = rest.flatMap((argument) => evaluateList(machine, argument));
  const numbers = values.slice(0, 2).map((value) => textOf(value));
  const open = cell?.items.some((item) => item.value.kind === "unknown" && item.value.list);
  if (cell === undefined || open === true || numbers.some((number) => number === undefined)) {
    if (target !== undefined) taintTarget(machine, target, machine.unknown("a spliced list", node));
    return [machine.unknownList("a spliced list", node)];
  }
  const from = Math.trunc(toNumber(numbers[0] ?? "0"));
  const count = numbers[1] === undefined ? cell.items.length : Math.trunc(toNumber(numbers[1]));
  const added = values.slice(2).map((value) => new ScalarCell(value, value.origin));
  const removed = cell.items.splice(from, Math.max(0, count), ...added);
  return removed.map((item) => item.value);
}
