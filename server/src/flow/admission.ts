/**
 * What the restriction lists of an smtpd say to one client, sender and recipient (SMTPD_ACCESS_README; scenarios
 * j1 to j9, e5, e10). What only the network or another program can answer (DNS lists, policy services, databases)
 * is taken to let mail pass and named as an assumption.
 */
import type { Location } from "../semantics/located.js";
import { isLoopback, normaliseAddress } from "../semantics/postfix/address.js";
import {
  MAX_CLASS_DEPTH,
  type Restriction,
  restrictionList,
} from "../semantics/postfix/lists/restrictions.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import { trusts } from "../system/feeds.js";
import type { Answer, TableLookup } from "../system/lookup.js";
import { type Address, matchesDomain, OWN_DOMAINS } from "./route.js";

export interface Session {
  /** Address of the client; undefined = somebody from outside, of whom only that is known. */
  readonly client: string | undefined;
  readonly sender: Address;
  readonly recipient: Address;
  /** True when the recipient is of no domain of this host unless a list says so for certain. */
  readonly elsewhere?: boolean | undefined;
}

export interface Admission {
  readonly outcome: "accepted" | "rejected" | "discarded" | "held" | "unknown";
  /** What the client or the log is told. */
  readonly text: string;
  readonly because: readonly Location[];
  /** transport:nexthop of the last FILTER action that matched. */
  readonly filter: string | undefined;
  /** Address of the last REDIRECT action that matched: it replaces all recipients. */
  readonly redirect: string | undefined;
  /** Addresses of BCC actions that matched. */
  readonly copies: readonly string[];
  readonly assumptions: readonly string[];
  /** True when nothing unknown before the verdict could have let the mail pass. */
  readonly certain: boolean;
  /** False when some list cannot be known in full. */
  readonly complete: boolean;
  /** The list that gave the verdict. */
  readonly gate: string | undefined;
}

export const GATES = [
  "smtpd_client_restrictions",
  "smtpd_helo_restrictions",
  "smtpd_sender_restrictions",
  "smtpd_relay_restrictions",
  "smtpd_recipient_restrictions",
  "smtpd_data_restrictions",
  "smtpd_end_of_data_restrictions",
] as const;

interface State {
  readonly environment: Environment;
  readonly lookup: TableLookup;
  readonly session: Session;
  filter: string | undefined;
  redirect: string | undefined;
  readonly copies: string[];
  verdict: Pick<Admission, "outcome" | "text" | "because"> | undefined;
  /** Something before it in the list may permit what is asked for. */
  doubt: boolean;
  /** A list, or a part of one, is filled in elsewhere. */
  open: boolean;
  readonly assumptions: string[];
}

/** Asks every list in order: mail is accepted when none of them rejects it. */
export function admission(environment: Environment, lookup: TableLookup, session: Session): Admission {
  const state: State = {
    environment,
    lookup,
    session,
    filter: undefined,
    redirect: undefined,
    copies: [],
    verdict: undefined,
    doubt: false,
    open: false,
    assumptions: [],
  };
  const answer = (verdict: NonNullable<State["verdict"]>, certain: boolean, gate?: string): Admission => {
    const { filter, redirect, copies, assumptions, open } = state;
    return { ...verdict, filter, redirect, copies, assumptions, certain, complete: !open, gate };
  };
  for (const gate of GATES) {
    // What one list permits does not help against the next.
    state.doubt = false;
    walk(state, gate, gate, 0);
    if (state.verdict) return answer(state.verdict, !state.doubt, gate);
  }
  return answer({ outcome: "accepted", text: "", because: [] }, state.assumptions.length === 0);
}

/** @returns true when the list has come to an end: permitted, or a verdict is there. */
function walk(state: State, name: string, gate: string, depth: number): boolean {
  const list = restrictionList(state.environment, name, gate);
  if (list.uncertain || depth > MAX_CLASS_DEPTH) {
    doubt(state, `${name} is not fully known`);
    state.open = true;
    return false;
  }
  for (const restriction of list.items) {
    if (restriction.ignoredAfter !== undefined) break;
    const at = list.locate(restriction.item.start, restriction.item.end);
    const because = at ? [at] : [];
    if (restriction.kind === "class") {
      if (walk(state, restriction.name, gate, depth + 1)) return true;
      continue;
    }
    if (judge(state, restriction, gate, because)) return true;
  }
  return false;
}

function judge(state: State, restriction: Restriction, gate: string, because: readonly Location[]): boolean {
  const { name, kind, fault, argument, warnOnly, item } = restriction;
  const refuse = (text: string, outcome: Admission["outcome"] = "rejected") => {
    if (warnOnly && outcome === "rejected") return false;
    state.verdict = { outcome, text, because };
    return true;
  };
  if (kind === "opaque") {
    doubt(state, `${item.text} is not known`);
    state.open = true;
    return false;
  }
  if (fault === "argument-ignored") return false;
  if (fault !== undefined) return refuse("451 4.3.5 Server configuration error");
  if (kind === "map") return byTable(state, DEFAULT_CHECK[gate] ?? "", item.text, refuse);
  switch (name) {
    case "permit":
      return true;
    case "reject":
    case "defer":
      return refuse("Access denied");
    case "permit_mynetworks": {
      const { client } = state.session;
      if (client === undefined) return false;
      const trusted = trusts(state.environment, client);
      if (trusted === undefined) doubt(state, "mynetworks is not fully known");
      return trusted === true;
    }
    case "permit_inet_interfaces": {
      const { client } = state.session;
      const own = client !== undefined && isOwnAddress(state.environment, client);
      if (own === undefined) doubt(state, "inet_interfaces is not fully known");
      return own === true;
    }
    case "reject_unauth_destination":
    case "defer_unauth_destination":
      return isOurs(state) === false ? refuse("554 5.7.1 Relay access denied") : false;
    case "permit_auth_destination":
      return isOurs(state) === true;
    default:
      break;
  }
  if (/^check_\w+_access$/.test(name) && argument) return byTable(state, name, argument.text, refuse);
  if (MAY_PERMIT.test(name)) state.doubt = true;
  if (/_rbl_|_rhsbl_|^check_policy_service$|^reject_unknown_|^reject_unverified_/.test(name))
    assume(state, `${item.text}${argument ? ` ${argument.text}` : ""} lets it pass`);
  return false;
}

/** The check that a bare type:table of a list stands for. */
const DEFAULT_CHECK: Readonly<Record<string, string>> = {
  smtpd_client_restrictions: "check_client_access",
  smtpd_helo_restrictions: "check_helo_access",
  smtpd_sender_restrictions: "check_sender_access",
  smtpd_relay_restrictions: "check_recipient_access",
  smtpd_recipient_restrictions: "check_recipient_access",
};

/** Whether Postfix is responsible for the recipient's domain; undefined when the lists do not tell. */
function isOurs(state: State): boolean | undefined {
  const { environment, lookup, session } = state;
  const { domain } = session.recipient;
  if (domain === "" || domain.startsWith("[")) return true;
  let unknown = false;
  for (const [list, , parents] of OWN_DOMAINS) {
    const listed = matchesDomain(environment, lookup, list, domain, parents);
    if (listed) return true;
    if (listed === undefined) unknown = true;
  }
  if (session.elsewhere) return false;
  if (unknown) assume(state, `${domain} is one of the domains of this host`);
  return unknown ? undefined : false;
}

function byTable(
  state: State,
  check: string,
  table: string,
  refuse: (text: string, outcome?: Admission["outcome"]) => boolean,
): boolean {
  const keys = keysFor(check, state.session);
  const answer: Answer = keys ? state.lookup.table(table, keys) : { kind: "unknown", reason: check };
  if (answer.kind === "none") return false;
  if (answer.kind === "unknown") {
    doubt(state, `${table} says nothing about it`);
    return false;
  }
  const [word = "", ...rest] = answer.value.trim().split(/\s+/);
  const action = word.toUpperCase();
  if (action === "OK" || action === "RELAY" || action === "PERMIT") return true;
  if (action === "FILTER") state.filter = rest.join(" ");
  if (action === "REDIRECT") state.redirect = rest[0];
  if (action === "BCC" && rest[0] !== undefined) state.copies.push(rest[0]);
  if (/^(?:REJECT|DEFER|DEFER_IF_PERMIT|DEFER_IF_REJECT)$/.test(action))
    return refuse(rest.join(" ") || "Access denied");
  if (/^[45]\d\d$/.test(word)) return refuse(answer.value.trim());
  if (action === "DISCARD") return refuse("taken and thrown away", "discarded");
  if (action === "HOLD") return refuse("put into the hold queue", "held");
  if (/^\d+$/.test(word)) return true;
  if (!KEEPS_GOING.has(action)) assume(state, `"${answer.value}" lets it pass`);
  return false;
}
const KEEPS_GOING: ReadonlySet<string> = new Set([
  "DUNNO",
  "FILTER",
  "BCC",
  "REDIRECT",
  "PREPEND",
  "WARN",
  "INFO",
]);

/** What is looked up, from the most special to the most general key (access(5)). */
function keysFor(check: string, { client, sender, recipient }: Session): string[] | undefined {
  if (check === "check_client_access") return client === undefined ? undefined : addressKeys(client);
  if (check === "check_sender_access") return mailKeys(sender);
  if (check === "check_recipient_access") return mailKeys(recipient);
  return undefined;
}

function addressKeys(address: string): string[] {
  const keys = [address];
  const separator = address.includes(":") ? ":" : ".";
  for (let at = address.lastIndexOf(separator); at > 0; at = address.lastIndexOf(separator, at - 1))
    keys.push(address.slice(0, at));
  return keys;
}

function mailKeys({ local, domain }: Address): string[] {
  if (local === "" && domain === "") return ["<>"];
  const keys = [`${local}@${domain}`, domain];
  for (let at = domain.indexOf("."); at >= 0; at = domain.indexOf(".", at + 1))
    keys.push(domain.slice(at + 1), domain.slice(at));
  return [...keys, `${local}@`];
}

/** Restrictions that may permit by what only the network or another program knows; a filter has no password. */
const MAY_PERMIT = /^(?:permit_dnswl_|permit_rhswl_|permit_mx_backup|check_policy_service|permit_tls_)/;

/** Whether a client comes from an address that Postfix listens on; undefined when that is not known. */
export function isOwnAddress(environment: Environment, client: string): boolean | undefined {
  const { text, unknown } = environment.value("inet_interfaces");
  if (unknown !== undefined) return undefined;
  const words = text.toLowerCase().split(/[\s,]+/);
  if (isLoopback(client)) {
    if (words.includes("all") || words.includes("loopback-only")) return true;
  }
  return words.some((word) => normaliseAddress(word) === client) || undefined;
}

function doubt(state: State, what: string): void {
  state.doubt = true;
  assume(state, what);
}

function assume(state: State, what: string): void {
  if (!state.assumptions.includes(what)) state.assumptions.push(what);
}
