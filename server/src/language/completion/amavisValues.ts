/** Values in amavisd's configuration: ports and methods that exist in this system, banks, words of an enumeration. */
import { amavisBankKey, amavisVariable } from "../../knowledge/amavisVariables.js";
import type { PerlStringPlace, PerlWordPlace } from "../position.js";
import type { Surroundings } from "../positionAmavis.js";
import { bankKeyItems, termItems, usedBanks, variableItems } from "./amavisNames.js";
import { type Subject, stringValues, USUAL_BANKS } from "./amavisStrings.js";
import { type Context, type Item, RANK, wordItems } from "./item.js";
import { feedTransports, wantedFilterPorts } from "./system.js";

export function wordItemsAt(context: Context, place: PerlWordPlace): Item[] {
  const { word, brackets } = place;
  const inner = brackets[0];
  const number = /^\d/.test(word.typed);
  const bank = bankOf(place);
  if (bank !== undefined && (inner?.previous === undefined || inner.previous === ",") && !number)
    return bankKeyItems(context, place);
  if (inner?.subscriptOf !== undefined) return subscripts(context, inner.subscriptOf).map(quoted);
  if (place.statementStart) return number ? [] : [...variableItems(context, place), ...statements()];
  if ((inner ?? place).previous === "value") return [];
  const subject = subjectOf(place);
  const values = subject
    ? [...plainValues(context, place, subject), ...stringValues(context, subject).map(quoted)]
    : [];
  if (number) return values.filter(({ label }) => /^\d/.test(label));
  const special = new Set(values.map(({ label }) => label));
  const constants =
    !subject || /by_ccat/.test(subject.name) ? /./ : subject.kind === "destiny" ? /^D_/ : /^$/;
  const others = [
    ...termItems(constants),
    ...variableItems(context, place).map((item) => ({ ...item, rank: item.rank + 200 })),
  ];
  return [...values, ...others.filter(({ label }) => !special.has(label))];
}

export function stringItemsAt(context: Context, place: PerlStringPlace): Item[] {
  const { quote, closed, brackets, word } = place;
  const inner = brackets[0];
  const subject = subjectOf(place);
  const names =
    inner?.subscriptOf !== undefined
      ? subscripts(context, inner.subscriptOf)
      : isSocketKey(place)
        ? subscripts(context, "$interface_policy")
        : subject
          ? stringValues(context, subject)
          : [];
  const typedBefore = place.before.slice(0, place.before.length - word.typed.length);
  const present = new Set(typedBefore.split(/[\s,]+/));
  const ending = closed || quote === "qw" || quote === "q" ? "" : quote;
  return (
    names
      .filter(({ label }, index) => names.findIndex((other) => other.label === label) === index)
      .filter(({ label }) => !present.has(label))
      // An @ would be taken for a list in double quotes, and a $ for itself in the others.
      .filter(({ label }) => !label.includes(quote === '"' ? "@" : "$"))
      .map((item) => ({ ...item, insert: `${item.label}${ending}` }))
  );
}

/** A text with its quotes; double ones where a variable is to be filled in. */
function quoted(item: Item): Item {
  const quote = item.label.includes("$") ? '"' : "'";
  const label = `${quote}${item.label}${quote}`;
  return { ...item, label, insert: label, filter: item.label };
}

/** The key position of `%interface_policy = ('10026' => ...)`. */
function isSocketKey({ target, brackets }: Surroundings): boolean {
  const inner = brackets[0];
  const atKey = inner?.previous === undefined || inner.previous === ",";
  return target === "%interface_policy" && inner?.open === "(" && atKey && (inner.index ?? 0) % 2 === 0;
}

/** The policy bank whose braces the cursor is in. */
function bankOf({ target, targetKey, brackets }: Surroundings): string | undefined {
  const [inner, outer] = brackets;
  if (target !== "%policy_bank" || inner?.open !== "{" || inner.subscriptOf !== undefined) return undefined;
  if (brackets.length === 1) return targetKey ?? "";
  return brackets.length === 2 && outer?.open === "(" ? (outer.key ?? "") : undefined;
}

function subjectOf(place: Surroundings): Subject | undefined {
  const { brackets, target } = place;
  const inBank = target === "%policy_bank";
  const key = inBank ? brackets.find(({ open, key }) => open === "{" && key !== undefined)?.key : undefined;
  if (key !== undefined) {
    const variable = amavisBankKey(key);
    return { name: key, kind: variable?.valueKind ?? "", variable, inBank };
  }
  if (target === undefined) return undefined;
  const variable = amavisVariable(target);
  return { name: target, kind: variable?.valueKind ?? "", variable, inBank: false };
}

/** Keys behind `$policy_bank{` and `$interface_policy{`. */
function subscripts({ analysis }: Context, variable: string): Item[] {
  const { amavis } = analysis.system;
  if (variable === "$policy_bank") {
    const used = usedBanks(analysis);
    const there = [...(amavis?.banks.keys() ?? [])].filter((name) => name !== "");
    const missing = used.filter((name) => !there.includes(name));
    const usual = USUAL_BANKS.filter((name) => !there.includes(name) && !missing.includes(name));
    return [
      ...wordItems(missing, "word", RANK.wanted, () => ({ detail: "used, and nowhere set" })),
      ...wordItems(usual, "word", RANK.common, () => ({ detail: "a usual name" })),
      ...wordItems(there, "word", RANK.usual, () => ({ detail: "set already" })),
    ];
  }
  if (variable !== "$interface_policy") return [];
  const items = (amavis?.listeners ?? []).flatMap(({ network, port, banks }): Item[] => {
    const label = network === "unix" ? "SOCK" : String(port);
    if (label === "0") return [];
    const detail = banks.length > 0 ? `has ${banks.join(", ")}` : "listens, and has no bank yet";
    return [{ label, kind: "value", rank: banks.length > 0 ? RANK.present : RANK.wanted, detail }];
  });
  return items.filter((item, index) => items.findIndex(({ label }) => label === item.label) === index);
}

/** Values without quotes: constants, numbers, lists. */
function plainValues(context: Context, place: PerlWordPlace, { name, kind, inBank }: Subject): Item[] {
  const constant = (words: readonly string[]) =>
    wordItems(words, "constant", RANK.wanted, (word) => ({ documentation: ["amavisWord", word] }));
  const value = (words: readonly string[], rank: number = RANK.wanted) => wordItems(words, "value", rank);
  if (/by_ccat$/.test(name) && place.brackets[0]?.open !== undefined) {
    const atKey = place.brackets[0].previous !== "=>" && place.brackets[0].index % 2 === 0;
    if (atKey) return constant(CATEGORIES);
    return /destiny/.test(name) ? constant(DESTINIES) : [];
  }
  if (kind === "destiny")
    return constant(
      /spam/.test(name) ? ["D_PASS", ...DESTINIES.filter((word) => word !== "D_PASS")] : DESTINIES,
    );
  if (
    kind === "bool" ||
    /^\$?(?:originating|allow_disclaimers|do_syslog|sa_local_tests_only)$/.test(name) ||
    /^\$(?:enable|warn|defang|insert|undecipherable)/.test(name)
  )
    return value(["1", "0"]);
  if (kind === "int 0..5") return value(["0", "1", "2", "3", "4", "5"]);
  if (kind === "port|port-list") return portItems(context);
  if (kind.startsWith("file-mode")) return value(["0660", "0666"]);
  if (name === "$max_servers") return serverItems(context);
  if (kind.includes("undef")) return value(["undef"], RANK.usual);
  if (inBank && /^bypass_.*_maps$/.test(name)) return value(["[1]"]);
  if (inBank && (name === "inet_acl" || name === "mynetworks_maps"))
    return value(["[qw( 127.0.0.1 [::1] )]"]);
  if (inBank && name === "smtpd_discard_ehlo_keywords") return value(["['8BITMIME']"]);
  return [];
}

const DESTINIES = ["D_DISCARD", "D_PASS", "D_BOUNCE", "D_REJECT", "D_TEMPFAIL"];
const CATEGORIES = [
  "CC_VIRUS",
  "CC_BANNED",
  "CC_SPAM",
  "CC_SPAMMY",
  "CC_BADH",
  "CC_UNCHECKED",
  "CC_CLEAN",
  "CC_OVERSIZED",
  "CC_MTA",
  "CC_CATCHALL",
];

/** Ports that Postfix sends mail to and where nothing listens, then the usual ones. */
function portItems({ analysis }: Context): Item[] {
  const wanted = wantedFilterPorts(analysis);
  const items = wanted.map(
    ({ port, who }): Item => ({ label: String(port), kind: "value", rank: RANK.wanted, detail: who }),
  );
  for (const [port, detail] of [
    ["10024", "the usual port"],
    ["[10024, 10026]", "10026 for users' own mail"],
  ] as const)
    if (!items.some(({ label }) => label === port))
      items.push({
        label: port,
        kind: "value",
        rank: RANK.common,
        detail,
        ...(port === "10024" ? { documentation: ["port", port] as const } : {}),
      });
  return items;
}

/** As many processes as the transport that feeds amavisd opens connections. */
function serverItems({ analysis }: Context): Item[] {
  const transport = feedTransports(analysis).find(({ name }) =>
    analysis.flow.requests.some(({ request }) => request.text.startsWith(`${name}:`)),
  );
  const limit = transport?.entry.columns.maxproc?.text ?? "";
  return /^[1-9]\d*$/.test(limit)
    ? [
        {
          label: limit,
          kind: "value",
          rank: RANK.wanted,
          detail: `the processes of ${transport?.name} in master.cf`,
        },
      ]
    : [];
}

/** Whole statements that are no assignments. */
function statements(): Item[] {
  return [
    {
      label: "use strict;",
      kind: "entry",
      rank: RANK.rare,
      detail: "undeclared names stop amavisd at its start",
    },
    { label: "1;", kind: "entry", rank: RANK.rare, detail: "the end of the file" },
  ];
}
