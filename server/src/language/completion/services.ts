/** Whole entries of master.cf, fitted to the system; only those that are not there yet. */
import { type DefaultEntry, defaultEntries, programFacts } from "../../knowledge/services.js";
import { hasReached } from "../../knowledge/version.js";
import { lineEnd } from "../../rules/edits.js";
import { readPort } from "../../semantics/postfix/endpoints.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { ColumnPlace } from "../position.js";
import { columnsLine, usualChroot } from "./columns.js";
import { feedOffers, type Offer, reinjectionOffers } from "./filterEntries.js";
import { type Context, type Item, RANK, stop } from "./item.js";
import { bracketed, feedTransports, filterEndpoints, isRestrictionList, usedItems } from "./system.js";

export function serviceItems(context: Context, place: ColumnPlace): Item[] {
  const offers = [
    ...reinjectionOffers(context),
    ...feedOffers(context),
    ...submissions(context),
    ...postscreens(context),
    ...policyServices(context),
    ...deliveries(context),
  ];
  if (!place.last) return offers.map(nameOnly);
  const newLine = lineEnd(context.text);
  return [
    ...offers.map((offer) => entryItem(offer, newLine)),
    ...coreServices(context).map((offer) => entryItem(offer, newLine)),
  ];
}

function nameOnly({ name, purpose, rank }: Offer): Item {
  return { label: name, kind: "service", rank, detail: purpose };
}

function entryItem(offer: Offer, newLine: string): Item {
  const { name, type, purpose, rank, body, documentation, edits } = offer;
  return {
    label: `${name} ${type}: ${purpose}`,
    kind: "entry",
    insert: body.map((part) => (typeof part === "string" ? part.replaceAll("\n", newLine) : part)),
    filter: `${name} ${purpose}`,
    rank,
    documentation,
    ...(edits ? { edits } : {}),
  };
}

const options = (pairs: readonly (readonly [name: string, value: string])[]) =>
  pairs.map(([name, value]) => `\n  -o ${name}=${value}`).join("");

/** Where users bring mail: 587 with STARTTLS, 465 with TLS from the start. */
function submissions(context: Context): Offer[] {
  const { system } = context.analysis;
  const chroot = usualChroot(context);
  const filter = originatingFilter(context);
  const make = (name: string, port: number, wrapped: boolean, rank: number): Offer[] => {
    if (system.socketsByPort.get(port)?.some(({ program }) => program === "postfix")) return [];
    if (readPort(name).kind !== "number") return [];
    const settings: (readonly [string, string])[] = [
      ["syslog_name", `postfix/${name}`],
      wrapped ? ["smtpd_tls_wrappermode", "yes"] : ["smtpd_tls_security_level", "encrypt"],
      ["smtpd_sasl_auth_enable", "yes"],
      ["smtpd_tls_auth_only", "yes"],
      ["smtpd_reject_unlisted_recipient", "no"],
      ["smtpd_client_restrictions", "permit_sasl_authenticated,reject"],
      ["smtpd_helo_restrictions", ""],
      ["smtpd_sender_restrictions", ""],
      ["smtpd_recipient_restrictions", ""],
      ["smtpd_relay_restrictions", "permit_sasl_authenticated,reject"],
      ["milter_macro_daemon_name", "ORIGINATING"],
    ];
    if (filter !== undefined) settings.push(["content_filter", filter]);
    const columns = columnsLine([name, "inet", "n", "-", chroot, "-", "-", "smtpd"]);
    return [
      {
        name,
        type: "inet",
        purpose: wrapped ? "users' mail, TLS from the start (465)" : "users' mail, STARTTLS (587)",
        rank: RANK.common + rank,
        body: [columns, options(settings), stop(0)],
        documentation:
          "Users log in here to send mail; nobody else may. How they log in is up to `smtpd_sasl_type` and `smtpd_sasl_path` of main.cf, the certificate up to `smtpd_tls_chain_files`.",
      },
    ];
  };
  return [...make("submission", 587, false, 2), ...make("submissions", 465, true, 3)];
}

/** amavisd's port for users' own mail, where it has one that mail comes back from. */
function originatingFilter({ analysis }: Context): string | undefined {
  const { system, flow } = analysis;
  const transport = feedTransports(analysis).find(({ name }) => /amavis/i.test(name));
  const endpoint = filterEndpoints(analysis).find(({ listener }) => {
    const originates = listener.banks.some((bank) => {
      const display = system.amavis?.banks.get(bank)?.entries.get("originating")?.display;
      return display === "1";
    });
    const lost = flow.forwards.some((step) => step.listener === listener && step.target.kind === "missing");
    return originates && !lost;
  });
  return transport && endpoint ? `${transport.name}:${bracketed(endpoint)}` : undefined;
}

/** postscreen in front of port 25; the smtpd that is there now moves behind it. */
function postscreens(context: Context): Offer[] {
  const { system } = context.analysis;
  if (system.services.some(({ program }) => program === "postscreen")) return [];
  const entry = system.services.find(
    (service) =>
      service.program === "smtpd" &&
      service.type === "inet" &&
      !service.overriddenBy &&
      system.listenSets.get(service)?.port === 25,
  );
  if (entry?.uncertain) return [];
  const chroot = usualChroot(context);
  const has = (name: string, type: string) => isThere(context, name, type);
  const lines: string[] = [];
  const name = entry?.name ?? "smtp";
  lines.push(columnsLine([name, "inet", "n", "-", chroot, "-", "1", "postscreen"]));
  if (!entry && !has("smtpd", "pass"))
    lines.push(columnsLine(["smtpd", "pass", "-", "-", chroot, "-", "-", "smtpd"]));
  if (!has("dnsblog", "unix"))
    lines.push(columnsLine(["dnsblog", "unix", "-", "-", chroot, "-", "0", "dnsblog"]));
  if (!has("tlsproxy", "unix"))
    lines.push(columnsLine(["tlsproxy", "unix", "-", "-", chroot, "-", "0", "tlsproxy"]));
  const edits = entry && moveBehind(entry);
  return [
    {
      name,
      type: "inet",
      purpose: "postscreen before smtpd",
      rank: RANK.common + 4,
      body: [lines.join("\n"), stop(0)],
      documentation: `postscreen looks at every client of port 25 before smtpd sees it. ${entry ? `The entry \`${entry.name} inet\` becomes \`smtpd pass\`, with its options.` : ""} What it tests is up to \`postscreen_greet_action\`, \`postscreen_dnsbl_sites\` and the like in main.cf.`,
      ...(edits ? { edits } : {}),
    },
  ];
}

/** `smtp inet n` becomes `smtpd pass -`, in the room that the columns have. */
function moveBehind({ entry }: Service): NonNullable<Item["edits"]> {
  const changes = [
    [entry.columns.service, "smtpd"],
    [entry.columns.type, "pass"],
    [entry.columns.private, "-"],
  ] as const;
  return changes.flatMap(([word, newText]) => (word ? [{ range: word.range, newText }] : []));
}

/** Services that check_policy_service asks for; the usual one where nobody asks. */
function policyServices(context: Context): Offer[] {
  const { analysis } = context;
  const asked = usedItems(analysis, isRestrictionList(analysis)).flatMap((item) => {
    const name = /^unix:private\/([\w.-]+)$/.exec(item)?.[1];
    return name !== undefined && !isThere(context, name, "unix") && !isForeign(name) ? [name] : [];
  });
  const idle = !analysis.system.services.some(({ program }) => program === "spawn");
  const names = asked.length > 0 ? [...new Set(asked)] : idle ? ["policyd-spf"] : [];
  return names.map(
    (name): Offer => ({
      name,
      type: "unix",
      purpose: "a policy service that Postfix starts (spawn)",
      rank: asked.length > 0 ? RANK.wanted : RANK.common + 6,
      body: [
        stop(1, name),
        `${" ".repeat(Math.max(1, 10 - name.length))}unix  -       n       n       -       0       spawn\n  user=`,
        stop(2, "policyd-spf"),
        " argv=",
        stop(3, `/usr/bin/${name}`),
        stop(0),
      ],
      documentation: `\`check_policy_service unix:private/${name}\` in \`smtpd_recipient_restrictions\` asks it. Raise \`${name}_time_limit\` in main.cf, or it is stopped while smtpd still uses it.`,
    }),
  );
}

/** Sockets that other programs make in private/: nothing for master.cf. */
const isForeign = (name: string) => /dovecot|auth|quota|postgrey|rspamd/i.test(name);

/** Programs that put mail into mailboxes. */
function deliveries(context: Context): Offer[] {
  if (isThere(context, "dovecot", "unix")) return [];
  return [
    {
      name: "dovecot",
      type: "unix",
      purpose: "delivers by Dovecot's own program (pipe)",
      rank: RANK.common + 7,
      body: [
        columnsLine(["dovecot", "unix", "-", "n", "n", "-", "-", "pipe"]),
        "\n  flags=DRhu user=",
        stop(1, "vmail:vmail"),
        " argv=",
        stop(2, "/usr/lib/dovecot/dovecot-lda"),
        " -f ${sender} -d ${recipient}",
        stop(0),
      ],
      documentation:
        "Used by `virtual_transport = dovecot`, with `dovecot_destination_recipient_limit = 1`. Where Dovecot's LMTP server runs, `virtual_transport = lmtp:unix:private/dovecot-lmtp` needs no entry but `lmtp`.",
    },
  ];
}

const PURPOSES: Readonly<Record<string, string>> = {
  lmtp: "delivers by LMTP, for Dovecot and the like",
  pickup: "takes local mail from the maildrop queue",
  smtp: "delivers to other hosts",
  relay: "delivers to relay_domains",
};

/** Services that every Postfix has and this file lacks. */
function coreServices(context: Context): Offer[] {
  const { version } = context.analysis.system.profile;
  const chroot = usualChroot(context);
  return defaultEntries("debian")
    .filter((entry) => entry.command !== "pipe" && !isThere(context, entry.service, entry.type))
    .filter((entry) => hasReached(version, programFacts(entry.command)?.since ?? "1.1"))
    .filter((entry) => entry.type !== "inet" || !context.analysis.system.socketsByPort.has(25))
    .map((entry): Offer => {
      const purpose = PURPOSES[entry.type === "unix" ? entry.service : ""] ?? `runs ${entry.command}`;
      return {
        name: entry.service,
        type: entry.type,
        purpose,
        rank: RANK.usual,
        body: [columnsLine(columnsOf(entry, chroot))],
        documentation: "As in the master.cf that Postfix comes with.",
      };
    });
}

function columnsOf(entry: DefaultEntry, chroot: string): string[] {
  const { service, type, unprivileged, wakeup, processLimit, command } = entry;
  return [
    service,
    type,
    entry.private,
    unprivileged,
    entry.chroot === "n" ? "n" : chroot,
    wakeup,
    processLimit,
    command,
  ];
}

function isThere({ analysis }: Context, name: string, type: string): boolean {
  return analysis.system.services.some((service) => service.name === name && service.type === type);
}
