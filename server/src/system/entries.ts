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
