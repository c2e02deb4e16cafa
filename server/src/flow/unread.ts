/** Filters that a table or a policy service may ask for, which is not among the files. */
import { listItems } from "../semantics/postfix/lists/items.js";
import { readTableReference } from "../semantics/postfix/lists/tableReference.js";
import type { MailSystem } from "../system/system.js";
import { checksContent, type Stage } from "./paths.js";
import { restrictionsReached } from "./reached.js";

const CHECKS = ["header_checks", "body_checks"] as const;

/** Whether mail at a stage may be sent through a filter by an answer that nobody knows here. */
export function mayAskForMore(system: MailSystem, stage: Stage): boolean {
  const { service, cleanup, back } = stage;
  if (cleanup && checksContent(stage) !== false)
    for (const name of CHECKS)
      if (listItems(cleanup.value(name).text).some(({ text }) => isUnread(system, text))) return true;
  if (service.program !== "smtpd") return false;
  return restrictionsReached(service.environment, back?.client).some(({ restriction }) => {
    const { kind, name, item, argument } = restriction;
    if (name === "check_policy_service") return true;
    const table = kind === "map" ? item : /^check_\w+_access$/.test(name) ? argument : undefined;
    return table !== undefined && isUnread(system, table.text);
  });
}

function isUnread(system: MailSystem, text: string): boolean {
  const item = { text, start: 0, end: text.length, unclosed: false, opaque: false };
  const { type, name } = readTableReference(item);
  return type !== "static" && type !== "inline" && !system.source.tables.has(name);
}
