/** `tr/a-z/A-Z/`: characters for characters. */

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", "0": "\0" };

/** The characters of one side, ranges written out; undefined for what is not followed. */
function charactersOf(side: string): string[] | undefined {
  const found: { character: string; escaped: boolean }[] = [];
  for (let at = 0; at < side.length; at++) {
    let character = side.charAt(at);
    const escaped = character === "\\" && at + 1 < side.length;
    if (escaped) {
      const letter = side.charAt(++at);
      if (/[A-Za-z1-9]/.test(letter) && ESCAPES[letter] === undefined) return undefined;
      character = ESCAPES[letter] ?? letter;
    }
    found.push({ character, escaped });
  }
  const result: string[] = [];
  for (let at = 0; at < found.length; at++) {
    const from = found[at]?.character ?? "";
    const dash = found[at + 1];
    const to = found[at + 2]?.character;
    if (dash?.character !== "-" || dash.escaped || to === undefined) {
      result.push(from);
      continue;
    }
    for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++)
      result.push(String.fromCharCode(code));
    at += 2;
  }
  return result.length > 1000 ? undefined : result;
}

/** The changed text and how many characters were found; undefined when the operator is not followed. */
export function transliterate(
  from: string,
  to: string,
  flags: string,
  subject: string,
): { readonly text: string; readonly count: number; readonly changed: boolean } | undefined {
  const search = charactersOf(from);
  const given = charactersOf(to);
  if (search === undefined || given === undefined || subject.length > 5000) return undefined;
  const deletes = flags.includes("d");
  const complement = flags.includes("c");
  const replacement = given.length > 0 || deletes ? given : complement ? [] : search;
  const places = new Map<string, number>();
  for (const [index, character] of search.entries()) if (!places.has(character)) places.set(character, index);
  let result = "";
  let count = 0;
  let last: string | undefined;
  for (const character of subject) {
    const place = complement
      ? places.has(character)
        ? undefined
        : Number.MAX_SAFE_INTEGER
      : places.get(character);
    if (place === undefined) {
      result += character;
      last = undefined;
      continue;
    }
    count++;
    const changed = replacement[place] ?? (deletes ? "" : (replacement.at(-1) ?? character));
    if (changed !== "" && !(flags.includes("s") && changed === last)) result += changed;
    if (changed !== "") last = changed;
  }
  return { text: result, count, changed: result !== subject };
}
