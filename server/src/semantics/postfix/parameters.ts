/**
 * The value of a parameter as one daemon sees it: built-in default < main.cf (last wins) < `-o` of the
 * service (last wins), then `$name` expansion (POSTFIX 1.3, 1.6). Every value carries the chain of
 * texts that made it.
 */
import { defaultValue } from "../../knowledge/parameters.js";
import { type ExpressionPart, type LiteralPart, parseExpression } from "../../syntax/postfix/expression.js";
import type { MainEntry, MainTree } from "../../syntax/postfix/main.js";
import type { MasterOption } from "../../syntax/postfix/master.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { Range } from "../../syntax/text.js";
import type { Location } from "../located.js";

/** The text that gives a parameter its value in one environment. */
export interface Definition {
  readonly name: string;
  /** As written, before expansion. */
  readonly raw: string;
  readonly source: "default" | "main" | "option";
  /** Where the value stands; undefined for a built-in default. */
  readonly origin: Location | undefined;
  /** Place in the file of a stretch of `raw`; undefined for a built-in default. */
  readonly part: ((start: number, end: number) => Location) | undefined;
}

/** An expanded value with the reason for it. */
export interface Value {
  /** Expanded; where a part is unknown, that part is missing here. */
  readonly text: string;
  /** Why the value cannot be known from the files; undefined when it is known. */
  readonly unknown: string | undefined;
  readonly definition: Definition | undefined;
  /** Definitions of the `$names` that took part, in the order of use. */
  readonly chain: readonly Definition[];
  /** Every `$name` that the value depends on, also those that nothing defines. */
  readonly mentions: ReadonlySet<string>;
}

export interface Environment {
  /** What gives the name its value here; undefined when nothing does. */
  definition(name: string): Definition | undefined;
  /** The expanded value; "" for a name that nothing defines, as Postfix expands it. */
  value(name: string): Value;
  /** Expands any text as a value of this environment. */
  expand(text: string, definition?: Definition): Value;
  /**
   * Where a stretch of the expanded value of `name` was written: in the definition of a `$name` that it came
   * through, or in the definition of `name` itself when it has several sources. Undefined when it comes from a
   * built-in default.
   */
  locate(name: string, start: number, end: number): Location | undefined;
}

/** A stretch of an expanded value that stands letter by letter in one definition. */
interface Segment {
  /** Offsets into the expanded text. */
  readonly start: number;
  readonly end: number;
  readonly definition: Definition;
  /** Offset into the definition's raw text. */
  readonly rawStart: number;
}

/** Values that depend on the machine: nobody can know them from the files. */
const FROM_MACHINE: ReadonlySet<string> = new Set(["mynetworks", "myhostname", "mydomain"]);
const MAX_NESTING = 50;
const NO_NAMES: ReadonlySet<string> = new Set();

/** main.cf as a table of last definitions. */
export class MainParameters {
  readonly #last = new Map<string, MainEntry>();
  readonly file: string;

  constructor(file: string, tree: MainTree | undefined) {
    this.file = file;
    for (const entry of tree?.entries ?? []) if (entry.valid) this.#last.set(entry.name, entry);
  }

  get names(): IterableIterator<string> {
    return this.#last.keys();
  }

  /** The assignment that counts: the last one. */
  entry(name: string): MainEntry | undefined {
    return this.#last.get(name);
  }

  definition(name: string): Definition | undefined {
    const entry = this.#last.get(name);
    return entry && definitionOf(name, entry.value, "main", this.file, entry.valueRange, entry.valuePart);
  }
}

function definitionOf(
  name: string,
  raw: string,
  source: Definition["source"],
  file: string,
  range: Range,
  part: (start: number, end: number) => Range,
): Definition {
  return {
    name,
    raw,
    source,
    origin: { file, range },
    part: (start, end) => ({ file, range: part(start, end) }),
  };
}

/**
 * The environment of a service, or of main.cf alone when `options` is empty.
 * @param version Postfix version whose built-in defaults apply, such as "3.7"; undefined = newest.
 * @param base environment of main.cf alone: what no option touches is taken from it, worked out once for all services.
 * @param missing says why a parameter that is nowhere set cannot be known (no main.cf was found); undefined when main.cf is there.
 */
export function createEnvironment(
  main: MainParameters,
  masterFile: string,
  options: readonly MasterOption[],
  version: string | undefined,
  missing: string | undefined,
  base?: Environment,
): Environment {
  const overrides = new Map<string, MasterOption>();
  for (const option of options) if (option.valid) overrides.set(option.name, option);
  const definitions = new Map<string, Definition | undefined>();
  const values = new Map<string, Value>();

  const define = (name: string): Definition | undefined => {
    const option = overrides.get(name);
    if (option) {
      return definitionOf(name, option.value, "option", masterFile, option.valueRange, option.valuePart);
    }
    const inMain = main.definition(name);
    if (inMain) return inMain;
    const raw = defaultValue(name, version);
    return raw === undefined
      ? undefined
      : { name, raw, source: "default", origin: undefined, part: undefined };
  };
  const definition = (name: string): Definition | undefined => {
    if (!definitions.has(name)) definitions.set(name, define(name));
    return definitions.get(name);
  };

  /** Why a name that no file sets cannot be known. */
  const unknownHere = (name: string): string | undefined =>
    missing ?? (FROM_MACHINE.has(name) ? `${name} is taken from the machine` : undefined);

  const evaluate = (parts: readonly ExpressionPart[], state: Expansion): string => {
    let text = "";
    for (const part of parts) text += evaluatePart(part, state);
    return text;
  };
  const evaluatePart = (part: ExpressionPart, state: Expansion): string => {
    if (part.kind === "literal") {
      state.trail?.write(part, state.within);
      return part.text;
    }
    if (part.kind === "broken") {
      state.unknown ??= `macro syntax error: ${part.reason}`;
      return "";
    }
    if (part.kind === "comparison") {
      const mark = state.trail?.mark();
      const holds = compare(evaluate(part.left, state), part.operator, evaluate(part.right, state));
      if (mark) state.trail?.forget(mark);
      if (!part.whenTrue && !part.whenFalse) {
        if (holds) state.trail?.skip("true".length);
        return holds ? "true" : "";
      }
      return evaluate((holds ? part.whenTrue : part.whenFalse) ?? [], state);
    }
    const mark = state.trail?.mark();
    const text = reference(part.name, state);
    if (!part.whenSet && !part.whenEmpty) return text;
    if (mark) state.trail?.forget(mark);
    return evaluate((text === "" ? part.whenEmpty : part.whenSet) ?? [], state);
  };
  const reference = (name: string, state: Expansion): string => {
    state.mentions.add(name);
    const found = definition(name);
    if (!found) {
      state.unknown ??= unknownHere(name);
      return "";
    }
    if (state.open.includes(name) || state.open.length > MAX_NESTING) {
      state.unknown ??= `$${name} refers to itself`;
      return "";
    }
    if (!state.chain.includes(found)) state.chain.push(found);
    return expandDefinition(found, { ...state, open: [...state.open, name], within: found }, state);
  };
  const expandDefinition = (found: Definition, inner: Expansion, outer: Expansion): string => {
    if (found.source === "default" && found.name !== "") inner.unknown ??= unknownHere(found.name);
    if (hasPlaceholder(found.raw)) inner.unknown ??= "the value is filled in by a template";
    const text = evaluate(parseExpression(found.raw), inner);
    outer.unknown ??= inner.unknown;
    return text;
  };

  /** The value in main.cf alone, when no option of this service can change it. */
  const shared = (name: string): Value | undefined => {
    if (!base || overrides.has(name)) return undefined;
    const value = base.value(name);
    for (const option of overrides.keys()) if (value.mentions.has(option)) return undefined;
    return value;
  };
  const expand = (raw: string, from?: Definition, trail?: Trail): Value => {
    const within = from ?? { name: "", raw, source: "main", origin: undefined, part: undefined };
    const state: Expansion = {
      open: from ? [from.name] : [],
      chain: [],
      unknown: undefined,
      mentions: new Set(),
      within,
      trail,
    };
    const text = expandDefinition(within, state, state);
    return { text, unknown: state.unknown, definition: from, chain: state.chain, mentions: state.mentions };
  };
  return {
    definition,
    expand: (text, from) => expand(text, from),
    locate(name, start, end) {
      const found = definition(name);
      if (!found) return undefined;
      const trail = new Trail();
      expand(found.raw, found, trail);
      const segment = trail.segments.find((piece) => piece.start <= start && end <= piece.end);
      if (!segment) return found.origin;
      const from = segment.rawStart + start - segment.start;
      return segment.definition.part?.(from, from + end - start) ?? found.origin;
    },
    value(name) {
      let value = values.get(name) ?? shared(name);
      if (!value) {
        const found = definition(name);
        value = found
          ? expand(found.raw, found)
          : { text: "", unknown: unknownHere(name), definition: undefined, chain: [], mentions: NO_NAMES };
        values.set(name, value);
      }
      return value;
    },
  };
}

/** Records which stretch of an expanded text stands in which definition. */
class Trail {
  segments: Segment[] = [];
  #length = 0;

  write(part: LiteralPart, definition: Definition): void {
    const start = this.#length;
    this.#length += part.text.length;
    this.segments.push({ start, end: this.#length, definition, rawStart: part.range.start });
  }

  /** Text that stands nowhere, such as the result of a comparison. */
  skip(length: number): void {
    this.#length += length;
  }

  mark(): { readonly count: number; readonly length: number } {
    return { count: this.segments.length, length: this.#length };
  }

  /** Takes back what was expanded only to see whether it is empty. */
  forget(mark: { readonly count: number; readonly length: number }): void {
    this.segments.length = mark.count;
    this.#length = mark.length;
  }
}

interface Expansion {
  readonly within: Definition;
  readonly trail: Trail | undefined;
  readonly open: readonly string[];
  readonly chain: Definition[];
  readonly mentions: Set<string>;
  unknown: string | undefined;
}

/** Comparison of mac_expand(3): numeric when both sides are all digits, else byte by byte; "level" compares versions. */
function compare(left: string, operator: string, right: string): boolean {
  const match = /^([=!<>]=?)(\w*)$/.exec(operator);
  const order = match?.[2] === "level" ? compareLevels(left, right) : compareTexts(left, right);
  switch (match?.[1]) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    default:
      return order >= 0;
  }
}

function compareTexts(left: string, right: string): number {
  if (/^\d+$/.test(left) && /^\d+$/.test(right)) return Number(left) - Number(right);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Compares compatibility levels: major[.minor[.patch]], missing parts count as 0. */
export function compareLevels(left: string, right: string): number {
  const a = left.split(".").map(Number);
  const b = right.split(".").map(Number);
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
