/** Requests for a filter in words, those that one line of the files makes together in one. */
import type { FilterStep } from "../../flow/flow.js";
import { placeLink, type View } from "../facts.js";
import { code, enumerate } from "../markdown.js";

/** One line for each place that asks, with the services whose mail it is about. */
export function requestLines(view: View, steps: readonly FilterStep[]): string[] {
  return groups(steps).map((group) => {
    const [{ request }] = group;
    const services = enumerate([...new Set(group.map(({ service }) => code(service.name)))]);
    return `${isFilterAction(group[0]) ? "some mail" : "mail"} of ${services}: ${what(group)}${where(view, request.location)}`;
  });
}

/** The parameters that ask, and what for: "`header_checks` and `mime_header_checks` say FILTER". */
export function actionWords(group: readonly FilterStep[]): string {
  const names = [...new Set(group.map(({ request }) => code(request.parameter)))];
  return `${enumerate(names)} ${names.length > 1 ? "say" : "says"} FILTER`;
}

function what(group: readonly [FilterStep, ...FilterStep[]]): string {
  const [first] = group;
  return isFilterAction(first)
    ? `${actionWords(group)} ${code(first.request.text)}`
    : code(`${first.request.parameter} = ${first.request.text}`);
}

export function where(view: View, location: FilterStep["request"]["location"]): string {
  return location ? ` (${placeLink(view, location)})` : "";
}

/** Only what a table answers for: the other requests are about all mail. */
export function isFilterAction({ request }: FilterStep): boolean {
  return request.kind === "access" || request.kind === "checks";
}

/** Steps that the same stretch of a file asks for. */
export function groups(steps: readonly FilterStep[]): [FilterStep, ...FilterStep[]][] {
  const found = new Map<string, [FilterStep, ...FilterStep[]]>();
  for (const step of steps) {
    const { location, text, parameter, kind } = step.request;
    const at = location ? `${location.file}:${location.range.start}` : parameter;
    const key = `${at} ${text} ${kind === "content_filter" || kind === "proxy" ? parameter : ""}`;
    const known = found.get(key);
    if (known) known.push(step);
    else found.set(key, [step]);
  }
  return [...found.values()];
}
