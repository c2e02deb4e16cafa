import type { Service } from "../../semantics/postfix/services.js";
import { deleteEntry } from "../edits.js";
import type { Fix, Severity } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";

export const duplicateService: Rule = {
  code: "duplicate-service",
  severity: "error",
  summary: "A service is defined twice; the last definition counts.",
  why: `Postfix drops the earlier entry with all its options, and only the log says so, once, at the start:

    postfix/master[123]: warning: duplicate master.cf entry for service "smtp" (25) -- using the last entry

\`smtp\` and \`25\`, \`smtps\` and \`submissions\`, \`:10025\` and \`10025\`, \`[::1]\` and any other spelling of it are the same service. If the last entry lacks \`-o content_filter=\`, mail loops through the filter.`,
  remedy: "Remove the entry that is not wanted.",
  wrong: [
    {
      title: "a name and its number",
      text: `-- master.cf --
smtp inet n - n - - smtpd
#^^^ error
25 inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: "one name, two types",
      text: `-- master.cf --
smtp inet n - n - - smtpd
smtp unix - - n - - smtp`,
    },
  ],
  check(context) {
    // In a template the two may stand in branches that exclude each other.
    if (context.system.master?.trivia.some((piece) => piece.kind === "control")) return;
    for (const service of context.system.services) {
      if (service.overriddenBy) report(context, service, service.overriddenBy);
    }
    reportPublicAndPrivate(context);
  },
};

function report(context: RuleContext, loser: Service, winner: Service): void {
  const repeated = sameText(loser, winner);
  const proven = repeated || worksInFlow(context, winner);
  const loops = context.flow.loops.some((loop) => loop.service === winner);
  const severity: Severity = proven ? "warning" : "error";
  const same = loser.name === winner.name ? "the same name" : `"${winner.name}", which is the same service`;
  const effect = loops
    ? " The later one leads mail back into the filter, until it bounces with too many hops."
    : proven
      ? repeated
        ? " The two are alike, so nothing is lost."
        : " The later one is in order."
      : "";
  context.report({
    at: loser.nameLocation,
    severity,
    message: `"${loser.name}" has no effect: ${context.place(winner.nameLocation)} has ${same}, and the last entry counts.${effect}`,
    related: [{ ...winner.nameLocation, message: "this entry is used" }],
    fixes: () => mend(context, loser, winner),
  });
}

/** Whether an entry only repeats another, word for word. */
function sameText(a: Service, b: Service): boolean {
  return (
    a.entry.words.length === b.entry.words.length &&
    a.entry.words.every((word, index) => word.text === b.entry.words[index]?.text)
  );
}

/** Whether mail is seen to go its way through the entry that counts. */
function worksInFlow(context: RuleContext, winner: Service): boolean {
  const { flow } = context;
  if (flow.loops.some((loop) => loop.service === winner)) return false;
  if (flow.reinjections.has(winner)) return true;
  return flow.requests.some(
    ({ request, target }) =>
      target.kind === "amavis" && request.kind !== "proxy" && request.text.startsWith(`${winner.name}:`),
  );
}

function mend(context: RuleContext, loser: Service, winner: Service): Fix[] {
  const remove = (service: Service, title: string): Fix => ({
    title,
    edits: [deleteEntry(context, service)],
  });
  const dropWinner = remove(
    winner,
    `Remove the later entry (${context.place(winner.nameLocation)}), so that this one counts`,
  );
  const dropLoser = remove(
    loser,
    `Remove this entry (${context.place(loser.nameLocation)}); the later one counts already`,
  );
  // Taking away the dead entry changes nothing; where the living one is the fault, it has to go instead.
  if (context.flow.loops.some((loop) => loop.service === winner)) return [{ ...dropWinner, preferred: true }];
  if (winner.program !== loser.program) return [dropWinner, dropLoser];
  return [{ ...dropLoser, preferred: true }];
}

/** The same unix name once private and once public makes two sockets; clients use only one of them (m3). */
function reportPublicAndPrivate(context: RuleContext): void {
  const first = new Map<string, Service>();
  for (const service of context.system.services) {
    if (service.type !== "unix" || service.overriddenBy || service.uncertain) continue;
    const other = first.get(service.name);
    if (!other) first.set(service.name, service);
    else if (other.public !== service.public)
      context.report({
        at: service.nameLocation,
        severity: "information",
        message: `"${service.name}" exists in private/ and in public/: two sockets, of which clients use only one.`,
        related: [{ ...other.nameLocation, message: `the other "${service.name}"` }],
      });
  }
}
