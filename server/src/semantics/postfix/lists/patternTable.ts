/**
 * Lines of pattern tables (cidr_table(5), regexp_table(5), pcre_table(5)) that Postfix skips. Patterns themselves
 * are not compiled here; the words of the log are those of smtpd 3.7.11.
 */
import { isBlank, LogicalText, splitLines } from "../../../syntax/postfix/lines.js";
import { hasPlaceholder } from "../../../syntax/postfix/words.js";
import type { Range } from "../../../syntax/text.js";
import { readAddressPattern } from "./addresses.js";

export interface SkippedLine {
  readonly range: Range;
  /** What the log says of it. */
  readonly log: string;
  readonly replacement: string | undefined;
}

const FLAGS: Readonly<Record<string, RegExp>> = { regexp: /[^imx]/, pcre: /[^A-Za-z]/ };

/** @param type cidr, regexp or pcre; other tables have no such lines. */
export function skippedLines(text: string, type: string): SkippedLine[] {
  const flags = FLAGS[type];
  if (type !== "cidr" && !flags) return [];
  const skipped: SkippedLine[] = [];
  for (const line of splitLines(text).lines) {
    const logical = new LogicalText(text, line.pieces);
    if (line.stray || hasPlaceholder(logical.text)) continue;
    const found = flags ? expressionFault(logical.text, flags) : networkFault(logical.text);
    if (found)
      skipped.push({
        range: logical.rangeToFile(found.start, found.end),
        log: found.log,
        replacement: found.replacement,
      });
  }
  return skipped;
}

interface Fault {
  readonly start: number;
  readonly end: number;
  readonly log: string;
  readonly replacement?: string | undefined;
}

/** The line without its if, which has a pattern and no result. */
function body(text: string): { start: number; conditional: boolean } | undefined {
  if (/^endif\s*$/i.test(text)) return undefined;
  const condition = /^if\s+/i.exec(text);
  return { start: condition?.[0].length ?? 0, conditional: condition !== null };
}

function networkFault(text: string): Fault | undefined {
  const at = body(text);
  if (!at) return undefined;
  let { start } = at;
  const first = start;
  while (text[start] === "!" || (start > first && isBlank(text.charCodeAt(start)))) start++;
  let end = start;
  while (end < text.length && !isBlank(text.charCodeAt(end))) end++;
  const pattern = text.slice(start, end);
  // Unlike in lists an IPv6 network stands without brackets.
  const bare = pattern.replace(/^\[([^\]]*)\]/, "$1");
  const item = {
    text: bare.includes(":") ? bracket(bare) : bare,
    start: 0,
    end: 0,
    unclosed: false,
    opaque: false,
  };
  const read = readAddressPattern(item);
  const fault = (log: string, replacement?: string): Fault => ({ start, end, log, replacement });
  if (read.kind === "host" || read.kind === "file" || read.kind === "table" || bare === "")
    return fault(`bad address pattern: "${pattern}"`);
  if (read.fault?.kind === "host-bits") {
    const replacement = read.fault.replacement.replace(/[[\]]/g, "");
    return fault(
      `non-null host address bits in "${pattern}", perhaps you should use "${replacement}" instead`,
      replacement,
    );
  }
  if (read.fault?.kind === "malformed") return fault(read.fault.log);
  if (read.fault) return fault(`bad address pattern: "${pattern}"`);
  if (!at.conditional && text.slice(end).trim() === "") return fault("no lookup result");
  return undefined;
}

function bracket(text: string): string {
  const slash = text.indexOf("/");
  return slash < 0 ? `[${text}]` : `[${text.slice(0, slash)}]${text.slice(slash)}`;
}

function expressionFault(text: string, unknownFlags: RegExp): Fault | undefined {
  const at = body(text);
  if (!at) return undefined;
  let { start } = at;
  const first = start;
  while (text[start] === "!" || (start > first && isBlank(text.charCodeAt(start)))) start++;
  const delimiter = text[start] ?? "";
  const lineEnd = text.trimEnd().length;
  if (delimiter === "" || /[A-Za-z0-9]/.test(delimiter))
    return { start: first, end: wordEnd(text, first), log: "ignoring unrecognized request" };
  const close = closing(text, start + 1, delimiter);
  if (close < 0) return { start, end: lineEnd, log: `no closing regexp delimiter "${delimiter}"` };
  const end = wordEnd(text, close + 1);
  const flag = unknownFlags.exec(text.slice(close + 1, end))?.[0];
  if (flag !== undefined) return { start: close + 1, end, log: `unknown regexp option "${flag}"` };
  return undefined;
}

function closing(text: string, from: number, delimiter: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === delimiter) return at;
  }
  return -1;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isBlank(text.charCodeAt(at))) at++;
  return at;
}
