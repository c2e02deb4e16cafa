/** Edits of main.cf and of `-o` that the fixes of this family are made of. */
import type { Location } from "../../semantics/located.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { MainEntry } from "../../syntax/postfix/main.js";
import type { MasterEntry, MasterOption } from "../../syntax/postfix/master.js";
import type { Range } from "../../syntax/text.js";
import { lineEnd } from "../edits.js";
import type { TextEdit } from "../finding.js";
import type { RuleContext } from "../rule.js";

/** Deletes the physical lines of an entry; comments and blank lines between them stay. */
export function deleteLines(context: RuleContext, file: string, entry: MainEntry): TextEdit[] {
  const text = context.text(file);
  return entry.pieces.map(({ start, end }) => ({
    file,
    range: { start, end: end < text.length ? end + 1 : end },
    newText: "",
  }));
}

/** Deletes one `-o NAME=VALUE`, with its line when nothing else stands there. */
export function deleteOption(context: RuleContext, file: string, option: MasterOption): TextEdit {
  const text = context.text(file);
  let { start, end } = option.range;
  while (start > 0 && /[ \t]/.test(text[start - 1] ?? "")) start--;
  const after = /^[ \t\r]*/.exec(text.slice(end))?.[0].length ?? 0;
  const alone = (start === 0 || text[start - 1] === "\n") && (text[end + after] ?? "\n") === "\n";
  if (alone) end = Math.min(end + after + 1, text.length);
  return { file, range: { start, end }, newText: "" };
}

/** Writes `NAME = VALUE` as a line of its own behind the last line of main.cf. */
export function appendSetting(context: RuleContext, file: string, name: string, value: string): TextEdit {
  const text = context.text(file);
  const newLine = lineEnd(text);
  const at = { start: text.length, end: text.length };
  const open = text !== "" && !text.endsWith("\n");
  return { file, range: at, newText: `${open ? newLine : ""}${name} = ${value}`.trimEnd() + newLine };
}

/** Where the physical line ends that holds an offset, without LF and without blanks before it. */
export function lineStop(text: string, offset: number): number {
  let end = text.indexOf("\n", offset);
  if (end < 0) end = text.length;
  while (end > offset && /\s/.test(text[end - 1] ?? "")) end--;
  return end;
}

/** The blanks in front of a line of an entry. */
export function indentation(text: string, piece: Range): Range {
  let end = piece.start;
  while (end < piece.end && /\s/.test(text[end] ?? "")) end++;
  return { start: piece.start, end };
}

/** Entries of master.cf that Postfix reads as such, with the file that they stand in. */
export function* masterOptions(
  context: RuleContext,
): Generator<{ readonly entry: MasterEntry; readonly option: MasterOption; readonly at: Location }> {
  const { master, source } = context.system;
  if (!master || !source.master) return;
  for (const entry of master.entries) {
    if (entry.stray) continue;
    for (const option of entry.options)
      yield { entry, option, at: { file: source.master.path, range: option.range } };
  }
}

/** The options of a service that count: the last one of each name. */
export function lastOptions(service: Service): MasterOption[] {
  if (service.options.length === 0) return [];
  const last = new Map<string, MasterOption>();
  for (const option of service.options) if (option.valid) last.set(option.name, option);
  return [...last.values()];
}
