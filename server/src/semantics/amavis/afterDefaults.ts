/** What amavisd fills in itself after it has read all files (supply_after_defaults in its Conf.pm). */
import { amavisConstant } from "../../knowledge/amavisVariables.js";
import type { Machine } from "./machine.js";
import { concatenate } from "./operators.js";
import { ref, ScalarCell, text, textOf, truthOf, type UnknownValue, type Value } from "./value.js";

const NOWHERE = { start: 0, end: 0 };

export function supplyAfterDefaults(machine: Machine): void {
  const supply = new Supply(machine);
  supply.paths();
  supply.headers();
  supply.tools();
  supply.senders();
  supply.destinies();
}

/** Domains are put into their ASCII form, which is in lower case. */
function inLowerCase(value: Value): Value {
  return value.kind === "text" ? { ...value, text: value.text.toLowerCase() } : value;
}

class Supply {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  #scalar(name: string): ScalarCell {
    const cell = this.#machine.store.global(name);
    return cell.kind === "scalar" ? cell : new ScalarCell();
  }

  #value(name: string): Value {
    return this.#scalar(name).value;
  }

  /** Sets a scalar that is undefined. The place stays unset: it is a default. */
  #default(name: string, ...parts: readonly Value[]): void {
    const cell = this.#scalar(name);
    if (cell.value.kind !== "undef") return;
    const value = parts.length === 1 ? parts[0] : concatenate(this.#machine, parts, NOWHERE);
    if (value !== undefined) cell.value = { ...value, origin: undefined };
  }

  paths(): void {
    const root = this.#scalar("$daemon_chroot_dir");
    if (root.value.kind === "undef" || textOf(root.value) === "/") root.value = text("");
    const home = this.#value("$MYHOME");
    this.#default("$TEMPBASE", home);
    this.#default("$helpers_home", home);
    this.#default("$db_home", home, text("/db"));
    if (truthOf(this.#value("$daemonize")) === true) this.#default("$pid_file", home, text("/amavisd.pid"));
    const sockets = this.#machine.store.global("@zmq_sockets");
    if (sockets.kind === "array" && sockets.items.length === 0) {
      const socket = concatenate(this.#machine, [text("ipc://"), home, text("/amavisd-zmq.sock")], NOWHERE);
      sockets.items = [new ScalarCell(socket)];
    }
    this.#groups();
  }

  #groups(): void {
    const group = this.#value("$daemon_group");
    const groups = this.#machine.store.global("@daemon_groups");
    if (groups.kind === "array" && group.kind !== "undef")
      groups.items = [new ScalarCell(group), ...groups.items];
  }

  headers(): void {
    const domain = this.#value("$mydomain");
    this.#default("$X_HEADER_LINE", this.#value("$myproduct_name"), text(" at "), inLowerCase(domain));
    this.#default("$X_HEADER_TAG", text("X-Virus-Scanned"));
    const tag = textOf(this.#value("$X_HEADER_TAG"));
    const allowed = this.#machine.store.global("%allowed_added_header_fields");
    if (tag === undefined || !/^[!-9;-~]+$/.test(tag) || allowed.kind !== "hash") return;
    if (allowed.get(tag.toLowerCase()) === undefined) {
      allowed.entries.set(tag.toLowerCase(), new ScalarCell(text("1")));
    }
  }

  tools(): void {
    for (const [name, from] of [
      ["$gunzip", "$gzip"],
      ["$bunzip2", "$bzip2"],
      ["$unlzop", "$lzop"],
    ] as const) {
      const tool = this.#value(from);
      if (textOf(tool) !== "") this.#default(name, tool, text(" -d"));
    }
  }

  senders(): void {
    const name = text('"Content-filter at ${myhostname_utf8}"');
    this.#default("$hdrfrom_notify_sender", name, text(" <postmaster@${myhostname_ascii}>"));
    const sender = this.#value("$hdrfrom_notify_sender");
    for (const kind of ["recip", "admin", "spamadmin"]) {
      const from = this.#value(`$mailfrom_notify_${kind}`);
      if (textOf(from) === "") this.#default(`$hdrfrom_notify_${kind}`, sender);
      else this.#default(`$hdrfrom_notify_${kind}`, name, text(" <"), from, text(">"));
    }
    this.#default("$hdrfrom_notify_release", sender);
    this.#default("$hdrfrom_notify_report", sender);
  }

  /** A discarded mail whose sender is to be warned is bounced. */
  destinies(): void {
    for (const [destiny, warn] of [
      ["$final_banned_destiny", "$warnbannedsender"],
      ["$final_bad_header_destiny", "$warnbadhsender"],
    ] as const) {
      const cell = this.#scalar(destiny);
      const warns = truthOf(this.#value(warn));
      if (warns === false || textOf(cell.value) !== String(amavisConstant("D_DISCARD"))) continue;
      const bounce = text(String(amavisConstant("D_BOUNCE")));
      const unknownWarning = this.#value(warn) as UnknownValue;
      cell.value = warns === true ? bounce : { ...unknownWarning, list: false };
    }
    const rules = this.#machine.store.global("%banned_rules");
    if (rules.kind !== "hash" || rules.keys().length > 0 || rules.open !== undefined) return;
    const table = this.#scalar("$banned_filename_re");
    rules.entries.set(
      "DEFAULT",
      new ScalarCell(table.value.kind === "ref" ? ref(table.value.cell) : table.value),
    );
  }
}
