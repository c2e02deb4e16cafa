import { programFacts } from "../knowledge/services.js";
import type { Location } from "../semantics/located.js";
import { argumentFaults } from "../semantics/postfix/arguments.js";
import { hasRelayGuard } from "../semantics/postfix/lists/restrictions.js";
import type { Service } from "../semantics/postfix/services.js";
import type { MailSystem } from "../system/system.js";

/**
 * Why nobody answers on an open port: master(8) listens, but the daemon behind it is not there or dies at every
 * connection (scenarios j3, j4, j8, n07, n09, n10, n12). Undefined when it answers, as far as the files tell.
 */
export function whySilent(
  system: MailSystem,
  service: Service,
): { readonly does: string; readonly because: Location } | undefined {
  const { program, uncertain, nameLocation } = service;
  if (program !== "smtpd") {
    const missing = programFacts(program) === undefined && !uncertain && !program.includes(".");
    if (!missing) return undefined;
    return { does: `there is no program ${program}: no connection is answered`, because: nameLocation };
  }
  const template = system.source.master?.template ?? false;
  const fatal = argumentFaults(service, template).find((fault) => fault.fatal);
  if (fatal)
    return {
      does: "smtpd stops at every connection",
      because: { file: service.location.file, range: fatal.range },
    };
  const unguarded = ["smtpd_relay_restrictions", "smtpd_recipient_restrictions"].every(
    (list) => hasRelayGuard(service.environment, list) === "no",
  );
  if (!unguarded) return undefined;
  return {
    does: "smtpd stops: neither the relay nor the recipient restrictions end in a rejection",
    because: nameLocation,
  };
}
