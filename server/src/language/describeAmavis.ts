import type { Analysis } from "../analysis.js";
import { textFor } from "../knowledge/texts.js";
import type { Unknown } from "../semantics/amavis/configuration.js";
import { showEndpoint } from "../system/listeners.js";
import { placeName } from "./facts.js";
import { bullets, code, paragraphs } from "./markdown.js";

/** A variable of amavisd: what it is, its value when all files are read, and where that comes from. */
export function describeVariable(analysis: Analysis, name: string): string | undefined {
  const { amavis } = analysis.system;
  const value = amavis?.value(name);
  const text = textFor("amavis", name);
  if (!value && !text) return undefined;
  const origins = value?.origins ?? [];
  return paragraphs(
    `**${name}**`,
    text,
    value && `Value when all files are read: ${show(value.display)}`,
    origins.length > 0
      ? `Set in: ${origins.map((origin) => placeName(analysis, origin)).join(", ")}${origins.length > 1 ? " (the last one counts)" : ""}`
      : "Not set in these files: amavisd's built-in default.",
    banksWith(analysis, name),
    listeners(analysis, name),
  );
}

function show(display: string | Unknown): string {
  if (typeof display !== "string") return `not known from the files (${display.reason})`;
  const short = display.length > 400 ? `${display.slice(0, 400)} ...` : display;
  return code(short);
}

/** Policy banks that replace the value for what they answer for. */
function banksWith(analysis: Analysis, name: string): string | undefined {
  const key = name.slice(1);
  const items: string[] = [];
  for (const bank of analysis.system.amavis?.banks.values() ?? []) {
    const entry = bank.entries.get(key);
    if (entry && bank.name !== "")
      items.push(`bank ${code(bank.name)}: ${show(entry.display)} (${placeName(analysis, entry.origin)})`);
  }
  return items.length > 0 ? `Replaced by:\n${bullets(items)}` : undefined;
}

const SOCKET_VARIABLES: ReadonlySet<string> = new Set([
  "$inet_socket_port",
  "$inet_socket_bind",
  "@listen_sockets",
  "$unix_socketname",
]);

function listeners(analysis: Analysis, name: string): string | undefined {
  if (!SOCKET_VARIABLES.has(name)) return undefined;
  const items = (analysis.system.amavis?.listeners ?? []).map((listener) =>
    listener.network === "unix" ? code(listener.path) : code(showEndpoint(listener.address, listener.port)),
  );
  return items.length > 0 ? `amavisd listens on ${items.join(", ")}` : undefined;
}

/** A policy bank: what it changes, and which listeners it answers for. */
export function describeBank(analysis: Analysis, name: string): string | undefined {
  const { amavis } = analysis.system;
  const bank = amavis?.banks.get(name);
  const users = (amavis?.listeners ?? []).filter((listener) => listener.banks.includes(name));
  if (!bank && users.length === 0) return undefined;
  const entries = [...(bank?.entries.values() ?? [])].map(
    (entry) => `${code(entry.key)} => ${show(entry.display)}`,
  );
  return paragraphs(
    `**Policy bank ${name}**`,
    bank
      ? "Its values replace the global ones, key by key, for the mail it answers for."
      : "This bank is named but nowhere defined: amavisd ignores the name.",
    entries.length > 0 && bullets(entries),
    users.length > 0
      ? `Answers on ${users.map((listener) => code(listener.network === "unix" ? listener.path : showEndpoint(listener.address, listener.port))).join(", ")}`
      : "No listener loads it by $interface_policy.",
  );
}
