/** Lays what was foretold beside what happened. */

/**
 * @returns {{problems: string[], unknown: string[], agreed: number}}
 */
export function compare({ scenario, prediction, observed, fateOf }) {
  const problems = [];
  const unknown = [];
  let agreed = 0;
  const check = (what, foretold, real) => {
    if (foretold === real) agreed++;
    else problems.push(`${what}: foretold ${foretold}, really ${real}`);
  };
  check("Postfix runs", prediction.postfix, observed.running);
  if (scenario.reloads) check("reload refused", prediction.reloadRefused, observed.reload?.status !== 0);
  if (observed.amavisRunning !== undefined) check("amavisd runs", prediction.amavis, observed.amavisRunning);
  if (!observed.running) return { problems, unknown, agreed };
  // What is not started, or dies, does not listen; its sockets are foretold for the case that it runs.
  const running = (row) =>
    row.program !== "amavisd" || (prediction.amavis && observed.amavisRunning !== undefined);
  check("listeners", show(prediction.listeners.filter(running)), show(observed.listeners));
  scenario.mails.forEach((mail, index) => {
    const foretold = prediction.mails[index];
    const what = `mail ${mail.number} to ${mail.recipient}${mail.port === 25 ? "" : ` by ${mail.port}`}`;
    if (foretold.outcome === "unknown") {
      unknown.push(`${what}: ${foretold.hops.at(-1)?.does ?? ""}; really ${fateOf(mail.number).outcome}`);
      return;
    }
    if (mail.outside) {
      unknown.push(
        `${what}: ${foretold.outcome}, but ${mail.outside}; really ${fateOf(mail.number).outcome}`,
      );
      return;
    }
    // What a milter or a policy service says, no file tells: the answer rests on an assumption that does not hold.
    const assumption = mail.belies && foretold.assumptions.find((text) => text.includes(mail.belies));
    if (assumption) {
      unknown.push(`${what}: ${foretold.outcome} if ${assumption}; really ${fateOf(mail.number).outcome}`);
      return;
    }
    for (let copy = 0; copy < (mail.count ?? 1); copy++) {
      const before = problems.length;
      compareMail(what, foretold, fateOf(mail.number + copy), problems);
      if (problems.length === before) agreed++;
    }
  });
  return { problems, unknown, agreed };
}

function compareMail(what, foretold, real, problems) {
  const says = (text) => problems.push(`${what}: ${text}`);
  if (!sameOutcome(foretold.outcome, real.outcome))
    return says(`foretold ${foretold.outcome}, really ${real.outcome} ${real.said}`);
  if (/^(?:delivered|looped|deferred|stuck)$/.test(real.outcome) && real.passes.length > 0) {
    const different = real.passes.filter((passes) => passes !== foretold.filterPasses);
    if (different.length > 0)
      says(`foretold ${foretold.filterPasses} passes, really ${different.join(", ")}`);
  }
  if (real.outcome !== "delivered") return;
  const copies = new Map();
  for (const { recipient, copies: count } of foretold.deliveries)
    copies.set(recipient, (copies.get(recipient) ?? 0) + count);
  const a = showCopies(copies);
  const b = showCopies(real.copies);
  if (a !== b) says(`foretold for ${a}, really for ${b}`);
}

/**
 * A client that is told 4xx keeps the message: to it that is a refusal, to the sender a delay. Mail that waits for a
 * daemon which dies again and again is stuck, and put off by the time that somebody loses patience (n07, n09).
 */
function sameOutcome(foretold, real) {
  if (foretold === "stuck" && real === "deferred") return true;
  return real === "refused for now" ? /^(?:rejected|deferred)$/.test(foretold) : foretold === real;
}

function showCopies(copies) {
  return (
    [...copies]
      .map(([recipient, count]) => `${recipient}×${count}`)
      .sort()
      .join(" ") || "nobody"
  );
}

function show(rows) {
  // A random port is not the same twice.
  return rows
    .map(({ address, port, program }) => `${address}:${port > 30000 ? 0 : port} ${program}`)
    .sort()
    .join(", ");
}
