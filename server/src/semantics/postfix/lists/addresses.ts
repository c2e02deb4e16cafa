/**
 * Items of address lists such as mynetworks (match_hostaddr(), cidr_match(3)): networks, addresses, host names,
 * tables and files. What a faulty item does was observed with smtpd 3.7.11: an IPv4 item only troubles IPv4
 * clients, an IPv6 item IPv6 clients.
 */
import { type Family, familyOf, networkAddress, normaliseAddress } from "../address.js";
import type { ListItem } from "./items.js";

export type AddressFault =
  /** 10.0.0.5/8: the item cannot be used, and everybody who comes to it is told to try later. */
  | { readonly kind: "host-bits"; readonly replacement: string }
  /** Text that cidr_match refuses, with the words that the log has for it. */
  | { readonly kind: "malformed"; readonly log: string; readonly replacement: string | undefined }
  /** ::1 without brackets is read as a table of the type that stands before its first colon. */
  | { readonly kind: "unbracketed"; readonly replacement: string }
  /** Nothing can be equal to it, and no program complains. */
  | { readonly kind: "never-matches"; readonly replacement: string | undefined };

export interface AddressPattern {
  readonly item: ListItem;
  readonly negated: boolean;
  /** Text without `!`. */
  readonly text: string;
  /** Offset of `text` in the list's value. */
  readonly start: number;
  readonly kind: "network" | "host" | "table" | "file" | "unknown";
  /** Of a network that can be used: its address and length. */
  readonly network:
    | { readonly address: string; readonly prefix: number; readonly family: Family }
    | undefined;
  readonly fault: AddressFault | undefined;
}

export function readAddressPattern(item: ListItem): AddressPattern {
  const bangs = /^!*/.exec(item.text)?.[0].length ?? 0;
  const text = item.text.slice(bangs);
  const base = {
    item,
    negated: bangs % 2 === 1,
    text,
    start: item.start + bangs,
    network: undefined,
    fault: undefined,
  };
  if (item.opaque || text === "") return { ...base, kind: "unknown" };
  if (text.startsWith("/")) return { ...base, kind: "file" };
  if (text.startsWith("[")) return { ...base, kind: "network", ...bracketed(text) };
  if (text.includes(":")) {
    const fault = unbracketed(text);
    return fault ? { ...base, kind: "network", fault } : { ...base, kind: "table" };
  }
  if (/^[\d./]+$/.test(text)) return { ...base, kind: "network", ...plain(text) };
  // Ranges, stars and quotes round digits: a host name has a letter.
  if (/\d+\.\d+/.test(text) && !/[A-Za-z]/.test(text))
    return { ...base, kind: "network", fault: { kind: "never-matches", replacement: unquoted(text) } };
  return { ...base, kind: "host" };
}

type Read = Pick<AddressPattern, "network" | "fault">;

function plain(text: string): Read {
  const slash = text.indexOf("/");
  if (slash >= 0) return network(text.slice(0, slash), text.slice(slash + 1), text, 32);
  const address = normaliseAddress(text);
  return address === undefined
    ? { network: undefined, fault: { kind: "never-matches", replacement: undefined } }
    : { network: { address, prefix: 32, family: "ipv4" }, fault: undefined };
}

function bracketed(text: string): Read {
  // The length may stand behind the bracket or inside: both were accepted.
  const match = /^\[([^\]/]*)(?:\/([^\]]*))?\](?:\/(.*))?$/s.exec(text);
  const address = match?.[1] ?? "";
  if (!text.includes("]")) return malformed(`missing ']' character after "${text}"`);
  // An interface behind % and odd brackets: what becomes of them was not tried.
  if (!match || address.includes("%") || (match[2] !== undefined && match[3] !== undefined)) return NOTHING;
  const width = address.includes(":") ? 128 : 32;
  return network(address, match[2] ?? match[3] ?? String(width), text, width);
}

const NOTHING: Read = { network: undefined, fault: undefined };

function network(base: string, mask: string, text: string, width: number): Read {
  const address = normaliseAddress(base);
  const shown = text.replace(/[[\]]/g, "");
  if (!/^\d+$/.test(mask)) return malformed(`bad mask value in "${shown}"`, dottedMask(base, mask));
  const prefix = Number(mask);
  if (prefix > width) return malformed(`bad mask length in "${shown}"`);
  if (address === undefined) {
    if (!text.includes("/")) return malformed(`bad address pattern: "${base}"`);
    return malformed(`bad network value in "${shown}"`, padded(base, mask));
  }
  const family = familyOf(address);
  const first = networkAddress(address, prefix);
  if (first !== address) {
    const replacement = text.startsWith("[") ? `[${first}]/${mask}` : `${first}/${mask}`;
    return { network: undefined, fault: { kind: "host-bits", replacement } };
  }
  return { network: { address, prefix, family }, fault: undefined };
}

function malformed(log: string, replacement?: string): Read {
  return { network: undefined, fault: { kind: "malformed", log, replacement } };
}

function unbracketed(text: string): AddressFault | undefined {
  const match = /^([0-9a-fA-F:.]*)(\/\d+)?$/.exec(text);
  if (!match || normaliseAddress(match[1] ?? "") === undefined) return undefined;
  return { kind: "unbracketed", replacement: `[${match[1]}]${match[2] ?? ""}` };
}

/** 10.0.0.0/255.0.0.0 as 10.0.0.0/8. */
function dottedMask(base: string, mask: string): string | undefined {
  const address = normaliseAddress(base);
  if (address === undefined || normaliseAddress(mask) === undefined || mask.includes(":")) return undefined;
  const bits = mask
    .split(".")
    .map((part) => Number(part).toString(2).padStart(8, "0"))
    .join("");
  if (!/^1*0*$/.test(bits)) return undefined;
  const prefix = bits.indexOf("0") < 0 ? 32 : bits.indexOf("0");
  return `${networkAddress(address, prefix)}/${prefix}`;
}

/** 10/8 as 10.0.0.0/8. */
function padded(base: string, mask: string): string | undefined {
  const parts = base.split(".").filter(Boolean);
  if (base.includes(":") || parts.length > 3) return undefined;
  const address = normaliseAddress([...parts, "0", "0", "0", "0"].slice(0, 4).join("."));
  return address === undefined ? undefined : `${networkAddress(address, Number(mask))}/${mask}`;
}

function unquoted(text: string): string | undefined {
  const bare = text.replace(/^["']|["';]+$/g, "");
  return bare !== text && plain(bare).fault === undefined && /^[\d./]+$/.test(bare) ? bare : undefined;
}

/** Networks that nobody on the internet comes from, or that one organisation has by convention. */
const NOT_PUBLIC: readonly (readonly [Family, string, number])[] = [
  ["ipv4", "0.0.0.0", 8],
  ["ipv4", "10.0.0.0", 8],
  ["ipv4", "100.64.0.0", 10],
  ["ipv4", "127.0.0.0", 8],
  ["ipv4", "169.254.0.0", 16],
  ["ipv4", "172.16.0.0", 12],
  ["ipv4", "192.168.0.0", 16],
  ["ipv6", "fc00::", 7],
  ["ipv6", "fe80::", 10],
  ["ipv6", "::1", 128],
];

/** How much of the internet a network holds: all that counts, a good part of it, or not more than one site has. */
export function openness(network: AddressPattern["network"]): "world" | "wide" | "site" {
  if (!network) return "site";
  const { address, prefix, family } = network;
  for (const [of, base, length] of NOT_PUBLIC)
    if (of === family && prefix >= length && networkAddress(address, length) === base) return "site";
  if (family === "ipv6") return prefix <= 8 ? "world" : prefix < 20 ? "wide" : "site";
  return prefix <= 4 ? "world" : prefix < 16 ? "wide" : "site";
}
