/** A port: its range and assignment, the convention that it carries, who listens on it here and who connects to it. */
import type { ForwardStep } from "../../flow/flow.js";
import type { Target } from "../../flow/resolve.js";
import { portFacts } from "../../knowledge/ports.js";
import { textFor } from "../../knowledge/texts.js";
import { readPort } from "../../semantics/postfix/endpoints.js";
import { showEndpoint } from "../../system/listeners.js";
import { placeLink, type View } from "../facts.js";
import { code, enumerate, list, paragraphs } from "../markdown.js";
import { requestLines } from "./requests.js";

const RANGES = {
  random: "0 asks the kernel for any free port",
  "well-known": "well-known range (1 to 1023)",
  registered: "registered range (1024 to 49151)",
  dynamic: "dynamic range (49152 to 65535)",
  none: "no TCP port",
} as const;

/**
 * @param written the name that stands in the file, such as `submission`.
 * @param brief true where the service that listens is described already.
 */
export function describePort(view: View, port: number, written?: string, brief = false): string {
  const { range, iana, name } = portFacts(port);
  const listeners = brief ? [] : portListeners(view, port);
  const clients = brief ? [] : portClients(view, port);
  const title = written && !/^\d+$/.test(written) ? `${written} = port ${port}` : `Port ${port}`;
  return paragraphs(
    `**${title}**: ${RANGES[range]}${range === "none" || range === "random" ? "" : `, ${assignment(iana, name)}`}`,
    textFor("port", String(port)),
    list("Who listens here", listeners),
    list("Who connects here", clients),
    !brief &&
      listeners.length + clients.length === 0 &&
      "Nothing in this system listens on it or sends mail to it.",
  );
}

function assignment(iana: string | null | undefined, name: string | undefined): string {
  if (iana === null) return "unassigned by IANA";
  if (iana !== undefined) return `assigned by IANA to ${iana}`;
  return name ? `known as ${name}` : "no assignment known here";
}

/** Who listens on a port and who connects to it. */
export function portUsers(view: View, port: number): string[] {
  return [...portListeners(view, port), ...portClients(view, port)];
}

/** The sockets of one line of the files together. */
function portListeners(view: View, port: number): string[] {
  const groups = new Map<string, Set<string>>();
  for (const socket of view.analysis.system.socketsByPort.get(port) ?? []) {
    const who =
      socket.program === "postfix"
        ? `Postfix service ${code(socket.service.name)} (${socket.service.program})`
        : `amavisd${socket.listener.banks.length > 0 ? ` with policy bank ${socket.listener.banks.map(code).join(", ")}` : ""}`;
    const key = `${who}\n${placeLink(view, socket.location)}`;
    groups.set(key, (groups.get(key) ?? new Set()).add(code(showEndpoint(socket.address, port))));
  }
  return [...groups].map(([key, addresses]) => {
    const [who, place] = key.split("\n");
    return `${who} on ${enumerate([...addresses])} (${place})`;
  });
}

function portClients(view: View, port: number): string[] {
  const { requests } = view.analysis.flow;
  const fits = ({ target }: { readonly target: Target }) =>
    "endpoint" in target && target.endpoint.port === port;
  const steps = requests.filter(fits);
  const named = new Set(steps.map(({ request }) => request.parameter));
  return [
    ...new Set([...requestLines(view, steps), ...handedOn(view, fits), ...settingsTo(view, port, named)]),
  ];
}

/** What amavisd hands on by the steps that fit, those of one setting in one line. */
export function handedOn(view: View, fits: (step: ForwardStep) => boolean): string[] {
  const groups = new Map<string, Set<string>>();
  for (const step of view.analysis.flow.forwards) {
    if (!fits(step)) continue;
    const { role, method, listener } = step;
    const where = method.origin ? placeLink(view, method.origin) : "amavisd's default";
    const what = `${role === "notify" ? "its notices" : "checked mail"} by ${code(`$${role}_method`)} (${where})`;
    const group = groups.get(what) ?? new Set();
    groups.set(what, group.add(code(showListener(listener))));
  }
  return [...groups].map(
    ([what, listeners]) => `amavisd hands on ${what}: what came in on ${enumerate([...listeners])}`,
  );
}

export function showListener(listener: {
  readonly network: string;
  readonly path: string;
  readonly address: string;
  readonly port: number;
}): string {
  return listener.network === "unix" ? listener.path : showEndpoint(listener.address, listener.port);
}

/** Kinds of values in which `host:port` means a connection. */
const CONNECTING: ReadonlySet<string> = new Set([
  "milter-list",
  "restriction-list",
  "transport-destination",
  "nexthop",
  "nexthop-list",
  "proxy-endpoint",
  "map",
  "map-list",
]);
const ENDPOINT = /(?:^|[\s,{=]|\b[a-z][\w-]*:)(?:\[[^\]\s]*\]|[\w.-]+):([\w-]+)(?=$|[\s,}])/g;

/** Milters, policy services, relay hosts and the like that name the port. */
function* settingsTo({ analysis, uriOf }: View, port: number, named: ReadonlySet<string>): Generator<string> {
  const view = { analysis, uriOf };
  for (const { name, facts, definition, value, valueLocation } of analysis.system.settings) {
    if (named.has(name) || !value.text.includes(":") || !value.text.includes(String(port))) continue;
    const connects = facts ? CONNECTING.has(facts.class) || /_sasl_path$/.test(name) : true;
    if (!connects) continue;
    for (const match of value.text.matchAll(ENDPOINT)) {
      if (match[1] !== String(port) || /static:\d+$/.test(match[0])) continue;
      const text = match[0].trim().replace(/^[,{=]/, "");
      const where = definition.raw.includes(text) ? text : definition.raw;
      yield `${code(name)} names ${code(where)} (${placeLink(view, valueLocation)})`;
    }
  }
}

/** The number behind a port as Postfix reads it; undefined when it is none. */
export function portNumber(text: string): number | undefined {
  const port = readPort(text);
  return port.kind === "number" ? port.number : undefined;
}
