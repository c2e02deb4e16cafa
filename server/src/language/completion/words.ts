/** Values from a fixed set: yes and no, keywords, levels, numbers with their units. */
import { defaultValue, type ParameterFacts } from "../../knowledge/parameters.js";
import { keywordText } from "../../knowledge/texts.js";
import { hasReached } from "../../knowledge/version.js";
import type { ValuePlace } from "../position.js";
import { type Context, type Item, RANK, wordItems } from "./item.js";
import { serviceUse } from "./system.js";

export function fixedWords(context: Context, place: ValuePlace, facts: ParameterFacts): Item[] {
  const { system } = context.analysis;
  const { version } = system.profile;
  const byDefault = defaultValue(facts.name, version);
  const marked = (word: string): Partial<Item> => ({
    ...(keywordText(facts.name, word) === undefined
      ? {}
      : { documentation: ["keyword", `${facts.name}=${word}`] as const }),
    ...(word === byDefault ? { detail: "the default" } : {}),
  });
  const list = (values: readonly string[], rank: number = RANK.common) =>
    wordItems(values, "word", rank, marked);
  switch (facts.class) {
    case "bool":
      // Who writes the parameter wants it otherwise than it is.
      return list(byDefault === "yes" ? ["no", "yes"] : ["yes", "no"]);
    case "time":
      return timeItems(place);
    case "tls-protocols":
      return [
        ...(hasReached(version, "3.6") ? list([">=TLSv1.2", ">=TLSv1.3", ">=TLSv1"]) : []),
        ...list(["!SSLv2", "!SSLv3", "!TLSv1", "!TLSv1.1"], RANK.common + 10),
        ...(hasReached(version, "3.6") ? list(["<=TLSv1.2", "<=TLSv1.3"], RANK.usual) : []),
        ...list(["TLSv1.2", "TLSv1.3", "TLSv1.1", "TLSv1"], RANK.usual + 10),
      ];
    case "tls-ciphers":
      return list([
        "aNULL",
        "eNULL",
        "EXPORT",
        "LOW",
        "MD5",
        "DES",
        "3DES",
        "RC4",
        "PSK",
        "SRP",
        "SHA1",
        "kRSA",
      ]);
    case "tls-loglevel":
      return wordItems(["1", "0", "2", "3", "4"], "word", RANK.common, (word) => {
        const detail = TLS_LOG[word];
        return { ...marked(word), ...(detail === undefined ? {} : { detail }) };
      });
    case "compat-level":
      return wordItems(levels(version), "word", RANK.common);
    case "smtp-reply-code":
      return list(["450", "451", "550", "554"].filter((code) => fits(Number(code), facts)));
    case "map-type":
      return list(["hash", "lmdb", "btree", "cdb", "texthash"]);
    case "int":
      return numberItems(context, facts);
    case "enum":
    case "enum-list":
      return isServerLevel(facts.name) ? list(serverLevels(context, place)) : enumItems(facts, list);
    default:
      return facts.name.endsWith("syslog_name") && place.service
        ? wordItems([`postfix/${plainName(place.service.name)}`], "value", RANK.wanted)
        : [];
  }
}

const fits = (number: number, { min, max }: ParameterFacts) =>
  number >= (min ?? 0) && number <= (max ?? Number.MAX_SAFE_INTEGER);

/** A name for the log from the name of a service: 127.0.0.1:10025 becomes 10025. */
const plainName = (name: string) => name.slice(name.lastIndexOf(":") + 1);

const TLS_LOG: Readonly<Record<string, string>> = {
  "0": "nothing",
  "1": "one line a connection",
  "2": "the handshake too",
  "3": "hexadecimal, for experts",
  "4": "everything that is sent: never in production",
};

const UNITS = [
  ["s", "seconds"],
  ["m", "minutes"],
  ["h", "hours"],
  ["d", "days"],
  ["w", "weeks"],
] as const;

/** Behind a number its unit. */
function timeItems({ word }: ValuePlace): Item[] {
  const number = /^\d+/.exec(word.typed)?.[0];
  if (number === undefined) return [];
  return UNITS.map(([unit, name], index) => ({
    label: `${number}${unit}`,
    kind: "value",
    rank: RANK.common + index,
    detail: `${number} ${name}`,
  }));
}

/** Limits of the transport that feeds a filter: as many as it has processes. */
function numberItems({ analysis }: Context, { perService }: ParameterFacts): Item[] {
  const transport = perService && analysis.system.transports.get(perService.service);
  const limit = transport?.entry.columns.maxproc?.text;
  const items: Item[] = [];
  if (
    limit !== undefined &&
    /^[1-9]\d*$/.test(limit) &&
    perService?.suffix === "_destination_concurrency_limit"
  )
    items.push({
      label: limit,
      kind: "value",
      rank: RANK.wanted,
      detail: `the processes of ${transport?.name}`,
    });
  if (perService?.suffix === "_destination_recipient_limit")
    items.push({ label: "1", kind: "value", rank: RANK.wanted, detail: "one recipient a delivery" });
  return items;
}

/** Levels of releases up to the one that is read for, the newest first. */
function levels(version: string): string[] {
  const known = ["3.11", "3.6", "2", "1", "0"];
  return known.filter((level) => !level.includes(".") || hasReached(version, level));
}

/** Words that are accepted and never wanted, or only by experts. */
const UNWANTED: ReadonlySet<string> = new Set(["low", "export", "null", "obsolete", "class"]);
const LEVEL_ORDER = [
  "may",
  "encrypt",
  "dane",
  "verify",
  "secure",
  "none",
  "fingerprint",
  "dane-only",
  "halfdane",
];

const isServerLevel = (name: string) => /^(?:smtpd|postscreen|tlsproxy)_tls_security_level$/.test(name);

/** Users' own port insists on TLS, a filter on this host needs none. */
function serverLevels({ analysis }: Context, { service }: ValuePlace): readonly string[] {
  const use = service && serviceUse(analysis, service.program, service);
  if (use === "submission") return ["encrypt", "may", "none"];
  return use === "reinjection" ? ["none", "may", "encrypt"] : ["may", "encrypt", "none"];
}

function enumItems(
  facts: ParameterFacts,
  list: (values: readonly string[], rank?: number) => Item[],
): Item[] {
  const { name } = facts;
  let values = facts.enum?.values ?? [];
  if (/_security_level$/.test(name)) values = values.filter((value) => LEVEL_ORDER.includes(value));
  // Spelt as people write them; case does not count there.
  if (/_discard_[el]hlo_keywords$/.test(name)) values = values.map((value) => value.toLowerCase());
  if (name.endsWith("_security_level")) return list(LEVEL_ORDER.filter((level) => values.includes(level)));
  return [
    ...list(values.filter((value) => !UNWANTED.has(value))),
    ...list(
      values.filter((value) => UNWANTED.has(value)),
      RANK.rare,
    ),
  ];
}
