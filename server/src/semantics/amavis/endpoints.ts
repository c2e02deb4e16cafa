/**
 * The sockets that amavisd opens (amavisd's start-up code) and where mail goes from each of them.
 */
import type { Location } from "../located.js";
import { normalAddress } from "./addresses.js";
import type { AmavisListener, AmavisProblem, DeliveryMethod, Located, Unknown } from "./configuration.js";
import type { Machine } from "./machine.js";
import { deliveryMethods, type Setting, settingOf } from "./methods.js";
import { type AppliedBanks, appliedBanks, settingUnder } from "./policyBanks.js";
import { type ScalarCell, textOf, type UnknownValue, type Value } from "./value.js";

export interface Listening {
  readonly listeners: readonly AmavisListener[];
  readonly open: Unknown | undefined;
  readonly problems: readonly AmavisProblem[];
}

interface Specification {
  readonly text: string;
  readonly origin: Location | undefined;
}

interface Bind {
  readonly address: string;
  readonly origin: Location | undefined;
}

type Socket = Pick<AmavisListener, "network" | "address" | "port" | "path" | "bindOrigin"> & {
  readonly dualStack: boolean;
};

/** Works out the listeners of an evaluated configuration. */
export function listening(machine: Machine): Listening {
  const finder = new ListenerFinder(machine);
  for (const name of ["@listen_sockets", "$unix_socketname", "$inet_socket_port"]) finder.addFrom(name);
  return finder.result();
}

class ListenerFinder {
  readonly #machine: Machine;
  readonly #listeners: AmavisListener[] = [];
  readonly #problems: AmavisProblem[] = [];
  readonly #seen = new Map<string, Specification>();
  #open: Unknown | undefined;
  #binds: readonly Bind[] | Unknown;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#open = machine.lost === undefined ? undefined : { kind: "unknown", reason: machine.lost.reason };
    this.#binds = bindAddresses(settingOf(machine.store.global("$inet_socket_bind")));
  }

  result(): Listening {
    return { listeners: this.#listeners, open: this.#open, problems: this.#problems };
  }

  addFrom(name: string): void {
    const cell = this.#machine.store.global(name);
    if (cell.kind === "array") for (const item of cell.items) this.#addSocket(item, cell.origin);
    else if (cell.kind === "scalar") this.#addValue(cell.value, cell.origin);
  }

  /** An array inside @listen_sockets is not looked into: amavisd takes ARRAY(0x...) for a port and stops. */
  #addSocket(item: ScalarCell, origin: Location | undefined): void {
    const { value } = item;
    if (value.kind === "ref") this.#open ??= { kind: "unknown", reason: "a list inside @listen_sockets" };
    else this.#addElement(item, origin);
  }

  #addElement(item: ScalarCell, origin: Location | undefined): void {
    this.#addValue(item.value, item.value.origin ?? item.origin ?? origin);
  }

  #addValue(value: Value, origin: Location | undefined): void {
    if (value.kind === "unknown") this.#leaveOpen(value);
    else if (value.kind === "ref" && value.cell.kind === "array") {
      for (const item of value.cell.items) this.#addElement(item, origin);
    } else if (value.kind === "ref" && value.cell.kind === "scalar") this.#addValue(value.cell.value, origin);
    else {
      const text = textOf(value);
      if (text !== undefined && text !== "") this.#add({ text, origin: value.origin ?? origin });
    }
  }

  #leaveOpen(value: UnknownValue): void {
    this.#open ??= { kind: "unknown", reason: value.reason };
  }

  #add(specification: Specification): void {
    const { text } = specification;
    const path = /^(?:unix:)?(\/\S+)$/s.exec(text)?.[1];
    if (path !== undefined) {
      const bare = path.replace(/\|unix$/i, "");
      if (bare !== path)
        this.#refuse(
          specification,
          `amavisd adds |unix itself and would then bind a socket called unix: write ${bare}.`,
          { title: `Write ${bare}`, newText: `'${bare}'` },
        );
      this.#push(specification, { ...NOT_INET, path: bare });
      return;
    }
    const endpoint = text.replace(/^inet6?:/, "").replace(/[/|](?:tcp|ssl|ssleay)$/i, "");
    const parts = /^(?:(?:\[([^\]]*)\]|([^:]*)):)?([^:]*)$/.exec(endpoint);
    const port = parts?.[3] ?? "";
    if (parts === null || !/^[\w-]+$/.test(port)) {
      const ports = text.trim().split(/[\s,]+/);
      const list = ports.length > 1 && ports.every((one) => /^\d{1,5}$/.test(one));
      this.#refuse(
        specification,
        `${text} is no port, address with port, or socket path.${list ? " Several ports are a list in brackets." : ""}`,
        list ? { title: "Write a list of ports", newText: `[${ports.join(", ")}]` } : undefined,
      );
      return;
    }
    if (!/^\d+$/.test(port)) {
      this.#open ??= { kind: "unknown", reason: `the port ${port} is looked up by name on the host` };
      return;
    }
    this.#addInet(specification, parts[1] ?? parts[2], Number(port) % 65536);
  }

  /** A host of its own, or each of the addresses of $inet_socket_bind. */
  #addInet(specification: Specification, host: string | undefined, port: number): void {
    if (port === 0) this.#open ??= { kind: "unknown", reason: "port 0 stands for any free port" };
    if (host !== undefined) {
      this.#push(specification, { ...inetSocket(host, port), bindOrigin: undefined });
      return;
    }
    if ("kind" in this.#binds) {
      this.#open ??= this.#binds;
      return;
    }
    for (const bind of this.#binds) {
      this.#push(specification, { ...inetSocket(bind.address, port), bindOrigin: bind.origin });
    }
  }

  #refuse(
    { origin }: Specification,
    message: string,
    mend: { readonly title: string; readonly newText: string } | undefined,
  ): void {
    if (origin === undefined) return;
    const fix = mend && { ...mend, range: origin.range };
    this.#problems.push({ ...origin, kind: "bad-listen-socket", message, fatal: true, fix });
  }

  /** The same address and port twice is one socket for amavisd. */
  #push(specification: Specification, socket: Socket): void {
    const key = socket.network === "unix" ? socket.path : `${socket.address} ${socket.port}`;
    const first = this.#seen.get(key);
    if (first !== undefined) {
      this.#repeat(specification, first);
      return;
    }
    this.#seen.set(key, specification);
    const banks = appliedBanks(this.#machine, interfaceKeys(socket));
    const { text: spec, origin } = specification;
    this.#listeners.push({ ...socket, spec, origin, banks: banks.names, ...this.#routes(banks) });
  }

  #repeat({ text, origin }: Specification, first: Specification): void {
    if (origin === undefined || first.origin === undefined || first.origin === origin) return;
    // A bare port is opened on several addresses.
    if (this.#problems.some((problem) => problem.range === origin.range)) return;
    const related = [{ ...first.origin, message: "the entry that opens it" }];
    const message = `${text} is opened by another entry already; amavisd opens it once.`;
    const { file, range } = origin;
    this.#problems.push({
      file,
      range,
      kind: "duplicate-listener",
      message,
      fatal: false,
      severity: "information",
      related,
    });
  }

  #routes(banks: AppliedBanks) {
    const machine = this.#machine;
    const methods = (key: string): Located<readonly DeliveryMethod[]> =>
      deliveryMethods(settingUnder(machine, banks, key));
    const protocol = settingUnder(machine, banks, "protocol");
    const forward = forwardMethods(machine, banks);
    const notify = methods("notify_method");
    return {
      protocol: locatedText(protocol),
      acl: locatedList(settingUnder(machine, banks, "inet_acl")),
      forward,
      notify,
      resend: orElse(methods("resend_method"), forward),
      release: orElse(methods("release_method"), notify),
      requeue: methods("requeue_method"),
    };
  }
}

const NOT_INET: Socket = {
  network: "unix",
  address: "",
  dualStack: false,
  port: 0,
  path: "",
  bindOrigin: undefined,
};

function inetSocket(host: string, port: number): Socket {
  const address = normalAddress(host);
  const wildcard = address === "" || address === "*" || address === "::";
  return { ...NOT_INET, network: "inet", address: wildcard ? "::" : address, dualStack: wildcard, port };
}

/** `$inet_socket_bind`: one address or a list; undef and '' stand for all addresses. */
function bindAddresses(setting: Setting): readonly Bind[] | Unknown {
  const { value, origin } = setting;
  if (value.kind === "unknown") return { kind: "unknown", reason: value.reason };
  if (value.kind === "ref" && value.cell.kind === "array") {
    const open = value.cell.items.find((item) => item.value.kind === "unknown");
    if (open?.value.kind === "unknown") return { kind: "unknown", reason: open.value.reason };
    const binds = value.cell.items.map((item) => ({
      address: textOf(item.value) ?? "",
      origin: item.value.origin ?? origin,
    }));
    return binds.length === 0 ? [{ address: "*", origin }] : binds;
  }
  return [{ address: textOf(value) ?? "", origin: value.origin ?? origin }];
}

/**
 * The keys of %interface_policy that amavisd looks up for a connection, in order: the general one, then
 * the one of the local address. On a wildcard socket that address is the one a client connected to;
 * IPv4 shows as a mapped address on a dual-stack socket. A filter is fed over loopback, so that is taken.
 */
function interfaceKeys(socket: Socket): string[] {
  if (socket.network === "unix") return ["SOCK", socket.path];
  const { port } = socket;
  if (socket.dualStack) return [String(port), `[::ffff:127.0.0.1]:${port}`];
  const address = socket.address === "0.0.0.0" ? "127.0.0.1" : socket.address;
  const host = address.includes(":") ? `[${address}]` : address === "localhost" ? "127.0.0.1" : address;
  return [String(port), `${host}:${port}`];
}

function locatedText(setting: Setting): Located<string> {
  if (setting.value.kind === "unknown") {
    return { value: { kind: "unknown", reason: setting.value.reason }, origin: setting.origin };
  }
  return { value: textOf(setting.value) ?? "", origin: setting.origin };
}

/** The texts of a list; a single text counts as a list of one, as amavisd's ca() has it. */
function locatedList(setting: Setting): Located<readonly string[]> {
  const { value, origin } = setting;
  const list = value.kind === "ref" && value.cell.kind === "array" ? value.cell : undefined;
  const place = list === undefined ? origin : (list.origin ?? origin);
  const values = list === undefined ? [value] : list.values();
  const open = values.find((item) => item.kind !== "text");
  if (open !== undefined) {
    const reason = open.kind === "unknown" ? open.reason : "a table that is looked up at run time";
    return { value: { kind: "unknown", reason }, origin: place };
  }
  return { value: values.flatMap((item) => (item.kind === "text" ? [item.text] : [])), origin: place };
}

/** A method that is not set is replaced by another one. */
function orElse(
  methods: Located<readonly DeliveryMethod[]>,
  other: Located<readonly DeliveryMethod[]>,
): Located<readonly DeliveryMethod[]> {
  return Array.isArray(methods.value) && methods.value.length === 0 ? other : methods;
}

/**
 * %forward_method_maps_by_ccat and @forward_method_maps come first; their defaults lead to
 * $forward_method. When they are set, the recipient decides, unless the table begins with a constant.
 */
function forwardMethods(machine: Machine, banks: AppliedBanks): Located<readonly DeliveryMethod[]> {
  const byCategory = machine.store.peek("%forward_method_maps_by_ccat");
  const reason = "each recipient may have a forward method of its own";
  if (byCategory?.firstOrigin !== undefined) {
    return { value: { kind: "unknown", reason }, origin: byCategory.origin };
  }
  const maps = machine.store.peek("@forward_method_maps");
  const inBank = banks.names.some((name) => bankSets(machine, name, "forward_method_maps"));
  if (!inBank && (maps?.kind !== "array" || maps.firstOrigin === undefined)) {
    return deliveryMethods(settingUnder(machine, banks, "forward_method"));
  }
  const first = maps?.kind === "array" && !inBank ? maps.items[0]?.value : undefined;
  const constant = first?.kind === "text" || (first?.kind === "ref" && first.cell.kind === "scalar");
  if (first !== undefined && constant) {
    const cell = first.kind === "ref" && first.cell.kind === "scalar" ? first.cell : undefined;
    return deliveryMethods({ value: cell?.value ?? first, origin: cell?.origin ?? maps?.origin });
  }
  return { value: { kind: "unknown", reason }, origin: maps?.origin };
}

function bankSets(machine: Machine, bank: string, key: string): boolean {
  const all = machine.store.global("%policy_bank");
  const value = all.kind === "hash" ? all.get(bank)?.value : undefined;
  return value?.kind === "ref" && value.cell.kind === "hash" && value.cell.get(key) !== undefined;
}
