/** Delivery methods that are well formed and yet lead nowhere, or not where the mail went before. */
import type { AmavisListener, AmavisProblem, DeliveryMethod } from "../configuration.js";
import type { Evaluated } from "./settingFaults.js";

export function methodFaults(evaluated: Evaluated): AmavisProblem[] {
  return evaluated.listeners.flatMap((listener) => [
    ...mixed(listener),
    ...starOnUnix(listener),
    ...stale(evaluated, listener),
  ]);
}

function methodsOf(listener: AmavisListener): readonly DeliveryMethod[] {
  const { value } = listener.forward;
  return "kind" in value ? [] : value;
}

/** amavisd takes the protocol of a list from one of its methods (source: only one protocol a message). */
function mixed(listener: AmavisListener): AmavisProblem[] {
  const methods = methodsOf(listener).filter(
    ({ fault, partlyUnknown }) => fault === undefined && !partlyUnknown,
  );
  const schemes = [...new Set(methods.map(({ scheme }) => scheme))];
  const at = listener.forward.origin;
  if (schemes.length < 2 || at === undefined) return [];
  return [
    {
      ...at,
      kind: "method-mixed-schemes",
      message: `A list of methods is for one protocol, and this one has ${schemes.join(" and ")}: which is spoken to which server is left to chance.`,
      fatal: false,
    },
  ];
}

/** `*` stands for the client's address or port, and a Unix socket has neither. */
function starOnUnix(listener: AmavisListener): AmavisProblem[] {
  const protocol = listener.protocol.value;
  if (listener.network !== "unix" || (protocol !== "SMTP" && protocol !== "LMTP")) return [];
  return methodsOf(listener).flatMap((method): AmavisProblem[] => {
    const { origin, host, port, text } = method;
    if (origin === undefined || (host !== "*" && port !== "*")) return [];
    return [
      {
        ...origin,
        kind: "method-star-unix",
        message: `"*" in ${text} stands for the client's address or port, and a client of ${listener.path} has none: amavisd cannot hand on what comes in there.`,
        fatal: false,
        severity: "error",
        related: listener.origin === undefined ? [] : [{ ...listener.origin, message: "the Unix socket" }],
      },
    ];
  });
}

/** $notify_method has a default of its own and does not follow $forward_method. */
function stale({ machine }: Evaluated, listener: AmavisListener): AmavisProblem[] {
  const { forward, notify } = listener;
  if (machine.lost !== undefined) return [];
  if ("kind" in forward.value || "kind" in notify.value || notify.origin !== undefined) return [];
  const [first] = forward.value;
  const [fallback] = notify.value;
  const assignment = machine.assignments.of("$forward_method").at(-1);
  // Only where the global setting decides: a bank may well have a way of its own.
  if (first === undefined || fallback === undefined || assignment === undefined) return [];
  if (forward.origin === undefined || forward.origin.file !== assignment.file) return [];
  if (forward.origin.range.start < assignment.range.start || forward.origin.range.end > assignment.range.end)
    return [];
  if (first.partlyUnknown || first.fault !== undefined || first.host === "*" || first.port === "*") return [];
  const same = forward.value.some(
    ({ host, port, scheme }) =>
      host === fallback.host && port === fallback.port && scheme === fallback.scheme,
  );
  if (same || (first.scheme !== "smtp" && first.scheme !== "lmtp")) return [];
  const { end } = assignment.range;
  return [
    {
      ...forward.origin,
      kind: "notify-stale",
      message: `$notify_method does not follow $forward_method: notifications and bounces still go to ${fallback.text}, amavisd's default.`,
      fatal: false,
      fix: {
        title: "Set $notify_method = $forward_method;",
        file: assignment.file,
        range: { start: end, end },
        newText: "\n$notify_method = $forward_method;",
      },
    },
  ];
}
