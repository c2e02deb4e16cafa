/** amavisd's configuration from its files in order: the facade of this folder. */
import { amavisVariable } from "../../knowledge/amavisVariables.js";
import type { Location } from "../located.js";
import { supplyAfterDefaults } from "./afterDefaults.js";
import type {
  AmavisAssignment,
  AmavisConfiguration,
  AmavisProblem,
  PolicyBank,
  Unknown,
  VariableUse,
} from "./configuration.js";
import { displayCell } from "./display.js";
import { listening } from "./endpoints.js";
import { includeFaults } from "./faults/includeFaults.js";
import { settingFaults } from "./faults/settingFaults.js";
import { textFaults } from "./faults/textFaults.js";
import { namesAsLocal } from "./localDomains.js";
import { type AmavisSource, type Include, Machine } from "./machine.js";
import { nameProblems, type UsedFile } from "./names.js";
import { clientBanks, policyBanks } from "./policyBanks.js";
import { runFile } from "./statements.js";
import { usesOf } from "./uses.js";
import type { Cell, UnknownValue } from "./value.js";
import { type VariablesInOracleNotation, variablesInOracleNotation } from "./variables.js";

export type { AmavisSource, Include } from "./machine.js";

export interface EvaluateOptions {
  /** Finds the files that the configuration includes; without it an include may set anything. */
  readonly include?: Include;
}

/** The configuration together with all its variables, as `mailflow show variables` prints them. */
export interface EvaluatedAmavis extends AmavisConfiguration {
  /** Every variable, or only those that the files changed. */
  variables(all: boolean): VariablesInOracleNotation;
}

/**
 * Evaluates the files in the order in which amavisd reads them. Nothing is run; what cannot be known is
 * `Unknown`. Never throws.
 */
export function evaluateAmavis(
  files: readonly AmavisSource[],
  options: EvaluateOptions = {},
): EvaluatedAmavis {
  const machine = new Machine(options.include);
  for (const file of files) runFile(machine, file);
  const changed = new Set([...machine.store.names()].filter((name) => amavisVariable(name) !== undefined));
  supplyAfterDefaults(machine);
  return new Evaluation(machine, files, changed);
}

/**
 * What only some ask for is worked out when they do. This is a class and no object with getters: V8 keeps the
 * closures of such getters in the old generation, and with them everything that was evaluated.
 */
class Evaluation implements EvaluatedAmavis {
  readonly listeners: EvaluatedAmavis["listeners"];
  readonly listenersOpen: Unknown | undefined;
  readonly open: Unknown | undefined;
  readonly clientBanks: EvaluatedAmavis["clientBanks"];
  readonly #machine: Machine;
  readonly #files: readonly AmavisSource[];
  readonly #changed: ReadonlySet<string>;
  readonly #listenerProblems: readonly AmavisProblem[];
  #used: readonly UsedFile[] | undefined;
  #banks: ReadonlyMap<string, PolicyBank> | undefined;
  #problems: readonly AmavisProblem[] | undefined;
  #uses: readonly VariableUse[] | undefined;

  constructor(machine: Machine, files: readonly AmavisSource[], changed: ReadonlySet<string>) {
    const { listeners, open, problems } = listening(machine);
    this.#machine = machine;
    this.#files = files;
    this.#changed = changed;
    this.#listenerProblems = problems;
    this.listeners = listeners;
    this.open = machine.lost === undefined ? lostStatement(files) : reasonOnly(machine.lost);
    this.listenersOpen = open ?? this.open;
    this.clientBanks = clientBanks(machine);
  }

  get banks(): ReadonlyMap<string, PolicyBank> {
    this.#banks ??= policyBanks(this.#machine);
    return this.#banks;
  }

  get problems(): readonly AmavisProblem[] {
    this.#problems ??= this.#findProblems();
    return this.#problems;
  }

  get uses(): readonly VariableUse[] {
    this.#uses ??= this.#usedFiles().flatMap(variableUses);
    return this.#uses;
  }

  namesAsLocal(domain: string): boolean | undefined {
    return this.open === undefined ? namesAsLocal(this.#machine, domain) : undefined;
  }

  value(name: string): ReturnType<EvaluatedAmavis["value"]> {
    return finalValue(this.#machine, name);
  }

  assignments(name: string): readonly AmavisAssignment[] {
    return this.#machine.assignments.of(name);
  }

  variables(all: boolean): VariablesInOracleNotation {
    return variablesInOracleNotation(this.#machine, all ? undefined : this.#changed);
  }

  #usedFiles(): readonly UsedFile[] {
    this.#used ??= this.#files.map((source) => ({ source, found: usesOf(source.tree) }));
    return this.#used;
  }

  #findProblems(): AmavisProblem[] {
    const used = this.#usedFiles();
    const { listeners, listenersOpen: open } = this;
    return [
      ...used.flatMap(syntaxProblems),
      ...nameProblems(used),
      ...includeFaults(this.#machine),
      ...this.#listenerProblems,
      ...textFaults(used),
      ...settingFaults({ machine: this.#machine, used, listeners, open }),
    ];
  }
}

function reasonOnly({ reason }: UnknownValue): Unknown {
  return { kind: "unknown", reason };
}

/** A statement that could not be read may have set anything, unless it is clear how to mend it. */
function lostStatement(files: readonly AmavisSource[]): Unknown | undefined {
  const lost = files.some(({ tree }) => tree.problems.some((problem) => problem.fix === undefined));
  return lost ? { kind: "unknown", reason: "a mistake in the file may hide a setting" } : undefined;
}

function syntaxProblems({ source }: UsedFile): AmavisProblem[] {
  const template = source.template || source.tree.template;
  return source.tree.problems.map(({ kind, message, range, fix }) => {
    return { file: source.path, range, kind, message, fatal: !template, fix };
  });
}

function variableUses({ source, found }: UsedFile): VariableUse[] {
  return found.uses.map(({ name, range, access }) => ({
    name,
    location: { file: source.path, range },
    access,
  }));
}

/** The final value of a variable by its name with sigil; undefined for names that amavisd does not know. */
function finalValue(
  machine: Machine,
  name: string,
): { readonly display: string | Unknown; readonly origins: readonly Location[] } | undefined {
  if (amavisVariable(name) === undefined && machine.store.peek(name) === undefined) return undefined;
  const cell = machine.store.global(name);
  return { display: displayCell(cell), origins: originsOf(cell) };
}

/** Where the value was assigned, then the places of elements that were added elsewhere. */
function originsOf(cell: Cell): Location[] {
  const origins: Location[] = cell.origin === undefined ? [] : [cell.origin];
  const elements =
    cell.kind === "array" ? cell.items : cell.kind === "hash" ? [...cell.entries.values()] : [];
  for (const { origin } of elements) {
    if (origin !== undefined && !origins.some((known) => covers(known, origin))) origins.push(origin);
    // A table of thousands of entries needs no thousand links.
    if (origins.length >= 50) break;
  }
  return origins;
}

function covers(outer: Location, inner: Location): boolean {
  return (
    outer.file === inner.file && outer.range.start <= inner.range.start && inner.range.end <= outer.range.end
  );
}
