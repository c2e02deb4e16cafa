/** Host names, addresses, ports, users and texts with a length, as the daemons were seen to take them. */
import type { ParameterFacts } from "../../../knowledge/parameters.js";
import { normaliseAddress } from "../address.js";
import { readPort } from "../endpoints.js";
import { items, type ValueFault, whole } from "./fault.js";

/** Why valid_hostname(3) refuses a name, in its own words; undefined when it takes it. */
export function hostnameFault(name: string): string | undefined {
  if (name === "") return "empty hostname";
  const bad = /[^A-Za-z0-9_.-]/u.exec(name);
  if (bad) return `invalid character ${new TextEncoder().encode(bad[0])[0]}(decimal)`;
  const labels = name.split(".");
  if (labels.includes("")) return "misplaced delimiter";
  if (labels.some((label) => label.startsWith("-") || label.endsWith("-"))) return "misplaced hyphen";
  if (labels.some((label) => label.length > 63)) return "hostname label too long";
  if (name.length > 255) return "bad length";
  return labels.every((label) => /^\d+$/.test(label)) ? "numeric hostname" : undefined;
}

const CHECKED_NAMES: ReadonlySet<string> = new Set(["myhostname", "mydomain"]);

export function hostFaults({ name }: ParameterFacts, text: string): ValueFault[] {
  if (!CHECKED_NAMES.has(name)) return [];
  const reason = hostnameFault(text);
  if (reason === undefined) return [];
  const plain = text.replace(/^["'[]+|["'\].]+$/g, "");
  return [
    whole(text, {
      kind: "hostname",
      expected: `a host name (${reason})`,
      log: `parameter ${name}: bad parameter value: ${text}`,
      effect: "fatal",
      ...(plain !== text && hostnameFault(plain) === undefined ? { suggestion: plain } : {}),
    }),
  ];
}

/** postscreen_dnsbl_sites: domain, perhaps =filter, perhaps *weight. */
export function dnsblFaults(_facts: ParameterFacts, text: string): ValueFault[] {
  const faults: ValueFault[] = [];
  for (const item of items(text, /[, \t\r\n]+/)) {
    const [, domain = "", weight] = /^([^=*]*)(?:=[^*]*)?(?:\*(.*))?$/.exec(item.text) ?? [];
    const badWeight = weight !== undefined && !/^[+-]?\d+$/.test(weight);
    const reason = hostnameFault(domain);
    if (reason === undefined && !badWeight) continue;
    faults.push({
      ...item,
      kind: "hostname",
      expected:
        reason === undefined ? "a whole number as the weight behind *" : `a domain name first (${reason})`,
      log:
        reason === undefined
          ? `bad DNSBL weight factor "${weight}" in "${item.text}"`
          : `bad DNSBL domain name "${domain}" in "${item.text}"`,
      effect: "fatal",
    });
  }
  return faults;
}

/** smtp_bind_address and its like: an address, in brackets or not; names are not looked up. */
export function addressFaults({ name }: ParameterFacts, text: string): ValueFault[] {
  if (text === "") return [];
  const address = normaliseAddress(text.replace(/^\[(.*)\]$/, "$1"));
  const six = name.endsWith("6");
  if (address === undefined)
    return [
      whole(text, {
        kind: "ip-address",
        expected: `an IPv${six ? 6 : 4} address`,
        log: `smtp_connect_addr: bad ${name} parameter: ${text}: Name or service not known`,
        // Seen for IPv4; the other was not tried with a server that has an IPv6 address.
        effect: six ? "warn" : "fatal-in-use",
        ...(six ? { consequence: "when it connects to an IPv6 address" } : {}),
      }),
    ];
  if (address.includes(":") === six) return [];
  return [
    whole(text, {
      kind: "ip-address",
      expected: `an IPv${six ? 6 : 4} address`,
      log: six ? "" : `smtp_connect_addr: bind ${address}: Address family not supported by protocol`,
      effect: six ? "silent" : "warn",
      consequence: "and the system chooses the address",
    }),
  ];
}

/** smtp_tcp_port: where a nexthop has no port of its own. */
export function portFaults(_facts: ParameterFacts, text: string): ValueFault[] {
  if (text === "") return [];
  const port = readPort(text);
  if (port.kind === "number" && port.number > 0 && port.number <= 65535) return [];
  const known = port.kind === "number" || /^-?\d+$/.test(text);
  return [
    whole(text, {
      kind: "port",
      expected: "a number from 1 to 65535 or the name of a service that the host knows",
      log: port.kind === "number" ? `bad network port: ${text}` : `unknown service: ${text}/tcp`,
      effect: known ? "fatal-in-use" : "warn",
      ...(known ? {} : { consequence: "unless the services file of the host has that name" }),
    }),
  ];
}

/** default_privs, mail_owner, setgid_group: whether a name exists only the host knows, but not root and no number. */
export function userFaults({ name, class: kind }: ParameterFacts, text: string): ValueFault[] {
  if (text !== "root" && !/^\d+$/.test(text)) return [];
  const noun = kind === "group" ? "group" : "user";
  return [
    whole(text, {
      kind: "user",
      expected: text === "root" ? `a ${noun} without privileges` : `the name of a ${noun}, not its number`,
      log:
        text === "root"
          ? `parameter ${name}: ${noun} root has privileged ${noun} ID`
          : `parameter ${name}: unknown ${noun} name${noun === "user" ? " value" : ""}: ${text}`,
      effect: "fatal",
      suggestion: name === "default_privs" ? "nobody" : name === "mail_owner" ? "postfix" : "postdrop",
    }),
  ];
}

const LENGTH_TEXT = (size: number) => `${size} ${size === 1 ? "character" : "characters"}`;

/** Messages of programs that look into the text rather than at its length. */
const OWN_EMPTY: Readonly<Record<string, string>> = {
  inet_protocols: "all network protocols are disabled (inet_protocols = )",
  smtp_tls_dane_insecure_mx_policy: 'invalid smtp_tls_dane_insecure_mx_policy: ""',
};

/** Texts that must not be empty, or have a length; verp_delimiter_filter's characters are the default ones. */
export function textFaults(facts: ParameterFacts, text: string): ValueFault[] {
  const { name, minLength, maxLength } = facts;
  if (text === "") {
    if (facts.mayBeEmpty && OWN_EMPTY[name] === undefined) return [];
    const least = minLength ?? 1;
    const brackets = facts.table === "RAW";
    const log =
      OWN_EMPTY[name] ??
      `bad string length ${brackets ? "(" : ""}0 < ${least}${brackets ? ")" : ""}: ${name} = `;
    const fault = { kind: "empty-string", expected: "a value", log, effect: "fatal" } as const;
    // postscreen reads smtpd's TLS settings too, and has no least length for them.
    return [whole(text, name.startsWith("smtpd_tls_") ? { ...fault, takenBy: "postscreen" } : fault)];
  }
  const limit =
    minLength !== undefined && text.length < minLength
      ? `${text.length} < ${minLength}`
      : maxLength !== undefined && text.length > maxLength
        ? `${text.length} > ${maxLength}`
        : undefined;
  if (limit === undefined) return [];
  const expected =
    minLength === maxLength
      ? `exactly ${LENGTH_TEXT(minLength ?? 0)}`
      : `at most ${LENGTH_TEXT(maxLength ?? 0)}`;
  return [
    whole(text, {
      kind: "length",
      expected,
      log: `bad string length ${limit}: ${name} = ${text}`,
      effect: "fatal",
    }),
  ];
}

/** Feedback for qmgr: a number from 0 to 1, or one divided by a number or by "concurrency". */
export function feedbackFaults({ name }: ParameterFacts, text: string): ValueFault[] {
  const match = /^\+?(\d*\.?\d+(?:e[+-]?\d+)?|\d+\.)\s*(?:\/\s*(\d*\.?\d+|concurrency))?$/i.exec(text);
  const divisor = match?.[2] === undefined || /^c/i.test(match[2]) ? 1 : Number(match[2]);
  const ratio = match ? Number(match[1]) / divisor : Number.NaN;
  if (ratio >= 0 && ratio <= 1) return [];
  return [
    whole(text, {
      kind: "feedback",
      expected: 'a number from 0 to 1, or such a number divided by another or by "concurrency"',
      log: `${name}: ignoring malformed or unreasonable feedback: ${text}`,
      effect: "warn",
      consequence: "and takes the built-in feedback",
    }),
  ];
}
