/**
 * Perl's patterns as those of JavaScript, as far as both mean the same on bytes. What differs, and what could
 * take long, has no translation: its result is not known then.
 */

export interface Translated {
  readonly regex: RegExp;
  /** How many parts repeat without a limit: how long the search may take. */
  readonly unbounded: number;
}

const KEPT = 500;
const cache = new Map<string, Translated | undefined>();

/** The translation of a pattern; undefined when there is none. */
export function translatePattern(source: string, flags: string): Translated | undefined {
  const key = `${flags}/${source}`;
  if (cache.has(key)) return cache.get(key);
  if (cache.size >= KEPT) cache.clear();
  const translated = source.length > LONGEST ? undefined : translate(source, flags);
  cache.set(key, translated);
  return translated;
}

const LONGEST = 500;

function translate(source: string, flags: string): Translated | undefined {
  const translator = new Translator(source, flags);
  try {
    const pattern = translator.read();
    return pattern === undefined
      ? undefined
      : { regex: new RegExp(pattern, flags.includes("i") ? "dgi" : "dg"), unbounded: translator.unbounded };
  } catch {
    return undefined;
  }
}

const END = "(?![\\s\\S])";
const BEGIN = "(?<![\\s\\S])";
const SPACE = "\\t\\n\\v\\f\\r ";

/** What an escape means outside of a class. */
const ESCAPES: Readonly<Record<string, string>> = {
  d: "[0-9]",
  D: "[^0-9]",
  w: "[A-Za-z0-9_]",
  W: "[^A-Za-z0-9_]",
  s: `[${SPACE}]`,
  S: `[^${SPACE}]`,
  h: "[\\t \\xa0]",
  b: "\\b",
  B: "\\B",
  n: "\\n",
  t: "\\t",
  r: "\\r",
  f: "\\f",
  e: "\\x1b",
  N: "[^\\n]",
  A: BEGIN,
  z: END,
  Z: `(?=\\n?${END})`,
};

/** What an escape or a name means inside of a class. */
const CLASS_ESCAPES: Readonly<Record<string, string>> = {
  d: "0-9",
  w: "A-Za-z0-9_",
  s: SPACE,
  h: "\\t \\xa0",
  n: "\\n",
  t: "\\t",
  r: "\\r",
  f: "\\f",
  e: "\\x1b",
  b: "\\x08",
  D: "\\D",
  W: "\\W",
};
const POSIX: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: SPACE,
  xdigit: "0-9A-Fa-f",
  word: "A-Za-z0-9_",
  punct: "!-/:-@\\[-`{-~",
  blank: "\\t ",
};

const GROUP = /\((?:\?(?::|=|!|<=|<!|<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)'|P<([A-Za-z_]\w*)>|\^([a-z]*):))?/y;
const REPEAT = /(?:[*+?]|\{(\d+)(,?)(\d*)\})(\??)(\+?)/y;
const HEX = /\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,2})\})/y;

interface Group {
  readonly start: number;
  readonly unbounded: number;
  readonly captures: number;
}

class Translator {
  unbounded = 0;
  readonly #source: string;
  readonly #flags: string;
  readonly #groups: Group[] = [];
  #captures = 0;
  #at = 0;
  #out = "";
  /** Where the last atom begins in the output; -1 when there is nothing to repeat. */
  #atom = -1;
  /** Set while the last atom is a group. */
  #closed: Group | undefined;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags.replace(/[gcor^]/g, "");
  }

  read(): string | undefined {
    if (/[^imsx]/.test(this.#flags) || this.#flags.includes("xx")) return undefined;
    while (this.#at < this.#source.length) if (!this.#step()) return undefined;
    return this.#groups.length === 0 ? this.#out : undefined;
  }

  #push(piece: string, length: number): true {
    this.#atom = this.#out.length;
    this.#closed = undefined;
    this.#out += piece;
    this.#at += length;
    return true;
  }

  #step(): boolean {
    const character = this.#source.charAt(this.#at);
    if (this.#flags.includes("x")) {
      if (/\s/.test(character)) return ++this.#at > 0;
      if (character === "#") {
        const end = this.#source.indexOf("\n", this.#at);
        this.#at = end < 0 ? this.#source.length : end + 1;
        return true;
      }
    }
    const multiline = this.#flags.includes("m");
    switch (character) {
      case "\\":
        return this.#escape();
      case "[":
        return this.#class();
      case "(":
        return this.#open();
      case ")":
        return this.#close();
      case "*":
      case "+":
      case "?":
        return this.#repeat();
      case "{":
        REPEAT.lastIndex = this.#at;
        return REPEAT.test(this.#source) ? this.#repeat() : this.#push("\\{", 1);
      case "}":
      case "]":
      case "/":
        return this.#push(`\\${character}`, 1);
      case ".":
        return this.#push(this.#flags.includes("s") ? "[\\s\\S]" : "[^\\n]", 1);
      case "^":
        return this.#push(multiline ? `(?:${BEGIN}|(?<=\\n)(?=[\\s\\S]))` : BEGIN, 1);
      case "$":
        return this.#push(multiline ? `(?=\\n|${END})` : `(?=\\n?${END})`, 1);
      case "|":
        this.#out += "|";
        this.#at++;
        this.#atom = -1;
        return true;
      default:
        // The cases of letters beyond ASCII differ.
        if (character > "\x7f" && this.#flags.includes("i")) return false;
        return this.#push(character, 1);
    }
  }

  #escape(): boolean {
    const letter = this.#source.charAt(this.#at + 1);
    HEX.lastIndex = this.#at;
    const hex = HEX.exec(this.#source);
    if (hex !== null) return this.#push(`\\x${(hex[1] ?? hex[2] ?? "").padStart(2, "0")}`, hex[0].length);
    if (letter === "") return false;
    if (/[1-9]/.test(letter)) {
      if (/\d/.test(this.#source.charAt(this.#at + 2)) || Number(letter) > this.#captures) return false;
      return this.#push(`(?:\\${letter})`, 2);
    }
    if (/[A-Za-z0-9]/.test(letter)) {
      const meaning = ESCAPES[letter];
      return meaning !== undefined && this.#push(meaning, 2);
    }
    return this.#push(/[\\^$.*+?()[\]{}|/]/.test(letter) ? `\\${letter}` : letter, 2);
  }

  #class(): boolean {
    let at = this.#at + 1;
    let out = "[";
    if (this.#source.charAt(at) === "^") {
      out += "^";
      at++;
    }
    const first = at;
    for (; at < this.#source.length; at++) {
      const character = this.#source.charAt(at);
      if (character === "]" && at > first) return this.#push(`${out}]`, at + 1 - this.#at);
      if (character === "\\") {
        const letter = this.#source.charAt(++at);
        const meaning = CLASS_ESCAPES[letter];
        if (meaning === undefined && /[A-Za-z0-9]/.test(letter)) return false;
        out += meaning ?? `\\${letter}`;
      } else if (character === "[" && this.#source.charAt(at + 1) === ":") {
        const name = /^\[:([a-z]+):\]/.exec(this.#source.slice(at, at + 12));
        const meaning = POSIX[name?.[1] ?? ""];
        if (name === null || meaning === undefined) return false;
        out += meaning;
        at += name[0].length - 1;
      } else if (character > "\x7f" && this.#flags.includes("i")) return false;
      else out += character === "[" || character === "]" ? `\\${character}` : character;
    }
    return false;
  }

  #open(): boolean {
    GROUP.lastIndex = this.#at;
    const group = GROUP.exec(this.#source);
    const opener = group?.[0] ?? "";
    const next = this.#source.charAt(this.#at + 1);
    if (group === null || next === "*" || (opener === "(" && next === "?")) return false;
    const [, angle, quoted, python, flags] = group;
    // An object inside a pattern keeps its own flags; only the same ones can be kept here.
    if (flags !== undefined && [...flags].sort().join("") !== [...this.#flags].sort().join("")) return false;
    const name = angle ?? quoted ?? python;
    const captures = this.#captures;
    if (opener === "(" || name !== undefined) this.#captures++;
    this.#groups.push({ start: this.#out.length, unbounded: this.unbounded, captures });
    this.#out += name !== undefined ? `(?<${name}>` : flags !== undefined ? "(?:" : opener;
    this.#at += opener.length;
    this.#atom = -1;
    return true;
  }

  #close(): boolean {
    const group = this.#groups.pop();
    if (group === undefined) return false;
    this.#out += ")";
    this.#at++;
    this.#atom = group.start;
    this.#closed = group;
    return true;
  }

  #repeat(): boolean {
    REPEAT.lastIndex = this.#at;
    const match = REPEAT.exec(this.#source);
    if (match === null || this.#atom < 0) return false;
    const [written, least, comma, most, , possessive] = match;
    if (possessive !== "") return false;
    const endless = written.startsWith("*") || written.startsWith("+") || (comma === "," && most === "");
    const times = least === undefined ? 1 : Number(most || least);
    if (times > 100) return false;
    const once = !endless && times <= 1;
    if (this.#closed !== undefined) {
      // Nested repetitions can take very long, and repeated groups remember other rounds in Perl.
      if (!once && this.#closed.unbounded !== this.unbounded) return false;
      if (this.#closed.captures !== this.#captures && !once) return false;
    }
    if (endless || times > 1) this.unbounded++;
    this.#out += written;
    this.#at += written.length;
    this.#atom = -1;
    return true;
  }
}
