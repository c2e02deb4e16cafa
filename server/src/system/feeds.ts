/**
 * Which filters a Postfix service asks for (POSTFIX 4.1): content_filter, smtpd_proxy_filter, FILTER of
 * access tables (smtpd), FILTER of header and body checks (cleanup). An empty content_filter cancels
 * only content_filter: a FILTER action beats it (e4, e10).
 */
import type { Location } from "../semantics/located.js";
import { isLoopback, networkContains } from "../semantics/postfix/address.js";
import type { Definition, Environment, Value } from "../semantics/postfix/parameters.js";
import type { Service } from "../semantics/postfix/services.js";
import { splitList } from "../syntax/postfix/words.js";
import type { LookupTables } from "./tables.js";

export interface FilterRequest {
  readonly kind: "content_filter" | "proxy" | "access" | "checks";
  /** The parameter that asks: content_filter, smtpd_proxy_filter, smtpd_sender_restrictions, header_checks ... */
  readonly parameter: string;
  /** transport:nexthop, or host:port for a proxy; expanded. */
  readonly text: string;
  /** Where the text stands. */
  readonly location: Location | undefined;
  /** Set when `text` stands in the file letter by letter, so that parts of it can be pointed at. */
  readonly part: ((start: number, end: number) => Location) | undefined;
  readonly definition: Definition | undefined;
  /** Definitions that the value came through. */
  readonly chain: readonly Definition[];
  readonly unknown: string | undefined;
}

/** Who connects: "any" for an entry from outside, an address for a filter that hands mail back. */
export type Client = "any" | string;

const FILTERING_PROGRAMS: ReadonlySet<string> = new Set(["smtpd", "pickup", "qmqpd"]);
const RESTRICTION_LISTS = [
  "smtpd_client_restrictions",
  "smtpd_helo_restrictions",
  "smtpd_sender_restrictions",
  "smtpd_relay_restrictions",
  "smtpd_recipient_restrictions",
  "smtpd_data_restrictions",
  "smtpd_end_of_data_restrictions",
] as const;
/** The parameters by which cleanup(8) looks into a message. */
export const CHECKS = ["header_checks", "mime_header_checks", "nested_header_checks", "body_checks"] as const;
/** The parameters by which a service asks for a filter; empty, they switch it off. */
export const FILTER_PARAMETERS: readonly string[] = ["content_filter", "smtpd_proxy_filter"];
const MAX_CLASS_DEPTH = 8;

/** Whether mail can enter through the service, so that filters may be asked for. */
export function takesMail(service: Service): boolean {
  return FILTERING_PROGRAMS.has(service.program);
}

/**
 * The filter requests of a service.
 * @param cleanup environment of the cleanup service that the service hands its mail to.
 */
export function filterRequests(
  service: Service,
  cleanup: Environment,
  tables: LookupTables,
  client: Client,
): FilterRequest[] {
  if (!takesMail(service)) return [];
  const { environment } = service;
  const proxy = proxyRequest(service);
  // The mail of a proxy filter never reaches cleanup(8): nothing else can be asked for it (run with 3.7.11).
  if (proxy.some(({ unknown }) => unknown === undefined)) return proxy;
  const requests: FilterRequest[] = [
    ...parameterRequest("content_filter", "content_filter", environment),
    ...proxy,
  ];
  if (service.program === "smtpd") requests.push(...accessRequests(environment, tables, client));
  if (!overrideOptions(environment).has("no_header_body_checks"))
    requests.push(...checkRequests(cleanup, tables));
  return requests;
}

function proxyRequest({ program, environment }: Service): FilterRequest[] {
  return program === "smtpd" ? parameterRequest("proxy", "smtpd_proxy_filter", environment) : [];
}

/**
 * The FILTER actions of access tables that a service cannot carry out because it hands its mail to a proxy filter:
 * "with smtpd_proxy_filter specified, action FILTER is unavailable".
 */
export function actionsBehindProxy(service: Service, tables: LookupTables): FilterRequest[] {
  const proxied = proxyRequest(service).some(({ unknown }) => unknown === undefined);
  return proxied ? accessRequests(service.environment, tables, "any") : [];
}

/** The words of the effective receive_override_options. */
export function overrideOptions(environment: Environment): ReadonlySet<string> {
  return new Set(
    environment
      .value("receive_override_options")
      .text.split(/[\s,]+/)
      .filter(Boolean),
  );
}

function parameterRequest(
  kind: FilterRequest["kind"],
  parameter: string,
  environment: Environment,
): FilterRequest[] {
  const value = environment.value(parameter);
  if (value.text === "" && value.unknown === undefined) return [];
  const { definition } = value;
  const literal = definition !== undefined && definition.raw === value.text;
  return [
    {
      kind,
      parameter,
      text: value.text,
      location: definition?.origin,
      part: literal ? definition.part : undefined,
      definition,
      chain: value.chain,
      unknown: value.unknown,
    },
  ];
}

/** A FILTER action in client or helo restrictions, where it is skipped without smtpd_delay_reject. */
export interface SkippedAction {
  readonly parameter: string;
  readonly text: string;
  readonly location: Location | undefined;
}

/** The FILTER actions that smtpd comes to before there is a message to note them for (e5-access-FILTER). */
export function skippedFilterActions(
  environment: Environment,
  tables: LookupTables,
  client: Client,
): SkippedAction[] {
  if (!/^no$/i.test(environment.value("smtpd_delay_reject").text)) return [];
  const skipped: SkippedAction[] = [];
  for (const parameter of EARLY) {
    const value = environment.value(parameter);
    collectActions(value, environment, tables, client, 0, (text, location) =>
      skipped.push({ parameter, text, location: location ?? value.definition?.origin }),
    );
  }
  return skipped;
}
const EARLY = ["smtpd_client_restrictions", "smtpd_helo_restrictions"] as const;

function accessRequests(environment: Environment, tables: LookupTables, client: Client): FilterRequest[] {
  const requests: FilterRequest[] = [];
  const delayed = !/^no$/i.test(environment.value("smtpd_delay_reject").text);
  for (const parameter of RESTRICTION_LISTS) {
    // Before the recipient is known the action cannot be recorded: it is skipped with a warning (e5).
    const early = parameter === "smtpd_client_restrictions" || parameter === "smtpd_helo_restrictions";
    if (early && !delayed) continue;
    const value = environment.value(parameter);
    collectActions(value, environment, tables, client, 0, (text, location, part) =>
      requests.push({
        kind: "access",
        parameter,
        text,
        location: location ?? value.definition?.origin,
        part,
        definition: value.definition,
        chain: value.chain,
        unknown: undefined,
      }),
    );
  }
  return requests;
}

type Emit = (text: string, location: Location | undefined, part: FilterRequest["part"]) => void;

/** Walks a restriction list in order until something in it lets the client pass for certain. */
function collectActions(
  value: Value,
  environment: Environment,
  tables: LookupTables,
  client: Client,
  depth: number,
  emit: Emit,
): "ended" | "goes-on" {
  const words = splitList(value.text);
  const classes = new Set(splitList(environment.value("smtpd_restriction_classes").text));
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const name = word.toLowerCase();
    if (name === "permit" || name === "reject" || name === "defer") return "ended";
    if (name === "permit_mynetworks" && client !== "any" && trusts(environment, client) === true)
      return "ended";
    if (classes.has(word) && depth < MAX_CLASS_DEPTH) {
      const inner = collectActions(environment.value(word), environment, tables, client, depth + 1, emit);
      if (inner === "ended") return "ended";
      continue;
    }
    const isCheck = /^check_\w+_access$/.test(name);
    const map = isCheck ? words[++index] : word.includes(":") ? word : undefined;
    if (map !== undefined)
      for (const action of tables.filterActions(map, environment))
        emit(action.text, action.location, action.part);
  }
  return "goes-on";
}

/** Whether permit_mynetworks of the environment lets an address pass; undefined when it cannot be known. */
export function trusts(environment: Environment, address: string): boolean | undefined {
  const value = environment.value("mynetworks");
  let unknown = value.unknown !== undefined;
  // What nobody has set is made of the addresses that Postfix listens on, the loopback with them (mynetworks_style).
  if (unknown && isLoopback(address) && value.definition?.source !== "main" && value.text === "") {
    const interfaces = environment.value("inet_interfaces");
    if (interfaces.unknown === undefined && /^\s*(?:all|loopback-only)\s*$/i.test(interfaces.text))
      return true;
  }
  for (const word of splitList(value.text)) {
    const negated = word.startsWith("!");
    const contained = networkContains(negated ? word.slice(1) : word, address);
    if (contained === true) return !negated;
    if (contained === undefined) unknown = true;
  }
  return unknown ? undefined : false;
}

function checkRequests(cleanup: Environment, tables: LookupTables): FilterRequest[] {
  const requests: FilterRequest[] = [];
  for (const parameter of CHECKS) {
    const value = cleanup.value(parameter);
    for (const map of splitList(value.text))
      for (const action of tables.filterActions(map, cleanup)) {
        // mime_header_checks and nested_header_checks are $header_checks by default: one action, said once.
        const location = action.location ?? writtenAt(value);
        if (requests.some((request) => request.text === action.text && isSame(request.location, location)))
          continue;
        requests.push({
          kind: "checks",
          parameter,
          text: action.text,
          location,
          part: action.part,
          definition: value.definition,
          chain: value.chain,
          unknown: undefined,
        });
      }
  }
  return requests;
}

/** Where a value was written: where its `$name` was, for a built-in default. */
function writtenAt({ definition, chain }: Value): Location | undefined {
  return definition?.origin ?? chain.find(({ origin }) => origin !== undefined)?.origin;
}

function isSame(a: Location | undefined, b: Location | undefined): boolean {
  return a !== undefined && b !== undefined && a.file === b.file && a.range.start === b.range.start;
}
