/** Edits that fixes are made of. Each changes what it says and nothing else in the file. */
import { admission } from "../flow/admission.js";
import type { AmavisAssignment } from "../semantics/amavis/configuration.js";
import type { Location } from "../semantics/located.js";
import { isLoopback, isWildcard, LOOPBACK } from "../semantics/postfix/address.js";
import type { Service } from "../semantics/postfix/services.js";
import { isPublicEntry } from "../system/entries.js";
import { overrideOptions } from "../system/feeds.js";
import { showEndpoint } from "../system/listeners.js";
import { tableLookup } from "../system/lookup.js";
import type { TextEdit } from "./finding.js";
import type { RuleContext } from "./rule.js";

export function replace(location: Location, newText: string): TextEdit {
  return { file: location.file, range: location.range, newText };
}

/** Deletes an entry of master.cf with its continuation lines, but no comment before or after it. */
export function deleteEntry(context: RuleContext, service: Service): TextEdit {
  const { file } = service.location;
  const text = context.text(file);
  const { start, end } = service.entry.range;
  const after = text.indexOf("\n", end);
  return { file, range: { start, end: after < 0 ? text.length : after + 1 }, newText: "" };
}

/** Adds `-o NAME=VALUE` to a service as a line of its own behind its last line. */
export function addOption(context: RuleContext, service: Service, name: string, value: string): TextEdit {
  const { file } = service.location;
  const newLine = lineEnd(context.text(file));
  return {
    file,
    range: { start: service.entry.range.end, end: service.entry.range.end },
    newText: `${newLine}${indentOf(context, service)}-o ${name}=${value}`,
  };
}

/** Sets an option of a service: changes the one that counts, or adds it. */
export function setOption(context: RuleContext, service: Service, name: string, value: string): TextEdit {
  const last = service.entry.options.filter((option) => option.valid && option.name === name).pop();
  if (!last) return addOption(context, service, name, value);
  return { file: service.location.file, range: last.valueRange, newText: value };
}

/** Sets several options of a service; insertions at one place become one edit, since edits of a fix do not overlap. */
export function setOptions(
  context: RuleContext,
  service: Service,
  options: readonly (readonly [name: string, value: string])[],
): TextEdit[] {
  const joined: TextEdit[] = [];
  for (const [name, value] of options) {
    const edit = setOption(context, service, name, value);
    const { start, end } = edit.range;
    const at = joined.findIndex(({ range }) => start === end && range.start === start && range.end === end);
    const before = joined[at];
    if (before) joined[at] = { ...before, newText: before.newText + edit.newText };
    else joined.push(edit);
  }
  return joined;
}

/** How a fix names options: "-o a=1 -o b=". */
export function showOptions(options: readonly (readonly [name: string, value: string])[]): string {
  return options.map(([name, value]) => `-o ${name}=${value}`).join(" ");
}

/** The blanks that the service's own continuation lines begin with. */
function indentOf(context: RuleContext, service: Service): string {
  const second = service.entry.pieces[1];
  if (!second) return "  ";
  return /^[ \t]*/.exec(context.text(service.location.file).slice(second.start, second.end))?.[0] || "  ";
}

/** The line end that the file uses. */
export function lineEnd(text: string): string {
  const first = text.indexOf("\n");
  return first > 0 && text[first - 1] === "\r" ? "\r\n" : "\n";
}

/** Inserts an entry into master.cf behind `after`, or at the end. */
export function insertEntry(
  context: RuleContext,
  file: string,
  after: Service | undefined,
  lines: readonly string[],
): TextEdit {
  const text = context.text(file);
  const newLine = lineEnd(text);
  const body = lines.join(newLine);
  if (after) {
    const end = after.entry.range.end;
    // Behind a CR the LF is still to come: keep the pair together.
    const at = text[end - 1] === "\r" ? end - 1 : end;
    return { file, range: { start: at, end: at }, newText: `${newLine}${body}` };
  }
  const needsEnd = text !== "" && !text.endsWith("\n");
  return {
    file,
    range: { start: text.length, end: text.length },
    newText: `${needsEnd ? newLine : ""}${body}${newLine}`,
  };
}

/**
 * A complete reinjection service for address:port: no filter, only the filter's network admitted, checks
 * and limits that belong to the entry switched off, XFORWARD accepted. Proved by a run with the real
 * programs (test/oracle).
 * @param mapsBefore true when address mappings (aliases, BCC) happen before the filter, so that they must not happen again.
 */
export function reinjectionLines(address: string, port: number, mapsBefore: boolean): string[] {
  const networks = ["127.0.0.0/8", "[::1]/128"];
  if (!isLoopback(address)) networks.push(address.includes(":") ? `[${address}]/128` : `${address}/32`);
  const overrides = ["no_header_body_checks", "no_unknown_recipient_checks", "no_milters"];
  if (mapsBefore) overrides.push("no_address_mappings");
  const options: readonly (readonly [string, string])[] = [
    ["content_filter", ""],
    ["smtpd_proxy_filter", ""],
    ["smtpd_tls_security_level", "none"],
    ["smtpd_tls_wrappermode", "no"],
    ["smtpd_delay_reject", "no"],
    ["smtpd_client_restrictions", "permit_mynetworks,reject"],
    ["smtpd_helo_restrictions", ""],
    ["smtpd_sender_restrictions", ""],
    ["smtpd_relay_restrictions", "permit_mynetworks,reject"],
    ["smtpd_recipient_restrictions", "permit_mynetworks,reject"],
    ["smtpd_data_restrictions", "reject_unauth_pipelining"],
    ["smtpd_end_of_data_restrictions", ""],
    ["smtpd_restriction_classes", ""],
    ["mynetworks", networks.join(",")],
    ["smtpd_authorized_xforward_hosts", networks.join(",")],
    ["smtpd_error_sleep_time", "0"],
    ["smtpd_soft_error_limit", "1001"],
    ["smtpd_hard_error_limit", "1000"],
    ["smtpd_client_connection_count_limit", "0"],
    ["smtpd_client_connection_rate_limit", "0"],
    ["local_header_rewrite_clients", ""],
    ["receive_override_options", overrides.join(",")],
  ];
  return [
    `${showEndpoint(address, port)} inet n - n - - smtpd`,
    ...options.map(([name, value]) => `  -o ${name}=${value}`),
  ];
}

/** A transport that feeds a filter, with the settings that a filter on this host needs. */
export function transportLines(name: string, maxproc: string): string[] {
  return [
    `${name} unix - - n - ${maxproc} smtp`,
    "  -o smtp_data_done_timeout=1200",
    "  -o smtp_send_xforward_command=yes",
    "  -o smtp_dns_support_level=disabled",
    "  -o smtp_tls_security_level=none",
    "  -o max_use=20",
  ];
}

/** Whether the services that feed filters map addresses themselves, so that the reinjection must not. */
export function mapsBefore(context: Pick<RuleContext, "flow">): boolean {
  return !context.flow.requests.some(({ service }) =>
    overrideOptions(service.environment).has("no_address_mappings"),
  );
}

/** Services that a filter can hand mail back to: smtpd that asks for no filter and is no public entry. */
export function reinjectionCandidates(
  context: RuleContext,
): { service: Service; address: string; port: number }[] {
  const { system, flow } = context;
  const seen = new Set<Service>();
  return system.sockets.flatMap((socket) => {
    if (socket.program !== "postfix" || seen.has(socket.service) || isPublicEntry(system, socket.service))
      return [];
    if (socket.service.program !== "smtpd" || flow.requestsOf(socket.service, socket.address).length > 0)
      return [];
    if (refuses(context, socket.service, socket.address)) return [];
    seen.add(socket.service);
    return [{ service: socket.service, address: socket.address, port: socket.port }];
  });
}

/** Whether the restrictions of a service turn away whoever comes from this host by one of its addresses. */
function refuses({ system }: RuleContext, { environment }: Service, address: string): boolean {
  const client = isWildcard(address) ? LOOPBACK.ipv4 : address;
  const sender = { local: "sender", domain: "outside.invalid" };
  const recipient = { local: "user", domain: "" };
  const { outcome, certain } = admission(environment, tableLookup(system.source.tables), {
    client,
    sender,
    recipient,
  });
  return outcome === "rejected" && certain;
}

/** Replaces the right side of an assignment in amavisd's configuration. */
export function assign(assignment: AmavisAssignment, newText: string): TextEdit {
  return { file: assignment.file, range: assignment.valueRange, newText };
}
