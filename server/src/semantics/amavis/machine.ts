/** The state of one evaluation: the files in order, one name space, and what was noted on the way. */
import type {
  AmavisTree,
  Block,
  Call,
  Expression,
  Statement,
  SubDefinition,
  Variable,
} from "../../syntax/amavis/tree.js";
import type { Range } from "../../syntax/text.js";
import type { Location } from "../located.js";
import { AssignmentNotes } from "./assignmentNotes.js";
import { CONFIGURATION_PACKAGE, isSpecialName, newCell, Scopes, Store, storedName } from "./store.js";
import { type Cell, ScalarCell, type UnknownValue, unknown, type Value } from "./value.js";

/** One file of the configuration, in the order in which amavisd reads them. */
export interface AmavisSource {
  readonly path: string;
  readonly tree: AmavisTree;
  /** True when another program fills the file in first. */
  readonly template: boolean;
}

/**
 * How a run of statements ended: by itself, or by a word that leaves a loop, a sub or the file. "maybe": the
 * sub or the file may have been left, by a condition that is not known; "maybe-next": the loop.
 */
export type Outcome = "next" | "last" | "return" | "die" | "maybe" | "maybe-next" | undefined;

/** The values that code is asked for: `wantarray`. */
export type Wanted = "list" | "scalar";

/** A sub with the variables around it. */
export interface Closure {
  readonly file: string;
  readonly text: string;
  readonly template: boolean;
  readonly package: string;
  readonly scopes: Scopes;
  readonly body: Block;
}

/** What the last pattern that fitted has found: the whole and its groups. */
export interface PatternMatch {
  readonly groups: readonly Value[];
  readonly names: ReadonlyMap<string, Value>;
}

/**
 * Finds a file that the configuration includes. "missing": it is known not to be there. undefined: not
 * known; everything may then be set in it.
 * What stands where an included file should be: nothing on the very machine that the path is meant for, nothing in
 * a copy of its files (the machine may have it), or a folder.
 */
export type IncludeGap = "missing" | "missing-in-copy" | "directory";

/** Finds a file that the configuration includes. undefined: not known; everything may then be set in it. */
export type Include = (path: string) => AmavisSource | IncludeGap | undefined;

/** A file that is surely included, and is not there as a file. */
export interface IncludeNote {
  readonly call: Call;
  /** The argument that gave the path. */
  readonly at: Location;
  readonly path: string;
  /** "empty": no path at all. "globbed": names that are found in a folder, which Perl's -T does not trust. */
  readonly gap: IncludeGap | "empty" | "globbed";
}

/** A call of a function that Perl does not have itself, made while the files are read. */
export interface FunctionCall extends Location {
  readonly name: string;
}

/** Loops over more elements are not followed. */
const LONGEST_LOOP = 5000;
/** All loops together: nested ones must not multiply without end. */
const ALL_ITERATIONS = 50_000;
/** All lists together may have so many elements copied. */
const ALL_COPIES = 2_000_000;
/** All work on long texts: the steps of patterns, the characters that are copied. */
const ALL_WORK = 20_000_000;
/** Longer texts and lists are unknown. */
export const LONGEST_TEXT = 1_000_000;
export const LONGEST_LIST = 100_000;
const DEEPEST_INCLUDE = 20;
export class Machine {
  readonly store = new Store();
  readonly include: Include | undefined;
  readonly assignments = new AssignmentNotes();
  readonly subs = new Map<
    string,
    { readonly definition: SubDefinition; readonly code: Closure | undefined }
  >();
  readonly constants = new Map<string, readonly Value[]>();
  /** Calls of functions that are not known here. */
  readonly calls: FunctionCall[] = [];
  /** Where Perl gives up while it reads the files. */
  readonly deaths: (Location & { readonly message: string })[] = [];
  /** Whether `use strict "refs"` is in force. */
  strictRefs = false;
  /** Set when an include could not be followed, so that anything may be set there. */
  lost: UnknownValue | undefined;
  readonly includeNotes: IncludeNote[] = [];
  /** How many `eval { }` are around: what dies in one does not stop amavisd. */
  evals = 0;
  file = "";
  text = "";
  template = false;
  scopes = new Scopes();
  package = CONFIGURATION_PACKAGE;
  statement: Range = { start: 0, end: 0 };
  /** What `local` has to give back at the end of the block. */
  restores: (() => void)[] = [];
  /** Set when a word inside an expression leaves the code around it: `... or return`. */
  leaving: Outcome;
  /** The loop that `next NAME` and `last NAME` mean. */
  label: string | undefined;
  /** What the sub that runs is asked for, and what its `return` gives. */
  wanted: Wanted | undefined;
  returned: readonly Value[] = [];
  /** How many calls of subs were followed: without a limit they could go on for ever. */
  callCount = 0;
  /** Where the next search with /g goes on, in the text that was searched. */
  readonly positions = new Map<Cell, { readonly text: string; readonly at: number }>();
  /** `state` variables, by where they are declared. */
  readonly states = new Map<Expression, Cell>();
  /** How far `each` has gone. */
  readonly iterators = new Map<Cell, number>();
  depth = 0;
  match: PatternMatch | UnknownValue | undefined;
  /** Subs whose bodies are being looked through, against endless recursion. */
  readonly entered = new Set<SubDefinition>();
  #iterations = 0;
  #copied = 0;
  #worked = 0;
  #included: string[] = [];

  constructor(include: Include | undefined) {
    this.include = include;
    // amavisd reads the files inside of a function, whose arguments they see.
    const given = this.store.global("@_");
    if (given.kind === "array")
      given.items = [new ScalarCell(unknown("an argument of amavisd's own", undefined, true))];
  }

  at(range: Range): Location {
    return { file: this.file, range: { start: range.start, end: range.end } };
  }

  /** The text of a range of the current file. */
  textOf(range: Range): string {
    return this.text.slice(range.start, range.end);
  }

  /** An unknown scalar at a place. */
  unknown(reason: string, place: Range): UnknownValue {
    return unknown(reason, this.at(place));
  }

  unknownList(reason: string, place: Range): UnknownValue {
    return unknown(reason, this.at(place), true);
  }

  /** Whether a loop over that many elements may be followed element by element. */
  mayIterate(count: number): boolean {
    this.#iterations += count;
    return count <= LONGEST_LOOP && this.#iterations <= ALL_ITERATIONS;
  }

  /** Whether so many list elements may still be copied: `@x = (@x, 1)` again and again adds up. */
  mayCopy(count: number): boolean {
    this.#copied += count;
    return this.#copied <= ALL_COPIES;
  }

  /** Captures the variables that are visible here for a sub that is defined here. */
  closure(body: Block): Closure {
    const { file, text, template } = this;
    return { file, text, template, package: this.package, scopes: this.scopes.captured(), body };
  }

  /** Whether so many steps or characters may still be spent: a loop over long texts adds up. */
  mayWork(amount: number): boolean {
    this.#worked += amount;
    return this.#worked <= ALL_WORK;
  }

  /** The global name (with sigil) that a variable has, or undefined when it is a `my` variable. */
  globalName(node: Variable): string | undefined {
    if (this.scopes.find(node.sigil + node.name) !== undefined && !node.name.includes("::")) return undefined;
    return node.sigil + storedName(node.name, this.package);
  }

  cell(node: Variable): Cell {
    const name = node.sigil + node.name;
    return this.scopes.find(name) ?? this.store.global(node.sigil + storedName(node.name, this.package));
  }

  /** Declares `my $x`: a new, empty variable of the current block. */
  declareMy(node: Variable): Cell {
    const cell = newCell(node.sigil);
    this.scopes.declare(node.sigil + node.name, cell);
    return cell;
  }

  declareOur(node: Variable): Cell {
    const cell = this.store.global(node.sigil + storedName(node.name, this.package));
    this.scopes.declare(node.sigil + node.name, cell);
    return cell;
  }

  /** Notes that the current statement sets a setting. */
  note(name: string, value: Expression): void {
    this.assignments.add(name, this.file, this.statement, value);
  }

  /** Notes the call of a function that is not known; amavisd stops there if nothing defines it. */
  noteCall(name: string, place: Range): void {
    if (this.evals > 0 || this.package !== CONFIGURATION_PACKAGE) return;
    const known = this.calls.some(({ file, range }) => file === this.file && range.start === place.start);
    if (!known) this.calls.push({ name, ...this.at(place) });
  }

  /** Notes that Perl gives up here. */
  noteDeath(place: Range, message: string): void {
    if (this.evals === 0) this.deaths.push({ ...this.at(place), message });
  }

  /** Notes that a text is used as a reference: `$$x` where $x holds a text. */
  noteSymbolicReference(place: Range): void {
    if (this.strictRefs)
      this.noteDeath(place, "What is taken for a reference here is a text: under use strict");
  }

  /** Runs `body` as another file: with its own `my` variables and package; false when nested too deeply. */
  enterFile(source: AmavisSource, body: (statements: readonly Statement[]) => void): boolean {
    if (this.#included.length >= DEEPEST_INCLUDE || this.#included.includes(source.path)) return false;
    const { file, text, template, scopes, statement, restores, strictRefs } = this;
    const outerPackage = this.package;
    this.#included.push(source.path);
    this.file = source.path;
    this.text = source.tree.text;
    this.template = source.template || source.tree.template;
    this.scopes = new Scopes();
    this.package = CONFIGURATION_PACKAGE;
    this.restores = [];
    this.strictRefs = false;
    body(source.tree.statements);
    for (const restore of this.restores.reverse()) restore();
    this.#included.pop();
    const outer = { file, text, template, scopes, statement, restores, strictRefs, package: outerPackage };
    Object.assign(this, outer);
    return true;
  }

  /** Nothing is known any more: any variable may have been set. */
  loseEverything(reason: UnknownValue): void {
    this.lost ??= reason;
    this.store.makeEverythingUnknown(reason);
  }

  /** Whether a name is one that another program puts in: a template's `$NAME` that amavisd does not know. */
  isFilledIn(node: Variable): boolean {
    return this.template && !isSpecialName(node.name);
  }
}

/** The variable at the root of `$x`, `@x`, `$x[0]`, `$x{a}{b}`, `my $x`; undefined for other targets. */
export function rootVariable(node: Expression): Variable | undefined {
  let current: Expression = node;
  for (;;) {
    switch (current.kind) {
      case "variable":
        return current;
      case "element":
      case "slice":
        current = current.container;
        break;
      case "dereference":
        current = current.operand;
        break;
      case "declaration":
        current = current.target;
        break;
      case "last-index":
        return current.array;
      default:
        return undefined;
    }
  }
}
