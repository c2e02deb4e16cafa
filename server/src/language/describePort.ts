import type { Analysis } from "../analysis.js";
import { portFacts } from "../knowledge/ports.js";
import { textFor } from "../knowledge/texts.js";
import { showEndpoint } from "../system/listeners.js";
import { placeName } from "./facts.js";
import { bullets, code, paragraphs } from "./markdown.js";

const RANGES = {
  random: "0 asks the kernel for any free port",
  "well-known": "well-known range (1 to 1023)",
  registered: "registered range (1024 to 49151)",
  dynamic: "dynamic range (49152 to 65535)",
  none: "no TCP port",
} as const;

/** A port: its range and assignment, the convention it carries, and who uses it in this system. */
export function describePort(analysis: Analysis, port: number): string {
  const { range, iana, name } = portFacts(port);
  const assigned =
    iana === null
      ? "unassigned by IANA"
      : iana !== undefined
        ? `assigned by IANA to ${iana}`
        : name
          ? `known as ${name}`
          : "no assignment known here";
  const users = portUsers(analysis, port);
  return paragraphs(
    `**Port ${port}**: ${RANGES[range]}, ${assigned}`,
    textFor("port", String(port)),
    users.length > 0
      ? `In this system:\n${bullets(users)}`
      : "Nothing in this system listens on it or sends mail to it.",
  );
}

/** Who listens on a port and who sends mail to it. */
export function portUsers(analysis: Analysis, port: number): string[] {
  const { system, flow } = analysis;
  const users: string[] = [];
  for (const socket of system.sockets) {
    if (socket.port !== port) continue;
    const who = socket.program === "postfix" ? `Postfix service ${code(socket.service.name)}` : "amavisd";
    users.push(
      `${who} listens on ${code(showEndpoint(socket.address, port))} (${placeName(analysis, socket.location)})`,
    );
  }
  const seen = new Set<string>();
  for (const { request, service, target } of flow.requests) {
    if (!("endpoint" in target) || target.endpoint.port !== port) continue;
    const where = request.location ? ` (${placeName(analysis, request.location)})` : "";
    const line = `${code(service.name)} sends mail here to be filtered: ${code(`${request.parameter} = ${request.text}`)}${where}`;
    if (!seen.has(line)) users.push(line);
    seen.add(line);
  }
  for (const { method, role, target, listener } of flow.forwards) {
    if (!("endpoint" in target) || target.endpoint.port !== port) continue;
    const where = method.origin ? placeName(analysis, method.origin) : "amavisd's default";
    const line = `amavisd (listener ${code(showEndpoint(listener.address, listener.port))}) hands mail on to it: ${code(`$${role}_method`)} (${where})`;
    if (!seen.has(line)) users.push(line);
    seen.add(line);
  }
  return users;
}
