import type { Analysis } from "../analysis.js";
import type { Target } from "../flow/resolve.js";
import { textFor } from "../knowledge/texts.js";
import type { Service } from "../semantics/postfix/services.js";
import { showEndpoint } from "../system/listeners.js";
import { placeName } from "./facts.js";
import { bullets, code, paragraphs } from "./markdown.js";

/** A service of master.cf: what listens where, what brings mail to it, and where it sends mail. */
export function describeService(analysis: Analysis, service: Service): string {
  const { system } = analysis;
  return paragraphs(
    `**${service.name}** (${service.type}): runs ${code(service.program || "?")}`,
    service.overriddenBy &&
      `Without effect: ${placeName(analysis, service.overriddenBy.nameLocation)} defines the same service, and the last entry counts.`,
    textFor("program", service.program),
    listening(analysis, service),
    list("Mail comes to it from", feeders(analysis, service)),
    list("It asks for a filter", filters(analysis, service)),
    list("Used as a transport by", transportUsers(analysis, service)),
    options(service),
    system.masterOpen,
  );
}

function list(title: string, items: readonly string[]): string | undefined {
  return items.length > 0 ? `${title}:\n${bullets(items)}` : undefined;
}

function listening(analysis: Analysis, service: Service): string | undefined {
  const set = analysis.system.listenSets.get(service);
  if (!set) {
    const folder = service.public ? "public" : "private";
    return `Socket: ${code(`${folder}/${service.name}`)} in the queue directory`;
  }
  if (set.fault) return `Listens nowhere as written: ${set.fault.reason}.`;
  if (set.port === undefined || set.unknown)
    return `Where it listens is not known: ${set.unknown ?? "no port"}.`;
  const port = set.port;
  const addresses = set.addresses.map(({ address }) => code(showEndpoint(address, port))).join(" and ");
  return `Listens on ${addresses}${set.byInterfaces ? ", because of `inet_interfaces` and `inet_protocols`" : ""}`;
}

function feeders(analysis: Analysis, service: Service): string[] {
  return analysis.flow.forwards
    .filter(
      ({ target }) =>
        target.kind === "postfix" && target.sockets.some((socket) => socket.service === service),
    )
    .map(({ listener, role, method }) => {
      const where = method.origin ? placeName(analysis, method.origin) : "default";
      return `amavisd on ${code(showEndpoint(listener.address, listener.port))}, ${code(`$${role}_method`)} (${where})`;
    });
}

function filters(analysis: Analysis, service: Service): string[] {
  return analysis.flow.requestsOf(service, "any").map(({ request, target }) => {
    const where = request.location ? ` (${placeName(analysis, request.location)})` : "";
    return `${code(`${request.parameter} = ${request.text}`)}${where}: ${showTarget(target)}`;
  });
}

function transportUsers(analysis: Analysis, service: Service): string[] {
  if (service.type === "inet") return [];
  const users = analysis.flow.requests.filter(
    ({ request }) => request.kind !== "proxy" && request.text.split(":")[0] === service.name,
  );
  const lines = users.map(({ request, service: asking }) => {
    const where = request.location ? ` (${placeName(analysis, request.location)})` : "";
    return `${code(asking.name)}: ${code(`${request.parameter} = ${request.text}`)}${where}`;
  });
  return [...new Set(lines)];
}

/** Where a step leads, in words. */
export function showTarget(target: Target): string {
  switch (target.kind) {
    case "amavis":
      return `amavisd listens there (${showEndpoint(target.endpoint.address, target.endpoint.port)})`;
    case "postfix":
      return `Postfix itself listens there (${code(target.sockets[0]?.service.name ?? "")})`;
    case "missing":
      return `nothing known listens on ${showEndpoint(target.endpoint.address, target.endpoint.port)}`;
    case "elsewhere":
      return `another host, ${code(target.host)}`;
    case "self":
      return "port 25 of this host: mail loops back";
    case "no-transport":
      return `master.cf has no transport ${code(target.transport)}`;
    case "no-nexthop":
      return "no nexthop: the recipient's own domain";
    case "bad-port":
      return `the port ${code(target.port)} does not exist`;
    case "malformed":
      return target.reason;
    case "program":
      return `the program ${code(target.service.program)}`;
    case "unix":
      return `the socket ${code(target.path)}`;
    case "unknown":
      return `not known: ${target.reason}`;
  }
}

function options(service: Service): string | undefined {
  if (service.entry.options.length === 0) return undefined;
  const items = service.entry.options.map(({ name, value }) => `${code(`${name}=${value}`)}`);
  return `Its own settings: ${items.join(", ")}`;
}
