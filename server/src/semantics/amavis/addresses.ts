/** Addresses in the one spelling in which they can be compared. */

/** Without brackets and zone; IPv6 in lower case and shortened. A host name stays as written. */
export function normalAddress(written: string): string {
  const address = /^\[(.*)\]$/.exec(written)?.[1] ?? written;
  return address.includes(":") ? normalIPv6(address) : address;
}

function normalIPv6(address: string): string {
  const groups = groupsOf(address.toLowerCase());
  if (groups === undefined) return address.toLowerCase();
  // The longest run of at least two zero groups becomes `::`.
  let best = { start: -1, length: 1 };
  let run = 0;
  groups.forEach((group, index) => {
    run = group === 0 ? run + 1 : 0;
    if (run > best.length) best = { start: index - run + 1, length: run };
  });
  const hex = groups.map((group) => group.toString(16));
  if (best.start < 0) return hex.join(":");
  return `${hex.slice(0, best.start).join(":")}::${hex.slice(best.start + best.length).join(":")}`;
}

function groupsOf(address: string): number[] | undefined {
  const withoutIPv4 = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a, b, c, d] = bytes.slice(0, 4).map(Number);
    return `${(((a ?? 0) << 8) | (b ?? 0)).toString(16)}:${(((c ?? 0) << 8) | (d ?? 0)).toString(16)}`;
  });
  const halves = withoutIPv4.split("::");
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const written = [...(left ?? []), ...(right ?? [])];
  if (!written.every((group) => /^[\da-f]{1,4}$/.test(group))) return undefined;
  const missing = 8 - written.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const zeros = Array.from({ length: missing }, () => "0");
  return [...(left ?? []), ...zeros, ...(right ?? [])].map((group) => Number.parseInt(group, 16));
}
