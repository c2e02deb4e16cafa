/** Keys of %interface_policy: what they look like, and whether such a socket exists. */
import { normalAddress } from "../addresses.js";
import type { AmavisFix, AmavisListener, AmavisProblem } from "../configuration.js";
import type { Machine } from "../machine.js";
import { resolved } from "../methods.js";
import { textOf } from "../value.js";
import type { Evaluated } from "./settingFaults.js";
import { isPlaceholder } from "./valueFaults.js";

/** Lines of the configuration that amavisd is shipped with; without the socket they are idle and do no harm. */
const SHIPPED: Readonly<Record<string, string>> = {
  "10026": "ORIGINATING",
  SOCK: "AM.PDP-SOCK",
  "9998": "AM.PDP-INET",
};

export function interfaceFaults({ machine, listeners, open }: Evaluated): AmavisProblem[] {
  const policy = machine.store.global("%interface_policy");
  if (policy.kind !== "hash") return [];
  return policy.keys().flatMap((key): AmavisProblem[] => {
    const entry = policy.get(key);
    const at = entry?.keyOrigin ?? entry?.origin;
    if (entry === undefined || at === undefined || isPlaceholder(key)) return [];
    const { value, origin } = resolved(entry.value, entry.origin);
    const bank = textOf(value);
    if (bank === undefined || bank === "") return [];
    const problems: AmavisProblem[] = [];
    if (bank.includes(","))
      problems.push({
        ...(value.origin ?? origin ?? at),
        kind: "bank-comma",
        message: `An interface names one bank: "${bank}" is no bank, and amavisd loads nothing for ${key} without a word. A second bank goes to a key with the address, such as ${example(key)}.`,
        fatal: false,
        severity: "error",
      });
    const syntax = keySyntax(key);
    if (syntax !== undefined) problems.push({ ...at, kind: "interface-key-syntax", fatal: false, ...syntax });
    else if (open === undefined && !listeners.some((listener) => matches(listener, key)))
      problems.push({
        ...at,
        kind: "interface-port-unbound",
        message: `${describe(key)}: the policy bank ${bank} is never loaded for it.`,
        fatal: false,
        severity: SHIPPED[key] === bank ? "information" : "warning",
        absence: true,
        fix: addPort(machine, key),
      });
    return problems;
  });
}

function describe(key: string): string {
  if (key === "SOCK") return "amavisd opens no Unix socket";
  return /^\d+$/.test(key) ? `amavisd does not listen on port ${key}` : `amavisd does not listen on ${key}`;
}

function example(key: string): string {
  return /^\d+$/.test(key) ? `'127.0.0.1:${key}'` : "'127.0.0.1:10026'";
}

const PORT = /^\d{1,5}$/;

/** Why a key can never match, with the one that would. */
function keySyntax(key: string): { message: string; fix: AmavisFix | undefined } | undefined {
  if (key === "SOCK" || key.startsWith("/") || (PORT.test(key) && !/^0\d/.test(key))) return undefined;
  const parts = /^(?:\[([^\]]*)\]|(.*)):(\d{1,5})$/.exec(key);
  const host = parts?.[1] ?? parts?.[2];
  if (parts === null || host === undefined || host === "")
    return {
      message: `"${key}" never matches: amavisd looks up the port ('10026'), address and port ('127.0.0.1:10026'), SOCK, or the path of a Unix socket.`,
      fix: undefined,
    };
  const address = normalAddress(host);
  const right = address.includes(":") ? `[${address}]:${parts[3]}` : `${address}:${parts[3]}`;
  if (/^(?:\d+\.){3}\d+$/.test(address) && right === key) return undefined;
  if (right === key && parts[1] !== undefined) return undefined;
  if (!address.includes(":"))
    return {
      message: `"${key}" never matches: amavisd looks up the address of the socket, not a name.`,
      fix: undefined,
    };
  return {
    message: `"${key}" never matches: amavisd writes the address in lower case, shortened and in brackets, ${right}.`,
    fix: undefined,
  };
}

function matches(listener: AmavisListener, key: string): boolean {
  if (listener.network === "unix") return key === "SOCK" || key === listener.path;
  const port = String(listener.port);
  if (key === port) return true;
  if (!key.endsWith(`:${port}`)) return false;
  const { address, dualStack } = listener;
  const host = key.slice(0, -port.length - 1).replace(/^\[|\]$/g, "");
  if (dualStack === true || (address === "0.0.0.0" && !host.includes(":")) || address === host) return true;
  return !/^[\d.]+$|:/.test(address);
}

/** `$inet_socket_port = 10024;` becomes a list with the port. */
function addPort(machine: Machine, key: string): AmavisFix | undefined {
  const last = machine.assignments.of("$inet_socket_port").at(-1);
  const cell = machine.store.global("$inet_socket_port");
  if (!PORT.test(key) || last === undefined || cell.kind !== "scalar") return undefined;
  const { value } = cell;
  const { file, valueRange: range } = last;
  if (value.kind === "text" && PORT.test(value.text))
    return {
      title: `Listen on port ${key} too`,
      file,
      range,
      newText: `[${value.text}, ${key}]`,
      certain: false,
    };
  if (value.kind !== "ref" || value.cell.kind !== "array") return undefined;
  const ports = value.cell.items.map((item) => textOf(item.value));
  if (ports.some((port) => port === undefined || !PORT.test(port))) return undefined;
  const newText = `[${[...ports, key].join(", ")}]`;
  return { title: `Listen on port ${key} too`, file, range, newText, certain: false };
}
