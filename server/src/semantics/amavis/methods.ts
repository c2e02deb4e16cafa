/**
 * Delivery methods: `smtp:[127.0.0.1]:10025` and its relatives (amavisd's Out.pm and IO/RW.pm).
 * A method that is not well formed does not stop amavisd; each mail fails when it is used.
 */
import type { Location } from "../located.js";
import type { DeliveryMethod, Located, Unknown } from "./configuration.js";
import { type Cell, textOf, type Value } from "./value.js";

/** Stands for a part of a text that is not known. */
const HOLE = "\uFFFC";

const SCHEMES = new Set(["smtp", "lmtp", "pipe", "bsmtp", "local", "sql"]);

/** A setting as it is in force: through references, with the place of its assignment. */
export interface Setting {
  readonly value: Value;
  readonly origin: Location | undefined;
}

/** The methods that a setting names. Undefined and empty settings give none. */
export function deliveryMethods(setting: Setting): Located<readonly DeliveryMethod[]> {
  const { value, origin } = setting;
  if (value.kind === "ref" && value.cell.kind === "array") {
    const methods = value.cell.items.map((item) => methodOf(item.value, item.value.origin ?? item.origin));
    const open = methods.find((method): method is Unknown => "kind" in method);
    return {
      value: open ?? methods.filter((method): method is DeliveryMethod => !("kind" in method)),
      origin,
    };
  }
  if (value.kind === "undef" || textOf(value) === "") return { value: [], origin };
  const method = methodOf(value, value.origin ?? origin);
  return { value: "kind" in method ? method : [method], origin };
}

function methodOf(value: Value, origin: Location | undefined): DeliveryMethod | Unknown {
  if (value.kind === "unknown") {
    if (value.pieces?.some((piece) => piece !== "") !== true)
      return { kind: "unknown", reason: value.reason };
    return parseMethod(value.pieces.join(HOLE), origin);
  }
  const known = textOf(value);
  if (known !== undefined) return parseMethod(known, origin);
  return { kind: "unknown", reason: "the value is no text" };
}

/** Takes a method apart. `text` may contain holes where a part is not known. */
function parseMethod(text: string, origin: Location | undefined): DeliveryMethod {
  const scheme = /^([a-z][a-z0-9.+-]*):/i.exec(text)?.[1];
  const partlyUnknown = text.includes(HOLE);
  const shown = text.replaceAll(HOLE, "?");
  const nothing = { text: shown, origin, host: undefined, port: undefined, path: undefined, partlyUnknown };
  if (scheme === undefined) {
    const fault = partlyUnknown ? undefined : `no recognized protocol name: ${shown}`;
    return { ...nothing, scheme: "", fault };
  }
  const name = scheme.toLowerCase();
  if (!SCHEMES.has(name)) return { ...nothing, scheme, fault: `unknown protocol: ${name}` };
  if (name !== "smtp" && name !== "lmtp") return { ...nothing, scheme: name, fault: undefined };
  return { ...nothing, scheme: name, ...parseEndpoint(text.slice(scheme.length + 1), shown, partlyUnknown) };
}

type Endpoint = Pick<DeliveryMethod, "host" | "port" | "path" | "fault">;

function parseEndpoint(socket: string, shown: string, partlyUnknown: boolean): Endpoint {
  if (socket.startsWith("/")) {
    const path = socket.includes(HOLE) ? undefined : socket;
    return { host: undefined, port: undefined, path, fault: undefined };
  }
  const nothing = { host: undefined, port: undefined, path: undefined };
  // Further fields after another colon are ignored by amavisd.
  const inet = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)/s.exec(socket);
  if (inet === null) {
    if (partlyUnknown) return { ...nothing, fault: undefined };
    const address = /^(?:\[([^\]]*)\]|([0-9a-fA-F.:]+))$/s.exec(socket);
    if (address === null)
      return { ...nothing, fault: `not an address with a port, so it is taken as a Unix socket: ${shown}` };
    const host = address[1] ?? address[2];
    return { ...nothing, host, fault: `Empty/unknown port number in socket specification: ${shown}` };
  }
  const host = inet[1] ?? inet[2] ?? "";
  const port = inet[3] ?? "";
  return {
    host: host.includes(HOLE) ? undefined : host,
    port: portOf(port),
    path: undefined,
    fault: partlyUnknown && !/^\d+$/.test(port) ? undefined : faultOf(host, port, shown),
  };
}

function portOf(port: string): number | "*" | undefined {
  if (port === "*") return "*";
  return /^\d{1,5}$/.test(port) ? Number(port) : undefined;
}

function faultOf(host: string, port: string, shown: string): string | undefined {
  if (host === "") return `Empty/unknown host address in socket specification: ${shown}`;
  if (port === "*") return undefined;
  if (port === "") return `Empty/unknown port number in socket specification: ${shown}`;
  const valid = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535;
  return valid ? undefined : `Invalid port number in socket specification: ${shown}`;
}

/** Looks through one reference, as amavisd's c() does: a bank may hold `\$forward_method`. */
export function resolved(value: Value, origin: Location | undefined): Setting {
  if (value.kind === "ref" && value.cell.kind === "scalar")
    return { value: value.cell.value, origin: value.cell.origin };
  return { value, origin };
}

/** The value of a cell with the place where it was assigned. */
export function settingOf(cell: Cell | undefined): Setting {
  if (cell?.kind === "scalar") return { value: cell.value, origin: cell.origin };
  return { value: { kind: "undef", origin: undefined }, origin: cell?.origin };
}
