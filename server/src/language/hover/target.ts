import type { Target } from "../../flow/resolve.js";
import { showEndpoint } from "../../system/listeners.js";
import { code } from "../markdown.js";

/** Where a step leads, in words. */
export function showTarget(target: Target): string {
  switch (target.kind) {
    case "amavis":
      return `amavisd on ${code(showEndpoint(target.endpoint.address, target.endpoint.port))}`;
    case "postfix":
      return `Postfix's own service ${code(target.sockets[0]?.service.name ?? "")}`;
    case "missing":
      return `${code(showEndpoint(target.endpoint.address, target.endpoint.port))}, where nothing known listens`;
    case "elsewhere":
      return `another host, ${code(target.host)}`;
    case "self":
      return "port 25 of this host: mail loops back";
    case "no-transport":
      return `the transport ${code(target.transport)}, which master.cf does not have`;
    case "no-nexthop":
      return "the recipient's own domain, since no nexthop is set";
    case "bad-port":
      return `port ${code(target.port)}, which does not exist`;
    case "malformed":
      return `nothing: ${target.reason}`;
    case "program":
      return `the program ${code(target.service.program)}`;
    case "unix":
      return `the socket ${code(target.path)}`;
    case "unknown":
      return `a place that is not known (${target.reason})`;
  }
}
