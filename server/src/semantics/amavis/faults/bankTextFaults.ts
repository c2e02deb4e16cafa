/** How policy banks are written: keys with a sigil, lists that shift the pairs behind them, banks that are no hash. */
import { amavisBankKey, amavisVariable } from "../../../knowledge/amavisVariables.js";
import type { Assignment, Expression } from "../../../syntax/amavis/tree.js";
import type { AmavisProblem } from "../configuration.js";

/** Faults in an assignment to a bank or to all of them. */
export function bankTextFaults(node: Assignment, file: string, text: string): AmavisProblem[] {
  const { target, value } = node;
  if (isBanks(target)) return wholeFaults(value, file, text);
  if (target.kind !== "element" || target.access !== "key" || !isBanks(target.container)) return [];
  if (value.kind === "hash") return pairFaults(value.items, file, text);
  if (value.kind !== "list" || !value.parenthesised || value.items.length < 2) return [];
  const newText = `{${text.slice(value.start + 1, value.end - 1)}}`;
  const range = { start: value.start, end: value.end };
  return [
    {
      file,
      range,
      kind: "bank-not-ref",
      message:
        'A policy bank is a hash in braces. Of this list Perl keeps the last value, and amavisd stops at its start with "Can\'t use string as a HASH ref".',
      fatal: true,
      fix: { title: "Write the bank in braces", range, newText },
    },
  ];
}

function isBanks(node: Expression): boolean {
  return node.kind === "variable" && node.sigil === "%" && node.name === "policy_bank";
}

/** `%policy_bank = (...)` without itself drops the bank '' that holds all settings. */
function wholeFaults(value: Expression, file: string, text: string): AmavisProblem[] {
  if (value.kind !== "list") return [];
  return value.items.flatMap((item) => (item.kind === "hash" ? pairFaults(item.items, file, text) : []));
}

/** Keys and values of a bank, as far as it is clear which is which. */
function pairFaults(items: readonly Expression[], file: string, text: string): AmavisProblem[] {
  const problems: AmavisProblem[] = [];
  for (let at = 0; at + 1 < items.length; at += 2) {
    const key = items[at];
    const value = items[at + 1];
    if (key === undefined || value === undefined) break;
    const sigil = keySigil(key, file, text);
    if (sigil !== undefined) problems.push(sigil);
    const list = spread(key, value, file, text);
    if (list !== undefined) problems.push(list);
    // From here on it is not clear which item is a key.
    if (list !== undefined || !isScalar(key) || !isScalar(value)) break;
  }
  return problems;
}

function isScalar(node: Expression): boolean {
  if (node.kind === "variable") return node.sigil === "$";
  if (node.kind === "list") return node.items.length === 1;
  if (node.kind === "words") return node.words.length === 1;
  return (
    node.kind !== "call" && node.kind !== "slice" && node.kind !== "dereference" && node.kind !== "missing"
  );
}

/** `'$originating' => 1` and `$originating => 1`: keys are names without sigil. */
function keySigil(key: Expression, file: string, text: string): AmavisProblem | undefined {
  const written =
    key.kind === "variable" ? key.sigil + key.name : key.kind === "string" ? (key.constant ?? "") : "";
  if (!/^[$@%]\w+$/.test(written) || amavisVariable(written) === undefined) return undefined;
  const bare = written.slice(1);
  const range = { start: key.start, end: key.end };
  const quoted = key.kind === "string" && text.slice(key.start, key.end).includes(written);
  return {
    file,
    range,
    kind: "bank-key-sigil",
    message: quoted
      ? `Keys of a policy bank have no sigil: amavisd logs "unknown field" for ${written} and ignores it.`
      : `Keys of a policy bank have no sigil: here the value of ${written} becomes the key, and amavisd ignores it.`,
    fatal: false,
    fix: { title: `Write ${bare}`, range, newText: bare },
  };
}

/** `inet_acl => qw(a b)`: the second word becomes a key, and all pairs behind it are shifted. */
function spread(key: Expression, value: Expression, file: string, text: string): AmavisProblem | undefined {
  const name = key.kind === "string" ? (key.constant ?? "") : "";
  const count =
    value.kind === "words"
      ? value.words.length
      : value.kind === "list" && value.parenthesised
        ? value.items.length
        : 1;
  if (count === 1 || amavisBankKey(name)?.sigil !== "@") return undefined;
  const inside = text.slice(value.start, value.end);
  const range = { start: value.start, end: value.end };
  return {
    file,
    range,
    kind: "bank-array-scalar",
    message: `A list inside a bank is written in brackets. As it stands, ${name} gets ${count === 0 ? "the next key as its value" : "the first word"}, and what follows is taken for other keys and values.`,
    fatal: false,
    fix: {
      title: "Write the list in brackets",
      range,
      newText: value.kind === "words" ? `[${inside}]` : `[${inside.slice(1, -1)}]`,
    },
  };
}
