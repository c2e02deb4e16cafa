/**
 * Facts about smtpd's access restrictions, their eight lists, and the actions that an access table can
 * return. Source: generic_checks() of smtpd_check.c. Names are compared without regard to case.
 */
import restrictionData from "./data/restrictions.js";
import { lazy } from "./lazy.js";

export type RestrictionKind =
  | "access-map"
  | "action"
  | "defer"
  | "modifier"
  | "permit"
  | "policy"
  | "reject"
  | "removed";

export interface RestrictionFacts {
  readonly name: string;
  readonly kind: RestrictionKind;
  /** What has to follow: "map", "policy-endpoint", "dns-domain[=value-pattern]", "seconds"; undefined for none. */
  readonly argument: string | undefined;
  /** What must be known when it runs, else it is skipped silently: client, helo, sender, recipient, sasl ... */
  readonly needs: string;
  readonly since: string;
  /** The lists that the manual names it for ("client", "sender", ...); every list accepts it. */
  readonly documentedFor: readonly string[];
  /** True when nothing after it in the list is looked at. */
  readonly terminates: boolean;
  /**
   * True for the words one of which smtpd insists on in the relay or recipient restrictions; without any
   * it ends with "specify at least one working instance of".
   */
  readonly relayGuard: boolean;
  /** True when a table result OK or RELAY makes a server error (451 4.3.5); DUNNO is meant. */
  readonly okForbidden: boolean;
  /** Current name of an old spelling. */
  readonly aliasOf: string | undefined;
  /** "always", or the release from which it is out of use. */
  readonly deprecatedSince: string | undefined;
  /** Release that no longer has it. */
  readonly removedIn: string | undefined;
  readonly replacement: string | undefined;
  readonly note: string | undefined;
}

export interface RestrictionList {
  /** smtpd_recipient_restrictions ... */
  readonly name: string;
  /** When it is evaluated unless smtpd_delay_reject puts it off: "connect", "MAIL FROM", ... */
  readonly phase: string;
  /** What a bare type:table in it stands for; undefined where that is an error. */
  readonly bareMap: string | undefined;
}

export interface AccessAction {
  /** Upper case: FILTER, HOLD, DUNNO ... */
  readonly name: string;
  readonly argument: string | undefined;
  /** True for those that cleanup carries out; behind smtpd_proxy_filter they are unavailable. */
  readonly byCleanup: boolean;
}

interface RestrictionRow {
  readonly name: string;
  readonly kind: RestrictionKind;
  readonly needs: string;
  readonly since: string;
  readonly argument?: string;
  readonly documentedFor?: readonly string[];
  readonly terminates?: boolean;
  readonly relayGuard?: boolean;
  readonly allowResultForbidden?: boolean;
  readonly aliasOf?: string;
  readonly deprecated?: string;
  readonly removed?: string;
  readonly replacement?: string;
  readonly note?: string;
  readonly scope?: string;
}

interface Data {
  readonly lists: readonly (readonly [string, string, string])[];
  readonly restrictions: readonly RestrictionRow[];
  readonly actions: readonly {
    readonly name: string;
    readonly argument?: string;
    readonly cleanup?: boolean;
  }[];
}

const data = lazy(() => restrictionData() as Data);
const restrictions = lazy(
  () => new Map(data().restrictions.map((row) => [row.name.toLowerCase(), factsOf(row)])),
);
const actions = lazy(
  () =>
    new Map(
      data().actions.map((row): [string, AccessAction] => [
        row.name,
        { name: row.name, argument: row.argument, byCleanup: row.cleanup ?? false },
      ]),
    ),
);

/** What is known of a restriction, old and removed spellings too. */
export function restrictionFacts(name: string): RestrictionFacts | undefined {
  return restrictions().get(name.toLowerCase());
}

/** All current restrictions, without old spellings and removed ones; for completion. */
export function restrictionNames(): readonly string[] {
  return [...restrictions().values()]
    .filter((facts) => facts.kind !== "removed" && facts.aliasOf === undefined)
    .map((facts) => facts.name);
}

/** The eight smtpd_*_restrictions lists in the order of the SMTP dialogue. */
export function restrictionLists(): readonly RestrictionList[] {
  return data().lists.map(([name, phase, bareMap]) => ({ name, phase, bareMap: bareMap || undefined }));
}

/** An action word of access(5) tables; undefined for a reply code, an address or a restriction. */
export function accessAction(name: string): AccessAction | undefined {
  return actions().get(name.toUpperCase());
}

/** All action words, for completion in tables. */
export function accessActionNames(): readonly string[] {
  return [...actions().keys()];
}

function factsOf(row: RestrictionRow): RestrictionFacts {
  return {
    name: row.name,
    kind: row.kind,
    argument: row.argument,
    needs: row.needs,
    since: row.since,
    documentedFor: row.documentedFor ?? [],
    terminates: row.terminates ?? false,
    relayGuard: row.relayGuard ?? false,
    okForbidden: row.allowResultForbidden ?? false,
    aliasOf: row.aliasOf,
    deprecatedSince: row.deprecated,
    removedIn: row.removed,
    replacement: row.replacement,
    note: row.note ?? row.scope,
  };
}
