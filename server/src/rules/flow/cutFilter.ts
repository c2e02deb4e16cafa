import type { Service } from "../../semantics/postfix/services.js";
import { overrideOptions } from "../../system/feeds.js";
import { setOption } from "../edits.js";
import type { TextEdit } from "../finding.js";
import type { RuleContext } from "../rule.js";

/** Options that end every filter request which a service would make of mail that a filter hands back. */
export function cutFilter(context: RuleContext, service: Service): { edits: TextEdit[]; names: string } {
  const edits: TextEdit[] = [];
  const seen = new Set<string>();
  for (const { request } of context.flow.requestsOf(service, clientOf(context, service))) {
    const name = request.kind === "checks" ? "receive_override_options" : request.parameter;
    if (seen.has(name)) continue;
    seen.add(name);
    edits.push(setOption(context, service, name, overrideFor(service, name)));
  }
  const names = [...seen].map((name) => `-o ${name}=${overrideFor(service, name)}`).join(" ");
  return { edits: joinInsertions(edits), names };
}

/**
 * What a fix for a line of a service has to bring along, so that mail does not loop through it once the
 * line is read: nothing for most.
 */
export function alsoCutLoop(
  context: RuleContext,
  file: string,
  start: number,
): { edits: TextEdit[]; title: string } {
  const loop = context.flow.loops.find(
    ({ service }) => service.location.file === file && service.entry.range.start === start,
  );
  if (!loop) return { edits: [], title: "" };
  const { edits, names } = cutFilter(context, loop.service);
  return { edits, title: `, and add ${names}, without which mail would loop` };
}

/** The address from which the filter hands mail back to the service. */
function clientOf(context: RuleContext, service: Service): string {
  for (const { target } of context.flow.forwards)
    if (target.kind === "postfix" && target.sockets.some((socket) => socket.service === service))
      return target.endpoint.address;
  return "127.0.0.1";
}

/** Edits that insert at one place become one, in their order. */
function joinInsertions(edits: readonly TextEdit[]): TextEdit[] {
  const joined: TextEdit[] = [];
  for (const edit of edits) {
    const last = joined.at(-1);
    const insertion = edit.range.start === edit.range.end;
    if (last && insertion && last.range.start === edit.range.start && last.range.end === edit.range.end)
      joined[joined.length - 1] = { ...last, newText: last.newText + edit.newText };
    else joined.push(edit);
  }
  return joined;
}

function overrideFor(service: Service, name: string): string {
  if (name === "receive_override_options")
    return [...overrideOptions(service.environment), "no_header_body_checks"].join(",");
  return /_(?:relay|recipient)_restrictions$/.test(name) ? "permit_mynetworks,reject" : "";
}
