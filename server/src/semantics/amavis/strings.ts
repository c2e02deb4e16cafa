/** The values of quoted texts. */
import type { StringLiteral, StringPart, WordList } from "../../syntax/amavis/tree.js";
import { evaluate, evaluateList, FILLED_IN } from "./expressions.js";
import type { Machine } from "./machine.js";
import { concatenate } from "./operators.js";
import { text, textOf, type Value } from "./value.js";

export function stringValue(machine: Machine, node: StringLiteral): Value {
  if (node.constant !== undefined) return text(node.constant, machine.at(node));
  return concatenate(machine, partValues(machine, node.parts), node);
}

export function wordValues(machine: Machine, node: WordList): Value[] {
  return node.words.map((word) =>
    word.placeholder ? machine.unknownList(FILLED_IN, word) : text(word.value, machine.at(word)),
  );
}

const CHANGES: Readonly<Record<string, (value: string) => string>> = {
  U: (value) => value.toUpperCase(),
  L: (value) => value.toLowerCase(),
  F: (value) => value.toLowerCase(),
  Q: (value) => value.replace(/([^A-Za-z0-9_])/g, "\\$1"),
  u: (value) => value.charAt(0).toUpperCase() + value.slice(1),
  l: (value) => value.charAt(0).toLowerCase() + value.slice(1),
};

/** The values of the parts, changed as \U, \L, \Q and \u say. */
export function partValues(machine: Machine, parts: readonly StringPart[]): Value[] {
  const values: Value[] = [];
  let lasting: string[] = [];
  let once: string | undefined;
  for (const part of parts) {
    if (part.kind === "case") {
      if (part.letter === "E") lasting.pop();
      else if (part.letter === "u" || part.letter === "l") once = part.letter;
      else lasting = [...lasting, part.letter];
      continue;
    }
    let value = partValue(machine, part);
    for (const letter of [...lasting].reverse()) value = changed(machine, value, letter);
    if (once !== undefined) value = changed(machine, value, once);
    once = undefined;
    values.push(value);
  }
  return values;
}

function changed(machine: Machine, value: Value, letter: string): Value {
  const known = textOf(value);
  const change = CHANGES[letter];
  if (known !== undefined && change !== undefined) return text(change(known), value.origin);
  return machine.unknown(value.kind === "unknown" ? value.reason : "a changed text", machine.statement);
}

function partValue(machine: Machine, part: StringPart): Value {
  if (part.kind === "text") return text(part.value);
  if (part.kind !== "expression") return machine.unknown(FILLED_IN, part);
  const { expression } = part;
  const isList =
    (expression.kind === "variable" && expression.sigil === "@") ||
    (expression.kind === "dereference" && expression.sigil === "@") ||
    expression.kind === "slice";
  if (!isList) return evaluate(machine, expression);
  const values = evaluateList(machine, expression);
  const separator = machine.store.global('$"');
  const between = separator.kind === "scalar" ? separator.value : text(" ");
  const spaced = values.flatMap((value, index) => (index === 0 ? [value] : [between, value]));
  return concatenate(machine, spaced, part);
}
