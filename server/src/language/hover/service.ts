/** A service of master.cf: what listens where, who may use it, what brings mail to it, where mail goes from it. */
import { whySilent } from "../../flow/silent.js";
import { serviceNameParameters } from "../../knowledge/services.js";
import { textFor } from "../../knowledge/texts.js";
import { disabledBy } from "../../semantics/postfix/disabled.js";
import { splitTransport } from "../../semantics/postfix/endpoints.js";
import type { Service } from "../../semantics/postfix/services.js";
import { behindPostscreen } from "../../system/entries.js";
import { showEndpoint } from "../../system/listeners.js";
import { placeLink, type View } from "../facts.js";
import { programManual } from "../manual.js";
import { code, list, paragraphs, shown } from "../markdown.js";
import { admissionLines } from "./admission.js";
import { handedOn } from "./port.js";
import { requestLines } from "./requests.js";
import { wayOfMail } from "./way.js";

export function describeService(view: View, service: Service): string {
  const { system, flow } = view.analysis;
  const manual = programManual(service.program);
  return paragraphs(
    `**${service.name}** (${service.type}): runs ${code(service.program || "?")}, ${listening(view, service)}`,
    withoutEffect(view, service),
    textFor("program", service.program),
    service.program === "postscreen" && passesOn(view, service),
    list("Who may use it", service.overriddenBy ? [] : admissionLines(view, service)),
    list("Mail comes to it from", feeders(view, service), 6),
    list("Mail from it goes on", wayOfMail(view, service), 12),
    list("Used by", users(view, service)),
    options(service),
    system.masterOpen && flow.requests.length === 0 && `Not all of master.cf is known: ${system.masterOpen}.`,
    manual && `Manual: ${manual}`,
  );
}

/** Why the entry does nothing, though it stands there. */
function withoutEffect(view: View, service: Service): string | undefined {
  const { system } = view.analysis;
  if (service.overriddenBy)
    return `**Without effect**: ${placeLink(view, service.overriddenBy.nameLocation)} defines the same service, and the last entry counts.`;
  const disable = system.environment.value("master_service_disable");
  const pattern = disable.text === "" ? undefined : disabledBy(service, disable.text);
  if (pattern) return `**Switched off** by ${code(`master_service_disable = ${disable.text}`)}.`;
  const silent = system.source.main ? whySilent(system, service) : undefined;
  return silent && `**Answers nobody**: ${silent.does} (${placeLink(view, silent.because)}).`;
}

function listening(view: View, service: Service): string {
  const set = view.analysis.system.listenSets.get(service);
  if (!set) {
    if (service.type === "pass") return `is handed connections on ${code(`private/${service.name}`)}`;
    return `socket ${code(`${service.public ? "public" : "private"}/${service.name}`)}`;
  }
  if (set.fault && set.addresses.length === 0) return `listens nowhere as written: ${set.fault.reason}`;
  if (set.port === undefined || set.unknown)
    return `listens where is not known (${set.unknown ?? "no port"})`;
  const port = set.port;
  const addresses = set.addresses.map(({ address }) => code(showEndpoint(address, port))).join(" and ");
  return `listens on ${addresses}${set.byInterfaces ? " (by `inet_interfaces` and `inet_protocols`)" : ""}`;
}

function passesOn({ analysis, uriOf }: View, service: Service): string {
  const { name, service: next } = behindPostscreen(analysis.system, service);
  return next
    ? `Connections that it lets pass go to the service ${code(name)} of type pass (${placeLink({ analysis, uriOf }, next.nameLocation)}).`
    : `Connections that it lets pass go to the service ${code(name)} of type pass, which is not here.`;
}

function feeders(view: View, service: Service): string[] {
  const lines = handedOn(
    view,
    ({ target }) => target.kind === "postfix" && target.sockets.some((socket) => socket.service === service),
  );
  const asking = view.analysis.flow.requests.filter(
    ({ target }) => target.kind === "postfix" && target.sockets.some((socket) => socket.service === service),
  );
  return [...lines, ...requestLines(view, asking)];
}

const TRANSPORT_PARAMETERS = ["local_transport", "virtual_transport", "relay_transport", "default_transport"];

/** Parameters that lead other programs here: as a transport, or as the service of that name. */
function users(view: View, service: Service): string[] {
  const { system, flow } = view.analysis;
  if (service.type === "inet" || service.overriddenBy) return [];
  const lines = new Set<string>();
  const asking = flow.requests.filter(
    ({ request }) => request.kind !== "proxy" && splitTransport(request.text).transport === service.name,
  );
  for (const line of requestLines(view, asking)) lines.add(line);
  for (const { name, facts, value, valueLocation, service: owner } of system.settings) {
    const named =
      facts?.class === "service-name"
        ? value.text
        : facts?.class === "transport-destination" && name !== "content_filter"
          ? splitTransport(value.text).transport
          : undefined;
    if (named !== service.name) continue;
    const whose = owner ? ` of ${code(owner.name)}` : "";
    lines.add(`${code(`${name} = ${value.text}`)}${whose} (${placeLink(view, valueLocation)})`);
  }
  for (const name of TRANSPORT_PARAMETERS) {
    const value = system.environment.value(name);
    if (value.definition?.source === "default" && splitTransport(value.text).transport === service.name)
      lines.add(`${code(`${name} = ${value.text}`)} (default)`);
  }
  for (const { parameter, program } of serviceNameParameters())
    if (program === service.program && system.environment.value(parameter).text === service.name)
      lines.add(`other programs, which find it by ${code(parameter)}`);
  return [...lines];
}

function options(service: Service): string | undefined {
  const last = new Map(service.options.map((option) => [option.name, option]));
  const items = [...last.values()].map(({ name, value }) => `${code(name)} = ${shown(value)}`);
  return list("Its own settings", items, 6);
}
