/** What @inet_acl lets in. */

import { networkContains } from "../postfix/address.js";
import type { AmavisListener } from "./configuration.js";
import { networkFault } from "./networks.js";

/** Whether a client may connect: the first network that contains it decides; undefined when that is not known. */
export function admits({ acl }: AmavisListener, address: string): boolean | undefined {
  if ("kind" in acl.value) return undefined;
  for (const entry of acl.value) {
    // amavisd does not start with such an entry; `bad-network` says so.
    if (networkFault(entry) !== undefined) return undefined;
    const negated = /^\s*!/.test(entry);
    const network = fullNetwork(entry.replace(/^[\s!]+/, "").trim());
    const contains = networkContains(network, address);
    if (contains === undefined) return undefined;
    if (contains) return !negated;
  }
  return false;
}

/** Whether everybody may connect. */
export function admitsAll({ acl }: AmavisListener): boolean {
  return (
    !("kind" in acl.value) &&
    acl.value.some((entry) => /^\s*(?:0(?:\.0){0,3}|\[?::0?\]?)\/0\]?\s*$/.test(entry))
  );
}

/** Whether only this host may connect, as the default has it. */
export function admitsLoopbackOnly({ acl }: AmavisListener): boolean {
  return (
    !("kind" in acl.value) &&
    acl.value.every((entry) =>
      /^\s*(?:!|127(?:\.\d+){0,3}(?:\/\d+)?$|\[?::1\]?(?:\/128\]?)?$)/.test(entry.trim()),
    )
  );
}

/** amavisd completes short networks with a length: 127/8 is 127.0.0.0/8. */
function fullNetwork(network: string): string {
  const match = /^(\d+(?:\.\d+){0,3})(?:\/(\d+))?$/.exec(network);
  if (match === null) return network.replace(/^\[([^\]]*)\]$/, "$1").replace(/^\[([^\]]*)\](\/\d+)$/, "$1$2");
  const bytes = (match[1] ?? "").split(".");
  const prefix = match[2] ?? String(bytes.length * 8);
  while (bytes.length < 4) bytes.push("0");
  return `${bytes.join(".")}/${prefix}`;
}
