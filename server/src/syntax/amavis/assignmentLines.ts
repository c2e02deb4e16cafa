/**
 * Lines that begin like an assignment: `$name =`, `@name =`, `$name{key} =`. After a mistake they are where
 * reading can go on, because nearly everything in a configuration is one.
 */
const LINE = /^[ \t]*[$@%][A-Za-z_]\w*(?:\{[^}\n]*\})?[ \t]*=(?![=~>])/gm;
const HERE = /[$@%][A-Za-z_]\w*(?:\{[^}\n]*\})?[ \t]*=(?![=~>])/y;

/** Whether an assignment begins at the offset. */
export function isAssignmentAt(text: string, offset: number): boolean {
  HERE.lastIndex = offset;
  return HERE.test(text);
}

/** Finds such lines in a text, and remembers the last one found. */
export class AssignmentLines {
  readonly #text: string;
  #from = 0;
  #found = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Start of the next such line that begins after `from`; the end of the text if there is none. */
  next(from: number): number {
    if (from >= this.#from && from < this.#found) return this.#found;
    LINE.lastIndex = from;
    this.#from = from;
    this.#found = LINE.exec(this.#text)?.index ?? this.#text.length;
    return this.#found;
  }
}
