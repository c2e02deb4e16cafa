/** Forms of master.cf: the eight columns, `-o name=value`, and the attributes of pipe, spawn and smtp. */
import type { Analysis } from "../../analysis.js";
import { parameterFacts } from "../../knowledge/parameters.js";
import { programFacts } from "../../knowledge/services.js";
import { textFor } from "../../knowledge/texts.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import { LogicalText } from "../../syntax/postfix/lines.js";
import { COLUMNS, type Column, type MasterEntry } from "../../syntax/postfix/master.js";
import { splitWords, type Word } from "../../syntax/postfix/words.js";
import { attributeText, flagText } from "../attributes.js";
import { touches } from "../facts.js";
import { accepts, wordMeanings } from "../hover/accepts.js";
import { columnText } from "../hover/column.js";
import { bullets, code, paragraphs } from "../markdown.js";
import { type Signature, type SignatureParameter, textBefore } from "./signature.js";
import { valueSignature } from "./valueSignature.js";

export function masterSignature({ system }: Analysis, offset: number): Signature | undefined {
  const { master } = system;
  const entry = master?.entries.find((candidate) => touches(candidate.range, offset));
  if (!master || !entry || entry.stray) return undefined;
  if (master.trivia.some(({ range }) => range.start <= offset && offset < range.end)) return undefined;
  const before = textBefore(master.text, entry.pieces, offset);
  const logical = new LogicalText(before, [{ start: 0, end: before.length }]);
  const words = splitWords(logical, { plainWords: COLUMNS.length });
  const last = words.at(-1);
  const open = last && last.range.end === before.length ? last : undefined;
  const index = words.length - (open ? 1 : 0);
  const lost = words[0]?.text.startsWith("-o") === true;
  if (index < COLUMNS.length && !lost) return columnForm(entry, index);
  const environment =
    system.services.find((service) => service.entry === entry)?.environment ?? system.environment;
  const program = words[COLUMNS.length - 1]?.text.split("/").at(-1) ?? "";
  return (
    optionForm(environment, words, open, before) ??
    (lost ? undefined : attributeForm(program, words.slice(COLUMNS.length), open))
  );
}

const LABELS: Readonly<Partial<Record<Column, string>>> = { unprivileged: "unpriv" };

function columnForm(entry: MasterEntry, active: number): Signature {
  const parameters = COLUMNS.map(
    (column): SignatureParameter => ({
      label: LABELS[column] ?? column,
      documentation: paragraphs(columnText(column), usual(entry, column)),
    }),
  );
  return {
    label: `${parameters.map(({ label }) => label).join(" ")} [-o name=value ...]`,
    documentation: undefined,
    parameters,
    active,
  };
}

/** What the program in the last column insists on, when it is written already. */
function usual(entry: MasterEntry, column: Column): string | undefined {
  const program = entry.columns.command?.text.split("/").at(-1) ?? "";
  const facts = programFacts(program);
  if (!facts) return undefined;
  if (column === "type") return `${program} takes ${facts.types.map(code).join(", ")}.`;
  if (column === "unprivileged" && facts.needsRoot) return `${program} insists on \`n\`.`;
  if (column === "chroot" && facts.chroot === "no") return `${program} cannot work in a chroot.`;
  if (column === "wakeup" && facts.wakeup) return `Usual for ${program}: ${code(facts.wakeup)}.`;
  if (column === "maxproc" && facts.processLimit !== undefined)
    return `${program} insists on ${code(String(facts.processLimit))}.`;
  return undefined;
}

/** The option that the cursor is in: `-o name=value`, `-oname=value` or `-o { name = value }`. */
function optionForm(
  environment: Environment,
  words: readonly Word[],
  open: Word | undefined,
  before: string,
): Signature | undefined {
  const last = words.at(-1);
  const previous = open ? words.at(-2) : last;
  let text: string | undefined;
  if (open?.text.startsWith("-o")) text = open.text.slice(2);
  else if (previous?.text === "-o") text = open?.text ?? "";
  if (text === undefined) return undefined;
  const braces = text.startsWith("{");
  const inner = braces ? before.slice(before.length - text.length + 1) : text;
  const equals = inner.indexOf("=");
  const name = inner.slice(0, equals < 0 ? undefined : equals).trim();
  if (equals >= 0) {
    const nested = valueSignature(environment, name, inner.slice(equals + 1));
    if (nested) return nested;
  }
  const facts = parameterFacts(name);
  return {
    label: braces ? "-o { name = value }" : "-o name=value",
    documentation: braces
      ? "Overrides main.cf for this service alone; in braces blanks may stand in the value (since Postfix 3.0)."
      : "Overrides main.cf for this service alone. No blanks round `=` or in the value; with blanks write `-o { name = value }`.",
    parameters: [
      {
        label: "name",
        documentation: facts ? textFor("parameter", name) : "A parameter that this program reads.",
      },
      {
        label: "value",
        documentation: facts ? paragraphs(`Takes ${accepts(facts)}.`, wordMeanings(facts)) : undefined,
      },
    ],
    active: equals < 0 ? 0 : 1,
  };
}

const FORMS: Readonly<Record<string, readonly string[]>> = {
  pipe: ["flags", "user", "directory", "chroot", "size", "eol", "null_sender", "argv"],
  spawn: ["user", "argv"],
  smtp: ["flags"],
  lmtp: ["flags"],
};

function attributeForm(
  program: string,
  operands: readonly Word[],
  open: Word | undefined,
): Signature | undefined {
  const names = FORMS[program];
  if (!names) return undefined;
  const isSet = (name: string) => operands.some(({ text }) => text.toLowerCase().startsWith(`${name}=`));
  if (open?.text.startsWith("-") && !isSet("argv")) return undefined;
  const current = open && /^\{?\s*([a-z_]*)/i.exec(open.text)?.[1]?.toLowerCase();
  const begun = current ? names.findIndex((name) => name.startsWith(current)) : -1;
  // smtp and lmtp are seldom given any: only what was begun is helped with.
  if ((program === "smtp" || program === "lmtp") && begun < 0) return undefined;
  // What comes next: the attributes that are needed, the command last.
  const next = names.findIndex((name) => (name === "user" || name === "argv") && !isSet(name));
  const active = isSet("argv") ? names.indexOf("argv") : begun >= 0 ? begun : next;
  return {
    label: `${program} ${names.map((name) => `${name}=`).join(" ")}`,
    documentation: textFor("program", program),
    parameters: names.map((name) => ({
      label: `${name}=`,
      documentation: paragraphs(
        attributeText(program, name),
        programFacts(program)?.requiredArguments.some((one) => one.startsWith(name)) && "It is needed.",
        name === "flags" && flagLines(program),
      ),
    })),
    active: Math.max(active, 0),
  };
}

function flagLines(program: string): string {
  return bullets(
    [...(programFacts(program)?.flags || "DORX")].flatMap((letter) => {
      const text = flagText(program, letter);
      return text === undefined ? [] : [`${code(letter)}: ${text}`];
    }),
  );
}
