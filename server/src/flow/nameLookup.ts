/**
 * Whether smtp(8) and lmtp(8) find the address of a host name (smtp_host_lookup, disable_dns_lookups; scenarios
 * o2, o6, p07, p14).
 */
import { isLocalhostName, normaliseAddress } from "../semantics/postfix/address.js";
import { isChrooted } from "../semantics/postfix/chroot.js";
import { readNexthop, splitTransport } from "../semantics/postfix/endpoints.js";
import type { Service } from "../semantics/postfix/services.js";
import type { MailSystem } from "../system/system.js";

/** Whether the client asks the hosts file, not DNS, for addresses: undefined when the settings are not known. */
export function looksUpNatively(client: Service, protocol: "smtp" | "lmtp"): boolean | undefined {
  const value = (name: string) => client.environment.value(name);
  const names = ["disable_dns_lookups", `${protocol}_dns_support_level`, `${protocol}_host_lookup`].map(
    value,
  );
  if (names.some(({ unknown }) => unknown !== undefined)) return undefined;
  const [disabled, level, lookup] = names.map(({ text }) => text);
  return /^yes$/i.test(disabled ?? "") || /^disabled$/i.test(level ?? "") || /\bnative\b/.test(lookup ?? "");
}

/** A host that only the hosts file is sure to know. */
export function isHostsFileName(host: string): boolean {
  return normaliseAddress(host) === undefined && isLocalhostName(host);
}

/**
 * What the files do not tell about the name in a nexthop, so that nobody can say whether mail gets there: a hosts
 * file inside the chroot, or a DNS server that answers for localhost. Undefined when the name is sure to be found, or
 * is the business of DNS as usual.
 */
export function doubtAboutName(system: MailSystem, client: Service, nexthop: string): string | undefined {
  const { program } = client;
  if (program !== "smtp" && program !== "lmtp") return undefined;
  const [first] = readNexthop(nexthop, program);
  if (!first || first.kind === "unix" || first.fault !== undefined || normaliseAddress(first.host))
    return undefined;
  const native = looksUpNatively(client, program);
  if (native && isChrooted(client, system.profile, system.source.main !== undefined))
    return `${client.name} runs in a chroot and finds ${first.host} only if the hosts file was copied there`;
  if (native === false && isHostsFileName(first.host))
    return `${client.name} asks DNS for ${first.host} and finds it only if the resolver answers for that name`;
  return undefined;
}

/** The same for a filter request, transport:nexthop. */
export function doubtAboutRequest(system: MailSystem, request: string): string | undefined {
  const { transport, nexthop } = splitTransport(request);
  const client = system.transports.get(transport);
  return client && !client.uncertain ? doubtAboutName(system, client, nexthop) : undefined;
}
