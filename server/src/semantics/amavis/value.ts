/**
 * Values of the abstract interpreter. A value is known exactly, or it is `unknown` with the reason; a
 * text that is known in part keeps its known pieces. Every value knows where its text stands.
 */
import type { Location } from "../located.js";
import type { Closure } from "./machine.js";

export interface Undef {
  readonly kind: "undef";
  readonly origin: Location | undefined;
}

/** Numbers are texts that are read as numbers where one is needed, as in Perl. */
export interface Text {
  readonly kind: "text";
  readonly text: string;
  /** The number itself, where it is printed with fewer digits than it has. */
  readonly number?: number;
  readonly origin: Location | undefined;
}

export interface Ref {
  readonly kind: "ref";
  readonly cell: Cell;
  readonly origin: Location | undefined;
}

/** Something whose inside does not matter here: a compiled pattern, a function, a lookup object. */
export interface Opaque {
  readonly kind: "opaque";
  /** "qr", "code", "new_RE", "q_sql_s" ... */
  readonly name: string;
  /** As a person would write it. */
  readonly display: string;
  /** What the oracle notation needs besides: the pattern, the name of the function, the arguments. */
  readonly detail: string | readonly Value[];
  /** The sub itself, where it is known. */
  readonly code?: Closure | undefined;
  readonly origin: Location | undefined;
}

export interface UnknownValue {
  readonly kind: "unknown";
  readonly reason: string;
  /** True when it stands for any number of list elements. */
  readonly list: boolean;
  /** Texts around the parts that are not known: `smtp:[?]:10025` is ["smtp:[", "]:10025"]. */
  readonly pieces: readonly string[] | undefined;
  /** All elements of a list, where only their order is not known. */
  readonly elements?: readonly Value[];
  readonly origin: Location | undefined;
}

export type Value = Undef | Text | Ref | Opaque | UnknownValue;

export function undef(origin?: Location): Undef {
  return { kind: "undef", origin };
}

export function text(value: string, origin?: Location): Text {
  return { kind: "text", text: value, origin };
}

export function ref(cell: Cell, origin?: Location): Ref {
  return { kind: "ref", cell, origin };
}

export function unknown(reason: string, origin?: Location, list = false): UnknownValue {
  return { kind: "unknown", reason, list, pieces: undefined, origin };
}

/** The same value as coming from another place, unless it has a place of its own. */
export function placed(value: Value, origin: Location | undefined): Value {
  return value.origin !== undefined || origin === undefined ? value : { ...value, origin };
}

/** A variable, an element of an array, or an entry of a hash. */
export class ScalarCell {
  readonly kind = "scalar";
  value: Value;
  /** The right side of the assignment that set it; undefined for a default. */
  origin: Location | undefined;
  /** The first assignment, and the key where it is an entry of a hash. */
  firstOrigin: Location | undefined;
  keyOrigin: Location | undefined;
  /** Name with sigil, when it is a variable of amavisd. */
  name: string | undefined;

  constructor(value: Value = undef(), origin?: Location) {
    this.value = value;
    this.origin = origin;
    this.firstOrigin = origin;
  }

  set(value: Value, origin: Location | undefined): void {
    this.value = value;
    this.origin = origin;
    this.firstOrigin ??= origin;
  }
}

/** An element whose value is unknown with `list` stands for any number of elements. */
export class ArrayCell {
  readonly kind = "array";
  items: ScalarCell[] = [];
  origin: Location | undefined;
  firstOrigin: Location | undefined;
  name: string | undefined;

  /** Replaces the elements. */
  assign(values: readonly Value[], origin: Location | undefined): void {
    this.items = values.map((value) => new ScalarCell(value, value.origin ?? origin));
    this.touch(origin);
  }

  touch(origin: Location | undefined): void {
    this.origin = origin;
    this.firstOrigin ??= origin;
  }

  values(): Value[] {
    return this.items.map((item) => item.value);
  }
}

export class HashCell {
  readonly kind = "hash";
  entries = new Map<string, ScalarCell>();
  /** Set when it may hold entries that are not known. */
  open: UnknownValue | undefined;
  origin: Location | undefined;
  firstOrigin: Location | undefined;
  name: string | undefined;

  get(key: string): ScalarCell | undefined {
    return this.entries.get(key);
  }

  /** The entry of a key, made when it is not there. */
  slot(key: string, keyOrigin: Location | undefined): ScalarCell {
    let cell = this.get(key);
    if (cell === undefined) {
      cell = new ScalarCell(this.open === undefined ? undef() : unknown(this.open.reason));
      this.entries.set(key, cell);
    }
    cell.keyOrigin ??= keyOrigin;
    return cell;
  }

  /** Key and value alternate; a key that is not known opens the hash. */
  assign(values: readonly Value[], origin: Location | undefined): void {
    this.entries = new Map();
    this.open = undefined;
    this.touch(origin);
    this.add(values, origin);
  }

  add(values: readonly Value[], origin: Location | undefined): void {
    for (let at = 0; at < values.length; at += 2) {
      const key = values[at];
      const value = values[at + 1];
      if (key?.kind === "unknown") {
        if (key.elements !== undefined) {
          this.add(key.elements, origin);
          this.add(values.slice(at + 1), origin);
          return;
        }
        this.open = key;
        // After an unknown number of elements it is not known what is key and what is value.
        if (key.list) {
          for (const rest of values.slice(at + 1)) if (rest.kind === "text") this.entries.delete(rest.text);
          return;
        }
        continue;
      }
      const name = textOf(key);
      if (name === undefined) {
        this.open = unknown("a reference as a key", key?.origin);
        continue;
      }
      const slot = this.slot(name, key?.origin);
      slot.keyOrigin = key?.origin;
      if (value?.kind === "unknown" && value.list) {
        this.open = value;
        slot.set({ ...value, list: false }, value.origin ?? origin);
        return;
      }
      slot.set(value ?? undef(), value?.origin ?? origin);
    }
  }

  touch(origin: Location | undefined): void {
    this.origin = origin;
    this.firstOrigin ??= origin;
  }

  keys(): readonly string[] {
    return [...this.entries.keys()];
  }
}

export type Cell = ScalarCell | ArrayCell | HashCell;

/** The text of a known scalar; undef is the empty text. undefined when it has none that is known. */
export function textOf(value: Value | undefined): string | undefined {
  if (value === undefined || value.kind === "undef") return "";
  return value.kind === "text" ? value.text : undefined;
}

/** Perl's truth; undefined when it is not known. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.kind) {
    case "undef":
      return false;
    case "text":
      return value.text !== "" && value.text !== "0";
    case "unknown":
      return undefined;
    default:
      return true;
  }
}
