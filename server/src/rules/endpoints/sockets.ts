/** Endpoints of the programs that smtpd(8) and cleanup(8) ask: milters, policy services, Dovecot, proxy filters. */

import type { Flow } from "../../flow/flow.js";
import { restrictionFacts, restrictionLists } from "../../knowledge/restrictions.js";
import type { Location } from "../../semantics/located.js";
import {
  readInetEndpoint,
  readServiceEndpoint,
  type ServiceEndpoint,
} from "../../semantics/postfix/endpoints.js";
import type { Service } from "../../semantics/postfix/services.js";
import { locateInSetting, type Setting } from "../../semantics/postfix/settings.js";
import { Memo } from "../../syntax/memo.js";
import { LogicalText } from "../../syntax/postfix/lines.js";
import { hasPlaceholder, splitWords } from "../../syntax/postfix/words.js";
import type { MailSystem } from "../../system/system.js";
import type { RuleContext } from "../rule.js";

export interface SocketUse {
  readonly form: "milter" | "policy" | "sasl" | "proxy";
  readonly setting: Setting;
  /** The endpoint as written, without braces and what follows it in them. */
  readonly text: string;
  /** `name=value` behind the endpoint in braces. */
  readonly attributes: readonly Item[];
  readonly endpoint: ServiceEndpoint;
  /** The place of a stretch of `text`. */
  at(start: number, end: number): Location;
  /** The services that connect to it. */
  readers(): Service[];
}

/** A word of an expanded value, with its place in it. */
export interface Item {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const MILTERS: ReadonlySet<string> = new Set(["smtpd_milters", "non_smtpd_milters"]);
const known = new Memo<Flow, readonly SocketUse[]>();

/** The endpoints of a system, worked out once for all rules about them. */
export function socketUses({ system, flow }: RuleContext): readonly SocketUse[] {
  let uses = known.get(flow);
  if (!uses) {
    const lists = new Set<string>(restrictionLists().map(({ name }) => name));
    const classes = system.environment.value("smtpd_restriction_classes").text;
    for (const name of classes.split(/[\s,]+/)) if (name !== "") lists.add(name);
    uses = system.settings.flatMap((setting) => usesOf(system, setting, lists));
    known.set(flow, uses);
  }
  return uses;
}

function usesOf(system: MailSystem, setting: Setting, lists: ReadonlySet<string>): SocketUse[] {
  const { name, service } = setting;
  const program = name === "non_smtpd_milters" ? "cleanup" : "smtpd";
  const isList = lists.has(name);
  const isSasl = name === "smtpd_sasl_path";
  if (!isList && !isSasl && !MILTERS.has(name) && name !== "smtpd_proxy_filter") return [];
  if (service && service.program !== program) return [];
  const { text, unknown } = setting.value;
  if (unknown !== undefined || text === "" || hasPlaceholder(text)) return [];
  if (isList && !/check_policy_service/i.test(text)) return [];
  const readers = () =>
    service
      ? [service]
      : system.services.filter(
          (candidate) =>
            candidate.program === program &&
            !candidate.overriddenBy &&
            candidate.environment.definition(name)?.source === "main",
        );
  const use = (form: SocketUse["form"], item: Item, attributes: Item[], endpoint: ServiceEndpoint) => ({
    form,
    setting,
    text: item.text,
    attributes,
    endpoint,
    readers,
    at: (start: number, end: number) => locateInSetting(setting, item.start + start, item.start + end),
  });
  if (!isList && !MILTERS.has(name) && /[{}<>]/.test(text)) return [];
  const whole = { text, start: 0, end: text.length };
  if (name === "smtpd_proxy_filter") return [use("proxy", whole, [], readProxyEndpoint(text))];
  if (isSasl) return [use("sasl", whole, [], readSaslEndpoint(text))];
  const items = splitItems(text);
  const chosen = isList ? policyArguments(items) : items;
  return chosen.flatMap((item) => {
    const [endpoint, ...attributes] = unwrap(item);
    // "inet:127.0.0.1:{PORT}" is filled in by another program.
    if (/[{}<>]/.test(endpoint.text)) return [];
    const form = isList ? "policy" : "milter";
    return [use(form, endpoint, attributes, readServiceEndpoint(endpoint.text))];
  });
}

const ATTRIBUTES: Readonly<Partial<Record<SocketUse["form"], ReadonlySet<string>>>> = {
  milter: new Set(["connect_timeout", "command_timeout", "content_timeout", "default_action", "protocol"]),
  policy: new Set([
    "default_action",
    "max_idle",
    "max_ttl",
    "policy_context",
    "request_limit",
    "retry_delay",
    "timeout",
    "try_limit",
  ]),
};

/** The attributes that may stand behind an endpoint in braces. */
export const endpointAttributes = (form: SocketUse["form"]): readonly string[] => [
  ...(ATTRIBUTES[form] ?? []),
];

/** The attributes in braces that smtpd(8) and cleanup(8) do not know: "fatal: unknown option" (tried with 3.7.11). */
export function unknownAttributes({ form, attributes }: SocketUse): { item: Item; name: string }[] {
  const names = ATTRIBUTES[form];
  return attributes.flatMap((item) => {
    const name = /^[^=\s]*/.exec(item.text)?.[0] ?? "";
    return names?.has(name) !== false ? [] : [{ item, name }];
  });
}

/** The attributes that an endpoint of this form can have. */
export function attributeNames(form: SocketUse["form"]): Iterable<string> {
  return ATTRIBUTES[form] ?? [];
}

/** The words behind check_policy_service. A restriction in that place means that the argument is missing. */
function policyArguments(items: readonly Item[]): Item[] {
  return items.flatMap(({ text }, index) => {
    const next = items[index + 1];
    if (text.toLowerCase() !== "check_policy_service" || !next || restrictionFacts(next.text)) return [];
    return [next];
  });
}

/** Items of a list, braces keeping together what they hold. */
function splitItems(text: string): Item[] {
  const logical = new LogicalText(text, [{ start: 0, end: text.length }]);
  return splitWords(logical, { commas: true }).map(({ range }) => ({
    text: text.slice(range.start, range.end),
    ...range,
  }));
}

function unwrap(item: Item): [Item, ...Item[]] {
  if (!item.text.startsWith("{")) return [item];
  const inner = item.text.replace(/\}$/, "");
  const parts = [...inner.slice(1).matchAll(/[^\s,]+(?:\s*=\s*[^\s,]*)?/g)].map((match) => ({
    text: match[0],
    start: item.start + 1 + match.index,
    end: item.start + 1 + match.index + match[0].length,
  }));
  const [first = item, ...rest] = parts;
  return [first, ...rest];
}

/** smtpd_proxy_filter takes `host:port`, `inet:host:port`, `unix:path`, prefixes in any case (smtpd_proxy.c). */
function readProxyEndpoint(text: string): ServiceEndpoint {
  const prefix = /^(inet|unix):/i.exec(text)?.[0] ?? "";
  const rest = text.slice(prefix.length);
  if (/^unix:/i.test(prefix))
    return { kind: "unix", path: rest, host: "", port: "", fault: undefined, fatal: false };
  return { ...readInetEndpoint(rest), kind: "inet" };
}

/** Dovecot's auth socket: `inet:host:port`, `unix:path`, everything else is a path letter by letter. */
function readSaslEndpoint(text: string): ServiceEndpoint {
  if (text.startsWith("inet:")) return { ...readInetEndpoint(text.slice(5)), kind: "inet" };
  const path = text.replace(/^unix:/, "");
  return { kind: "unix", path, host: "", port: "", fault: undefined, fatal: false };
}
