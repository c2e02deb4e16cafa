/** Characters that look like a blank or a quote and are none to Postfix, which splits at ASCII blanks only. */
const FOREIGN = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff\u2018\u2019\u201c\u201d\u201e]/;
const FOREIGN_RUNS = new RegExp(`${FOREIGN.source}+`, "g");

export function hasForeignBlank(text: string): boolean {
  return FOREIGN.test(text);
}

/** The stretches of such characters in a text, as offsets. */
export function foreignRuns(text: string): { readonly start: number; readonly end: number }[] {
  return [...text.matchAll(FOREIGN_RUNS)].map(({ index, 0: run }) => ({
    start: index,
    end: index + run.length,
  }));
}

/** What a stretch is, in words. */
export function nameOfForeign(run: string): string {
  if (run.includes("\ufeff")) return "a byte order mark (U+FEFF)";
  const code = `U+${(run.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  if (run.startsWith("\u00a0")) return `a no-break space (${code})`;
  return /^[\u2018-\u201e]/.test(run)
    ? `a typographic quote (${code})`
    : `a blank that is not ASCII (${code})`;
}
