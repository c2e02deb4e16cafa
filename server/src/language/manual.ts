/** Addresses of the manuals on the web. Anchors were compared with the pages that Postfix 3.7 ships. */
import type { ParameterFacts } from "../knowledge/parameters.js";
import { programFacts } from "../knowledge/services.js";
import { link } from "./markdown.js";

const POSTFIX = "https://www.postfix.org";
const AMAVIS = "https://www.ijs.si/software/amavisd/amavisd-new-docs.html";

/** The entry of a parameter in postconf(5); undefined for those that the manual has no longer. */
export function parameterManual(facts: ParameterFacts): string | undefined {
  if (facts.removed) return undefined;
  const anchor = facts.perService ? `transport${facts.perService.suffix}` : facts.name;
  return link("postconf(5)", `${POSTFIX}/postconf.5.html#${anchor}`);
}

/** Restrictions of old that the manual never had, or has no longer. */
const WITHOUT_ENTRY: ReadonlySet<string> = new Set([
  "check_relay_domains",
  "permit_naked_ip_address",
  "reject_maps_rbl",
  "reject_unknown_forward_client_hostname",
]);

export function restrictionManual(name: string): string | undefined {
  if (WITHOUT_ENTRY.has(name)) return undefined;
  return link("postconf(5)", `${POSTFIX}/postconf.5.html#${name}`);
}

/** Programs without a page on the server: the two names of the queue manager's helpers and new ones. */
export function programManual(program: string): string | undefined {
  if (!programFacts(program)) return undefined;
  return link(`${program}(8)`, `${POSTFIX}/${program}.8.html`);
}

/** master(5), or the page of another section. */
export function page(name: string, section: number): string {
  return link(`${name}(${section})`, `${POSTFIX}/${name}.${section}.html`);
}

const TABLE_PAGES: ReadonlySet<string> = new Set([
  "cidr",
  "ldap",
  "lmdb",
  "memcache",
  "mysql",
  "nisplus",
  "pcre",
  "pgsql",
  "regexp",
  "socketmap",
  "sqlite",
  "tcp",
]);

export function mapTypeManual(type: string): string {
  return TABLE_PAGES.has(type)
    ? page(`${type}_table`, 5)
    : link("DATABASE_README", `${POSTFIX}/DATABASE_README.html#types`);
}

/** A part of amavisd's documentation. */
export function amavisManual(anchor: "confvars" | "pbanks" | "actions" | "checks" | "dkim"): string {
  return link("amavisd documentation", `${AMAVIS}#${anchor}`);
}
