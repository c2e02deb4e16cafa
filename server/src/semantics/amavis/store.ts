/** Names and what they hold: amavisd's global name space with its defaults, and the lexical scopes of a file. */
import {
  amavisAlias,
  amavisBankKey,
  amavisVariable,
  amavisVariables,
  type DefaultValue,
  isExtraBankKey,
} from "../../knowledge/amavisVariables.js";
import type { Sigil } from "../../syntax/amavis/tree.js";
import {
  ArrayCell,
  type Cell,
  HashCell,
  type Opaque,
  ref,
  ScalarCell,
  text,
  type UnknownValue,
  undef,
  unknown,
  type Value,
} from "./value.js";

/** The package that configuration files are compiled in. */
export const CONFIGURATION_PACKAGE = "Amavis::Conf";

/** Names that belong to Perl itself and are the same in every package. */
export function isSpecialName(name: string): boolean {
  return /^(?:\W|\d+$|_$|\^)/.test(name) || /^(?:ENV|INC|ARGV|ARGVOUT|STDIN|STDOUT|STDERR)$/.test(name);
}

/**
 * The name under which a variable is kept: variables of amavisd's package have no package in front.
 * @param written without sigil
 */
export function storedName(written: string, currentPackage: string): string {
  // Nearly every name is a plain one in amavisd's own package.
  if (currentPackage === CONFIGURATION_PACKAGE && !/[:']/.test(written)) return written;
  const name = written.includes("'") ? written.replaceAll("'", "::") : written;
  if (name.startsWith("::")) return `main${name}`;
  if (name.startsWith(`${CONFIGURATION_PACKAGE}::`)) return name.slice(CONFIGURATION_PACKAGE.length + 2);
  if (name.includes("::") || isSpecialName(name) || currentPackage === CONFIGURATION_PACKAGE) return name;
  return `${currentPackage}::${name}`;
}

/** Texts that only exist on the machine where amavisd runs. */
function specialDefault(name: string): Value | undefined {
  if (name === "$_") return undefined;
  if (name === '$"') return text(" ");
  if (name === "$^O") return text("linux");
  if (name === "$0") return unknown("the name of the program");
  if (/^\$(?:\d+|&)$/.test(name)) return unknown("what a pattern matched");
  return name.startsWith("$") && isSpecialName(name.slice(1)) ? unknown(`Perl's own ${name}`) : undefined;
}

/** The bank '' holds references to every variable that a bank may set; they are made when asked for. */
class BaseBank extends HashCell {
  readonly #store: Store;

  constructor(store: Store) {
    super();
    this.#store = store;
  }

  override get(key: string): ScalarCell | undefined {
    const known = super.get(key);
    if (known !== undefined) return known;
    const variable = amavisBankKey(key);
    if (variable === undefined && !(isExtraBankKey(key) && key.startsWith("policy_bank_"))) return undefined;
    const cell = new ScalarCell(variable === undefined ? text("") : ref(this.#store.global(variable.name)));
    this.entries.set(key, cell);
    return cell;
  }

  override keys(): readonly string[] {
    for (const variable of amavisVariables().values())
      if (variable.policyBank) this.get(variable.name.slice(1));
    return super.keys();
  }
}

export class Store {
  readonly #globals = new Map<string, Cell>();
  /** Set when something unknown may have set any variable. */
  #everything: UnknownValue | undefined;

  get everythingUnknown(): UnknownValue | undefined {
    return this.#everything;
  }

  /** The names (with sigil) that were used so far. */
  names(): IterableIterator<string> {
    return this.#globals.keys();
  }

  /** The cell of a global variable by its stored name with sigil. */
  global(name: string): Cell {
    const known = this.#globals.get(name);
    if (known !== undefined) return known;
    const alias = amavisAlias(name);
    const cell = alias === undefined ? this.#create(name) : this.global(alias);
    this.#globals.set(name, cell);
    return cell;
  }

  /** The cell if the name was used, without making it. */
  peek(name: string): Cell | undefined {
    return this.#globals.get(name);
  }

  /** Makes a name stand for a cell, as `*name = \@other` does. */
  bind(name: string, cell: Cell): void {
    this.#globals.set(name, cell);
  }

  /** From now on every variable may have any value, whose reason is given. */
  makeEverythingUnknown(reason: UnknownValue): void {
    this.#everything = reason;
    for (const [name, cell] of this.#globals) {
      if (!name.includes("::") && !isSpecialName(name.slice(1))) makeUnknown(cell, reason);
    }
  }

  #create(name: string): Cell {
    const cell = name === "%policy_bank" ? this.#policyBanks() : this.#fromDefault(name);
    if (amavisVariable(name) !== undefined) cell.name = name;
    if (this.#everything !== undefined) makeUnknown(cell, this.#everything);
    return cell;
  }

  #policyBanks(): HashCell {
    const banks = new HashCell();
    banks.entries.set("", new ScalarCell(ref(new BaseBank(this))));
    return banks;
  }

  #fromDefault(name: string): Cell {
    const initial = amavisVariable(name)?.default ?? null;
    if (name.startsWith("@")) {
      const cell = new ArrayCell();
      if (name === "@ARGV" || name === "@INC")
        cell.assign([unknown(`Perl's own ${name}`, undefined, true)], undefined);
      else cell.items = this.#list(initial).map((value) => new ScalarCell(value));
      return cell;
    }
    if (name.startsWith("%")) {
      const cell = new HashCell();
      if (name === "%ENV") cell.open = unknown("the environment of the process");
      if (isPlainObject(initial)) this.#fill(cell, initial);
      return cell;
    }
    return new ScalarCell(specialDefault(name) ?? this.#value(initial));
  }

  #list(initial: DefaultValue): Value[] {
    if (Array.isArray(initial)) return initial.map((item: DefaultValue) => this.#value(item));
    return isPlainObject(initial) ? [{ ...unknown(reasonOf(initial)), list: true }] : [];
  }

  #fill(cell: HashCell, initial: { readonly [key: string]: DefaultValue | boolean }): void {
    if (initial.$host === true || initial.$builtin === true) cell.open = unknown(reasonOf(initial));
    else
      for (const [key, value] of Object.entries(initial)) {
        if (typeof value !== "boolean") cell.entries.set(key, new ScalarCell(this.#value(value)));
      }
  }

  #value(initial: DefaultValue): Value {
    if (initial === null) return undef();
    if (typeof initial === "string") return text(initial);
    if (Array.isArray(initial)) {
      const cell = new ArrayCell();
      cell.items = initial.map((item: DefaultValue) => new ScalarCell(this.#value(item)));
      return ref(cell);
    }
    const object = initial as { readonly [key: string]: DefaultValue | boolean };
    if (typeof object.$ref === "string") return ref(this.global(object.$ref));
    if (object.$host === true || object.$builtin === true) return unknown(reasonOf(object));
    if (object.$code !== undefined) return opaque("code", "sub { ... }", String(object.$code));
    if (object.$template !== undefined)
      return opaque("template", "(a built-in text)", String(object.$template));
    const cell = new HashCell();
    this.#fill(cell, object);
    return ref(cell);
  }
}

function opaque(name: string, display: string, detail: string): Opaque {
  return { kind: "opaque", name, display, detail, origin: undefined };
}

function reasonOf(initial: { readonly [key: string]: DefaultValue | boolean }): string {
  return initial.$host === true ? "the machine decides its default" : "a table that is built into amavisd";
}

function isPlainObject(value: DefaultValue): value is { readonly [key: string]: DefaultValue | boolean } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Makes the value of a cell unknown: any scalar, any list, any entries. */
export function makeUnknown(cell: Cell, reason: UnknownValue): void {
  if (cell.kind === "scalar") cell.set({ ...reason, list: false, pieces: undefined }, reason.origin);
  else if (cell.kind === "array") cell.assign([{ ...reason, list: true, pieces: undefined }], reason.origin);
  else {
    cell.open = reason;
    for (const entry of cell.entries.values())
      entry.set({ ...reason, list: false, pieces: undefined }, reason.origin);
    cell.touch(reason.origin);
  }
}

/** An empty cell for a sigil. */
export function newCell(sigil: Sigil): Cell {
  return sigil === "@" ? new ArrayCell() : sigil === "%" ? new HashCell() : new ScalarCell();
}

/** `my` variables by name with sigil, innermost scope last. */
export class Scopes {
  readonly #scopes: (Map<string, Cell> | undefined)[] = [undefined];

  push(): void {
    this.#scopes.push(undefined);
  }

  pop(): void {
    this.#scopes.pop();
  }

  /** The same variables for a sub: what is declared around it later is seen in it as well. */
  captured(): Scopes {
    const copy = new Scopes();
    copy.#scopes.length = 0;
    for (let at = 0; at < this.#scopes.length; at++) {
      const scope = this.#scopes[at] ?? new Map<string, Cell>();
      this.#scopes[at] = scope;
      copy.#scopes.push(scope);
    }
    return copy;
  }

  declare(name: string, cell: Cell): void {
    const last = this.#scopes.length - 1;
    const scope = this.#scopes[last] ?? new Map<string, Cell>();
    scope.set(name, cell);
    this.#scopes[last] = scope;
  }

  find(name: string): Cell | undefined {
    for (let at = this.#scopes.length - 1; at >= 0; at--) {
      const cell = this.#scopes[at]?.get(name);
      if (cell !== undefined) return cell;
    }
    return undefined;
  }
}
