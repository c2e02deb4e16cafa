/** The hover in amavisd's configuration files. */
import { amavisConstant, amavisFunction, amavisVariable } from "../../knowledge/amavisVariables.js";
import { longTextFor, textFor } from "../../knowledge/texts.js";
import type { Token } from "../../syntax/amavis/tokens.js";
import { fileText, type Hover, touches, type View } from "../facts.js";
import { amavisManual } from "../manual.js";
import { code, paragraphs } from "../markdown.js";
import { describeAddress, describeNetwork, describePortOf } from "./address.js";
import { describeBank, describeBankKey } from "./amavisBank.js";
import { describeVariable, showAmavis } from "./amavisVariable.js";

const SILENT: ReadonlySet<Token["kind"]> = new Set(["comment", "pod", "data"]);
const QUOTED: ReadonlySet<Token["kind"]> = new Set(["single", "double", "words", "heredoc-body"]);

export function hoverAmavis(view: View, path: string, offset: number): Hover | undefined {
  const { system } = view.analysis;
  const token = tokenAt(view, path, offset);
  if (!token || SILENT.has(token.kind)) return undefined;
  const text = fileText(view.analysis, path);
  return (
    hoverBankKey(view, path, offset) ??
    hoverBankName(view, text, offset) ??
    (QUOTED.has(token.kind) || token.kind === "number"
      ? hoverEndpoint(view, path, text, offset)
      : undefined) ??
    hoverUse(view, path, offset) ??
    (system.amavis && !QUOTED.has(token.kind) ? hoverWord(text, offset) : undefined)
  );
}

/** The token of the cursor; at the end of a word that is the word, not what follows it. */
function tokenAt({ analysis }: View, path: string, offset: number): Token | undefined {
  const tokens = analysis.system.amavisTrees.get(path)?.tokens;
  if (!tokens) return undefined;
  const at = tokens.indexAt(offset) ?? tokens.indexAt(offset - 1);
  const token = at === undefined ? undefined : tokens.at(at);
  const before = at === undefined || at === 0 ? undefined : tokens.at(at - 1);
  const between = token?.start === offset && before && (token.kind === "space" || token.kind === "operator");
  return between && before.kind !== "space" ? before : token;
}

function hoverUse(view: View, path: string, offset: number): Hover | undefined {
  const use = view.analysis.system.amavis?.uses.find(
    ({ location }) => location.file === path && touches(location.range, offset),
  );
  if (!use) return undefined;
  const contents = describeVariable(view, use.name) ?? unknownVariable(use.name);
  return { contents, range: use.location.range };
}

function unknownVariable(name: string): string {
  const other = ["$", "@", "%"].find((sigil) => amavisVariable(sigil + name.slice(1)) !== undefined);
  return `**${name}**: amavisd knows no such variable${other ? `; it has ${code(other + name.slice(1))}` : ""}`;
}

function hoverBankKey(view: View, path: string, offset: number): Hover | undefined {
  for (const bank of view.analysis.system.amavis?.banks.values() ?? [])
    for (const entry of bank.entries.values()) {
      const { file, range } = entry.keyRange;
      // A hash that is put together elsewhere has no key of its own to point at.
      if (file === path && touches(range, offset) && range.end - range.start <= entry.key.length + 2)
        return { contents: describeBankKey(view, bank, entry), range };
    }
  return undefined;
}

function hoverBankName(view: View, text: string, offset: number): Hover | undefined {
  const word = wordAt(text, offset, /(?<=['"])[A-Za-z0-9_.-]+(?=['"])|(?<=policy_bank\{)\s*\w+(?=\s*\})/g);
  const contents = word && describeBank(view, word.text.trim());
  return contents ? { contents, range: word.range } : undefined;
}

/** A port or an address in a method, a listener, or a key of %interface_policy. */
function hoverEndpoint(view: View, path: string, text: string, offset: number): Hover | undefined {
  const network = wordAt(text, offset, /!?\[?[0-9a-fA-F.:]+\]?\/\d{1,3}(?![\w.])/g);
  const about = network && describeNetwork(network.text);
  if (network && about) return { contents: about, range: network.range };
  const socket = wordAt(text, offset, /(?<=interface_policy\s*\{\s*['"]?)SOCK(?=['"]?\s*\})/g);
  if (socket) return { contents: describeSocketKey(view), range: socket.range };
  const star = wordAt(text, offset, /\b(?:smtp|lmtp):\*:(?:\*|\d+)/g);
  if (star)
    return {
      contents: `${code(star.text)}: ${star.text.endsWith("*") ? "the first `*` is the address of the client that brought the mail, the second the port that it came in on plus 1." : "`*` is the address of the client that brought the mail."}`,
      range: star.range,
    };
  const port =
    wordAt(text, offset, /(?<=[\]\w*]:)\d{1,6}(?![\w.:/])/g) ?? socketPort(view, path, text, offset);
  if (port) {
    const host = /(?:\[([^\]\s]*)\]|([\w.-]+)):$/.exec(lineBefore(text, port.range.start));
    const contents = describePortOf(view, host?.[1] ?? host?.[2] ?? "localhost", Number(port.text));
    return { contents, range: port.range };
  }
  const address = wordAt(
    text,
    offset,
    /\[[0-9a-fA-F.:]+\](?!\/)|(?<![\d.\w])\d{1,3}(?:\.\d{1,3}){3}(?![\d./])|\blocalhost\b/g,
  );
  return address
    ? { contents: describeAddress(view, address.text.replace(/^\[|\]$/g, "")), range: address.range }
    : undefined;
}

/** The key of %interface_policy for what comes in on the Unix socket. */
function describeSocketKey(view: View): string {
  const path = view.analysis.system.amavis?.value("$unix_socketname")?.display;
  return paragraphs(
    `**SOCK**: the key for what comes in on ${code("$unix_socketname")}`,
    path !== undefined && `Its value here: ${showAmavis(path)}.`,
  );
}

/** The text of a line before an offset. */
function lineBefore(text: string, offset: number): string {
  return text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
}

/** A number that is a listener's port, or the key of one in %interface_policy. */
function socketPort(view: View, path: string, text: string, offset: number) {
  const number = wordAt(text, offset, /(?<![\w.])\d{2,5}(?![\w.])/g);
  if (!number) return undefined;
  const isPort = view.analysis.system.amavis?.listeners.some(
    ({ origin, port }) =>
      origin?.file === path && touches(origin.range, offset) && port === Number(number.text),
  );
  return isPort ||
    /interface_policy\s*\{\s*['"]?$/.test(
      text.slice(Math.max(0, number.range.start - 40), number.range.start),
    )
    ? number
    : undefined;
}

/** Constants and functions. */
function hoverWord(text: string, offset: number): Hover | undefined {
  const word = wordAt(text, offset, /(?<![\w$@%&])[A-Za-z_]\w*/g);
  const about = word && textFor("amavisWord", word.text);
  if (!word) return undefined;
  const constant = amavisConstant(word.text);
  const kind = amavisFunction(word.text);
  if (!about && constant === undefined && kind === undefined) return undefined;
  const title =
    constant !== undefined
      ? `**${word.text}** = ${constant}`
      : kind
        ? `**${word.text}**: a function of amavisd`
        : `**${word.text}**`;
  return {
    contents: paragraphs(
      title,
      about,
      about && longTextFor("amavisWord", word.text)?.slice(about.length).trim(),
      /^D_/.test(word.text) ? `Manual: ${amavisManual("actions")}` : undefined,
    ),
    range: word.range,
  };
}

/** The match of a pattern that covers an offset, looked for in the line of the offset only. */
function wordAt(
  text: string,
  offset: number,
  pattern: RegExp,
): { text: string; range: { start: number; end: number } } | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const next = text.indexOf("\n", offset);
  const line = text.slice(start, next < 0 ? text.length : next);
  for (const match of line.matchAll(pattern)) {
    const range = { start: start + match.index, end: start + match.index + match[0].length };
    if (touches(range, offset)) return { text: match[0], range };
  }
  return undefined;
}
