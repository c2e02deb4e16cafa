/** Whether `{` opens a block or a hash where both could stand: Perl guesses from what comes first in it. */

const SPACE = /(?:\s+|#[^\n]*(?:\n|$))*/y;
const FIRST =
  /(?:'(?:\\[^\n]|[^'\\\n])*'|"(?:\\[^\n]|[^"\\\n])*"|`(?:\\[^\n]|[^`\\\n])*`|q[qx]?(?:\([^()\n]*\)|\{[^{}\n]*\}|\[[^[\]\n]*\]|<[^<>\n]*>|([^\w\s])[^\n]*?\1)|\w+)?\s*(=>|,)?/y;

function afterSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

/**
 * Whether Perl takes the brace at `at` for that of a hash: `{}`, and `{ 'text' =>`, `{ word =>`, `{ 'text',`
 * (toke.c). A word in small letters and a comma are a function with no arguments.
 */
export function bracesOpenHash(text: string, at: number): boolean {
  const start = afterSpace(text, at + 1);
  const first = text.charAt(start);
  if (first === "}") return true;
  FIRST.lastIndex = start;
  const separator = FIRST.exec(text)?.[2];
  if (separator === "=>") return first !== "=";
  return separator === "," && first !== "," && (first === "q" || !/[a-z]/.test(first));
}

/** Directly inside the block of map and of `@{ }` a second brace is a hash. */
export function hashInside(text: string, at: number): number {
  const start = afterSpace(text, at + 1);
  return text.charAt(start) === "{" ? start : -1;
}
