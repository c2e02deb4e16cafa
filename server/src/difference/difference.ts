/**
 * What a change of the files means for mail: two analyses of one mail system side by side. Only meaning counts:
 * comments, order, spacing and the way a list is written make no difference.
 */
import type { Analysis } from "../analysis.js";
import { flowGraph } from "../flow/graph.js";
import type { Finding } from "../rules/finding.js";
import type { Service } from "../semantics/postfix/services.js";
import type { Setting } from "../semantics/postfix/settings.js";
import { splitList } from "../syntax/postfix/words.js";
import { takesMail } from "../system/feeds.js";
import { type ListenerRow, listenerTable } from "../system/listenerTable.js";
import type { MailSystem } from "../system/system.js";

/** A named thing whose value is another one; undefined = it is not there. */
export interface Change {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface Difference {
  readonly opened: readonly ListenerRow[];
  readonly closed: readonly ListenerRow[];
  /** The way of mail through filters, for every entry that has another one now. */
  readonly ways: readonly Change[];
  /** Where mail goes behind the filters: transports and domains by address class. */
  readonly routes: readonly Change[];
  /** Entries of master.cf: columns and operands. */
  readonly services: readonly Change[];
  /** Parameters and variables with another effective value; "NAME (SERVICE)" where only that service has it. */
  readonly settings: readonly Change[];
  /** Changes that a reload does not take up, with the reason. */
  readonly restart: readonly { readonly name: string; readonly reason: string }[];
  /** Filters that messages in the queue still go to: the request is written down when mail comes in. */
  readonly queued: readonly { readonly name: string; readonly reason: string }[];
  readonly newFindings: readonly Finding[];
  readonly goneFindings: readonly Finding[];
}

/** @returns what is different in `after`; every list is empty where nothing that matters has changed. */
export function difference(before: Analysis, after: Analysis): Difference {
  const listeners = (analysis: Analysis) => listenerTable(analysis.system);
  return {
    opened: missingIn(listeners(before), listeners(after), socketKey),
    closed: missingIn(listeners(after), listeners(before), socketKey),
    ways: changes(ways(before), ways(after)),
    routes: changes(routes(before.system), routes(after.system)),
    services: changes(serviceLines(before.system), serviceLines(after.system)),
    settings: [
      ...changes(
        parameters(before.system, after.system.settings),
        parameters(after.system, before.system.settings),
      ),
      ...changes(variables(before.system, after.system), variables(after.system, before.system)),
    ],
    restart: restartReasons(before.system, after.system),
    queued: staleFilters(before.system, after.system),
    newFindings: missingIn(before.findings, after.findings, findingKey),
    goneFindings: missingIn(after.findings, before.findings, findingKey),
  };
}

/** True when the change means nothing for mail. */
export function isEmpty(found: Difference): boolean {
  return Object.values(found).every((list) => list.length === 0);
}

/** Elements of `there` without a partner in `here`; equal ones are counted, not only known. */
function missingIn<T>(here: readonly T[], there: readonly T[], key: (element: T) => string): T[] {
  const left = new Map<string, number>();
  for (const element of here) left.set(key(element), (left.get(key(element)) ?? 0) + 1);
  return there.filter((element) => {
    const count = left.get(key(element)) ?? 0;
    left.set(key(element), count - 1);
    return count <= 0;
  });
}

function changes(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) =>
    before.get(name) === after.get(name) ? [] : [{ name, before: before.get(name), after: after.get(name) }],
  );
}

function socketKey({ program, network, address, port, path }: ListenerRow): string {
  return [program, network, address, port, path].join("|");
}

/** A finding is the same although its line has moved: messages name lines. */
function findingKey({ code, severity, file, message }: Finding): string {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return [code, severity, name, message.replace(/\bline \d+\b/g, "line")].join("|");
}

/** For every entry the filters and services that its mail passes, in order. */
function ways({ system, flow }: Analysis): Map<string, string> {
  const graph = flowGraph(system, flow);
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const show = (id: string) => {
    const node = nodes.get(id);
    return node ? [node.title, node.lines.join(", ")].filter(Boolean).join(" ") : id;
  };
  const follow = (id: string, seen: readonly string[]): string => {
    const next = graph.edges.filter(({ from }) => from === id);
    const steps = next.map((edge) => {
      const label = edge.label === "" ? "" : `[${edge.label}] `;
      if (edge.to === "queue") return "delivery";
      if (seen.includes(edge.to)) return `${label}${show(edge.to)} again`;
      return `${label}${show(edge.to)} -> ${follow(edge.to, [...seen, edge.to])}`.replace(/ -> $/, "");
    });
    return steps.length > 1 ? `{ ${steps.sort().join(" | ")} }` : (steps[0] ?? "");
  };
  const result = new Map<string, string>();
  for (const node of graph.nodes)
    if (node.kind === "entry") result.set(show(node.id), follow(node.id, [node.id]));
  return result;
}

/** What decides where a recipient's mail goes (trivial-rewrite(8)). */
const ROUTING = [
  "mydestination",
  "virtual_alias_domains",
  "virtual_mailbox_domains",
  "relay_domains",
  "local_transport",
  "virtual_transport",
  "relay_transport",
  "default_transport",
  "relayhost",
  "transport_maps",
  "sender_dependent_relayhost_maps",
  "sender_dependent_default_transport_maps",
  "fallback_transport",
  "fallback_transport_maps",
  "mailbox_transport",
  "mailbox_transport_maps",
  "smtp_fallback_relay",
] as const;
const IS_ROUTING: ReadonlySet<string> = new Set(ROUTING);

function routes({ environment }: MailSystem): Map<string, string> {
  return new Map(ROUTING.map((name) => [name, normal(environment.value(name).text)]));
}

/** Lists are equal however they are separated. */
function normal(text: string): string {
  return splitList(text).join(", ");
}

function serviceName(service: Service): string {
  return `${service.name}/${service.type}`;
}

function serviceLines(system: MailSystem): Map<string, string> {
  const lines = new Map<string, string>();
  for (const service of system.services) {
    if (service.overriddenBy) continue;
    const { columns, operands } = service.entry;
    lines.set(
      serviceName(service),
      [
        columns.private,
        columns.unprivileged,
        columns.chroot,
        columns.wakeup,
        columns.maxproc,
        columns.command,
        ...operands,
      ]
        .map((word) => word?.text ?? "")
        .join(" "),
    );
  }
  return lines;
}

/**
 * Effective values of all that is set here or in the other state, for main.cf and for what single services have
 * otherwise: where a setting is gone, what holds without it. Of a service that is not here nothing is told.
 */
function parameters(system: MailSystem, others: readonly Setting[]): Map<string, string> {
  const values = new Map<string, string>();
  const add = (setting: Setting, value: string) => {
    const { name, service } = setting;
    if (service === undefined && IS_ROUTING.has(name)) return;
    values.set(service ? `${name} (${serviceName(service)})` : name, normal(value));
  };
  const services = new Map(
    system.services.filter(({ overriddenBy }) => !overriddenBy).map((one) => [serviceName(one), one]),
  );
  for (const setting of others) {
    const { service } = setting;
    const here = service ? services.get(serviceName(service))?.environment : system.environment;
    if (here?.definition(setting.name)) add(setting, here.value(setting.name).text);
  }
  for (const setting of system.settings) add(setting, setting.value.text);
  return values;
}

/** The same for amavisd: what its files set in either state, with the default where they do not. */
function variables(system: MailSystem, other: MailSystem): Map<string, string> {
  const set = (one: MailSystem) => Object.keys(one.amavis?.variables(false).variables ?? {});
  const known = system.amavis?.variables(true).variables ?? {};
  return new Map(
    [...set(system), ...set(other)].flatMap((name) =>
      name in known ? [[name, JSON.stringify(known[name])] as const] : [],
    ),
  );
}

/** Parameters that master(8) reads once, at its start (POSTFIX 1.6; scenario f31). */
const READ_AT_START = ["inet_interfaces", "inet_protocols", "queue_directory", "config_directory"] as const;

function restartReasons(before: MailSystem, after: MailSystem) {
  return READ_AT_START.filter(
    (name) => normal(before.environment.value(name).text) !== normal(after.environment.value(name).text),
  ).map((name) => ({
    name,
    reason: `master(8) keeps the old ${name} at a reload: stop and start Postfix`,
  }));
}

/** content_filter of services that take mail: what it was is kept in the queue files (FILTER_README). */
function staleFilters(before: MailSystem, after: MailSystem) {
  const now = new Map(after.services.map((service) => [serviceName(service), service]));
  const gone = new Set<string>();
  for (const service of before.services) {
    if (service.overriddenBy || !takesMail(service)) continue;
    const { text, unknown } = service.environment.value("content_filter");
    const next = now.get(serviceName(service))?.environment.value("content_filter");
    if (text !== "" && unknown === undefined && next?.text !== text && next?.unknown === undefined)
      gone.add(text);
  }
  return [...gone].map((name) => ({
    name,
    reason: `what is queued still goes to ${name}: postsuper -r ALL, after the reload, gives it the new filter`,
  }));
}
