/** Here-documents: `<<EOF`, `<<'EOF'`, `<<"EOF"`, `<<~EOF`. Their text starts on the next line. */

export interface Heredoc {
  /** End of the operator, `<<"EOF"`. */
  readonly operatorEnd: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** After the line with the closing tag. */
  readonly end: number;
  /** Offset of the line feed after which the text starts. */
  readonly newline: number;
  readonly interpolates: boolean;
  readonly indented: boolean;
  readonly closed: boolean;
  readonly tag: string;
}

const OPERATOR = /<<(~?)(?:"([^"\n]*)"|'([^'\n]*)'|\s+"([^"\n]*)"|\s+'([^'\n]*)'|([A-Za-z_]\w*))/y;

/** Offset of the line that closes the document, searched line by line from `from`; -1 when there is none. */
function closingLine(text: string, from: number, tag: string, indented: boolean, limit: number): number {
  for (let at = from; at <= limit; ) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 || newline > limit ? limit : newline;
    // Cheap test first: most lines are not the tag.
    const lastOfLine = end > at && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    let start = at;
    if (indented) while (start < lastOfLine && " \t".includes(text.charAt(start))) start++;
    if (lastOfLine - start === tag.length && text.startsWith(tag, start)) return at;
    if (newline < 0 || newline >= limit) return -1;
    at = newline + 1;
  }
  return -1;
}

/**
 * The here-document whose `<<` stands at `at`.
 * @param queued where the text of an earlier here-document of the same line ends, if there is one
 */
export function readHeredoc(
  text: string,
  at: number,
  limit: number,
  queued: { newline: number; end: number },
): Heredoc | undefined {
  OPERATOR.lastIndex = at;
  const match = OPERATOR.exec(text);
  if (match === null) return undefined;
  const tag = match[2] ?? match[3] ?? match[4] ?? match[5] ?? match[6] ?? "";
  const indented = match[1] === "~";
  const operatorEnd = at + match[0].length;
  const newline = text.indexOf("\n", operatorEnd);
  const none = newline < 0 || newline >= limit;
  const bodyStart = none ? limit : newline === queued.newline ? queued.end : newline + 1;
  const closing = none ? -1 : closingLine(text, bodyStart, tag, indented, limit);
  const bodyEnd = closing < 0 ? limit : closing;
  const afterTag = closing < 0 ? -1 : text.indexOf("\n", closing);
  return {
    operatorEnd,
    bodyStart,
    bodyEnd,
    end: afterTag < 0 ? limit : Math.min(afterTag + 1, limit),
    newline: none ? -1 : newline,
    interpolates: match[3] === undefined && match[5] === undefined,
    indented,
    closed: closing >= 0,
    tag,
  };
}
