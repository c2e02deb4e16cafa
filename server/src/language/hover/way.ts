/** Where mail goes from a service: filter by filter until the queue manager delivers it. */
import type { FilterStep, ForwardStep } from "../../flow/flow.js";
import type { Service } from "../../semantics/postfix/services.js";
import { takesMail } from "../../system/feeds.js";
import { placeLink, type View } from "../facts.js";
import { code } from "../markdown.js";
import { actionWords, groups, isFilterAction, where } from "./requests.js";
import { showTarget } from "./target.js";

const MOST_STEPS = 12;

/** The steps in order; empty for services that take no mail in. */
export function wayOfMail(view: View, service: Service): string[] {
  if (!takesMail(service) || service.overriddenBy) return [];
  const lines: string[] = [];
  const seen = new Set<Service>();
  let at: Service | undefined = service;
  let client = "any";
  while (at && lines.length < MOST_STEPS) {
    if (seen.has(at)) {
      lines.push(`${code(at.name)} is where it was before: **mail goes in a circle**`);
      return lines;
    }
    seen.add(at);
    const steps = view.analysis.flow.requestsOf(at, client);
    for (const group of groups(steps.filter(isFilterAction))) lines.push(some(view, group));
    const next =
      steps.find(({ request }) => request.kind === "proxy") ??
      steps.find(({ request }) => request.kind === "content_filter");
    if (!next) {
      lines.push(`${at === service ? "no filter" : "no further filter"}: the queue manager delivers it`);
      if (view.analysis.flow.loops.some((loop) => seen.has(loop.service)))
        lines.push("**what a FILTER action sends round comes back to it: a circle**");
      return lines;
    }
    lines.push(request(view, next));
    const { target } = next;
    if (target.kind === "postfix") {
      at = target.sockets[0]?.service;
      client = target.endpoint.address;
      continue;
    }
    if (target.kind !== "amavis") return lines;
    const forward = view.analysis.flow.forwards.find(
      ({ role, listener }) => role === "forward" && listener === target.sockets[0]?.listener,
    );
    if (!forward) {
      lines.push("where amavisd hands it on is not known");
      return lines;
    }
    lines.push(handsOn(view, forward));
    if (forward.target.kind !== "postfix") return lines;
    at = forward.target.sockets[0]?.service;
    client = forward.target.endpoint.address;
  }
  return lines;
}

function request(view: View, step: FilterStep): string {
  const { request } = step;
  const how = request.kind === "proxy" ? "before the queue to " : "to ";
  return `${how}${showTarget(step.target)} by ${code(request.parameter)}${where(view, request.location)}`;
}

function some(view: View, group: [FilterStep, ...FilterStep[]]): string {
  const [{ target, request }] = group;
  return `some of it to ${showTarget(target)}: ${actionWords(group)}${where(view, request.location)}`;
}

function handsOn(view: View, { method, target }: ForwardStep): string {
  const from = method.origin ? placeLink(view, method.origin) : "amavisd's default";
  return `amavisd hands it to ${showTarget(target)} by ${code("$forward_method")} (${from})`;
}
