/** Functions of Perl that give or take lists. */
import type { Call, Expression } from "../../syntax/amavis/tree.js";
import { argumentContainer, callReferred } from "./calls.js";
import { evaluate, evaluateList } from "./expressions.js";
import { cellsOf, makeElements } from "./loops.js";
import { containerCell, keyText } from "./lvalues.js";
import type { Machine } from "./machine.js";
import { splitAt } from "./matching.js";
import { toNumber } from "./numbers.js";
import { elementCells, isPure } from "./order.js";
import { storedName } from "./store.js";
import { blockValues, single } from "./subs.js";
import { taint, taintTarget } from "./taint.js";
import { type ArrayCell, ScalarCell, text, textOf, truthOf, undef, type Value } from "./value.js";

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
      return unordered(machine, entries(machine, first, node), first, node);
    case "split":
      return split(machine, node);
    case "delete":
      return remove(machine, first);
    case "each":
      return each(machine, first, node);
    case "splice":
      return splice(machine, node);
    default:
      return undefined;
  }
}

/** $_ */
export function defaultArgument(machine: Machine): Value {
  const cell = machine.store.global("$_");
  return cell.kind === "scalar" ? cell.value : undef();
}

/** Perl hands out the entries of a hash in an order that is another one in every process. */
function unordered(machine: Machine, list: Value[], argument: Expression | undefined, node: Call): Value[] {
  const mixed = list.length > 1 && argumentContainer(machine, argument, false)?.kind === "hash";
  if (!mixed) return list;
  const known = !list.some((value) => value.kind === "unknown");
  const order = machine.unknownList("the order of the entries of a table", node);
  return [known ? { ...order, elements: list } : order];
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
  for (const list of lists) makeElements(machine, list);
  const found = lists.flatMap((list) => cellsOf(machine, list));
  const mixed = found.some((cell) => cell.value.kind === "unknown" && cell.value.elements !== undefined);
  const cells = mixed && isPure(body) ? found.flatMap(elementCells) : found;
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
      const truth = truthOf(condition(machine, body));
      if (truth === undefined) result.push(machine.unknownList("a grep whose condition is not known", node));
      else if (truth) result.push(cell.value);
    }
  }
  machine.store.bind("$_", before);
  if (!mixed || result.some((value) => value.kind === "unknown")) return result;
  return [{ ...machine.unknownList("the order of the entries of a table", node), elements: result }];
}

/** The value of the body of grep, which is asked for a scalar. */
function condition(machine: Machine, body: Expression | NonNullable<Call["block"]>): Value {
  return body.kind === "block" ? single(blockValues(machine, body, "scalar")) : evaluate(machine, body);
}

/** The values of the last expression of a body. */
function bodyList(machine: Machine, body: Expression | NonNullable<Call["block"]>): Value[] {
  if (body.kind !== "block") return evaluateList(machine, body);
  const [only, second] = body.statements;
  const simple = second === undefined && only?.kind === "expression-statement" && only.modifier === undefined;
  if (simple) return evaluateList(machine, only.expression);
  return blockValues(machine, body, "list");
}

function sort(machine: Machine, node: Call): Value[] {
  /** Whether some elements came in an order that is not known: what compares as equal keeps it. */
  let mixed = false;
  const values = node.arguments.flatMap((argument) => {
    if (argument.kind === "call" && (argument.name === "keys" || argument.name === "values")) {
      mixed = true;
      return entries(machine, argument.arguments[0], argument);
    }
    return evaluateList(machine, argument).flatMap((value) => {
      if (value.kind !== "unknown" || value.elements === undefined) return [value];
      mixed = true;
      return value.elements;
    });
  });
  const known = values.every((value) => value.kind !== "unknown");
  if (!known || !machine.mayIterate(values.length)) return [machine.unknownList("a sorted list", node)];
  if (node.block === undefined && node.comparator === undefined) {
    if (values.some((value) => textOf(value) === undefined))
      return [machine.unknownList("a sorted list", node)];
    return values.sort((left, right) => {
      const [a, b] = [textOf(left) ?? "", textOf(right) ?? ""];
      return a < b ? -1 : a > b ? 1 : 0;
    });
  }
  return sortBy(machine, node, values, mixed);
}

/** Sorts as a block or a sub compares `$a` with `$b`. */
function sortBy(machine: Machine, node: Call, values: Value[], mixed: boolean): Value[] {
  const { block, comparator } = node;
  const lexical = machine.scopes.find("$a") ?? machine.scopes.find("$b");
  const names = (["$a", "$b"] as const).map((name) => `$${storedName(name.slice(1), machine.package)}`);
  const [one = "$a", other = "$b"] = names;
  const before = [machine.store.global(one), machine.store.global(other)] as const;
  const [a, b] = [new ScalarCell(), new ScalarCell()];
  machine.store.bind(one, a);
  machine.store.bind(other, b);
  let known = lexical === undefined;
  const order = (left: Value, right: Value): number => {
    a.set(left, left.origin);
    b.set(right, right.origin);
    const result = known
      ? textOf(
          single(
            block !== undefined
              ? blockValues(machine, block, "scalar")
              : ((comparator && callReferred(machine, comparator, node)) ?? [
                  machine.unknown("a sub that is not known", node),
                ]),
          ),
        )
      : undefined;
    known &&= result !== undefined;
    return toNumber(result ?? "");
  };
  const sorted = [...values].sort(order);
  const tied =
    mixed &&
    sorted.some((value, index) => {
      const next = sorted[index + 1];
      return next !== undefined && textOf(next) !== textOf(value) && order(value, next) === 0;
    });
  machine.store.bind(one, before[0]);
  machine.store.bind(other, before[1]);
  if (!known) return [machine.unknownList("a sorted list", node)];
  if (!tied) return sorted;
  return [{ ...machine.unknownList("the order of the entries of a table", node), elements: sorted }];
}

/** Splits at white space or at a pattern. Without a limit empty parts at the end are dropped. */
function split(machine: Machine, node: Call): Value[] {
  const [pattern, subject, most] = node.arguments;
  const value = subject === undefined ? defaultArgument(machine) : evaluate(machine, subject);
  const known = textOf(value);
  const limit = most === undefined ? "0" : textOf(evaluate(machine, most));
  if (known === undefined || limit === undefined) return [machine.unknownList("a text that is split", node)];
  if (known === "") return [];
  const number = Math.trunc(toNumber(limit));
  const parts = isBlank(machine, pattern)
    ? splitAtSpace(known, number)
    : splitAt(machine, pattern ?? node, known, number);
  if (parts === undefined || !machine.mayCopy(parts.length))
    return [machine.unknownList("a text that is split", node)];
  if (number === 0) while (parts.length > 0 && (parts.at(-1) ?? "") === "") parts.pop();
  return parts.map((part) => (part === undefined ? undef() : text(part, value.origin)));
}

/** `split ' '`: at white space, without what stands before the first word. */
function isBlank(machine: Machine, pattern: Expression | undefined): boolean {
  if (pattern === undefined) return true;
  return pattern.kind !== "pattern" && textOf(evaluate(machine, pattern)) === " ";
}

function splitAtSpace(subject: string, limit: number): string[] {
  const parts = subject.trimStart().split(/\s+/);
  if (limit <= 0 || parts.length <= limit) return parts;
  const rest = new RegExp(`^\\s*(?:\\S+\\s+){${limit - 1}}`).exec(subject)?.[0].length ?? 0;
  return [...parts.slice(0, limit - 1), subject.slice(rest)];
}

/** delete $h{k} and delete @h{...} */
function remove(machine: Machine, argument: Expression | undefined): Value[] {
  if (argument?.kind === "slice" && argument.access === "key" && !argument.pairs) {
    const hash = containerCell(machine, argument.container, "%", false);
    const keys = evaluateList(machine, argument.subscript).map((key) => textOf(key));
    if (hash?.kind === "hash" && keys.every((key) => key !== undefined)) {
      return keys.map((key) => {
        const old = hash.get(key)?.value;
        hash.entries.delete(key);
        return old ?? undef();
      });
    }
  }
  return [removeOne(machine, argument)];
}

function removeOne(machine: Machine, argument: Expression | undefined): Value {
  if (argument?.kind !== "element") {
    if (argument !== undefined) taintTarget(machine, argument, machine.unknown("deleted entries", argument));
    return undef();
  }
  const container = containerCell(
    machine,
    argument.container,
    argument.access === "index" ? "@" : "%",
    false,
    true,
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

/** The next index or key with its value; the order of several keys is not known. */
function each(machine: Machine, argument: Expression | undefined, node: Call): Value[] {
  const cell = argumentContainer(machine, argument, false);
  if (cell === undefined) return [machine.unknownList("the entries of a table that is not known", node)];
  const at = machine.iterators.get(cell) ?? 0;
  machine.iterators.set(cell, at + 1);
  const open =
    cell.kind === "hash"
      ? cell.open !== undefined || cell.keys().length > 1
      : cell.items.some((item) => item.value.kind === "unknown" && item.value.list);
  if (open) return [machine.unknownList("the order of the entries of a table", node)];
  const key = cell.kind === "array" ? (at < cell.items.length ? String(at) : undefined) : cell.keys()[at];
  if (key === undefined) {
    machine.iterators.delete(cell);
    return [];
  }
  const item = cell.kind === "array" ? cell.items[at] : cell.get(key);
  return [text(key), item?.value ?? undef()];
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
