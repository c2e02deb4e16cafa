/** What can stand behind the eight columns: `-o NAME=VALUE`, and the arguments of pipe, spawn and smtp. */
import { parameterFacts } from "../../knowledge/parameters.js";
import { programFacts } from "../../knowledge/services.js";
import { unreadKind } from "../../rules/endpoints/unreadOptions.js";
import type { ArgumentPlace, OptionNamePlace } from "../position.js";
import { OPTIONS_BY_USE } from "./common.js";
import { type Context, type Item, RANK, wordItems } from "./item.js";
import { knownNames, wantedNames } from "./parameterNames.js";
import { serviceUse } from "./system.js";

interface ReadName {
  readonly name: string;
  /** True when the program's own table has it, or the code that it shares is known to use it there. */
  readonly direct: boolean;
  readonly deprecated: boolean;
}

const byProgram = new Map<string, readonly ReadName[]>();

/** The parameters that a program looks at, itself or by way of others: the rest would be without effect. */
export function readNames(program: string, version: string): readonly ReadName[] {
  const key = `${program} ${version}`;
  let names = byProgram.get(key);
  if (!names) {
    const known = programFacts(program) !== undefined;
    names = knownNames(version).flatMap(({ name, deprecated }): ReadName[] => {
      const facts = parameterFacts(name);
      if (!facts || facts.perService || (known && unreadKind(program, name) !== undefined)) return [];
      const twins = program === "lmtp" ? ["lmtp", "smtp"] : [program];
      const direct =
        facts.readBy.includes(program) || twins.some((one) => facts.usedIn.includes(one)) || !known;
      return [{ name, direct, deprecated }];
    });
    byProgram.set(key, names);
  }
  return names;
}

export function optionNameItems(context: Context, place: OptionNamePlace): Item[] {
  const ending = /^\s*=/.test(place.rest) ? "" : "=";
  return optionItems(context, place, (name) => `${name}${ending}`);
}

export function argumentItems(context: Context, place: ArgumentPlace): Item[] {
  const { program, operands, word } = place;
  const facts = programFacts(program);
  const names = facts?.arguments ?? [];
  const attribute = /^(\w+)=/.exec(word.typed)?.[1];
  if (attribute === "flags") return flagItems(program, word.typed.slice("flags=".length));
  if (attribute === "user") return userItems(context, word.typed);
  if (attribute !== undefined || operands.some((one) => one.startsWith("argv="))) return [];
  const present = new Set(operands.map((one) => one.slice(0, one.indexOf("=") + 1)));
  const attributes = names
    .filter((name) => !present.has(name))
    .map((name): Item => {
      const required = facts?.requiredArguments.includes(name);
      const detail = ATTRIBUTES[name];
      return {
        label: name,
        kind: "key",
        // The command comes last: nothing may stand behind it that is not meant for it.
        rank: (required ? RANK.wanted : RANK.common) + ATTRIBUTE_ORDER.indexOf(name),
        ...(detail === undefined ? {} : { detail }),
      };
    });
  // getopt stops at the first word that is no option.
  if (operands.length > 0) return attributes;
  const dash: Item[] = [
    {
      label: "-o",
      kind: "key",
      insert: "-o ",
      rank: RANK.common,
      detail: "sets a parameter for this service",
    },
    { label: "-v", kind: "key", rank: RANK.rare, detail: "logs more; twice for even more" },
  ];
  const options = optionItems(context, place, (name) => `-o ${name}=`).map((item) => ({
    ...item,
    rank: item.rank + 50,
    ...(word.typed.startsWith("-") ? { filter: `-o ${item.label}` } : {}),
  }));
  return [...attributes, ...dash, ...options];
}

function optionItems(
  { analysis }: Context,
  { program, service, entry, word }: OptionNamePlace | ArgumentPlace,
  insert: (name: string) => string,
): Item[] {
  const { system } = analysis;
  const useful = OPTIONS_BY_USE[serviceUse(analysis, program, service)];
  const present = new Set(
    entry.options.filter(({ nameRange }) => nameRange.start !== word.range.start).map(({ name }) => name),
  );
  const items: Item[] = [];
  const add = (name: string, rank: number, more: Partial<Item> = {}) => {
    if (present.has(name)) return;
    const documentation = ["parameter", name] as const;
    items.push({ label: name, kind: "parameter", insert: insert(name), rank, documentation, ...more });
  };
  const position = new Map(useful.map((name, index) => [name, index]));
  for (const { name, direct, deprecated } of readNames(program, system.profile.version)) {
    const at = position.get(name);
    if (deprecated) add(name, RANK.deprecated, { deprecated });
    else add(name, at === undefined ? (direct ? RANK.usual : RANK.rare) : RANK.common + at);
  }
  for (const [name, detail] of wantedNames(system)) add(name, RANK.rare, { detail });
  return items;
}

const ATTRIBUTE_ORDER = ["flags=", "user=", "argv="];

/** What the attributes of pipe(8), spawn(8) and smtp(8) are for. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  "argv=": "the command, and everything behind it",
  "user=": "the user, or user:group, that the command runs as",
  "flags=": "letters for what is done to the message",
  "directory=": "the folder that the command starts in",
  "chroot=": "the folder that the command is locked into",
  "eol=": "the end of each line, \\n unless set",
  "null_sender=": "what stands for the sender of bounces, MAILER-DAEMON unless set",
  "size=": "the largest message that is passed on, in bytes",
};

/** What a letter of `flags=` does, in the order in which people want them (manual pages pipe(8) and smtp(8)). */
const FLAGS: Readonly<Record<string, string>> = {
  D: "adds Delivered-To, and stops mail that comes round again",
  R: "adds Return-Path with the sender",
  h: "lower case for the recipient's host",
  u: "lower case for the recipient's user",
  O: "adds X-Original-To",
  q: "quotes white space and the like in addresses",
  F: "begins the message with a From line, as in a mailbox",
  B: "ends the message with an empty line",
  X: "the command delivers for good, so that success reports say so",
  ".": "doubles a dot at the start of a line",
  ">": "puts > before a line that begins with From",
};

/** Users that other commands of this file run as. */
function userItems({ analysis }: Context, typed: string): Item[] {
  const users = analysis.system.services.flatMap(({ entry }) => entry.operands.map(({ text }) => text));
  const others = users.filter((text) => /^user=[\w:-]+$/.test(text) && text !== typed);
  return wordItems([...new Set(others)], "word", RANK.common, () => ({ detail: "used here" }));
}

function flagItems(program: string, typed: string): Item[] {
  return [...(programFacts(program)?.flags ?? "")]
    .filter((letter) => !typed.includes(letter))
    .map((letter): Item => {
      const detail = FLAGS[letter];
      return {
        label: `flags=${typed}${letter}`,
        kind: "word",
        rank: RANK.common + Object.keys(FLAGS).indexOf(letter),
        ...(detail === undefined ? {} : { detail }),
      };
    });
}
