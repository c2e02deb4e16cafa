/** transport:nexthop as content filters, transports and table entries name it. */
import { resolveRequest } from "../../flow/resolve.js";
import { readNexthop, readPort, splitTransport } from "../../semantics/postfix/endpoints.js";
import type { FilterRequest } from "../../system/feeds.js";
import type { View } from "../facts.js";
import { code, paragraphs } from "../markdown.js";
import { describeAddress, describePortOf, describeSocket } from "./address.js";
import { describeService } from "./service.js";
import { showTarget } from "./target.js";

export interface Part {
  readonly contents: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What stands at an offset of `transport:nexthop`.
 * @param filter whether mail is handed to a filter by it, so that it can be said what listens there.
 */
export function transportPart(view: View, text: string, at: number, filter: boolean): Part | undefined {
  const { transport, transportRange, nexthop, nexthopRange } = splitTransport(text);
  if (at <= transportRange.end && transport !== "")
    return { contents: describeTransport(view, transport, filter ? text : undefined), ...transportRange };
  if (nexthop === "" || at < nexthopRange.start) return undefined;
  const program = view.analysis.system.transports.get(transport)?.program;
  if (program === "error" || program === "retry")
    return { contents: `**${transport}:** returns the mail with this text.`, ...nexthopRange };
  if (program === "pipe" || program === "local" || program === "virtual" || program === "discard")
    return {
      contents: `**${nexthop}**: the nexthop that ${program}(8) is given${program === "pipe" ? " as `${nexthop}`" : ""}`,
      ...nexthopRange,
    };
  const part = nexthopPart(view, nexthop, at - nexthopRange.start, program === "lmtp" ? "lmtp" : "smtp");
  return part && { ...part, start: part.start + nexthopRange.start, end: part.end + nexthopRange.start };
}

/** What stands at an offset of a nexthop list such as `[host]:port, other`. */
export function nexthopPart(
  view: View,
  text: string,
  at: number,
  protocol: "smtp" | "lmtp",
): Part | undefined {
  const one = readNexthop(text, protocol).find(({ range }) => range.start <= at && at <= range.end);
  if (!one) return undefined;
  if (one.fault !== undefined) return { contents: `**${text}**: ${one.fault}`, ...one.range };
  if (one.kind === "unix") return { contents: describeSocket(view, one.path, false), ...one.range };
  const port = readPort(one.port);
  if (one.port !== "" && at >= one.portRange.start && port.kind === "number")
    return { contents: describePortOf(view, one.host, port.number, one.port), ...one.portRange };
  const standard = protocol === "smtp" ? "25" : "24";
  const where =
    one.kind === "domain"
      ? `Mail goes to the mail exchangers (MX) of ${code(one.host)}; brackets, ${code(`[${one.host}]`)}, mean the host itself.`
      : `Mail goes to that host itself, without a look at its MX, on port ${one.port === "" ? `${standard}, as none is written` : port.kind === "number" && port.named ? `${port.number} (${one.port})` : one.port}.`;
  const number = port.kind === "number" ? port.number : Number(standard);
  const end = one.port === "" ? one.range.end : one.portRange.start - 1;
  return {
    contents: paragraphs(describeAddress(view, one.host, one.kind === "domain" ? undefined : number), where),
    start: one.range.start,
    end,
  };
}

/** @param whole `transport:nexthop` of a filter, to say where it leads. */
function describeTransport(view: View, name: string, whole: string | undefined): string {
  const { system } = view.analysis;
  const service = system.transports.get(name);
  if (!service)
    return system.masterOpen === undefined
      ? `**${name}**: master.cf has no such transport, so mail for it is deferred`
      : `**${name}**: a transport, a service of master.cf; ${system.masterOpen}`;
  const request: FilterRequest | undefined =
    whole === undefined
      ? undefined
      : {
          kind: "content_filter",
          parameter: "content_filter",
          text: whole,
          location: undefined,
          part: undefined,
          definition: undefined,
          chain: [],
          unknown: undefined,
        };
  return paragraphs(
    request && `${code(request.text)} leads to ${showTarget(resolveRequest(system, request))}.`,
    describeService(view, service),
  );
}
