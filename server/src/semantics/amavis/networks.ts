/** Networks as amavisd reads them in its access lists (ip_to_vec in its Lookup/IP.pm). */

/** Why amavisd refuses an entry of a network list, in its words; undefined when it takes it. */
export function networkFault(entry: string): string | undefined {
  const shown = entry.replace(/^!+/, "").trim();
  const slash = shown.indexOf("/");
  const length = slash < 0 ? undefined : shown.slice(slash + 1);
  let address = slash < 0 ? shown : shown.slice(0, slash);
  address = /^\[(.*)\]$/s.exec(address)?.[1] ?? address;
  const marked = /^IPv6:/i.test(address);
  if (marked) address = address.slice(5);
  const six = marked || /:[0-9a-f]*:/i.test(address);
  address = address.replace(/%[a-z0-9._~-]*$/i, "");
  return !six && /^\d{1,3}(?:\.\d{1,3}){0,3}$/.test(address)
    ? faultOfIPv4(address.split("."), length, shown)
    : faultOfIPv6(address, six, length, shown);
}

function faultOfIPv4(bytes: readonly string[], length: string | undefined, shown: string) {
  if (!bytes.every(isByte)) return `Invalid field value in IPv4 address: [${shown}]`;
  if (length === undefined)
    return bytes.length === 4 ? undefined : `IPv4 address [${shown}] contains fewer than 4 fields`;
  if (/^\d{1,9}$/.test(length))
    return Number(length) <= 32 ? undefined : `IPv4 network prefix length greater than 32: [${shown}]`;
  const mask = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(length)?.slice(1);
  if (mask === undefined) return `Invalid IPv4 network mask or CIDR prefix length: [${shown}]`;
  if (!mask.every(isByte)) return `Illegal field value in IPv4 mask: [${shown}]`;
  const bits = mask.map((byte) => Number(byte).toString(2).padStart(8, "0")).join("");
  return bits.includes("01") ? `IPv4 mask not representing a valid CIDR mask: [${shown}]` : undefined;
}

function isByte(text: string): boolean {
  return Number(text) <= 255;
}

function faultOfIPv6(address: string, six: boolean, length: string | undefined, shown: string) {
  const ending = !six ? null : /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/s.exec(address);
  if (ending !== null && !ending.slice(2).every(isByte))
    return `Invalid decimal field value in IPv6 address: [${shown}]`;
  const fields = fieldsOf(ending === null ? address : `${ending[1]}0:0`);
  if (fields.length < 8) return `IPv6 address [${shown}] contains fewer than 8 fields`;
  if (fields.length > 8) return `IPv6 address [${shown}] contains more than 8 fields`;
  if (!fields.every((field) => /^[0-9a-f]{1,4}$/i.test(field)))
    return `Invalid syntax of IPv6 address: [${shown}]`;
  if (length === undefined) return undefined;
  if (!/^\d{1,3}$/.test(length)) return `Invalid prefix length syntax in IP address: [${shown}]`;
  return Number(length) <= 128 ? undefined : `IPv6 network prefix length greater than 128: [${shown}]`;
}

/** The fields between the colons, with the zeros that `::` stands for. */
function fieldsOf(address: string): string[] {
  const gap = address.indexOf("::");
  if (gap < 0) return splitFields(address);
  const before = splitFields(address.slice(0, gap));
  const after = splitFields(address.slice(gap + 2));
  const missing = Math.max(1, 8 - before.length - after.length);
  return [...before, ...Array.from({ length: missing }, () => "0"), ...after];
}

function splitFields(text: string): string[] {
  return text === "" ? [] : text.split(":");
}
