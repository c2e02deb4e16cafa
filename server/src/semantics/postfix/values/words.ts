/**
 * Values that are words from a fixed list. Which program stops at an unknown word, which one warns and which one
 * says nothing was seen with the real daemons (test/oracle/values.mjs); the lists are those of the facts.
 */
import type { ParameterFacts } from "../../../knowledge/parameters.js";
import { type FaultEffect, items, type ValueFault, whole } from "./fault.js";

interface Behaviour {
  readonly effect: FaultEffect;
  /** The log line; $n the parameter, $w the word, $v the whole value. */
  readonly log: string;
  readonly consequence?: string;
  readonly onlyWith?: readonly string[];
  readonly onlyWithout?: string;
  /** Upper and lower case are different words. */
  readonly exact?: boolean;
}

const MASK: Behaviour = { effect: "fatal", log: 'unknown $n value "$w" in "$v"', exact: true };
/** The same message, but not before the value is needed, or not tried: what is not certain is a warning. */
const LATE_MASK: Behaviour = { ...MASK, effect: "fatal-in-use" };
const UNTRIED_MASK: Behaviour = { ...MASK, effect: "warn", exact: false };
const IGNORED: Behaviour = { effect: "silent", log: "", consequence: "the word is ignored" };
const ACTION: Behaviour = { effect: "fatal", log: "bad $n value: $v" };
const TEMPFAIL: Behaviour = { effect: "fatal", log: "bad configuration: $n = $v" };
const PROXY: Behaviour = { effect: "fatal", log: "unsupported $n value: $v", exact: true };

/** A prefix with * stands for both smtp and lmtp. */
const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  allow_mail_to_commands: MASK,
  allow_mail_to_files: MASK,
  prepend_delivered_header: MASK,
  mailbox_delivery_lock: MASK,
  virtual_mailbox_lock: { ...MASK, log: 'unknown mailbox_delivery_lock value "$w" in "$v"' },
  canonical_classes: MASK,
  recipient_canonical_classes: { ...MASK, log: 'unknown canonical_classes value "$w" in "$v"' },
  sender_canonical_classes: { ...MASK, log: 'unknown canonical_classes value "$w" in "$v"' },
  masquerade_classes: MASK,
  propagate_unmatched_extensions: MASK,
  receive_override_options: MASK,
  notify_classes: MASK,
  inet_protocols: MASK,
  "*_dns_resolver_options": MASK,
  "*_host_lookup": MASK,
  smtputf8_autodetect_classes: LATE_MASK,
  smtpd_proxy_options: { ...MASK, onlyWith: ["smtpd_proxy_filter"] },
  mynetworks_style: {
    ...MASK,
    exact: false,
    log: 'unknown mynetworks mask style value "$w" in "$v"',
    onlyWithout: "mynetworks",
  },
  internal_mail_filter_classes: UNTRIED_MASK,
  "*_pix_workarounds": UNTRIED_MASK,
  "*_sasl_security_options": UNTRIED_MASK,
  "*_sasl_tls_security_options": UNTRIED_MASK,
  "*_sasl_tls_verified_security_options": UNTRIED_MASK,
  smtpd_sasl_security_options: {
    effect: "fatal-in-use",
    log: "SASL per-connection initialization failed",
    onlyWith: ["smtpd_sasl_auth_enable"],
  },
  smtpd_sasl_tls_security_options: UNTRIED_MASK,
  smtpd_sasl_type: {
    effect: "fatal",
    log: "SASL per-process initialization failed",
    onlyWith: ["smtpd_sasl_auth_enable"],
    exact: true,
  },
  smtp_sasl_type: {
    effect: "fatal",
    log: "SASL library initialization",
    onlyWith: ["smtp_sasl_auth_enable"],
    exact: true,
  },
  smtpd_discard_ehlo_keywords: IGNORED,
  postscreen_discard_ehlo_keywords: IGNORED,
  smtp_discard_ehlo_keywords: IGNORED,
  lmtp_discard_lhlo_keywords: IGNORED,
  postscreen_bare_newline_action: ACTION,
  postscreen_denylist_action: ACTION,
  postscreen_dnsbl_action: ACTION,
  postscreen_greet_action: ACTION,
  postscreen_non_smtp_command_action: ACTION,
  postscreen_pipelining_action: ACTION,
  "*_address_preference": ACTION,
  "*_address_verify_target": { effect: "fatal", log: 'bad protocol stage: "$n = $v"' },
  "*_dns_support_level": { effect: "fatal", log: 'invalid $n: "$v"' },
  smtp_tls_dane_insecure_mx_policy: { effect: "fatal", log: 'invalid $n: "$v"' },
  reject_tempfail_action: {
    ...TEMPFAIL,
    log: "bad configuration: unknown_helo_hostname_tempfail_action = $v",
  },
  unknown_address_tempfail_action: TEMPFAIL,
  unknown_helo_hostname_tempfail_action: TEMPFAIL,
  unverified_recipient_tempfail_action: TEMPFAIL,
  unverified_sender_tempfail_action: TEMPFAIL,
  header_from_format: { effect: "fatal", log: 'invalid setting: "$n = $v"' },
  info_log_address_format: { effect: "fatal-in-use", log: 'invalid parameter setting "$n = $v"' },
  smtpd_forbid_bare_newline: { effect: "fatal", log: "bad parameter value: '$n = $v'" },
  syslog_facility: { effect: "fatal", log: "parameter $n: unrecognized value: $v", exact: true },
  smtpd_upstream_proxy_protocol: PROXY,
  postscreen_upstream_proxy_protocol: PROXY,
  milter_default_action: {
    effect: "refuse",
    log: "milter ...: unrecognized default action: $v",
    consequence: "when a milter fails, and answers 451 4.3.5 Server configuration problem",
    onlyWith: ["smtpd_milters", "non_smtpd_milters"],
  },
  milter_protocol: {
    effect: "refuse",
    log: "milter ...: bad protocol information: $v",
    consequence: "at every connection, and answers 451 4.3.5 Server configuration problem",
    onlyWith: ["smtpd_milters", "non_smtpd_milters"],
  },
};
/** Lists that the programs do not check, or that have a form beside their words. */
const UNCHECKED: ReadonlySet<string> = new Set(["hash_queue_names", "maillog_file_permissions"]);
/** Words that are taken beside those of the facts. */
const MORE_WORDS: Readonly<Record<string, readonly string[]>> = {
  smtp_tls_dane_insecure_mx_policy: ["may", "encrypt", "dane"],
};
const UNKNOWN_BEHAVIOUR: Behaviour = { effect: "warn", log: "" };

export const hasWordList = (name: string): boolean => MORE_WORDS[name] !== undefined;

/** Words that are not in the parameter's list. */
export function wordFaults(facts: ParameterFacts, text: string): ValueFault[] {
  const { name } = facts;
  if (text === "" || UNCHECKED.has(name)) return [];
  const values = [...(facts.enum?.values ?? []), ...(MORE_WORDS[name] ?? [])];
  if (values.length === 0) return [];
  const behaviour =
    BEHAVIOURS[name] ?? BEHAVIOURS[name.replace(/^(?:smtp|lmtp)_/, "*_")] ?? UNKNOWN_BEHAVIOUR;
  const same = (word: string) =>
    values.some((value) => (behaviour.exact ? value === word : value.toLowerCase() === word.toLowerCase()));
  const fault = (word: string): Omit<ValueFault, "start" | "end" | "text"> => {
    const plain = word.replace(/^["']+|["']+$/g, "").toLowerCase();
    const suggestion = values.find((value) => value.toLowerCase() === plain);
    return {
      kind: "enum",
      expected: oneOf(values),
      log: behaviour.log.replace(/\$[nwv]/g, (mark) => (mark === "$n" ? name : mark === "$w" ? word : text)),
      effect: behaviour.effect,
      candidates: values,
      ...(behaviour.consequence === undefined ? {} : { consequence: behaviour.consequence }),
      ...(behaviour.onlyWith === undefined ? {} : { onlyWith: behaviour.onlyWith }),
      ...(behaviour.onlyWithout === undefined ? {} : { onlyWithout: behaviour.onlyWithout }),
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  };
  // mynetworks_style is read like a list.
  const many = facts.enum?.multiple || name === "mynetworks_style";
  if (!many) return same(text) ? [] : [whole(text, fault(text))];
  const faults: ValueFault[] = [];
  for (const item of items(text, /[, \t\r\n]+/))
    if (!same(item.text)) faults.push({ ...item, ...fault(item.text) });
  return faults;
}

export function oneOf(values: readonly string[]): string {
  if (values.length > 9) return `one of ${values.slice(0, 8).join(", ")} and others`;
  return values.length < 2 ? values.join("") : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}
