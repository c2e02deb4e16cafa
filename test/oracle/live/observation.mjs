/** What became of each message, told from the sinks, the queues and the log. */

/** One line of Received: that amavisd adds, or the mark of a filter of the tests. */
const PASS = /^X-Passed-Filter:|\(amavis[^()\n]*(?:port \d+|unix socket)\)/gm;
const NUMBER = /live-(\d+)@/;

/**
 * @param {object} observed observed.json
 * @param {string} log the mail log
 * @returns {(number: number) => {outcome: string, copies: Map<string, number>, passes: number[], said: string}}
 */
export function fates(observed, log) {
  const numbers = queueIds(log);
  const bounced = new Set();
  const looped = new Set();
  const local = [];
  for (const line of log.split("\n")) {
    const [, program = "", id = "", rest = ""] = /postfix[^/\s]*\/(\S+)\[\d+\]: (\w+): (.*)/.exec(line) ?? [];
    const number = numbers.get(id);
    if (number === undefined) continue;
    if (/too many hops/.test(rest)) looped.add(number);
    else if (/status=bounced/.test(rest)) bounced.add(number);
    if (/^(?:local|virtual)$/.test(program) && /status=sent \(delivered to (?!command)/.test(rest))
      local.push({ number, recipient: /to=<([^>]*)>/.exec(rest)?.[1] ?? "" });
  }
  const sunk = observed.sunk.map(({ from, recipients, text, at }) => {
    const head = text.split("\r\n\r\n")[0] ?? "";
    return {
      notice: from === "" && !NUMBER.test(/^Message-ID:.*$/im.exec(head)?.[0] ?? ""),
      number: Number(NUMBER.exec(text)?.[1]),
      recipients,
      passes: countPasses(text),
      at,
    };
  });
  const left = observed.left.map(({ queue, text }) => ({
    queue,
    number: Number(NUMBER.exec(text)?.[1]),
    passes: countPasses(text),
  }));
  return (number) => {
    const sent = observed.mails.find((mail) => mail.number === number);
    const mine = (rows) => rows.filter((row) => row.number === number);
    const copies = new Map();
    const add = (recipient) => copies.set(recipient, (copies.get(recipient) ?? 0) + 1);
    for (const { recipients, notice } of mine(sunk)) if (!notice) recipients.forEach(add);
    for (const { recipient } of mine(local)) add(recipient);
    const passes = [...mine(sunk), ...mine(left)].map((row) => row.passes);
    const queues = mine(left).map(({ queue }) => queue);
    return {
      outcome: outcome(sent, { copies, queues, bounced: bounced.has(number), looped: looped.has(number) }),
      copies,
      passes,
      said: sent?.reply ?? "",
    };
  };
}

function outcome(sent, { copies, queues, bounced, looped }) {
  if (sent === undefined) return "not sent";
  if (looped) return "looped";
  if (sent.kind === "refused") return "rejected";
  if (sent.kind === "rejected") return /^4/.test(sent.reply) ? "refused for now" : "rejected";
  if (sent.kind === "silent") return "stuck";
  if (queues.includes("deferred")) return "deferred";
  if (queues.length > 0) return "stuck";
  if (bounced) return "bounced";
  return copies.size > 0 ? "delivered" : "discarded";
}

/** Which message a queue file holds, by the line that cleanup(8) logs. */
function queueIds(log) {
  const numbers = new Map();
  for (const [, id, number] of log.matchAll(/: (\w+): message-id=<live-(\d+)@/g))
    numbers.set(id, Number(number));
  return numbers;
}

function countPasses(text) {
  return text.match(PASS)?.length ?? 0;
}
