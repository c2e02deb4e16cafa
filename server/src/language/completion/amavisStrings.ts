/** Texts that go into quotes in amavisd's configuration: methods, sockets, banks, domains, as this system has them. */
import type { AmavisVariable } from "../../knowledge/amavisVariables.js";
import { listItems } from "../../semantics/postfix/lists/items.js";
import { methodItems } from "./destinations.js";
import { type Context, type Item, RANK, wordItems } from "./item.js";
import { wantedFilterPorts } from "./system.js";

/** What the value under the cursor is for: a variable, or a key of a policy bank. */
export interface Subject {
  readonly name: string;
  readonly kind: string;
  readonly variable: AmavisVariable | undefined;
  readonly inBank: boolean;
}

/** Names that many configurations give their policy banks. */
export const USUAL_BANKS = ["ORIGINATING", "MYNETS", "AM.PDP-SOCK"];

/** Texts that go into quotes. */
export function stringValues(context: Context, { name, kind, variable }: Subject): Item[] {
  const { analysis } = context;
  const words = (values: readonly string[], rank: number = RANK.common) => wordItems(values, "word", rank);
  const banks = () =>
    wordItems(
      [...(analysis.system.amavis?.banks.keys() ?? [])].filter((bank) => bank !== ""),
      "word",
      RANK.wanted,
      () => ({ detail: "policy bank" }),
    );
  if (kind.includes("bank name") || kind.includes("policy-bank-name"))
    return [...banks(), ...words(USUAL_BANKS, RANK.usual)];
  if (/quarantine_method$/.test(name))
    return words(QUARANTINES[name.replace(/^\$|_quarantine_method$/g, "")] ?? ["local:%m"]);
  if (kind.includes("delivery-method")) return [...methodItems(context), ...words(["smtp:*:*"], RANK.rare)];
  if (/^\$?protocol$/.test(name)) return words(["SMTP", "LMTP", "AM.PDP"]);
  if (kind.startsWith("enum undef"))
    return words(["may", "encrypt", ...(kind.includes("verify") ? ["verify"] : [])]);
  if (kind.startsWith("address")) return words(["127.0.0.1", "[::1]", "*"]);
  if (kind === "socket-spec-list")
    return [
      ...wantedFilterPorts(analysis).map(
        ({ host, port, who }): Item => ({
          label: `${host}:${port}`,
          kind: "endpoint",
          rank: RANK.wanted,
          detail: who,
        }),
      ),
      ...words(["127.0.0.1:10024", "[::1]:10024"]),
    ];
  if (kind === "ip-acl") return networkItems(context, name);
  if (kind === "domain" || kind === "fqdn")
    return postfixName(context, kind === "fqdn" ? "myhostname" : "mydomain");
  if (/local_domains/.test(name)) return domainItems(context);
  const initial = variable?.default;
  return typeof initial === "string" && /^[^\s]{1,60}$/.test(initial) && !/^\d/.test(initial)
    ? wordItems([initial], "value", RANK.usual, () => ({ detail: "the default" }))
    : [];
}

const QUARANTINES: Readonly<Record<string, readonly string[]>> = {
  virus: ["local:virus-%m", "sql:"],
  spam: ["local:spam-%m.gz", "sql:"],
  banned_files: ["local:banned-%m", "sql:"],
  bad_header: ["local:badh-%m", "sql:"],
  archive: ["local:archive/%P/%m.gz", "sql:"],
  clean: ["local:clean-%m", "sql:"],
  unchecked: ["local:unchecked-%m", "sql:"],
};

/** Postfix's own networks are the ones whose mail counts as ours; the filter itself is fed from this host. */
function networkItems({ analysis }: Context, name: string): Item[] {
  const own = wordItems(
    name === "@inet_acl" ? ["127.0.0.1", "[::1]"] : ["127.0.0.0/8", "[::1]"],
    "value",
    RANK.common,
  );
  const value = analysis.system.environment.value("mynetworks");
  if (value.unknown !== undefined || name === "@inet_acl") return own;
  const networks = listItems(value.text)
    .map(({ text }) => text)
    .filter((text) => /^[[\d]/.test(text));
  return [
    ...wordItems(networks, "value", RANK.wanted, () => ({ detail: "of Postfix's mynetworks" })),
    ...own,
  ];
}

function postfixName({ analysis }: Context, parameter: string): Item[] {
  const { text, unknown } = analysis.system.environment.value(parameter);
  return unknown === undefined && text !== ""
    ? [{ label: text, kind: "value", rank: RANK.wanted, detail: `Postfix's ${parameter}` }]
    : [];
}

/** Domains whose mail Postfix takes. */
function domainItems({ analysis }: Context): Item[] {
  const { environment } = analysis.system;
  const found = new Map<string, string>();
  for (const parameter of [
    "mydestination",
    "relay_domains",
    "virtual_mailbox_domains",
    "virtual_alias_domains",
  ]) {
    const value = environment.value(parameter);
    if (value.unknown !== undefined) continue;
    for (const { text } of listItems(value.text))
      if (/^[\w-]+(?:\.[\w-]+)+$/.test(text)) found.set(text, parameter);
  }
  const items: Item[] = [
    {
      label: ".$mydomain",
      kind: "variable",
      rank: RANK.wanted,
      detail: "with all below it; in double quotes",
    },
  ];
  for (const [label, parameter] of found)
    items.push({ label, kind: "value", rank: RANK.common, detail: `of Postfix's ${parameter}` });
  return items;
}
