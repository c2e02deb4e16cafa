/** Places and wordings for the steps of the flow, shared by the rules about it. */
import type { FilterStep, ForwardStep } from "../../flow/flow.js";
import type { Location } from "../../semantics/located.js";
import type { Range } from "../../syntax/text.js";
import type { RelatedPlace } from "../finding.js";
import type { RuleContext } from "../rule.js";

/** The stretch of a request's text that a range of it means, or the whole value where that cannot be told. */
export function requestPart({ request, service }: FilterStep, range: Range): Location | undefined {
  return request.part?.(range.start, range.end) ?? request.location ?? service.nameLocation;
}

/** Where a request is written; a built-in default has only the service that has it. */
export function requestPlace({ request, service }: FilterStep): Location {
  return request.location ?? service.nameLocation;
}

/** How a request is written: "content_filter = smtp-amavis:[127.0.0.1]:10024" or "FILTER ...". */
export function showRequest({ request }: FilterStep): string {
  if (request.kind === "access" || request.kind === "checks")
    return `FILTER ${request.text} in ${request.parameter}`;
  return `${request.parameter} = ${request.text}`;
}

/** Where a delivery method is written; the listener's own place when it is amavisd's default. */
export function forwardPlace({ method, listener }: ForwardStep): Location | undefined {
  return method.origin ?? listener.origin;
}

/** "$forward_method" or "$notify_method", with the word that says it was never set. */
export function showForward({ method, role }: ForwardStep): string {
  const name = `$${role}_method`;
  return method.origin ? `${name} '${method.text}'` : `${name}, which has its default '${method.text}'`;
}

/** The related place of a step, when it has one. */
export function relatedStep(context: RuleContext, step: FilterStep | ForwardStep): RelatedPlace[] {
  if ("request" in step) {
    const at = step.request.location;
    return at
      ? [
          {
            ...at,
            message: `${step.service.name} feeds the filter: ${showRequest(step)} (${context.place(at)})`,
          },
        ]
      : [];
  }
  const at = forwardPlace(step);
  return at
    ? [{ ...at, message: `the filter hands mail on by ${showForward(step)} (${context.place(at)})` }]
    : [];
}
