// Slips of somebody who edits amavisd's configuration in a hurry: one small change to a text.

const PUNCTUATION = ";,'\"(){}[]$@%#\\";
const SIGILS = "$@%&";

/** Numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Offsets where code stands: not inside of lines that are comments. */
function codeOffsets(text) {
  const offsets = [];
  let at = 0;
  for (const line of text.split("\n")) {
    if (!/^\s*(?:#|$)/.test(line))
      for (let column = 0; column < line.length; column++) offsets.push(at + column);
    at += line.length + 1;
  }
  return offsets;
}

const bounds = (text, at) => {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const newline = text.indexOf("\n", at);
  return { start, end: newline < 0 ? text.length : newline };
};
const splice = (text, from, to, put) => text.slice(0, from) + put + text.slice(to);

/** What each kind of slip makes of a text: the new text and where it differs; undefined where it cannot. */
function mutations(source) {
  const { text, code, random } = source;
  const pick = (items) => items[Math.floor(random() * items.length)];
  const place = (accept) => {
    const fitting = code.filter((at) => accept(text.charAt(at), at));
    return fitting.length === 0 ? undefined : pick(fitting);
  };
  const punctuation = (character) => PUNCTUATION.includes(character) || "=>.|:/-".includes(character);
  const replace = (pattern, put) => () => {
    const found = [...text.matchAll(pattern)].filter(({ index }) => source.isCode.has(index));
    if (found.length === 0) return undefined;
    const { 0: old, index } = pick(found);
    return {
      text: splice(text, index, index + old.length, typeof put === "function" ? put(old) : put),
      at: index,
    };
  };
  const one = (accept, change) => () => {
    const at = place(accept);
    return at === undefined ? undefined : { text: change(at), at };
  };
  const misspelt = (name) => {
    const at = 1 + Math.floor(random() * (name.length - 1));
    const letter = pick([..."aeiourstln_"]);
    return random() < 0.5 ? splice(name, at, at + 1, "") : splice(name, at, at + 1, letter);
  };
  return {
    "delete punctuation": one(punctuation, (at) => splice(text, at, at + 1, "")),
    "delete a character": one(
      () => true,
      (at) => splice(text, at, at + 1, ""),
    ),
    "double a character": one(punctuation, (at) => splice(text, at, at, text.charAt(at))),
    "insert a character": one(
      () => true,
      (at) => splice(text, at, at, pick([...PUNCTUATION])),
    ),
    "swap neighbours": one(
      (character, at) => character !== text.charAt(at + 1) && text.charAt(at + 1) !== "\n",
      (at) => splice(text, at, at + 2, text.charAt(at + 1) + text.charAt(at)),
    ),
    "delete a line": one(
      () => true,
      (at) => splice(text, bounds(text, at).start, bounds(text, at).end + 1, ""),
    ),
    "join two lines": one(
      () => true,
      (at) => splice(text, bounds(text, at).end, bounds(text, at).end + 1, ""),
    ),
    "comment a line out": one(
      () => true,
      (at) => splice(text, bounds(text, at).start, bounds(text, at).start, "#"),
    ),
    "drop the end": one(
      () => true,
      (at) => text.slice(0, at),
    ),
    "another sigil": replace(/[$@%](?=[a-z_])/g, (old) => pick([...SIGILS].filter((sigil) => sigil !== old))),
    "misspell a variable": replace(/[$@%][a-z]\w{3,}/g, misspelt),
    "misspell a constant": replace(/\b[DC]C?_[A-Z]{3,}\b/g, misspelt),
    "one quote by another": replace(/['"]/g, (old) => (old === "'" ? '"' : "'")),
    "quotes by others": replace(/'[^'"\n]*'|"[^'"\n]*"/g, (old) => {
      const quote = old.charAt(0) === "'" ? '"' : "'";
      return quote + old.slice(1, -1) + quote;
    }),
    "=> by =": replace(/=>/g, "="),
    "= by =>": replace(/(?<![=<>!.|])=(?![=>~])/g, "=>"),
    ", by .": replace(/,/g, "."),
    "a foreign space": replace(/ /g, () => pick(["\u00a0", "\u3000", "\u200b"])),
    "smart quotes": replace(/['"]/g, (old) =>
      old === "'" ? pick(["\u2018", "\u2019"]) : pick(["\u201c", "\u201d"]),
    ),
    "line ends of Windows": one(
      () => true,
      (at) => {
        const { start, end } = bounds(text, at);
        return random() < 0.3
          ? text.replaceAll("\n", "\r\n")
          : `${text.slice(0, start)}${text.slice(start, end)}\r${text.slice(end)}`;
      },
    ),
  };
}

/** `count` mutants of the texts, the kinds in turn; the same for the same seed. */
export function mutantsOf(texts, count, seed) {
  const random = randomFrom(seed);
  const sources = texts.map((text) => {
    const code = codeOffsets(text);
    return { text, code, isCode: new Set(code), random };
  });
  const usable = sources.filter(({ code }) => code.length > 20);
  const mutants = [];
  const seen = new Set(texts);
  for (let turn = 0; mutants.length < count && turn < 20 * count; turn++) {
    const source = usable[Math.floor(random() * usable.length)];
    const kinds = Object.entries(mutations(source));
    const [kind, mutate] = kinds[turn % kinds.length];
    const mutant = mutate();
    if (mutant === undefined || seen.has(mutant.text)) continue;
    seen.add(mutant.text);
    mutants.push({ kind, ...mutant });
  }
  return mutants;
}
