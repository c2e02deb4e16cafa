/** Attributes, flags and macros of pipe, spawn and smtp services. */
import { PIPE_MACROS, readCommand } from "../../semantics/postfix/commands.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { Word } from "../../syntax/postfix/words.js";
import { attributeText, flagText, macroText } from "../attributes.js";
import { fileText, type Hover, touches, type View } from "../facts.js";
import { programManual } from "../manual.js";
import { code, list, paragraphs } from "../markdown.js";

export function hoverArgument(view: View, service: Service, offset: number): Hover | undefined {
  const command = readCommand(service);
  const manual = `Manual: ${programManual(service.program)}`;
  if (!command) return hoverFlags(service, offset);
  for (const { name, value, range } of command.attributes)
    if (touches(range, offset))
      return {
        range,
        contents: paragraphs(
          `**${name}**=${code(value)}`,
          attributeText(service.program, name),
          name === "flags" && list("Here", flagLines(service.program, value)),
          manual,
        ),
      };
  for (const [index, word] of (command.argv ?? []).entries()) {
    if (!touches(word.range, offset)) continue;
    const macro = macroAt(fileText(view.analysis, service.location.file), word.range, offset);
    if (macro && service.program === "pipe" && PIPE_MACROS.includes(macro.name))
      return { range: macro, contents: paragraphs(`**\${${macro.name}}**`, macroText(macro.name), manual) };
    if (index === 0)
      return {
        range: word.range,
        contents: paragraphs(`**argv**: ${code(word.text)}`, attributeText(service.program, "argv"), manual),
      };
    return undefined;
  }
  if (command.argvRange && touches(command.argvRange, offset))
    return {
      range: command.argvRange,
      contents: paragraphs("**argv**", attributeText(service.program, "argv"), manual),
    };
  return undefined;
}

/** smtp and lmtp take `flags=` alone. */
function hoverFlags({ program, entry }: Service, offset: number): Hover | undefined {
  if (program !== "smtp" && program !== "lmtp") return undefined;
  const word: Word | undefined = entry.operands.find(({ range }) => touches(range, offset));
  const value = word && /^\{?\s*flags=(\w*)/i.exec(word.text)?.[1];
  if (!word || value === undefined) return undefined;
  return {
    range: word.range,
    contents: paragraphs(
      `**flags**=${code(value)}`,
      attributeText(program, "flags"),
      list("Here", flagLines(program, value)),
      `Manual: ${programManual(program)}`,
    ),
  };
}

function flagLines(program: string, flags: string): string[] {
  return [...flags].map(
    (letter) =>
      `${code(letter)}: ${flagText(program, letter) ?? `no flag of ${program}, which stops with it`}`,
  );
}

function macroAt(
  text: string,
  range: { readonly start: number; readonly end: number },
  offset: number,
): { name: string; start: number; end: number } | undefined {
  for (const match of text.slice(range.start, range.end).matchAll(/\$[{(]?([a-z_]+)[})]?/g)) {
    const start = range.start + match.index;
    const end = start + match[0].length;
    if (match[1] && start <= offset && offset <= end) return { name: match[1], start, end };
  }
  return undefined;
}
