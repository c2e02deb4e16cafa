/** TLS levels, protocols, ciphers and log levels (tls_level.c, tls_misc.c; what 3.7.11 was seen to take). */
import type { ParameterFacts } from "../../../knowledge/parameters.js";
import { items, type ValueFault, whole } from "./fault.js";
import { oneOf } from "./words.js";

const CLIENT_LEVELS = "none may encrypt fingerprint dane dane-only verify secure".split(" ");
const SERVER_LEVELS = ["none", "may", "encrypt"];
/** Levels of a client that a server takes, with a warning, for "encrypt". */
const LOWERED = ["fingerprint", "verify", "secure"];
const PROTOCOLS = "SSLv2 SSLv3 TLSv1 TLSv1.1 TLSv1.2 TLSv1.3".split(" ");
const GRADES = "high medium low export null".split(" ");
const LOG_WORDS =
  "0 none 1 routine 2 debug 3 ssl-expert 4 ssl-developer 5 6 summary untrusted peercert certmatch verbose cache ssl-debug ssl-handshake-packet-dump ssl-session-packet-dump dane".split(
    " ",
  );

const isServer = (name: string) => /^(?:smtpd|postscreen|tlsproxy_tls)_/.test(name);

/** *_tls_security_level; upper and lower case are the same, empty is "none or what older parameters say". */
export function levelFaults({ name, enum: list }: ParameterFacts, text: string): ValueFault[] {
  const word = text.toLowerCase();
  const server = isServer(name);
  if (word === "" || (server ? SERVER_LEVELS : CLIENT_LEVELS).includes(word)) return [];
  if (server && LOWERED.includes(word))
    return [
      whole(text, {
        kind: "tls-level",
        expected: `${oneOf(SERVER_LEVELS)} on the server's side`,
        log: `${name}: unsupported TLS level "${text}", using "encrypt"`,
        effect: "warn",
        suggestion: "encrypt",
      }),
    ];
  // A level of a release that is newer than those that were tried.
  if (!server && list?.values.includes(word)) return [];
  const plain = word.replace(/^["']+|["']+$/g, "");
  const values = server ? SERVER_LEVELS : CLIENT_LEVELS;
  const alias = ALIASES[plain];
  return [
    whole(text, {
      kind: "tls-level",
      expected: server ? oneOf(SERVER_LEVELS) : oneOf(CLIENT_LEVELS),
      log: `Invalid TLS level "${text}"`,
      effect: "fatal",
      candidates: values,
      ...(values.includes(plain) ? { suggestion: plain } : alias ? { suggestion: alias } : {}),
    }),
  ];
}

const ALIASES: Readonly<Record<string, string>> = {
  yes: "may",
  on: "may",
  true: "may",
  opportunistic: "may",
  no: "none",
  off: "none",
  false: "none",
  mandatory: "encrypt",
  required: "encrypt",
  require: "encrypt",
  enforce: "encrypt",
};

/** Items such as !SSLv3, TLSv1.2, >=TLSv1.2, >=0303, divided by blanks, commas or colons. */
export function protocolFaults({ name }: ParameterFacts, text: string): ValueFault[] {
  const faults: ValueFault[] = [];
  // A blank behind the comparison belongs to it.
  const joined = text.replace(
    /([<>]=)([ \t\r\n]+)/g,
    (_all, sign: string, gap: string) => sign + "=".repeat(gap.length),
  );
  for (const { start, end } of items(joined, /[, \t\r\n:]+/)) {
    const word = text.slice(start, end);
    const match = /^([<>]=\s*|!)?(.+)$/s.exec(word);
    const protocol = match?.[2] ?? "";
    const hexadecimal = /^[<>]=/.test(word) && /^0[0-9a-f]{3}$/i.test(protocol);
    if (hexadecimal || isProtocol(protocol)) continue;
    const suggestion = PROTOCOLS.find(
      (known) => sameProtocol(known, protocol.replace(/^=/, "")) && !/^=/.test(word),
    );
    faults.push({
      kind: "tls-protocols",
      start,
      end,
      text: word,
      expected: `protocols such as >=TLSv1.2 or !SSLv3 (${oneOf(PROTOCOLS)})`,
      log: `Invalid TLS protocol list "${text}": disabling TLS support`,
      effect: name.includes("_mandatory_") ? "refuse" : "warn",
      consequence: "",
      ...(suggestion === undefined ? {} : { suggestion: `${match?.[1]?.trim() ?? ""}${suggestion}` }),
    });
  }
  return faults;
}

const isProtocol = (word: string) => PROTOCOLS.some((known) => known.toLowerCase() === word.toLowerCase());

/** TLS1.2, TLS-1.2, tls1_2, TLSv1.0, ssl2 for what they mean. */
function sameProtocol(known: string, word: string): boolean {
  const reduce = (text: string) =>
    text
      .toLowerCase()
      .replace(/[v_. -]/g, "")
      .replace(/^tls1?0?$/, "tls1")
      .replace(/^tls10$/, "tls1");
  return word !== "" && reduce(known) === reduce(word);
}

export function gradeFaults({ name }: ParameterFacts, text: string): ValueFault[] {
  if (text === "" || GRADES.includes(text.toLowerCase())) return [];
  return [
    whole(text, {
      kind: "tls-ciphers",
      expected: `a grade, ${oneOf(GRADES)}, and no list of ciphers`,
      log: `...: invalid cipher grade: "${text}"`,
      effect: name.includes("_mandatory_") ? "refuse" : "warn",
      consequence: "and every TLS handshake fails",
      candidates: GRADES,
    }),
  ];
}

/** *_exclude_ciphers: names of ciphers; OpenSSL's signs before them are refused. */
export function excludeFaults({ name }: ParameterFacts, text: string): ValueFault[] {
  const faults: ValueFault[] = [];
  for (const item of items(text, /[, \t\r\n:]+/)) {
    if (!/^[!+\-@]/.test(item.text)) continue;
    const plain = item.text.replace(/^[!+\-@]+/, "");
    faults.push({
      ...item,
      kind: "tls-ciphers",
      expected: "names of ciphers without a sign before them",
      log: `...: invalid unary '!+-@' in cipher exclusion: ${item.text}`,
      effect: name.includes("_mandatory_") ? "refuse" : "warn",
      consequence: "and every TLS handshake fails",
      ...(plain ? { suggestion: plain } : {}),
    });
  }
  return faults;
}

export function logLevelFaults({ name }: ParameterFacts, text: string): ValueFault[] {
  const faults: ValueFault[] = [];
  for (const item of items(text, /[, \t\r\n]+/)) {
    if (LOG_WORDS.includes(item.text.toLowerCase())) continue;
    faults.push({
      ...item,
      kind: "enum",
      expected: "a number from 0 to 4, or words such as none, summary and debug",
      log: `unknown ${name} value "${item.text}" in "${text}"`,
      effect: "warn",
      candidates: LOG_WORDS,
    });
  }
  return faults;
}
