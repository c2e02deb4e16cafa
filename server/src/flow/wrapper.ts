/** Where TLS begins with the connection: port 465 on either side (RFC 8314), and nowhere else by convention. */
import { isLoopback } from "../semantics/postfix/address.js";
import { type Destination, readPort } from "../semantics/postfix/endpoints.js";
import type { Definition } from "../semantics/postfix/parameters.js";
import type { Service } from "../semantics/postfix/services.js";
import type { MailSystem } from "../system/system.js";

export interface ServerPortFault {
  readonly port: number;
  /** True where the server waits for TLS and should not. */
  readonly wraps: boolean;
  readonly definition: Definition | undefined;
}

/** Whether an smtpd begins with TLS on a standard port where clients do not, or does not where they do. */
export function serverPortFault(system: MailSystem, service: Service): ServerPortFault | undefined {
  const port = publicPort(system, service);
  if (port !== 25 && port !== 465 && port !== 587) return undefined;
  const { text, unknown, definition } = service.environment.value("smtpd_tls_wrappermode");
  const proxy = service.environment.value("smtpd_upstream_proxy_protocol");
  if (unknown !== undefined || proxy.unknown !== undefined || proxy.text !== "") return undefined;
  const wraps = /^yes$/i.test(text);
  if (!wraps && !/^no$/i.test(text)) return undefined;
  if (wraps === (port === 465)) return undefined;
  // An entry that a later one overrides has it right: that it is overridden says it all (duplicate-service).
  const explained = system.services.some(
    (other) =>
      other.overriddenBy === service &&
      /^yes$/i.test(other.environment.value("smtpd_tls_wrappermode").text) === (port === 465),
  );
  return explained ? undefined : { port, wraps, definition };
}

/** The port at which strangers reach the service; that of the postscreen before it for a service of type pass. */
function publicPort(system: MailSystem, service: Service): number | undefined {
  const owner =
    service.type === "pass"
      ? system.services.find(
          (other) =>
            other.program === "postscreen" &&
            !other.overriddenBy &&
            other.environment.value("smtpd_service_name").text === service.name,
        )
      : service;
  const set = owner && system.listenSets.get(owner);
  if (!set || set.addresses.length === 0) return undefined;
  return set.addresses.every(({ address }) => isLoopback(address)) ? undefined : set.port;
}

export interface ClientPortFault {
  readonly text: string;
  readonly because: Definition | undefined;
  readonly options: readonly (readonly [name: string, value: string])[];
}

/** What smtp(8) gets wrong at a destination's port; each case was run with 3.7.11. */
export function clientPortFault(
  { environment }: Service,
  destination: Destination,
): ClientPortFault | undefined {
  if (destination.fault !== undefined || destination.kind === "unix") return undefined;
  const port = destination.port === "" ? 25 : portOf(destination.port);
  const wrapper = environment.value("smtp_tls_wrappermode");
  const level = environment.value("smtp_tls_security_level");
  if (wrapper.unknown !== undefined || level.unknown !== undefined) return undefined;
  const wraps = /^yes$/i.test(wrapper.text);
  if (port === 465 && !wraps)
    return {
      text: "at port 465 the server waits for a TLS handshake, and the client for a greeting (smtp_tls_wrappermode = no): mail is deferred after a timeout.",
      because: wrapper.definition,
      options: [
        ["smtp_tls_wrappermode", "yes"],
        ...(isMandatory(level.text) ? [] : ([["smtp_tls_security_level", "encrypt"]] as const)),
      ],
    };
  if ((port === 25 || port === 587) && wraps)
    return {
      text: `at port ${port} the server greets in clear text, and the client begins with a TLS handshake (smtp_tls_wrappermode = yes): mail is deferred with "Cannot start TLS: handshake failure".`,
      because: wrapper.definition,
      options: [["smtp_tls_wrappermode", "no"]],
    };
  const opportunistic = /^(?:none|may)$/i.test(level.text) || level.text === "";
  const other = ["smtp_tls_policy_maps", "smtp_enforce_tls"].some(
    (name) => !/^(?:no)?$/i.test(environment.value(name).text),
  );
  if (!wraps || !opportunistic || other) return undefined;
  return {
    text: `smtp_tls_wrappermode = yes takes smtp_tls_security_level = encrypt or stronger, and it is "${level.text}": the client refuses, and mail is deferred with "server unavailable or unable to receive mail".`,
    because: wrapper.definition,
    options: [["smtp_tls_security_level", "encrypt"]],
  };
}

function portOf(text: string): number | undefined {
  const port = readPort(text);
  return port.kind === "number" ? port.number : undefined;
}

function isMandatory(level: string): boolean {
  return /^(?:encrypt|fingerprint|dane|dane-only|verify|secure)$/i.test(level);
}
