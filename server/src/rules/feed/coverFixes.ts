/** What can be done about a service whose mail passes no filter while that of others does. */
import type { FilterStep } from "../../flow/flow.js";
import type { Service } from "../../semantics/postfix/services.js";
import { addOption } from "../edits.js";
import type { Fix } from "../finding.js";
import type { RuleContext } from "../rule.js";

/** Both ways out: the service gets the filter of others, or says that it is to have none. */
export function coverFixes(context: RuleContext, service: Service, { request }: FilterStep): Fix[] {
  const fixes: Fix[] = [];
  if (request.kind === "content_filter" && !/\s/.test(request.text))
    fixes.push({
      title: `Send mail of ${service.name} to ${request.text} as well`,
      edits: [addOption(context, service, "content_filter", request.text)],
    });
  fixes.push({
    title: `Say that ${service.name} has no filter`,
    edits: [addOption(context, service, "content_filter", "")],
  });
  return fixes;
}
