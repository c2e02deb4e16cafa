import type { FilterStep } from "../../flow/flow.js";
import { meantForAmavis, namesAmavis } from "../../flow/meant.js";
import { showEndpoint } from "../../system/listeners.js";
import type { Fix, Severity } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { requestPart, requestPlace, showRequest } from "./places.js";

export const filterListenerMissing: Rule = {
  code: "filter-listener-missing",
  severity: "error",
  summary: "Mail is sent to a filter where nothing listens.",
  why: `Postfix accepts mail, hands it to the filter and is refused. Everything stays in the queue:

    connect to 127.0.0.1[127.0.0.1]:10024: Connection refused
    status=deferred (connect to 127.0.0.1[127.0.0.1]:10024: Connection refused)

With \`smtpd_proxy_filter\` the client gets \`451 4.3.0 Error: queue file write error\` instead.`,
  remedy: "Let the filter listen on that port, or name the port on which it listens.",
  wrong: [
    {
      title: "amavisd listens on another port",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10023
#                            ^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "the same port on both sides",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    const reported = new Set<string>();
    for (const step of context.flow.requests) {
      if (step.target.kind !== "missing") continue;
      const at = requestPart(step, step.target.endpoint.range) ?? requestPlace(step);
      const key = `${at.file}:${at.range.start}`;
      const severity = severityOf(context, step);
      if (!severity || reported.has(key)) continue;
      reported.add(key);
      context.report({
        at,
        severity,
        message: messageOf(context, step, severity),
        related: listenersNearby(context),
        fixes: () => (severity === "information" ? [] : mend(context, step)),
      });
    }
  },
};

/** The ports that amavisd has by convention: a hint as long as its own configuration is not there to tell. */
function hasAmavisPort({ target }: FilterStep): boolean {
  return target.kind === "missing" && (target.endpoint.port === 10024 || target.endpoint.port === 10026);
}

/**
 * Error where amavisd's configuration is known and has no such listener, or where the folder is a whole
 * mail system without it. A folder named "postfix" holds Postfix alone by convention, so an amavisd that
 * is not there is only not seen (warning). An endpoint of another transport is some filter that is not
 * modelled here (information; c1-series-dumb).
 */
function severityOf(context: RuleContext, step: FilterStep): Severity | undefined {
  const { amavis, source } = context.system;
  if (source.unreadable.some((file) => file.role === "amavis")) return undefined;
  if (!amavis) {
    if (!namesAmavis(step) && !hasAmavisPort(step)) return "information";
    const postfixAlone = /(?:^|\/)postfix(?:\/|$)/.test(
      folderOf(source.main?.path ?? source.master?.path ?? ""),
    );
    return source.complete && !postfixAlone ? "error" : "warning";
  }
  if (
    source.amavisOpen !== undefined ||
    amavis.listenersOpen !== undefined ||
    amavis.problems.some((problem) => problem.fatal)
  )
    return undefined;
  if (!meantForAmavis(context.system, context.flow, step)) return "information";
  return source.complete ? "error" : "warning";
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function messageOf(context: RuleContext, step: FilterStep, severity: Severity): string {
  const endpoint =
    step.target.kind === "missing"
      ? showEndpoint(step.target.endpoint.address, step.target.endpoint.port)
      : "";
  const request = showRequest(step);
  if (severity === "information")
    return `Nothing that is known here listens on ${endpoint}; ${request} is taken for a filter of its own.`;
  const then =
    step.request.kind === "proxy"
      ? `clients get 451, the log says "connect to proxy filter ${step.request.text}: Connection refused"`
      : `mail is deferred, the log says "connect to ${endpoint}: Connection refused"`;
  if (!context.system.amavis)
    return severity === "error"
      ? `${request} sends mail to ${endpoint}, but there is no amavisd configuration, and nothing else listens there: ${then}.`
      : `${request} sends mail to ${endpoint}. amavisd's configuration is not among these files; if it does not listen there, ${then}.`;
  return `${request} sends mail to ${endpoint}, but amavisd listens on ${showListeners(context)}: ${then}.`;
}

function showListeners(context: RuleContext): string {
  const inet = context.system.sockets.filter((socket) => socket.program === "amavisd");
  return inet.map((socket) => showEndpoint(socket.address, socket.port)).join(", ") || "no port";
}

function listenersNearby(context: RuleContext) {
  const sockets = context.system.sockets.filter((socket) => socket.program === "amavisd");
  return sockets.slice(0, 3).map((socket) => ({
    ...socket.location,
    message: `amavisd listens on ${showEndpoint(socket.address, socket.port)}`,
  }));
}

function mend(context: RuleContext, step: FilterStep): Fix[] {
  const { system } = context;
  if (step.target.kind !== "missing") return [];
  const fixes: Fix[] = [];
  const { address, port, range } = step.target.endpoint;
  const at = step.request.part?.(range.start, range.end);
  const seen = new Set<number>();
  for (const socket of system.sockets) {
    if (!at || socket.program !== "amavisd" || seen.has(socket.port)) continue;
    seen.add(socket.port);
    const host = socket.address.includes(":") && socket.address !== "::" ? "::1" : "127.0.0.1";
    const text = step.request.kind === "proxy" ? showEndpoint(host, socket.port) : `[${host}]:${socket.port}`;
    fixes.push({
      title: `Send mail to ${showEndpoint(host, socket.port)}, where amavisd listens`,
      edits: [{ ...at, newText: text }],
      preferred: seen.size === 1,
    });
  }
  const add = addPort(context, port);
  if (add && (address === "127.0.0.1" || address === "::1")) fixes.push(add);
  const whole = step.request.definition;
  if (whole?.origin && (step.request.kind === "content_filter" || step.request.kind === "proxy"))
    fixes.push({
      title: "Switch the filter off (an empty value)",
      edits: [{ ...whole.origin, newText: "" }],
    });
  return fixes;
}

/** Lets amavisd listen on one more port: $inet_socket_port becomes a list, or a longer one. */
function addPort(context: RuleContext, port: number): Fix | undefined {
  const assignment = context.system.amavis?.assignments("$inet_socket_port").at(-1);
  if (!assignment) return undefined;
  const { file, valueRange } = assignment;
  const value = context.text(file).slice(valueRange.start, valueRange.end);
  const list = /^\[([\s\S]*?)(,?\s*)\]$/.exec(value.trim());
  const newText = list
    ? `[${list[1]}, ${port}]`
    : /^\S+$/.test(value.trim())
      ? `[${value.trim()}, ${port}]`
      : undefined;
  if (newText === undefined) return undefined;
  return {
    title: `Let amavisd listen on port ${port} as well`,
    edits: [{ file, range: valueRange, newText }],
  };
}
