/** Names behind a `$`. */
import { parameterFacts } from "../../knowledge/parameters.js";
import { PIPE_MACROS } from "../../semantics/postfix/commands.js";
import { READ_ONLY } from "../../semantics/postfix/parameters.js";
import type { MacroPlace } from "../position.js";
import { COMMON_MACROS } from "./common.js";
import { type Context, type Item, RANK } from "./item.js";
import { knownNames } from "./parameterNames.js";

export function macroItems({ analysis }: Context, place: MacroPlace): Item[] {
  const { opening, closed, parameter } = place;
  const closing = opening === "$" || closed ? "" : opening === "${" ? "}" : ")";
  const item = (name: string, rank: number, more: Partial<Item> = {}): Item => ({
    label: name,
    kind: "variable",
    insert: `${name}${closing}`,
    rank,
    ...more,
  });
  if (place.argumentOf === "pipe")
    return PIPE_MACROS.map((name) =>
      item(name, PIPE_ORDER.includes(name) ? RANK.common + PIPE_ORDER.indexOf(name) : RANK.usual),
    );
  if (place.argumentOf !== undefined) return [];
  const own = OWN_MACROS[parameter];
  // These are kept as they are written: a parameter's name would stand for nothing in them.
  if (own || parameterFacts(parameter)?.table === "RAW")
    return (own ?? []).map((name, index) => item(name, RANK.common + index));
  const { parameters, profile, names } = analysis.system;
  const order = new Map(COMMON_MACROS.map((name, index) => [name, index]));
  const items: Item[] = [];
  const seen = new Set<string>([parameter]);
  const add = (name: string, rank: number, more: Partial<Item>) => {
    if (seen.has(name)) return;
    seen.add(name);
    items.push(item(name, rank, more));
  };
  const value = (name: string) => {
    const text = parameters.entry(name)?.value.replace(/\s+/g, " ") ?? "";
    return text === "" ? {} : { detail: text.length > 60 ? `${text.slice(0, 57)}...` : text };
  };
  for (const name of parameters.names) {
    const mine = names.userDefined.has(name) || parameterFacts(name) === undefined;
    const documentation = mine ? {} : { documentation: ["parameter", name] as const };
    const at = order.get(name);
    add(name, mine ? RANK.wanted : at === undefined ? RANK.usual : RANK.common + at, {
      ...value(name),
      ...documentation,
    });
  }
  for (const name of READ_ONLY) add(name, RANK.usual, { detail: "differs from program to program" });
  for (const { name, deprecated } of knownNames(profile.version)) {
    const at = order.get(name);
    const rank = deprecated ? RANK.deprecated : at === undefined ? RANK.rare : RANK.common + at;
    add(name, rank, { documentation: ["parameter", name], ...(deprecated ? { deprecated } : {}) });
  }
  return items;
}

const words = (text: string): readonly string[] => text.split(" ");

const PIPE_ORDER = words("recipient sender user nexthop domain mailbox extension original_recipient size");

const SMTPD_MACROS = words(
  "client client_name client_address client_port helo_name sender sender_name sender_domain recipient " +
    "recipient_name recipient_domain server_name server_address server_port mail_name localtime myhostname",
);

const LOCAL_MACROS = words("user home shell recipient extension domain local recipient_delimiter");

/** What may be named in values that are filled in for each message (postconf(5), local(8)). */
const OWN_MACROS: Readonly<Record<string, readonly string[]>> = {
  default_rbl_reply: words(
    "rbl_code rbl_class rbl_what rbl_domain rbl_reason rbl_txt client client_address client_name helo_name " +
      "recipient recipient_domain recipient_name sender sender_domain sender_name",
  ),
  smtpd_reject_footer: SMTPD_MACROS,
  postscreen_reject_footer: words(
    "client_address client_port server_address server_port mail_name localtime myhostname",
  ),
  forward_path: LOCAL_MACROS,
  mailbox_command: LOCAL_MACROS,
  command_execution_directory: LOCAL_MACROS,
  luser_relay: LOCAL_MACROS,
};
