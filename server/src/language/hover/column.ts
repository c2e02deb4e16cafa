/** The columns of a master.cf entry with what they mean for this service. */
import { programFacts } from "../../knowledge/services.js";
import { longTextFor, textFor } from "../../knowledge/texts.js";
import { isChrooted } from "../../semantics/postfix/chroot.js";
import { splitTransport } from "../../semantics/postfix/endpoints.js";
import type { Service } from "../../semantics/postfix/services.js";
import { processLimit, runsAsRoot } from "../../semantics/postfix/startup.js";
import type { Column } from "../../syntax/postfix/master.js";
import { placeLink, type View } from "../facts.js";
import { page, programManual } from "../manual.js";
import { code, list, paragraphs, shown } from "../markdown.js";
import { describeService } from "./service.js";

/** The name of a column in the texts, which is that of postconf -F. */
export function columnText(column: Column): string | undefined {
  return textFor("column", column === "maxproc" ? "process_limit" : column);
}

export function describeColumn(view: View, service: Service, column: Column): string {
  if (column === "service") return describeService(view, service);
  if (column === "command") return describeCommand(view, service);
  const written = service.entry.columns[column]?.text ?? "";
  return paragraphs(
    `**${column}** = ${code(written)}: ${meaning(view, service, column)}`,
    columnText(column),
    demand(view, service, column),
    `Manual: ${page("master", 5)}`,
  );
}

function meaning(view: View, service: Service, column: Column): string {
  const { system } = view.analysis;
  const written = service.entry.columns[column]?.text ?? "";
  switch (column) {
    case "type":
      return TYPES[written] ?? "no type that Postfix knows";
    case "private":
      if (service.type === "inet")
        return service.public ? "open to the network, as inet has to be" : "master stops: inet has to be `n`";
      return service.public
        ? `the socket is ${code(`public/${service.name}`)}, also for Postfix's commands`
        : `the socket is ${code(`private/${service.name}`)}, for Postfix alone`;
    case "unprivileged": {
      const owner = system.environment.value("mail_owner").text;
      return runsAsRoot(service) === true
        ? "starts with root's rights"
        : `runs as ${code(owner)} (${code("mail_owner")})`;
    }
    case "chroot": {
      const jailed = isChrooted(service, system.profile, system.source.main !== undefined);
      if (jailed === undefined) return "not known without main.cf's `compatibility_level`";
      const jail = system.environment.value("queue_directory").text;
      const why = written === "-" ? " (by `compatibility_level`)" : "";
      return jailed ? `sees only ${code(jail)}${why}` : `sees the whole file system${why}`;
    }
    case "wakeup":
      return /^[1-9]\d*\??$/.test(written)
        ? `woken up every ${written.replace("?", "")} s${written.endsWith("?") ? ", once it has been used" : ""}`
        : "never woken up by the clock";
    case "maxproc": {
      const limit = processLimit(service);
      if (limit === undefined) return "not known";
      const why = written === "-" ? " (`default_process_limit`)" : "";
      return limit === 0
        ? `as many processes as are needed${why}`
        : `at most ${limit} process${limit === 1 ? "" : "es"} at a time${why}`;
    }
    default:
      return "";
  }
}

const TYPES: Readonly<Record<string, string>> = {
  inet: "listens on TCP",
  unix: "listens on a UNIX socket of this host",
  pass: "is handed open connections by postscreen",
  fifo: "reads a named pipe",
  "unix-dgram": "takes datagrams of this host, as postlogd does",
};

/** What the program insists on, and what fits the other end. */
function demand(view: View, service: Service, column: Column): string | undefined {
  const facts = programFacts(service.program);
  if (column === "maxproc")
    return paragraphs(filterChildren(view, service), forced(facts?.processLimit, service));
  if (column === "unprivileged" && facts?.needsRoot) return `${service.program} insists on \`n\`.`;
  if (column === "chroot" && facts?.chroot === "no") return `${service.program} cannot work in a chroot.`;
  if (column === "chroot" && facts?.chroot === "pointless")
    return `For ${service.program} a chroot defeats the purpose.`;
  if (column === "type" && facts) return `${service.program} takes ${facts.types.map(code).join(", ")}.`;
  if (column === "wakeup" && facts?.wakeup) return `Usual for ${service.program}: ${code(facts.wakeup)}.`;
  return undefined;
}

function forced(limit: number | undefined, { program }: Service): string | undefined {
  return limit === undefined ? undefined : `${program} insists on ${code(String(limit))}.`;
}

/** The feed to amavisd needs as many processes as amavisd has children. */
function filterChildren(view: View, service: Service): string | undefined {
  const { flow, system } = view.analysis;
  const feeds = flow.requests.some(
    ({ request, target }) =>
      target.kind === "amavis" &&
      request.kind !== "proxy" &&
      splitTransport(request.text).transport === service.name,
  );
  const servers = feeds || flow.reinjections.has(service) ? system.amavis?.value("$max_servers") : undefined;
  if (!servers || typeof servers.display !== "string") return undefined;
  const from = servers.origins.at(-1);
  return `amavisd has ${code(`$max_servers = ${servers.display}`)} (${from ? placeLink(view, from) : "default"}): the feed should have no more processes than that, the service that takes mail back no fewer.`;
}

function describeCommand(view: View, service: Service): string {
  const { program, options } = service;
  const facts = programFacts(program);
  const text = textFor("program", program);
  const needs = facts
    ? [
        facts.processLimit === undefined ? "" : `process limit ${facts.processLimit}`,
        facts.needsRoot ? "unprivileged `n`" : "",
        facts.chroot === "no" ? "no chroot" : "",
        ...facts.requiredArguments.map(code),
      ].filter(Boolean)
    : [];
  const manual = programManual(program);
  return paragraphs(
    `**${program}**${facts ? "" : ": none of Postfix's own programs"}`,
    text,
    needs.length > 0 && `Needs ${needs.join(", ")}.`,
    list(
      `Own settings of ${code(service.name)}`,
      options.map(({ name, value, nameRange }) => {
        const at = placeLink(view, { file: service.location.file, range: nameRange });
        return `${code(name)} = ${shown(value)} (${at})`;
      }),
      12,
    ),
    text && longTextFor("program", program)?.slice(text.length).trim(),
    manual && `Manual: ${manual}`,
  );
}
