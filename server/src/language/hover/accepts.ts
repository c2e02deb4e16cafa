/** What a parameter takes, in words: kind of value, bounds, units, words with their meaning. From the facts alone. */
import type { ParameterClass, ParameterFacts } from "../../knowledge/parameters.js";
import { keywordText, textFor } from "../../knowledge/texts.js";
import { bullets, code, enumerate } from "../markdown.js";

const KINDS: Readonly<Partial<Record<ParameterClass, string>>> = {
  "access-list": "patterns of users or hosts, the first match counts",
  address: "a mail address",
  "address-list": "addresses and networks (`192.0.2.0/24`, `[2001:db8::]/32`), tables or files; `!` excepts",
  bool: "`yes` or `no`",
  "character-set": "the characters that stay as they are",
  command: "a command",
  "compat-level": "a level: a release such as `3.6`, or `0`, `1`, `2`",
  "domain-list": "domains, tables (`type:name`) or files",
  enum: "one word",
  "enum-list": "words",
  "feedback-expression": "a number, `1/concurrency` or `1/sqrt_concurrency`",
  group: "a group of this host",
  hostname: "a host or domain name",
  "ip-address": "an address of this host",
  map: "one lookup table (`type:name`)",
  "map-list": "lookup tables (`type:name`), asked in order",
  "map-type": "a table type such as `hash` or `lmdb`",
  "milter-list": "milters (`inet:host:port`, `unix:path`, `{ inet:host:port, name=value }`)",
  "milter-macro-list": "names of macros",
  "name-list": "names, or `NAME=value`",
  nexthop: "a nexthop: `[host]`, `[host]:port`, or a domain whose MX is looked up",
  "nexthop-list": "nexthops, tried in order: `[host]:port` or a domain",
  path: "a file",
  "path-dir": "a folder",
  "path-list": "files",
  port: "a port, by number or name",
  "proxy-endpoint": "`host:port`, `inet:host:port` or `unix:path`",
  "restriction-class-names": "names, each of which becomes a list of restrictions",
  "restriction-list": "restrictions, run in order until one decides",
  "service-list": "service types, or `name/type`",
  "service-name": "a service of master.cf",
  "smtp-reply-code": "a reply code of three digits",
  "tls-ciphers": "ciphers to leave out",
  "tls-loglevel": "a level from `0` to `4`",
  "tls-protocols": "TLS versions, such as `>=TLSv1.2`; `!` excludes one",
  "transport-destination": "`transport:nexthop`; the transport is a service of master.cf",
  user: "a user of this host",
};

/** "a time from 1 s to 10 s (unit s m h d w, s when none is written)" */
export function accepts(facts: ParameterFacts): string {
  const may = facts.mayBeEmpty && facts.class !== "bool" && facts.class !== "enum" ? "; may be empty" : "";
  if (facts.enum && facts.enum.values.length > 0)
    return `${facts.enum.multiple ? "any of" : "one of"} ${enumerate(facts.enum.values.map(code), facts.enum.multiple ? "and" : "or")}${may}`;
  if (facts.table === "READONLY" || facts.readOnly) return "nothing: the program sets it";
  const base = base0(facts);
  return `${base}${may}${facts.table === "RAW" ? " (`$` is filled in at the time of use)" : ""}`;
}

function base0(facts: ParameterFacts): string {
  if (facts.class === "time") {
    const unit = facts.unit ? `, ${code(facts.unit)} when none is written` : "";
    return `a time${bounds(facts, showSeconds)} (units \`s m h d w\`${unit})`;
  }
  if (facts.class === "int") return `a whole number${bounds(facts, String)}`;
  if (facts.class === "size") return `a number of bytes${bounds(facts, String)}`;
  return KINDS[facts.class] ?? `a text${length(facts)}`;
}

function bounds({ min, max }: ParameterFacts, show: (limit: number) => string): string {
  if (min !== undefined && max !== undefined) return ` from ${show(min)} to ${show(max)}`;
  if (min !== undefined) return `, at least ${show(min)}`;
  return max === undefined ? "" : `, at most ${show(max)}`;
}

/** "100 d" for 8640000. */
function showSeconds(seconds: number): string {
  const [size, unit] = UNITS.find(([one]) => seconds >= one && seconds % one === 0) ?? [1, "s"];
  return `${seconds / size} ${unit}`;
}

const UNITS: readonly (readonly [size: number, unit: string])[] = [
  [86400, "d"],
  [3600, "h"],
  [60, "m"],
];

function length({ minLength, maxLength }: ParameterFacts): string {
  if (minLength !== undefined && minLength === maxLength)
    return ` of ${minLength} character${minLength === 1 ? "" : "s"}`;
  if (maxLength !== undefined) return ` of at most ${maxLength} character${maxLength === 1 ? "" : "s"}`;
  return "";
}

/** The words that a value may be, each with what it means; undefined when none of them has a text. */
export function wordMeanings(facts: ParameterFacts): string | undefined {
  const words = facts.enum?.values ?? [];
  const known = words.flatMap((word) => {
    const text = wordText(facts.name, word);
    return text === undefined ? [] : [`${code(word)}: ${text}`];
  });
  return known.length > 0 && known.length <= 14 ? bullets(known) : undefined;
}

/** What a word means as value of a parameter. */
export function wordText(parameter: string, word: string): string | undefined {
  if (parameter === "receive_override_options") return textFor("overrideOption", word);
  return keywordText(parameter, word);
}
