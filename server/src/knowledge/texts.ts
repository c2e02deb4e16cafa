/**
 * Texts of our own on what a name does, when to touch it and what goes wrong. They are written in
 * texts/*.md and compiled by scripts/compile-texts.mjs; names in backticks are Markdown code.
 */
import textData from "./data/texts.js";
import { lazy } from "./lazy.js";
import { transportPattern } from "./servicePatterns.js";

/**
 * What a name is. column: a column of master.cf as postconf -F names it; overrideOption: a word of
 * receive_override_options; action: of an access table; headerAction: of header and body checks; mapType:
 * the word before the colon of a lookup table; keyword: `parameter=word`, a word that a value may be;
 * amavis: a variable with its sigil; bankKey: a key of a policy bank; amavisWord: a function or constant
 * for amavisd's configuration; port: digits.
 */
export type TextKind =
  | "parameter"
  | "program"
  | "column"
  | "restriction"
  | "action"
  | "headerAction"
  | "mapType"
  | "keyword"
  | "amavis"
  | "bankKey"
  | "amavisWord"
  | "overrideOption"
  | "port";

/** A string that begins with "=> " refers to another name; an array is the short text and an addition. */
type Stored = string | readonly [short: string, addition: string];

/** Names stand as `normalised` writes them; nothing is built at first use but what JSON.parse makes. */
const texts = lazy(() => textData() as Record<TextKind, Record<string, Stored>>);

/**
 * The text for a name, one to three sentences of Markdown, or undefined. A parameter of one service
 * (`relay_destination_rate_delay`) has the text of its kind (`transport_destination_rate_delay`), a bank
 * key without a text of its own the text of its variable. Restrictions, actions and keywords are
 * found in any letter case.
 */
export function textFor(kind: TextKind, name: string): string | undefined {
  const stored = find(kind, name);
  if (stored === undefined) return kind === "bankKey" ? variableAsBankKey(name) : undefined;
  if (typeof stored !== "string") return stored[0];
  const reference = asReference(stored);
  if (!reference) return stored;
  const text = textFor(kind, reference.target);
  return [lead(kind, name, reference.target), text, reference.own].filter(Boolean).join(" ");
}

/** The text with its longer explanation and example where there is one: paragraphs of Markdown. */
export function longTextFor(kind: TextKind, name: string): string | undefined {
  const short = textFor(kind, name);
  const addition = additionFor(kind, name);
  return short !== undefined && addition !== undefined ? `${short}\n\n${addition}` : short;
}

/**
 * What a word means as value of a parameter: `smtpd_tls_security_level` and `may`. A parameter that is
 * explained by another's text (`lmtp_tls_security_level`) has that one's words.
 */
export function keywordText(parameter: string, word: string): string | undefined {
  const own = textFor("keyword", `${parameter}=${word}`);
  if (own !== undefined) return own;
  const stored = find("parameter", parameter);
  const reference = typeof stored === "string" ? asReference(stored) : undefined;
  return reference && keywordText(reference.target, word);
}

/** All names of a kind that have a text of their own. */
export function namesWithText(kind: TextKind): readonly string[] {
  return Object.keys(texts()[kind]);
}

/** The name that a text refers to ("as smtp_helo_timeout, but ..."), or undefined. */
export function textReference(kind: TextKind, name: string): string | undefined {
  const stored = find(kind, name);
  return typeof stored === "string" ? asReference(stored)?.target : undefined;
}

function find(kind: TextKind, name: string): Stored | undefined {
  const ofKind = texts()[kind];
  const key = normalised(kind, name);
  if (Object.hasOwn(ofKind, key)) return ofKind[key];
  const pattern = kind === "parameter" ? transportPattern(name) : undefined;
  return pattern && ofKind[`transport${pattern.suffix}`];
}

/** What values look like inside a bank, whose entries are scalars and references. */
const IN_A_BANK = {
  $: "",
  "@": "In a bank its value is a list in square brackets.",
  "%": "In a bank its value is a hash in braces, merged with the global one unless it has the key `REPLACE`.",
} as const;

function variableAsBankKey(key: string): string | undefined {
  for (const [sigil, note] of Object.entries(IN_A_BANK)) {
    const text = textFor("amavis", sigil + key);
    if (text !== undefined) return note ? `${text} ${note}` : text;
  }
  return undefined;
}

function additionFor(kind: TextKind, name: string): string | undefined {
  const stored = find(kind, name);
  if (typeof stored === "object") return stored[1];
  const reference = stored === undefined ? undefined : asReference(stored);
  return reference && additionFor(kind, reference.target);
}

function asReference(stored: string): { readonly target: string; readonly own: string } | undefined {
  if (!stored.startsWith("=> ")) return undefined;
  const [first = "", own = ""] = stored.slice(3).split("\n");
  return { target: first, own };
}

/** Parameters that repeat another program's, by their first word. */
const TWINS: Readonly<Record<string, string>> = {
  lmtp: "for transports that run the lmtp program",
  tlsproxy: "inside tlsproxy",
  postscreen: "for the connections that postscreen handles itself",
};

function lead(kind: TextKind, name: string, target: string): string {
  if (kind === "keyword") return "";
  const prefix = name.slice(0, name.indexOf("_"));
  const whose = kind === "parameter" ? TWINS[prefix] : undefined;
  return whose ? `As \`${target}\`, ${whose}.` : `As \`${target}\`.`;
}

function normalised(kind: TextKind, name: string): string {
  if (kind === "restriction" || kind === "keyword") return name.toLowerCase();
  return kind === "action" || kind === "headerAction" ? name.toUpperCase() : name;
}
