/** Where mail or a question is sent: transports, nexthops, proxies, milters, policy services. */
import { programFacts } from "../../knowledge/services.js";
import { textFor } from "../../knowledge/texts.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { ValuePlace } from "../position.js";
import { type Context, type Item, RANK, stop } from "./item.js";
import {
  bracketed,
  type Endpoint,
  feedTransports,
  filterEndpoints,
  isRestrictionList,
  plain,
  reinjectionEndpoints,
  usedItems,
} from "./system.js";

/** `transport:nexthop` of content_filter, default_transport and the like. */
export function transportItems(context: Context, place: ValuePlace): Item[] {
  const { analysis } = context;
  const { typed } = place.word;
  const colon = typed.indexOf(":");
  const filters = place.parameter === "content_filter" || place.parameter.startsWith("check_");
  if (colon >= 0) {
    const transport = typed.slice(0, colon);
    return nexthops(context, analysis.system.transports.get(transport)).map((item) => ({
      ...item,
      label: `${transport}:${item.label}`,
    }));
  }
  const items: Item[] = [];
  if (filters)
    for (const [index, endpoint] of filterEndpoints(analysis).entries())
      for (const [order, { name }] of feedTransports(analysis).entries())
        if (order === 0)
          items.push({
            label: `${name}:${bracketed(endpoint)}`,
            kind: "endpoint",
            rank: RANK.wanted + index,
            detail: endpoint.who,
          });
  // A filter is fed by SMTP, LMTP or a command; the other agents deliver for good.
  const feeds = (program: string) => !filters || /^(?:smtp|lmtp|pipe)$/.test(program);
  const delivering = [...analysis.system.transports.values()].filter(
    ({ program }) => programFacts(program)?.deliversMail && feeds(program),
  );
  const order = filters ? feedTransports(analysis) : [];
  for (const service of delivering) items.push(transportItem(service, filters, order.indexOf(service)));
  return items;
}

function transportItem(service: Service, filters: boolean, order: number): Item {
  const { name, program } = service;
  const needsPlace = filters || program === "smtp" || program === "lmtp";
  const common = filters ? order >= 0 || program === "pipe" : program !== "error";
  return {
    label: needsPlace && filters ? `${name}:` : name,
    kind: "service",
    rank: (common ? RANK.common : RANK.usual) + (order < 0 ? 10 : order),
    detail: `runs ${program}`,
    documentation: ["program", program],
  };
}

/** What can stand behind `smtp:`; for other programs the nexthop is a name of their own. */
function nexthops({ analysis }: Context, transport: Service | undefined): Item[] {
  if (transport && transport.program !== "smtp" && transport.program !== "lmtp") return [];
  const endpoints: Endpoint[] = filterEndpoints(analysis);
  const items = endpoints.map(
    (endpoint, index): Item => ({
      label: bracketed(endpoint),
      kind: "endpoint",
      rank: RANK.wanted + index,
      detail: endpoint.who,
    }),
  );
  for (const used of usedItems(analysis, (name) => name === "relayhost" || name === "smtp_fallback_relay"))
    items.push({ label: used, kind: "endpoint", rank: RANK.usual });
  if (transport?.program === "lmtp")
    items.push({
      label: "unix:private/dovecot-lmtp",
      kind: "endpoint",
      rank: RANK.common,
      detail: "Dovecot",
    });
  return items;
}

/** relayhost and its kin: a host in brackets is taken as it is, without them its MX is looked up. */
export function nexthopItems({ analysis }: Context): Item[] {
  const used = usedItems(analysis, (name) => /relayhost$|fallback_relay$/.test(name));
  return [
    {
      label: "[smtp.example.com]:587",
      kind: "endpoint",
      insert: ["[", stop(1, "smtp.example.com"), "]:", stop(2, "587"), stop(0)],
      rank: RANK.common,
      detail: "this very host, with the port for users' mail",
    },
    {
      label: "[smtp.example.com]",
      kind: "endpoint",
      insert: ["[", stop(1, "smtp.example.com"), "]", stop(0)],
      rank: RANK.common + 1,
      detail: "this very host, port 25",
    },
    ...used.map((label): Item => ({ label, kind: "endpoint", rank: RANK.usual })),
  ];
}

/** smtpd_proxy_filter: host:port without a transport. */
export function proxyItems({ analysis }: Context): Item[] {
  return filterEndpoints(analysis).map((endpoint, index) => ({
    label: plain(endpoint),
    kind: "endpoint",
    rank: RANK.wanted + index,
    detail: endpoint.who,
  }));
}

/** Ports that milters have by custom; whether they run here, no file says. */
const MILTER_PORTS = [11332, 8891, 8893] as const;

/** Milters that the system uses elsewhere, then those that people have. */
export function milterItems({ analysis }: Context, place: ValuePlace): Item[] {
  const used = usedItems(analysis, (name) => /_milters$/.test(name)).filter((text) =>
    /^(?:inet|unix|local):/.test(text),
  );
  const items = used.map(
    (label): Item => ({ label, kind: "endpoint", rank: RANK.wanted, detail: "used here" }),
  );
  if (place.parameter === "non_smtpd_milters")
    items.push({
      label: "$smtpd_milters",
      kind: "variable",
      rank: RANK.wanted,
      documentation: ["parameter", "smtpd_milters"],
    });
  for (const port of MILTER_PORTS) {
    const label = `inet:127.0.0.1:${port}`;
    const detail = MILTER_NAMES[port] ?? "";
    if (!used.includes(label))
      items.push({
        label,
        kind: "endpoint",
        rank: RANK.usual,
        detail,
        documentation: ["port", String(port)],
      });
  }
  return items;
}

const MILTER_NAMES: Readonly<Record<number, string>> = {
  11332: "where rspamd's proxy usually listens",
  8891: "where OpenDKIM usually listens",
  8893: "where OpenDMARC usually listens",
};

/** Policy services that the system uses or starts, then the usual one. */
export function policyItems({ analysis }: Context): Item[] {
  const used = usedItems(analysis, isRestrictionList(analysis)).filter((text) =>
    /^(?:inet|unix|local):/.test(text),
  );
  const spawned = analysis.system.services.filter(
    ({ program, type }) => program === "spawn" && type === "unix",
  );
  const items: Item[] = spawned.map(({ name }) => ({
    label: `unix:private/${name}`,
    kind: "endpoint",
    rank: RANK.wanted,
    detail: "a service of master.cf",
  }));
  for (const label of used)
    if (!items.some((item) => item.label === label))
      items.push({ label, kind: "endpoint", rank: RANK.common, detail: "used here" });
  const usual = "inet:127.0.0.1:10023";
  if (!used.includes(usual) && textFor("port", "10023") !== undefined)
    items.push({
      label: usual,
      kind: "endpoint",
      rank: RANK.usual,
      detail: "where postgrey usually listens",
      documentation: ["port", "10023"],
    });
  return items;
}

/** Endpoints of smtpd that mail can be handed back to, for amavisd's methods. */
export function methodItems({ analysis }: Context): Item[] {
  return reinjectionEndpoints(analysis).map((endpoint, index) => ({
    label: `smtp:${bracketed(endpoint)}`,
    kind: "endpoint",
    rank: (endpoint.filtered ? RANK.usual : RANK.wanted) + index,
    detail: endpoint.who,
  }));
}
