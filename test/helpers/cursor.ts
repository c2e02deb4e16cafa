/**
 * Places in the files of a mail system, with what an editor shall show there:
 *
 *     main.cf: smtpd_client_restrictions = permit_mynet|works
 *     = permit_mynetworks
 *     + Runs at RCPT TO
 *     - Never reached
 *
 * The first line names the file and a stretch of its text with `|` where the cursor stands (`\n` is a line end,
 * `¦` a bar of the text). Then the range that is marked, what must stand in the answer and what must not.
 * `none` says that there is no answer. Cases stand apart by an empty line; `#` begins a comment.
 */
export interface CursorCase {
  readonly title: string;
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly range: string | undefined;
  readonly contains: readonly string[];
  readonly lacks: readonly string[];
  readonly none: boolean;
}

export function cursorCases(text: string): CursorCase[] {
  return text
    .split(/\n\s*\n/)
    .map((block) => block.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#")))
    .filter((lines) => lines.length > 0)
    .map(readCase);
}

function readCase([first = "", ...lines]: string[]): CursorCase {
  const match = /^(\S+): (.*)$/.exec(first);
  const marked = (match?.[2] ?? "").replaceAll("\\n", "\n").replaceAll("\\t", "\t");
  const bar = marked.indexOf("|");
  if (!match?.[1] || bar < 0) throw new Error(`no place: ${first}`);
  const plain = (part: string) => part.replaceAll("¦", "|");
  const of = (sign: string) =>
    lines.filter((line) => line.startsWith(`${sign} `)).map((line) => line.slice(2));
  const known = lines.filter((line) => /^[=+-] /.test(line) || line === "none");
  if (known.length !== lines.length || lines.length === 0) throw new Error(`not read: ${lines.join("; ")}`);
  return {
    title: first,
    file: match[1],
    before: plain(marked.slice(0, bar)),
    after: plain(marked.slice(bar + 1)),
    range: of("=")[0],
    contains: of("+"),
    lacks: of("-"),
    none: lines.includes("none"),
  };
}

/** Offset of the cursor; the stretch must stand in the text exactly once. */
export function cursorOffset(text: string, { before, after, title }: CursorCase): number {
  const at = text.indexOf(before + after);
  if (at < 0) throw new Error(`${title}: the file has no such text`);
  if (text.indexOf(before + after, at + 1) >= 0) throw new Error(`${title}: the file has it twice`);
  return at + before.length;
}
