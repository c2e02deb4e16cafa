/** One scenario from its folder to a verdict. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compare } from "./comparison.mjs";
import { createRoot, instanceFolder, layOut, readScenario } from "./layout.mjs";
import { runInNamespace } from "./namespace.mjs";
import { fates } from "./observation.mjs";
import { predict } from "./prediction.mjs";

/** @returns {Promise<{id: string, title: string, problems: string[], unknown: string[], agreed: number}>} */
export async function runScenario(folder, { keep = false } = {}) {
  const root = createRoot();
  try {
    const read = readScenario(folder, root);
    const scenario = { ...read, mails: single(read.mails) };
    layOut(scenario, root);
    writeFileSync(join(root, "scenario.json"), JSON.stringify(scenario));
    const prediction = foretell(scenario, root);
    await runInNamespace(root);
    const { id, title } = scenario;
    const observed = existsSync(join(root, "observed.json"))
      ? JSON.parse(readFileSync(join(root, "observed.json"), "utf8"))
      : undefined;
    if (!observed) return { id, title, problems: ["the run came to no end"], unknown: [], agreed: 0 };
    const log = join(root, "mail.log");
    const fateOf = fates(observed, existsSync(log) ? readFileSync(log, "utf8") : "");
    return { id, title, ...compare({ scenario, prediction, observed, fateOf }) };
  } finally {
    if (keep) console.log(`kept ${root}`);
    else rmSync(root, { recursive: true, force: true });
  }
}

/** One recipient a message, so that each has one fate; numbers tell messages apart. */
function single(mails) {
  let number = 1;
  return mails.flatMap((mail) =>
    (mail.rcpts ?? ["user@example.test"]).map((recipient) => {
      const one = { port: 25, from: "sender@example.org", ...mail, recipient, number };
      number += mail.count ?? 1;
      return one;
    }),
  );
}

/** Every instance is a mail system of its own; mail goes from one to the next over the network. */
function foretell(scenario, root) {
  const conf = join(root, scenario.reloads ? "reload" : "conf");
  const own = predict(conf, scenario, scenario.mails);
  if (own.reloadRefused) {
    const before = predict(join(root, "conf"), scenario, scenario.mails);
    return { ...before, postfix: true, reloadRefused: true };
  }
  const others = scenario.instances.map((name) => {
    const then = scenario.mails.map((mail) => ({ ...mail, ...mail.then }));
    return [name, predict(instanceFolder(root, name), scenario, then)];
  });
  const mails = own.mails.map((trace, index) => {
    const next = others.find(([name]) => name === scenario.mails[index].then?.instance)?.[1].mails[index];
    if (next === undefined || trace.outcome !== "delivered") return trace;
    return { ...next, filterPasses: trace.filterPasses + next.filterPasses };
  });
  return {
    ...own,
    mails,
    listeners: [own, ...others.map(([, other]) => other)].flatMap(({ listeners }) => listeners),
  };
}
