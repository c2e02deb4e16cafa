import type { ForwardStep } from "../../flow/flow.js";
import type { AmavisListener } from "../../semantics/amavis/configuration.js";
import { showEndpoint } from "../../system/listeners.js";
import { reinjectionCandidates } from "../edits.js";
import { forwardPlace } from "../flow/places.js";
import type { Rule } from "../rule.js";

export const forwardSelf: Rule = {
  code: "forward-self",
  severity: "error",
  summary: "amavisd hands mail on to itself.",
  why: `Each message opens a connection from one of amavisd's processes to the next. When all of them wait for each other, nothing moves, and Postfix keeps the mail (observed with two processes: no answer until the client gave up):

    status=deferred (conversation with 127.0.0.1[127.0.0.1] timed out while sending end of data)

Handing mail from one port to another is right when the second port's policy bank leads on.`,
  remedy: "Let `forward_method` name the reinjection service of Postfix.",
  wrong: [
    {
      title: "its own port",
      text: `-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = 'smtp:[127.0.0.1]:10024';
#                 ^^^^^^^^^^^^^^^^^^^^^^^^ error
$notify_method = 'smtp:[127.0.0.1]:10025';`,
    },
    {
      title: "only some clients have another way",
      text: `-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = 'smtp:[127.0.0.1]:10024';
#                 ^^^^^^^^^^^^^^^^^^^^^^^^ warning
$notify_method = 'smtp:[127.0.0.1]:10025';
$policy_bank{'MYNETS'} = { forward_method => 'smtp:[127.0.0.1]:10025' };`,
    },
  ],
  right: [
    {
      title: "a second pass by a policy bank",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$forward_method = 'smtp:[127.0.0.1]:10026';
$notify_method = 'smtp:[127.0.0.1]:10025';
$interface_policy{'10026'} = 'SECOND';
$policy_bank{'SECOND'} = { forward_method => 'smtp:[127.0.0.1]:10025' };`,
    },
  ],
  check(context) {
    const next = new Map<AmavisListener, ForwardStep>();
    for (const step of context.flow.forwards)
      if (step.role === "forward" && step.target.kind === "amavis" && !next.has(step.listener))
        next.set(step.listener, step);
    for (const step of next.values()) {
      const at = forwardPlace(step);
      if (step.target.kind !== "amavis" || !at || !comesBack(step, next)) continue;
      const { address, port } = step.target.endpoint;
      const amavis = context.system.amavis;
      const other = amavis?.clientBanks.find((name) => amavis.banks.get(name)?.entries.has("forward_method"));
      context.report({
        at,
        // Mail of such clients takes another way, and perhaps there is no other mail.
        severity: other === undefined ? "error" : "warning",
        message: `amavisd itself listens on ${showEndpoint(address, port)}: mail goes round in it until all its processes wait for each other, and nothing is delivered${other === undefined ? "" : ` but what the bank ${other} sends elsewhere`}.`,
        related: step.target.sockets.map(({ location }) => ({ ...location, message: "amavisd's own port" })),
        fixes: () =>
          reinjectionCandidates(context)
            .slice(0, 2)
            .map((candidate, index) => ({
              title: `Hand mail back to ${showEndpoint(candidate.address, candidate.port)}`,
              edits: [{ ...at, newText: `'smtp:[${candidate.address}]:${candidate.port}'` }],
              preferred: index === 0,
            })),
      });
    }
  },
};

/** Whether mail that leaves by this step is at the same listener again. */
function comesBack(first: ForwardStep, next: ReadonlyMap<AmavisListener, ForwardStep>): boolean {
  const seen = new Set<AmavisListener>();
  let step: ForwardStep | undefined = first;
  while (step?.target.kind === "amavis") {
    const listener: AmavisListener | undefined = step.target.sockets[0]?.listener;
    if (listener === undefined) return false;
    // The same port of the other address family is the same program with the same settings.
    if (listener === first.listener || listener.port === first.listener.port) return true;
    if (seen.has(listener)) return false;
    seen.add(listener);
    step = next.get(listener);
  }
  return false;
}
