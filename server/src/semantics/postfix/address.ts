/** Addresses, ports and networks as text, brought into one spelling so that they can be compared. */

export type Family = "ipv4" | "ipv6";

export const WILDCARD: Readonly<Record<Family, string>> = { ipv4: "0.0.0.0", ipv6: "::" };
export const LOOPBACK: Readonly<Record<Family, string>> = { ipv4: "127.0.0.1", ipv6: "::1" };

/**
 * The one spelling of an IP address, without brackets: "[0:0:0:0:0:0:0:1]" and "::1" give "::1".
 * Undefined for host names and for what the daemons refuse as an address ("127.1").
 */
export function normaliseAddress(text: string): string | undefined {
  let host = text;
  if (host.startsWith("[") && host.endsWith("]")) host = host.slice(1, -1);
  if (/^ipv6:/i.test(host)) host = host.slice(5);
  if (host.includes(":")) return normaliseIpv6(host);
  return isIpv4(host) ? host.split(".").map(Number).join(".") : undefined;
}

const FOUR_NUMBERS = /^\d{1,3}(?:\.\d{1,3}){3}$/;

function isIpv4(text: string): boolean {
  return FOUR_NUMBERS.test(text) && text.split(".").every((part) => Number(part) <= 255);
}

function normaliseIpv6(text: string): string | undefined {
  if (!/^[0-9a-fA-F:.]+$/.test(text)) return undefined;
  try {
    // The WHATWG parser gives RFC 5952 spelling, in Node and in browsers alike.
    return new URL(`http://[${text}]/`).hostname.slice(1, -1);
  } catch {
    return undefined;
  }
}

/** Family of a normalised address. */
export function familyOf(address: string): Family {
  return address.includes(":") ? "ipv6" : "ipv4";
}

export function isWildcard(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

/** Whether a host name means this machine's loopback by convention of every hosts file. */
export function isLocalhostName(host: string): boolean {
  return /^(?:localhost|localhost\.localdomain|ip6-localhost|ip6-loopback|localhost6?)$/i.test(host);
}

/** Whether an address lies in a CIDR block such as 127.0.0.0/8 or [::1]/128; undefined when the block is no CIDR. */
export function networkContains(network: string, address: string): boolean | undefined {
  const match = /^(\[?[0-9a-fA-F.:]+\]?)(?:\/(\d{1,3}))?\]?$/.exec(network);
  const base = match?.[1] === undefined ? undefined : normaliseAddress(match[1]);
  if (base === undefined) return undefined;
  if (familyOf(base) !== familyOf(address)) return false;
  const width = familyOf(base) === "ipv4" ? 32 : 128;
  const prefix = match?.[2] === undefined ? width : Number(match[2]);
  if (prefix > width) return undefined;
  return samePrefix(base, address, prefix);
}

/** Whether two normalised addresses of one family begin with the same bits. */
function samePrefix(first: string, second: string, length: number): boolean {
  const [size, groups, others] =
    familyOf(first) === "ipv4"
      ? [8, first.split(".").map(Number), second.split(".").map(Number)]
      : [16, expandIpv6(first), expandIpv6(second)];
  return groups.every((group, index) => {
    const ignored = Math.min(size, Math.max(0, (index + 1) * size - length));
    return group >> ignored === (others[index] ?? 0) >> ignored;
  });
}

/** The first address of the network of that length that an address lies in; both normalised. */
export function networkAddress(address: string, prefix: number): string {
  if (familyOf(address) === "ipv4") {
    const bits = toBits(address).slice(0, prefix).padEnd(32, "0");
    return [0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join(".");
  }
  const bits = toBits(address).slice(0, prefix).padEnd(128, "0");
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number.parseInt(bits.slice(index * 16, index * 16 + 16), 2).toString(16),
  );
  return normaliseIpv6(groups.join(":")) ?? address;
}

function toBits(address: string): string {
  if (familyOf(address) === "ipv4")
    return address
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  return expandIpv6(address)
    .map((group) => group.toString(2).padStart(16, "0"))
    .join("");
}

function expandIpv6(address: string): number[] {
  const [head = "", tail] = address.split("::");
  const groups = (text: string) =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const front = groups(head);
  if (tail === undefined) return front;
  const back = groups(tail);
  return [...front, ...new Array<number>(Math.max(0, 8 - front.length - back.length)).fill(0), ...back];
}
