/** Forms inside values: restrictions with their arguments, milters and tables in braces, transport:nexthop. */
import { parameterFacts } from "../../knowledge/parameters.js";
import { type RestrictionFacts, restrictionFacts } from "../../knowledge/restrictions.js";
import { textFor } from "../../knowledge/texts.js";
import { attributeNames } from "../../rules/endpoints/sockets.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import { accepts } from "../hover/accepts.js";
import { isRestrictionList } from "../hover/restriction.js";
import { paragraphs } from "../markdown.js";
import type { Signature, SignatureParameter } from "./signature.js";

/** @param before the value up to the cursor. */
export function valueSignature(
  environment: Environment,
  parameter: string,
  before: string,
): Signature | undefined {
  const braces = openBraces(before);
  if (braces) {
    const { opener, inside } = braces;
    if (/^(?:unionmap|pipemap|inline|randmap):$/.test(opener)) return tableForm(opener.slice(0, -1), inside);
    if (opener.toLowerCase() === "check_policy_service") return endpointForm("policy", inside);
    return isMilterList(parameter) ? endpointForm("milter", inside) : undefined;
  }
  if (isRestrictionList(environment, parameter)) return restrictionForm(before);
  const facts = parameterFacts(parameter);
  if (facts?.class === "transport-destination") return transportForm(before);
  if (facts?.class === "nexthop") return nexthopForm(before);
  return undefined;
}

const isMilterList = (parameter: string) => parameterFacts(parameter)?.class === "milter-list";

/** The innermost brace that is still open: the word in front of it, and what was typed behind it. */
function openBraces(before: string): { readonly opener: string; readonly inside: string } | undefined {
  const open: number[] = [];
  for (let at = 0; at < before.length; at++) {
    // "${" begins a $name, not a group.
    if (before[at] === "{") open.push(before[at - 1] === "$" ? -1 : at);
    else if (before[at] === "}") open.pop();
  }
  const at = open.findLast((one) => one >= 0);
  if (at === undefined) return undefined;
  const opener = /([^\s,{}]*)\s*$/.exec(before.slice(0, at))?.[1] ?? "";
  return { opener, inside: before.slice(at + 1) };
}

/** The last words of a list: those that are complete, and the one that the cursor is in. */
function words(before: string): { readonly done: readonly string[]; readonly current: string } {
  const parts = before.split(/[\s,]+/);
  return { done: parts.slice(0, -1).filter(Boolean), current: parts.at(-1) ?? "" };
}

function restrictionForm(before: string): Signature | undefined {
  const { done, current } = words(before);
  const name = done.at(-1);
  const facts = name === undefined ? undefined : restrictionFacts(name);
  if (!name || !facts?.argument) return undefined;
  const form = ARGUMENTS[facts.argument];
  if (!form) return undefined;
  const parameters = form.map(
    ({ label, documentation }): SignatureParameter => ({
      label,
      documentation: label === "type:table" ? paragraphs(documentation, keysOf(facts)) : documentation,
    }),
  );
  const second = parameters.length > 1 && current.includes("=") && facts.argument.startsWith("dns");
  return {
    label: `${name} ${parameters.map(({ label }) => label).join("")}`,
    documentation: textFor("restriction", name),
    parameters,
    active: second ? 1 : 0,
  };
}

const ARGUMENTS: Readonly<Record<string, readonly SignatureParameter[]>> = {
  map: [
    {
      label: "type:table",
      documentation: "A lookup table, such as `hash:/etc/postfix/access` or `cidr:/etc/postfix/clients`.",
    },
  ],
  "dns-domain[=value-pattern]": [
    { label: "domain", documentation: "The DNS list's domain, such as `zen.spamhaus.org`." },
    {
      label: "=d.d.d.d",
      documentation:
        "Only these answers count: `=127.0.0.2`, or a pattern such as `=127.0.0.[2..11]`. Without it every answer counts.",
    },
  ],
  "policy-endpoint": [
    {
      label: "endpoint",
      documentation:
        "`inet:host:port` or `unix:path`; with settings in braces: `{ inet:127.0.0.1:10023, timeout=10s, default_action=DUNNO }`.",
    },
  ],
  seconds: [{ label: "seconds", documentation: "A whole number of seconds, without a unit." }],
};

const KEYS: Readonly<Record<string, string>> = {
  client: "It is asked for the client's name, its address and their parents.",
  "reverse-client": "It is asked for the name that the client's address has in DNS, and its parents.",
  helo: "It is asked for the name in HELO and its parents.",
  sender: "It is asked for the sender's address, domain, parents and `user@`.",
  recipient: "It is asked for the recipient's address, domain, parents and `user@`.",
  "tls-client-cert": "It is asked for the fingerprint of the client's certificate.",
};

function keysOf({ needs, name }: RestrictionFacts): string | undefined {
  if (/_(?:mx|ns|a)_access$/.test(name))
    return "It is asked for the names and addresses that DNS gives; an OK from it is an error.";
  return KEYS[needs];
}

/** `{ endpoint, name = value, ... }`; settings may come in any order, so the one at the cursor is found by name. */
function endpointForm(form: "milter" | "policy", inside: string): Signature {
  const names = [...attributeNames(form)];
  const prefix = form === "milter" ? "milter_" : "smtpd_policy_service_";
  const parameters: SignatureParameter[] = [
    {
      label: form === "milter" ? "inet:host:port" : "endpoint",
      documentation:
        "`inet:host:port` or `unix:path`. A chrooted program sees `unix:` paths below the queue directory.",
    },
    ...names.map((name) => ({ label: `${name}=`, documentation: parameterText(prefix + name) })),
  ];
  const items = inside.split(",");
  const last = (items.at(-1) ?? "").trim();
  const words = inside.trim().split(/[\s,]+/);
  const name = /^([a-z_]+)\s*=?/.exec(last)?.[1] ?? /([a-z_]+)\s*=[^=]*$/.exec(last)?.[1];
  const named = name === undefined ? -1 : names.indexOf(name);
  const begun = name === undefined ? -1 : names.findIndex((one) => one.startsWith(name));
  const first = items.length === 1 && words.length <= 1 && !/\s$/.test(inside.trimStart());
  const setting = named >= 0 ? named : begun;
  const unset = names.findIndex((one) => !inside.includes(one));
  return {
    label: `{ ${parameters.map(({ label }) => label).join(", ")} }`,
    documentation:
      form === "milter"
        ? "Settings in braces hold for this milter alone (since Postfix 3.0)."
        : "Settings in braces hold for this policy service alone (since Postfix 3.0).",
    parameters,
    active: first ? 0 : (setting >= 0 ? setting : unset < 0 ? 0 : unset) + 1,
  };
}

function parameterText(name: string): string | undefined {
  const facts = parameterFacts(name);
  return facts && paragraphs(textFor("parameter", name), `Takes ${accepts(facts)}.`);
}

function tableForm(type: string, inside: string): Signature {
  const pair = type === "inline";
  const values = type === "randmap";
  const label = pair ? "key = value" : values ? "value" : "type:table";
  const parameters: SignatureParameter[] = pair
    ? [
        { label: "key", documentation: "What is looked up." },
        {
          label: "value",
          documentation: "The answer. A pair with blanks stands in braces of its own: `{ key = two words }`.",
        },
      ]
    : [
        {
          label,
          documentation: values ? "One of the values is given by chance." : "A lookup table of any type.",
        },
      ];
  const current = inside.split(/[\s,]+/).at(-1) ?? "";
  return {
    label: `${type}:{ ${label}, ... }`,
    documentation: textFor("mapType", type),
    parameters,
    active: pair && current.includes("=") ? 1 : 0,
  };
}

const HOST: SignatureParameter = {
  label: "[host]",
  documentation:
    "Where mail goes. In brackets the host itself; without them the mail exchangers (MX) of the domain.",
};
const PORT: SignatureParameter = {
  label: ":port",
  documentation: "A number or a name such as `submission`; without it the transport's own port, 25 for smtp.",
};

function transportForm(before: string): Signature {
  const text = before.trimStart();
  const colon = text.indexOf(":");
  const behind = colon < 0 ? "" : text.slice(colon + 1);
  return {
    label: "transport:[host]:port",
    documentation: undefined,
    parameters: [
      {
        label: "transport",
        documentation:
          "A service of master.cf, of type unix, whose program delivers mail: `smtp`, `lmtp`, `smtp-amavis`.",
      },
      HOST,
      PORT,
    ],
    active: colon < 0 ? 0 : /\]?:\S*$/.test(behind.replace(/\[[^\]]*\]?/, "")) ? 2 : 1,
  };
}

function nexthopForm(before: string): Signature {
  const bare = before.replace(/\[[^\]]*\]?/, "");
  return {
    label: "[host]:port",
    documentation: undefined,
    parameters: [HOST, PORT],
    active: bare.includes(":") ? 1 : 0,
  };
}
