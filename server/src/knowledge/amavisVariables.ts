/** What amavisd's configuration name space offers: variables with their defaults, constants, functions. */
import readData from "./data/amavisVariables.js";
import { lazy } from "./lazy.js";

/**
 * A default as JSON: null is undef, a text a scalar, an array or an object a list or a hash.
 * `{"$ref":"@x"}` refers to a variable, `{"$code":...}` is a function, `{"$template":...}` a built-in
 * text, `{"$host":true}` something of the machine, `{"$builtin":true}` a built-in table.
 */
export type DefaultValue =
  | null
  | string
  | readonly DefaultValue[]
  | { readonly [key: string]: DefaultValue | boolean };

export interface AmavisVariable {
  /** With sigil. */
  readonly name: string;
  readonly sigil: "$" | "@" | "%";
  readonly group: string;
  /** True when a policy bank may hold it, under its name without sigil. */
  readonly policyBank: boolean;
  /** An older name, to which the default of a newer table refers. */
  readonly legacy: boolean;
  readonly default: DefaultValue;
  /** What the value means: "port|port-list", "delivery-method|list" ...; only for some. */
  readonly valueKind: string | undefined;
  /** The release whose notes announce it as new. */
  readonly since: string | undefined;
  /** The release from which setting it only gives a warning. */
  readonly retired: string | undefined;
}

export type FunctionClass = "pure" | "readFiles" | "includes" | "other";

interface Data {
  readonly version: string;
  readonly groups: readonly string[];
  readonly variables: readonly (readonly [
    string,
    number,
    DefaultValue?,
    (string | 0)?,
    (string | 0)?,
    (string | 0)?,
  ])[];
  readonly declared: readonly string[];
  readonly constants: Readonly<Record<string, number>>;
  readonly functions: Readonly<Record<FunctionClass, readonly string[]>>;
  readonly aliases: Readonly<Record<string, string>>;
  readonly extraBankKeys: readonly string[];
}

const data = lazy(() => readData() as Data);

interface Index {
  readonly variables: ReadonlyMap<string, AmavisVariable>;
  readonly bankKeys: ReadonlyMap<string, AmavisVariable>;
  readonly functions: ReadonlyMap<string, FunctionClass>;
  readonly declared: ReadonlySet<string>;
}

let built: Index | undefined;

/** Built at first use: a start of the program must not pay for it. */
function index(): Index {
  if (built !== undefined) return built;
  const variables = new Map<string, AmavisVariable>();
  const bankKeys = new Map<string, AmavisVariable>();
  for (const [name, groupIndex, initial, valueKind, since, retired] of data().variables) {
    const group = data().groups[groupIndex] ?? "";
    const variable: AmavisVariable = {
      name,
      sigil: name.charAt(0) as AmavisVariable["sigil"],
      group,
      policyBank: group.endsWith("dynamic"),
      legacy: group.startsWith("legacy"),
      default: initial ?? null,
      valueKind: valueKind || undefined,
      since: since || undefined,
      retired: retired || undefined,
    };
    variables.set(name, variable);
    if (variable.policyBank) bankKeys.set(name.slice(1), variable);
  }
  const functions = new Map<string, FunctionClass>();
  for (const [kind, names] of Object.entries(data().functions)) {
    for (const name of names) functions.set(name, kind as FunctionClass);
  }
  built = {
    variables,
    bankKeys,
    functions,
    declared: new Set([...data().declared, ...Object.keys(data().aliases)]),
  };
  return built;
}

/** The release of amavisd that the facts describe. */
export function amavisVersion(): string {
  return data().version;
}

/** All configuration variables by name with sigil. */
export function amavisVariables(): ReadonlyMap<string, AmavisVariable> {
  return index().variables;
}

/** A configuration variable by name with sigil, under an old name too. */
export function amavisVariable(name: string): AmavisVariable | undefined {
  const { variables } = index();
  return variables.get(name) ?? variables.get(data().aliases[name] ?? "");
}

/** The variable that a key of a policy bank (without sigil) stands for. */
export function amavisBankKey(key: string): AmavisVariable | undefined {
  return index().bankKeys.get(key);
}

/** Keys of a policy bank that are no variables: ACTION and names that amavisd keeps itself. */
export function isExtraBankKey(key: string): boolean {
  return data().extraBankKeys.includes(key);
}

/** True when a name (with sigil) exists in amavisd's name space, so that `use strict` accepts it. */
export function isDeclaredByAmavis(name: string): boolean {
  const { variables, declared } = index();
  return variables.has(name) || declared.has(name);
}

/** The variable that an old name shares its value with, with sigil. */
export function amavisAlias(name: string): string | undefined {
  return data().aliases[name];
}

/** The value of a constant such as D_PASS or CC_SPAM. */
export function amavisConstant(name: string): number | undefined {
  return data().constants[name];
}

export function amavisConstants(): readonly string[] {
  return Object.keys(data().constants);
}

/** The names of amavisd's functions that a configuration can call. */
export function amavisFunctions(): Iterable<string> {
  return index().functions.keys();
}

/** What kind of function a name is that configuration files may call. */
export function amavisFunction(name: string): FunctionClass | undefined {
  return index().functions.get(name);
}
