/** Names in amavisd's configuration: variables, keys of policy banks, constants and functions. */
import {
  type AmavisVariable,
  amavisBankKey,
  amavisConstants,
  amavisFunction,
  amavisVariables,
} from "../../knowledge/amavisVariables.js";
import { namesWithText } from "../../knowledge/texts.js";
import type { Location } from "../../semantics/located.js";
import { LineIndex } from "../../syntax/text.js";
import type { PerlVariablePlace, PerlWordPlace } from "../position.js";
import { COMMON_BANK_KEYS, COMMON_VARIABLES } from "./common.js";
import { type Context, type Item, RANK, stop } from "./item.js";

/** Variables behind a sigil, or without one at the start of a statement. */
export function variableItems(context: Context, place: PerlVariablePlace | PerlWordPlace): Item[] {
  const sigil = place.kind === "perl-variable" ? place.sigil : undefined;
  const assigns = place.statementStart;
  const rest = context.text.slice(place.word.range.end, place.word.range.end + 40);
  const picked = /^\s*([[{])/.exec(rest)?.[1];
  const ending = assigns && picked === undefined && !/^\s*=/.test(rest) ? " = " : "";
  const lines = new LineIndex(context.text);
  const inString = place.kind === "perl-variable" && place.inString;
  const written = lastWritten(context, place);
  const items: Item[] = [];
  const add = (variable: AmavisVariable) => {
    // $x{a} and $x[1] are elements of %x and @x.
    const isElement = sigil === "$" && variable.sigil !== "$";
    if (picked !== undefined && sigil === "$" && variable.sigil !== (picked === "{" ? "%" : "@")) return;
    const { name } = variable;
    if (inString && variable.sigil === "%") return;
    const same = sigil === undefined || variable.sigil === sigil || picked !== undefined;
    // A wrong sigil is put right where a statement begins; elsewhere it may be meant.
    if (!same && !assigns) return;
    const last = written.get(name);
    const at =
      last &&
      (last.file === context.path
        ? `line ${lines.lineAt(last.range.start) + 1}`
        : last.file.slice(last.file.lastIndexOf("/") + 1));
    const retired = variable.retired !== undefined;
    const order = COMMON_VARIABLES.get(name);
    const common = order === undefined ? RANK.usual : RANK.common + order;
    const rank = retired
      ? RANK.deprecated
      : last
        ? assigns
          ? RANK.present
          : RANK.common
        : same
          ? common
          : RANK.rare;
    // These two have an entry of their own below.
    if (isElement && picked === undefined && /^%(?:policy_bank|interface_policy)$/.test(name)) return;
    const opens = isElement && picked === undefined && variable.sigil === "%";
    const shown = opens
      ? `$${name.slice(1)}{...}`
      : isElement && picked !== undefined
        ? `$${name.slice(1)}`
        : name;
    items.push({
      label: shown,
      kind: "variable",
      insert: opens ? ["$", name.slice(1), "{", stop(1), "}", stop(0)] : `${shown}${ending}`,
      rank,
      documentation: ["amavis", name],
      filter: sigil === undefined ? name.slice(1) : `${sigil}${name.slice(1)}`,
      ...(at
        ? { detail: `set in ${at}` }
        : retired
          ? { detail: `out of use since ${variable.retired}` }
          : {}),
      ...(retired ? { deprecated: true } : {}),
    });
  };
  for (const variable of amavisVariables().values()) add(variable);
  if (assigns && picked === undefined && sigil !== "@" && sigil !== "%")
    items.push(...elementItems(context, sigil));
  else if (!assigns) items.push(...ownVariables(context, place, sigil));
  return items;
}

/** Where each variable is set last, but for the place that is being written. */
function lastWritten(
  { analysis, path }: Context,
  { word }: PerlVariablePlace | PerlWordPlace,
): ReadonlyMap<string, Location> {
  const found = new Map<string, Location>();
  for (const { name, access, location } of analysis.system.amavis?.uses ?? [])
    if (access === "write" && (location.file !== path || location.range.start !== word.range.start))
      found.set(name, location);
  return found;
}

/** `$policy_bank{'NAME'} = {...}` and `$interface_policy{'PORT'} = 'NAME'`, as they are written. */
function elementItems({ analysis }: Context, sigil: string | undefined): Item[] {
  const { amavis } = analysis.system;
  const undefinedBanks = usedBanks(analysis).filter((name) => !amavis?.banks.has(name));
  const bank = undefinedBanks[0] ?? "ORIGINATING";
  const lonely = amavis?.listeners.find(({ network, banks }) => network === "inet" && banks.length === 0);
  const filter = (name: string) => (sigil === undefined ? name : `$${name}`);
  return [
    {
      label: "$policy_bank{...} = { ... }",
      kind: "entry",
      insert: ["$policy_bank{'", stop(1, bank), "'} = {\n  ", stop(2, "originating => 1"), ",\n};", stop(0)],
      filter: filter("policy_bank"),
      rank: undefinedBanks.length > 0 ? RANK.wanted : RANK.common,
      documentation: ["amavis", "%policy_bank"],
      ...(undefinedBanks.length > 0 ? { detail: `${bank} is used, and nowhere set` } : {}),
    },
    {
      label: "$interface_policy{...} = '...'",
      kind: "entry",
      insert: [
        "$interface_policy{'",
        stop(1, String(lonely?.port || 10026)),
        "'} = '",
        stop(2, bank),
        "';",
        stop(0),
      ],
      filter: filter("interface_policy"),
      rank: RANK.common,
      documentation: ["amavis", "%interface_policy"],
    },
  ];
}

/** Variables that the file brings itself. */
function ownVariables(
  { analysis, path, text }: Context,
  place: PerlVariablePlace | PerlWordPlace,
  sigil: string | undefined,
): Item[] {
  const known = amavisVariables();
  const names = new Set<string>();
  for (const { kind, start, end } of analysis.system.amavisTrees.get(path)?.tokens ?? []) {
    if (kind !== "variable" || start === place.word.range.start) continue;
    const name = text.slice(start, end);
    if (/^[$@%][A-Za-z]\w*$/.test(name) && !known.has(name)) names.add(name);
  }
  return [...names]
    .filter((name) => sigil === undefined || name.startsWith(sigil))
    .filter((name) => !known.has(`%${name.slice(1)}`) && !known.has(`@${name.slice(1)}`))
    .map((name) => ({
      label: name,
      kind: "variable",
      rank: RANK.common,
      filter: sigil === undefined ? name.slice(1) : name,
      detail: "of this file",
    }));
}

/** Names of policy banks that something loads, whether they are there or not. */
export function usedBanks({ system }: Context["analysis"]): string[] {
  const { amavis } = system;
  if (!amavis) return [];
  const table: unknown = amavis.variables(false).variables["%interface_policy"];
  const named = typeof table === "object" && table !== null ? Object.values(table) : [];
  const texts = named.filter((name): name is string => typeof name === "string" && name !== "");
  return [...new Set([...texts, ...amavis.clientBanks])];
}

/** Keys inside the braces of a policy bank that it does not have yet. */
export function bankKeyItems({ text }: Context, place: PerlWordPlace): Item[] {
  const arrow = /^\s*=>/.test(text.slice(place.word.range.end, place.word.range.end + 20));
  const order = new Map(COMMON_BANK_KEYS.map((key, index) => [key, index]));
  const keys = new Set(COMMON_BANK_KEYS);
  for (const variable of amavisVariables().values())
    if (variable.policyBank) keys.add(variable.name.slice(1));
  return [...keys].flatMap((key): Item[] => {
    if (place.brackets[0]?.keys.includes(key)) return [];
    const variable = amavisBankKey(key);
    const at = order.get(key);
    const shape =
      variable?.sigil === "@" ? "a list in [ ]" : variable?.sigil === "%" ? "a hash in { }" : undefined;
    return [
      {
        label: key,
        kind: "key",
        insert: `${key}${arrow ? "" : " => "}`,
        rank: at === undefined ? RANK.usual : RANK.common + at,
        documentation: ["bankKey", key],
        ...(shape === undefined ? {} : { detail: shape }),
      },
    ];
  });
}

/**
 * Constants and functions where a value can stand.
 * @param constantsOf the constants that have a meaning there
 */
export function termItems(constantsOf: RegExp): Item[] {
  const constants = amavisConstants()
    .filter((name) => constantsOf.test(name))
    .map(
      (name): Item => ({
        label: name,
        kind: "constant",
        rank: RANK.usual,
        documentation: ["amavisWord", name],
      }),
    );
  const functions = namesWithText("amavisWord").flatMap((name): Item[] => {
    const kind = amavisFunction(name);
    if (kind === undefined) return [];
    const rank = kind === "readFiles" || name === "new_RE" ? RANK.usual : RANK.rare;
    const insert =
      kind === "readFiles" ? [`${name}("`, stop(1), '")', stop(0)] : [`${name}(`, stop(1), ")", stop(0)];
    return [{ label: name, kind: "function", insert, rank, documentation: ["amavisWord", name] }];
  });
  return [...constants, ...functions];
}
