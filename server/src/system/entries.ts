import { isLoopback } from "../semantics/postfix/address.js";
import type { Service } from "../semantics/postfix/services.js";
import type { MailSystem } from "./system.js";

/** Whether a service is where the world, users or other hosts bring mail: a standard port. */
export function isPublicEntry(system: MailSystem, service: Service): boolean {
  const port = system.listenSets.get(service)?.port;
  return service.type !== "inet" || port === 25 || port === 465 || port === 587 || port === 2525;
}

/** The service of type pass that postscreen(8) hands connections to; undefined when master.cf has none of that name. */
export function behindPostscreen(
  system: MailSystem,
  postscreen: Service,
): { readonly name: string; readonly service: Service | undefined } {
  const name = postscreen.environment.value("smtpd_service_name").text || "smtpd";
  const service = system.services.find(
    (candidate) => candidate.type === "pass" && candidate.name === name && !candidate.overriddenBy,
  );
  return { name, service };
}

/** Whether a stranger can come to the service; one that postscreen hands connections to is one. */
export function isReachable(system: MailSystem, service: Service): boolean {
  if (service.type === "pass") return true;
  const set = system.listenSets.get(service);
  return set?.addresses.some(({ address }) => !isLoopback(address) && !isPrivate(address)) ?? false;
}

/** Addresses that the internet does not lead to. */
function isPrivate(address: string): boolean {
  return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)|^f[cde]/i.test(address);
}
