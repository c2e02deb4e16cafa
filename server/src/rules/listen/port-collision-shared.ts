import { hasReached } from "../../knowledge/version.js";
import { describeProfile } from "../../semantics/postfix/profile.js";
import { type InetSocket, overlaps } from "../../system/listeners.js";
import type { Rule, RuleContext } from "../rule.js";
import { collisionFixes, postfixPairs, showPair } from "./collisions.js";

export const portCollisionShared: Rule = {
  code: "port-collision-shared",
  severity: "error",
  summary: "Two services of master.cf listen on the same address and port.",
  why: `Since Postfix 3.6 both sockets open, \`postfix check\` is silent, and the log has no line about it: the kernel deals connections out to the two at random. When one of them is a correct reinjection service and the other is not, mail is scanned one to six times, and a test mail proves nothing. Before 3.6 master stops:

    postfix/master[123]: fatal: bind 127.0.0.1 port 10025: Address already in use

Two names of one address count too: \`localhost\`, a bare port under \`inet_interfaces = loopback-only\`, \`0.0.0.0\`.`,
  remedy: "Keep one of the two services, or give one of them another port.",
  wrong: [
    {
      title: "an address and its name",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
localhost:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "two families do not meet",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
[::1]:10025 inet n - n - - smtpd`,
    },
  ],
  check(context) {
    for (const { first, second } of postfixPairs(context, meet)) {
      context.report({
        at: second.location,
        message: `"${second.service.name}" and "${first.service.name}" (${context.place(first.location)}) both listen on ${showPair(second)}: ${effect(context)}.`,
        related: [{ ...first.location, message: `listens on ${showPair(first)} too` }],
        fixes: () => collisionFixes(context, first, second),
      });
    }
  },
};

/** Sockets are shared since 3.6 (SO_REUSEPORT); before, the second bind ends master. */
function effect({ system: { profile } }: RuleContext): string {
  return hasReached(profile.version, "3.6")
    ? "the kernel gives each connection to one of them at random, and no log line says so"
    : `master stops with "Address already in use" at its start (${describeProfile(profile)})`;
}

/** An own host name may have another address than a literal one; two names of this host are taken to meet. */
function meet(a: InetSocket, b: InetSocket): boolean {
  if (overlaps(a, b) !== "equal") return false;
  return (a.certain && b.certain) || (isNamed(a) && isNamed(b));
}

function isNamed(socket: InetSocket): boolean {
  return socket.program === "postfix" && /[a-z]/i.test(socket.service.name);
}
