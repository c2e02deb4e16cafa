/**
 * The value of a parameter as one daemon sees it: built-in default < main.cf (last wins) < `-o` of the
 * service (last wins), then `$name` expansion (POSTFIX 1.3, 1.6). Every value carries the chain of
 * texts that made it.
 */
import { defaultValue, isBuiltInParameter } from "../../knowledge/parameters.js";
import { transportPattern } from "../../knowledge/servicePatterns.js";
import { type ExpressionPart, MAX_NESTING, parseExpression } from "../../syntax/postfix/expression.js";
import type { MainEntry, MainTree } from "../../syntax/postfix/main.js";
import type { MasterOption } from "../../syntax/postfix/master.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { Range } from "../../syntax/text.js";
import type { Location } from "../located.js";
import { compare } from "./levels.js";
import { Trail } from "./trail.js";

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
  /**
   * The warning with which every program that expands the value stops ("macro processing error"). Only what is
   * used counts: a fault in the branch that a condition does not take stops nobody.
   */
  readonly fault: string | undefined;
}

/** What an environment has beside main.cf and options. */
export interface EnvironmentScope {
  /** Whether a name made of a service and a suffix means a service that is there; undefined = all are taken to be. */
  readonly isServiceParameter?: ((name: string) => boolean) | undefined;
  /** Only what is set counts, not what Postfix has by default. */
  readonly withoutDefaults?: boolean | undefined;
  /** Names that the program gives values itself: process_name, service_name. */
  readonly own?: ReadonlyMap<string, string> | undefined;
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

/** Values that depend on the machine: nobody can know them from the files. */
const FROM_MACHINE: ReadonlySet<string> = new Set([
  // Set when Postfix is built: what is made of them must not be taken for ":/etc/aliases".
  "default_database_type",
  "default_cache_db_type",
  "mynetworks",
  "myhostname",
  "mydomain",
  "process_id",
  "mail_release_date",
]);
/** Values that each program has its own of. */
const FROM_PROGRAM: ReadonlySet<string> = new Set(["process_name", "service_name"]);
/** An assignment to one of these is ignored. */
export const READ_ONLY: ReadonlySet<string> = new Set(["process_id", "process_name", "service_name"]);
/** Names can double a text at each step; no daemon would live to read more than this. */
const MAX_LENGTH = 1_000_000;
const NO_NAMES: ReadonlySet<string> = new Set();

/** main.cf as a table of last definitions. */
export class MainParameters {
  readonly #last = new Map<string, MainEntry>();
  readonly #definitions = new Map<string, Definition>();
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
    const known = this.#definitions.get(name);
    if (known) return known;
    const entry = this.#last.get(name);
    if (!entry) return undefined;
    const made = definitionOf(name, entry.value, "main", this.file, entry.valueRange, entry.valuePart);
    this.#definitions.set(name, made);
    return made;
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
 * @param scope what is there beside main.cf and options.
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
  scope: EnvironmentScope = {},
): Environment {
  const overrides = new Map<string, MasterOption>();
  for (const option of options) if (option.valid) overrides.set(option.name, option);
  const definitions = new Map<string, Definition | undefined>();
  const values = new Map<string, Value>();

  const builtIn = (name: string, raw: string): Definition => ({
    name,
    raw,
    source: "default",
    origin: undefined,
    part: undefined,
  });
  /** Made of a service's name and a suffix, where no such service is there. */
  const isOfNoService = (name: string) =>
    scope.isServiceParameter?.(name) === false &&
    transportPattern(name) !== undefined &&
    !isBuiltInParameter(name, version);
  const define = (name: string): Definition | undefined => {
    const own = scope.own?.get(name);
    if (own !== undefined) return builtIn(name, own);
    const option = overrides.get(name);
    if (option && !READ_ONLY.has(name)) {
      return definitionOf(name, option.value, "option", masterFile, option.valueRange, option.valuePart);
    }
    const inMain = main.definition(name);
    if (inMain && !READ_ONLY.has(name)) return inMain;
    if (scope.withoutDefaults === true || isOfNoService(name)) return undefined;
    const raw = defaultValue(name, version);
    return raw === undefined ? undefined : builtIn(name, raw);
  };
  const definition = (name: string): Definition | undefined => {
    if (!definitions.has(name)) definitions.set(name, define(name));
    return definitions.get(name);
  };

  /** Why a name that no file sets cannot be known. */
  const unknownHere = (name: string): string | undefined =>
    missing ??
    (FROM_MACHINE.has(name)
      ? `${name} is taken from the machine`
      : FROM_PROGRAM.has(name) && !scope.own?.has(name)
        ? `${name} differs from program to program`
        : name === "mail_version" && !/\.\d+\./.test(version ?? "")
          ? "mail_version is that of the Postfix that is installed"
          : undefined);

  const fail = (state: Expansion, reason: string, log: string): string => {
    state.shared.fault ??= log;
    state.unknown ??= reason;
    return "";
  };
  /** @param level how many expressions and names are being expanded around these parts, as mac_expand(3) counts */
  const evaluate = (parts: readonly ExpressionPart[], state: Expansion, level: number): string => {
    let text = "";
    for (const part of parts) {
      if (level > MAX_NESTING && part.kind !== "broken")
        return fail(state, nestingReason(state), `unreasonable macro call nesting: "${quoted(part)}"`);
      text += evaluatePart(part, state, level);
      if (state.shared.fault !== undefined) return text;
      if (text.length > MAX_LENGTH) return fail(state, "the value is too long", "the value is too long");
    }
    return text;
  };
  const evaluatePart = (part: ExpressionPart, state: Expansion, level: number): string => {
    if (part.kind === "literal") {
      state.trail?.write(part, state.within);
      return part.text;
    }
    if (part.kind === "broken") {
      evaluate(part.before, { ...state, trail: undefined }, level);
      return fail(state, `macro syntax error: ${part.reason}`, part.log);
    }
    if (part.kind === "comparison") {
      const mark = state.trail?.mark();
      const left = evaluate(part.left, state, 0);
      const holds = compare(left, part.operator, evaluate(part.right, state, 0));
      if (mark) state.trail?.forget(mark);
      if (typeof holds === "string") return fail(state, holds, holds);
      if (!part.whenTrue && !part.whenFalse) {
        if (holds) state.trail?.skip("true".length);
        return holds ? "true" : "";
      }
      return evaluate((holds ? part.whenTrue : part.whenFalse) ?? [], state, level + 1);
    }
    const conditional = part.whenSet !== undefined || part.whenEmpty !== undefined;
    const found = lookUp(part.name, state);
    if (conditional) {
      const filled = found !== undefined && found.raw !== "";
      return evaluate((filled ? part.whenSet : part.whenEmpty) ?? [], state, level + 1);
    }
    return found ? expandDefinition(found, enter(found, state), state, level + 1) : "";
  };
  const lookUp = (name: string, state: Expansion): Definition | undefined => {
    state.mentions.add(name);
    const found = definition(name);
    if (!found || found.source === "default") state.unknown ??= unknownHere(name);
    if (found && hasPlaceholder(found.raw)) state.unknown ??= "the value is filled in by a template";
    if (found && !state.chain.includes(found)) state.chain.push(found);
    return found;
  };
  const enter = (found: Definition, state: Expansion): Expansion => ({
    ...state,
    open: [...state.open, found.name],
    within: found,
  });
  const expandDefinition = (found: Definition, inner: Expansion, outer: Expansion, level: number): string => {
    // Sides of comparisons count their nesting anew: there a name within itself has no end at all.
    if (inner.open.length > 2 * MAX_NESTING)
      return fail(outer, nestingReason(inner), `unreasonable macro call nesting: "${found.name}"`);
    if (found.source === "default" && found.name !== "") inner.unknown ??= unknownHere(found.name);
    if (hasPlaceholder(found.raw)) inner.unknown ??= "the value is filled in by a template";
    const text = evaluate(parseExpression(found.raw), inner, level);
    outer.unknown ??= inner.unknown;
    return text;
  };

  /** The value in main.cf alone, when no option of this service can change it. */
  const shared = (name: string): Value | undefined => {
    if (!base || overrides.has(name)) return undefined;
    const value = base.value(name);
    for (const option of overrides.keys()) if (value.mentions.has(option)) return undefined;
    for (const own of scope.own?.keys() ?? []) if (value.mentions.has(own)) return undefined;
    return value;
  };
  /** A value without a `$`, which most are: nothing takes part in it. */
  const plain = (found: Definition): Value => ({
    text: found.raw,
    unknown:
      (found.source === "default" ? unknownHere(found.name) : undefined) ??
      (hasPlaceholder(found.raw) ? "the value is filled in by a template" : undefined),
    definition: found,
    chain: [],
    mentions: NO_NAMES,
    fault: undefined,
  });
  const expand = (raw: string, from?: Definition, trail?: Trail): Value => {
    if (
      from &&
      !trail &&
      from.name !== "" &&
      from.raw === raw &&
      !raw.includes("$") &&
      raw.length <= MAX_LENGTH
    )
      return plain(from);
    const within = from ?? { name: "", raw, source: "main", origin: undefined, part: undefined };
    const state: Expansion = {
      open: from ? [from.name] : [],
      chain: [],
      unknown: undefined,
      mentions: new Set(),
      within,
      trail,
      shared: { fault: undefined },
    };
    const text = expandDefinition(within, state, state, 0);
    const { unknown, chain, mentions, shared } = state;
    return { text, unknown, definition: from, chain, mentions, fault: shared.fault };
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
          : {
              text: "",
              unknown: unknownHere(name),
              definition: undefined,
              chain: [],
              mentions: NO_NAMES,
              fault: undefined,
            };
        values.set(name, value);
      }
      return value;
    },
  };
}

interface Expansion {
  readonly within: Definition;
  readonly trail: Trail | undefined;
  readonly open: readonly string[];
  readonly chain: Definition[];
  readonly mentions: Set<string>;
  unknown: string | undefined;
  /** One for the whole expansion: after a fault nothing more is read. */
  readonly shared: { fault: string | undefined };
}

function nestingReason({ open }: Expansion): string {
  const name = open.at(-1) ?? "";
  return open.indexOf(name) < open.length - 1 ? `$${name} refers to itself` : `$${name} is nested too deeply`;
}

/** What the warning about nesting quotes. */
function quoted(part: ExpressionPart): string {
  return part.kind === "literal" ? part.text : part.kind === "reference" ? part.name : "";
}
