/**
 * Lookup tables of mail addresses (amavisd's Lookup.pm): texts that answer for everybody, and entries that no
 * address can match.
 */
import { amavisVariable } from "../../../knowledge/amavisVariables.js";
import type { Location } from "../../located.js";
import type { AmavisFix, AmavisProblem } from "../configuration.js";
import { namedBanks } from "../policyBanks.js";
import type { ArrayCell, HashCell, ScalarCell, Value } from "../value.js";
import { PACKAGED } from "./overridden.js";
import type { Evaluated } from "./settingFaults.js";
import { filledInByShell, isPlaceholder } from "./valueFaults.js";

/** Tables that answer yes or no about an address, and what a yes for everybody does. */
const YES_FOR_ALL: Readonly<Record<string, string>> = {
  local_domains: "every recipient counts as local, so that outgoing mail gets spam headers and tags too",
  whitelist_sender: "every sender is whitelisted: no mail is ever taken for spam",
  blacklist_sender: "every sender is blacklisted: all mail is taken for spam",
  bypass_virus_checks: "no mail is checked for viruses",
  bypass_spam_checks: "no mail is checked for spam",
  bypass_banned_checks: "no attachment is checked by name or type",
  bypass_header_checks: "no header is checked",
  virus_lovers: "everybody gets mail with viruses",
  spam_lovers: "everybody gets spam",
  banned_files_lovers: "everybody gets banned attachments",
  bad_header_lovers: "everybody gets mail with bad headers",
  unchecked_lovers: "everybody gets mail that could not be checked",
  debug_sender: "mail of every sender is logged in full",
  debug_recipient: "mail to every recipient is logged in full",
};
/** Works, but reaches further than it says. */
const MILD = /^(?:local_domains|debug_\w+|bypass_header_checks|bad_header_lovers)$/;
/** Older tables of addresses, which the newer ones refer to, and tables with other answers than yes or no. */
const OF_ADDRESSES =
  /^[@%](?:(?:bypass_(?:virus|spam|banned|header)_checks|(?:virus|spam|banned_files|bad_header)_lovers|whitelist_sender|blacklist_sender|debug_sender)(?:_acl)?|local_domains(?:_acl)?|virus_admin|spam_admin)$/;
const MORE_MAPS =
  /^(?:spam_\w+|\w+_quarantine_to|\w+_admin|warn\w+recip|addr_extension_\w+|banned_filename|message_size_limit|sa_userconf|sa_username|dkim_signature_options_bysender|disclaimer_options_bysender)$/;
const HEADER_FIELDS = ["%allowed_added_header_fields", "%prefer_our_added_header_fields"];

export function lookupFaults(evaluated: Evaluated): AmavisProblem[] {
  const finder = new LookupFaults(evaluated);
  const { machine } = evaluated;
  for (const name of [...machine.store.names()]) finder.variable(name);
  for (const [bank, hash] of namedBanks(machine))
    for (const [key, entry] of hash.entries) {
      const list = entry.value.kind === "ref" ? entry.value.cell : undefined;
      const table = /^(\w+)_maps$/.exec(key)?.[1];
      if (table !== undefined && list?.kind === "array")
        finder.maps(table, `${key} of the bank ${bank}`, list, undefined);
    }
  return finder.problems;
}

/** Whether a text is meant for a domain or an address and not for an answer. */
export function looksLikeAddress(text: string): boolean {
  if (/^!?[\w.+-]+@$/.test(text)) return true;
  return (
    /^!?(?:[^\s@]*@)?\.?[a-z0-9*_-]+(?:\.[a-z0-9*_-]+)*\.?$/i.test(text) &&
    /[@.]/.test(text) &&
    /[a-z]/i.test(text)
  );
}

class LookupFaults {
  readonly problems: AmavisProblem[] = [];
  readonly #evaluated: Evaluated;
  readonly #seen = new Set<ArrayCell | HashCell>();

  constructor(evaluated: Evaluated) {
    this.#evaluated = evaluated;
  }

  /** @param name with sigil */
  variable(name: string): void {
    const table = /^@(\w+)_maps$/.exec(name)?.[1];
    const header = HEADER_FIELDS.includes(name);
    if (table === undefined && !header && !OF_ADDRESSES.test(name)) return;
    const cell = this.#evaluated.machine.store.peek(name);
    if (cell === undefined || cell.kind === "scalar") return;
    if (header && cell.kind === "hash") this.#headers(name, cell);
    else if (table !== undefined && cell.kind === "array") this.maps(table, name, cell, name);
    else this.#addresses(name, cell);
  }

  /** A list of tables. @param variable its name when it can be mended as a whole */
  maps(table: string, name: string, list: ArrayCell, variable: string | undefined): void {
    const effect = YES_FOR_ALL[table];
    if (effect === undefined && !MORE_MAPS.test(table)) return;
    for (const item of list.items) {
      const { value } = item;
      if (value.kind === "ref" && value.cell.kind !== "scalar")
        this.#addresses(value.cell.name ?? name, value.cell);
      else if (effect !== undefined && isAddressText(value)) {
        const text = value.kind === "text" ? value.text : "such a text";
        const at = value.origin ?? item.origin;
        if (at === undefined) continue;
        this.problems.push({
          ...at,
          kind: "lookup-constant",
          message: `${name} is a list of tables, and "${text}" is no table but an answer for everybody: ${effect}.`,
          fatal: false,
          severity: MILD.test(table) ? "warning" : "error",
          fix: this.#bracketed(list, variable, at),
        });
      }
    }
  }

  /** In brackets the texts are a table: all of them as one list where they stand alone. */
  #bracketed(list: ArrayCell, variable: string | undefined, at: Location): AmavisFix | undefined {
    const title = "Make it a table, in brackets";
    const assignment =
      variable === undefined ? undefined : this.#evaluated.machine.assignments.of(variable).at(-1);
    if (assignment !== undefined && list.items.every(({ value }) => isAddressText(value))) {
      const { file, valueRange: range } = assignment;
      const written = this.#text(file).slice(range.start, range.end);
      const inside = /^\((.*)\)$/s.exec(written)?.[1];
      if (inside !== undefined || /^qw\W/.test(written))
        return { title, file, range, newText: `([${inside ?? written}])` };
    }
    const written = this.#text(at.file).slice(at.range.start, at.range.end);
    if (!/^(?:'[^']*'|"[^"]*")$/.test(written)) return undefined;
    return { title, file: at.file, range: at.range, newText: `[${written}]` };
  }

  #text(file: string): string {
    return this.#evaluated.used.find(({ source }) => source.path === file)?.source.tree.text ?? "";
  }

  #addresses(name: string, cell: ArrayCell | HashCell): void {
    if (this.#seen.has(cell)) return;
    this.#seen.add(cell);
    if (cell.kind === "array") {
      for (const item of cell.items)
        if (item.value.kind === "text")
          this.#entry(
            name,
            item.value.text.replace(/^!+/, ""),
            item.value.text,
            item.value.origin ?? item.origin,
            false,
          );
    } else for (const [key, entry] of cell.entries) this.#entry(name, key, key, keyPlace(entry), true);
  }

  /** Names of header fields are asked in lower case. */
  #headers(name: string, cell: HashCell): void {
    for (const [key, entry] of cell.entries) {
      const at = keyPlace(entry);
      if (at === undefined || key === key.toLowerCase() || !/^[\w-]+$/.test(key) || isPlaceholder(key))
        continue;
      this.#add(at, `${name} is asked for header fields in lower case: what "${key}" says never counts.`, {
        title: `Write ${key.toLowerCase()}`,
        old: key,
        text: key.toLowerCase(),
      });
    }
  }

  #entry(name: string, entry: string, written: string, at: Location | undefined, hash: boolean): void {
    if (at === undefined || filledInByShell(entry)) return;
    if (isPlaceholder(entry) || isPlaceholder(entry.replace(/^[.@]/, ""))) return;
    const variable = /\$(\w+)/.exec(entry)?.[1];
    if (variable !== undefined && amavisVariable(`$${variable}`) !== undefined) {
      this.#notFilledIn(name, entry, at, `$${variable}`);
      return;
    }
    const found = mended(entry, hash);
    if (found === undefined) return;
    const { why, text, certain } = found;
    const fix = text === undefined ? undefined : { title: `Write ${text}`, old: entry, text, certain };
    this.#add(at, `"${written}" in ${name} ${why}.`, fix);
  }

  /** `qw( .$mydomain )` */
  #notFilledIn(name: string, entry: string, at: Location, variable: string): void {
    // Ubuntu's own file has such an entry, and who mended it would let in whatever claims to come from there.
    if (PACKAGED.test(at.file)) return;
    const written = this.#text(at.file).slice(at.range.start, at.range.end);
    const quoted = /^'([^'"\\]*)'$/.exec(written)?.[1];
    this.problems.push({
      ...at,
      kind: "lookup-entry-never",
      message: `"${entry}" in ${name} matches no address: in qw(...) and single quotes ${variable} is not filled in.`,
      fatal: false,
      fix:
        quoted === undefined
          ? undefined
          : {
              title: "Write double quotes",
              range: at.range,
              newText: `"${quoted.replaceAll("@", "\\@")}"`,
              certain: false,
            },
    });
  }

  #add(
    at: Location,
    message: string,
    fix: { title: string; old: string; text: string; certain?: boolean | undefined } | undefined,
  ): void {
    const written = this.#text(at.file).slice(at.range.start, at.range.end);
    const start = fix === undefined ? -1 : written.indexOf(fix.old);
    const once = fix !== undefined && start >= 0 && start === written.lastIndexOf(fix.old);
    this.problems.push({
      ...at,
      kind: "lookup-entry-never",
      message,
      fatal: false,
      fix:
        fix !== undefined && once
          ? {
              title: fix.title,
              range: { start: at.range.start + start, end: at.range.start + start + fix.old.length },
              newText: fix.text,
              certain: fix.certain,
            }
          : undefined,
    });
  }
}

function keyPlace(entry: ScalarCell): Location | undefined {
  return entry.keyOrigin ?? entry.origin;
}

/** A text for an address, also where a part of it is not known: ".$mydomain". */
function isAddressText(value: Value): boolean {
  if (value.kind === "unknown" && value.pieces !== undefined) {
    const text = value.pieces.join("x");
    return /^[.@]/.test(text) && looksLikeAddress(text);
  }
  return value.kind === "text" && looksLikeAddress(value.text) && !isPlaceholder(value.text);
}

interface Mended {
  readonly why: string;
  readonly text: string | undefined;
  readonly certain?: boolean | undefined;
}

/** Why no address matches an entry, and what is meant. A list does not mind capitals, a hash does. */
function mended(entry: string, hash: boolean): Mended | undefined {
  if (/[,;]$/.test(entry) && looksLikeAddress(entry.slice(0, -1)))
    return {
      why: "ends with a comma, which is a part of it between the words of qw(...): no address matches",
      text: entry.slice(0, -1),
    };
  if (entry === "*") return { why: 'matches nothing: the entry for everybody is "."', text: "." };
  if (/^\*@[^*]+$/.test(entry))
    return { why: "matches no address: tables know no *, and a domain stands alone", text: entry.slice(2) };
  if (/^\*\.[^*@]+$/.test(entry))
    return {
      why: "matches no address: tables know no *, and a leading dot stands for a domain with all below it",
      text: entry.slice(1),
      certain: false,
    };
  if (/^@[^@*]+$/.test(entry) && looksLikeAddress(entry.slice(1)))
    return { why: "matches no address: a domain stands without @", text: entry.slice(1) };
  if (!hash || entry === entry.toLowerCase() || !/[a-z]/.test(entry)) return undefined;
  if (!looksLikeAddress(entry) && !/^[\w.+-]+@$/.test(entry)) return undefined;
  return {
    why: entry.includes("@")
      ? "only matches an address in just that spelling: others are asked in lower case"
      : "matches no address: they are asked in lower case",
    text: entry.toLowerCase(),
  };
}
