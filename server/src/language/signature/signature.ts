/** Signature help: the form that is being typed, and which part of it the cursor is in. */
import type { Analysis } from "../../analysis.js";
import { touches } from "../facts.js";
import { masterSignature } from "./masterSignature.js";
import { valueSignature } from "./valueSignature.js";

export interface SignatureParameter {
  /** A stretch of the signature's label. */
  readonly label: string;
  /** Markdown. */
  readonly documentation: string | undefined;
}

export interface Signature {
  readonly label: string;
  /** Markdown. */
  readonly documentation: string | undefined;
  readonly parameters: readonly SignatureParameter[];
  /** Index of the parameter that the cursor is in, or that comes next. */
  readonly active: number;
}

/** The signature at an offset of main.cf or master.cf; undefined where no form is being typed. */
export function signatureHelp(analysis: Analysis, path: string, offset: number): Signature | undefined {
  const { source } = analysis;
  if (path === source.master?.path) return masterSignature(analysis, offset);
  if (path === source.main?.path) return mainSignature(analysis, offset);
  return undefined;
}

function mainSignature({ system }: Analysis, offset: number): Signature | undefined {
  const { main, environment } = system;
  const entry = main?.entries.find((candidate) => touches(candidate.range, offset));
  if (!main || !entry?.valid || entry.equals === undefined || offset <= entry.equals) return undefined;
  if (main.trivia.some(({ range }) => range.start <= offset && offset < range.end)) return undefined;
  const before = textBefore(main.text, entry.pieces, offset);
  return valueSignature(environment, entry.name, before.slice(before.indexOf("=") + 1));
}

/** The text of an entry up to the cursor, without the comments between its lines. */
export function textBefore(
  text: string,
  pieces: readonly { readonly start: number; readonly end: number }[],
  offset: number,
): string {
  return pieces
    .filter(({ start }) => start < offset)
    .map(({ start, end }) => text.slice(start, Math.min(end, offset)))
    .join(" ");
}
