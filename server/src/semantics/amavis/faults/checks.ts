/** Which checks amavisd makes, as far as the settings for all mail say. */
import type { Machine } from "../machine.js";
import { settingOf } from "../methods.js";
import { truthOf } from "../value.js";

export type Check = "virus" | "spam" | "banned" | "header";

/** Whether nothing is checked for anybody: the first table that gives a value decides. */
export function bypassedForAll(machine: Machine, check: Check): boolean {
  const cell = machine.store.peek(`@bypass_${check}_checks_maps`);
  if (cell?.kind !== "array" || cell.origin === undefined) return false;
  const first = cell.items[0]?.value;
  return first?.kind === "text" && truthOf(first) === true;
}

/** Whether settings of single recipients come from SQL or LDAP, so that the files do not say it all. */
export function perRecipient(machine: Machine): boolean {
  const sql = machine.store.peek("@lookup_sql_dsn");
  if (sql?.kind === "array" && sql.items.length > 0) return true;
  return truthOf(settingOf(machine.store.peek("$enable_ldap")).value) !== false;
}
