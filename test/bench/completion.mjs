#!/usr/bin/env node
/**
 * Times completions: the list itself, and with the protocol's form and its JSON. Processor time of this
 * process, so that other work on the machine does not count. Prints Markdown.
 *
 *   node test/bench/completion.mjs
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { writeSystem } from "./generate.mjs";

const repository = resolve(import.meta.dirname, "../..");
const scratch = mkdtempSync(join(tmpdir(), "mailflow-completion-"));
const ROUNDS = 300;

try {
  const outfile = join(scratch, "completion.cjs");
  await build({
    stdin: {
      contents: `
        export { analyse } from "./server/src/analysis.ts";
        export { complete } from "./server/src/language/completion/completion.ts";
        export { completionList } from "./server/src/lsp/completion.ts";
        export { LineIndex } from "./server/src/syntax/text.ts";`,
      resolveDir: repository,
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    outfile,
    logLevel: "error",
  });
  const { default: server } = await import(pathToFileURL(outfile).href);
  const folder = join(scratch, "system");
  writeSystem(folder, { main: 300 });
  measure(server, folder);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function measure({ analyse, complete, completionList, LineIndex }, folder) {
  const read = (name) => readFileSync(join(folder, name), "utf8");
  const texts = { main: read("main.cf"), master: read("master.cf"), amavis: read("amavisd.conf") };
  const places = [
    ["a name in main.cf", "main", "conte"],
    ["a macro", "main", "relay_domains = $my"],
    ["a filter", "main", "content_filter = "],
    ["restrictions", "main", "smtpd_recipient_restrictions = permit_mynetworks, "],
    ["a table", "main", "virtual_alias_maps = "],
    ["whole services", "master", ""],
    ["a command", "master", "x unix - - n - - "],
    ["an option", "master", "x inet n - n - - smtpd\n  -o "],
    ["a variable of amavisd", "amavis", "$max"],
    ["a key of a bank", "amavis", "$policy_bank{'X'} = {\n  "],
    ["a method", "amavis", "$forward_method = '"],
  ];
  const abilities = { snippets: true, listRange: true, labelDetails: true, tags: true };
  console.log("| completion of | items | first ms | list p50 ms | list p99 ms | with JSON p50 ms | kB |");
  console.log("| --- | --- | --- | --- | --- | --- | --- |");
  for (const [what, role, added] of places) {
    const text = texts[role] + added;
    const file = (name, own) => ({ path: name, role: name, text: own, template: false });
    const source = {
      name: "bench",
      root: "/",
      main: file("main", role === "main" ? text : texts.main),
      master: file("master", role === "master" ? text : texts.master),
      amavis: [file("amavis", role === "amavis" ? text : texts.amavis)],
      tables: new Map(),
      unreadable: [],
      complete: true,
      addresses: [],
    };
    const analysis = analyse(source);
    const lines = new LineIndex(text);
    const list = () => complete(analysis, role, text.length);
    const [first] = timed(list, 1);
    const alone = timed(list, ROUNDS);
    const whole = timed(() => JSON.stringify(completionList(list(), lines, abilities)), ROUNDS);
    const found = list();
    const size = JSON.stringify(completionList(found, lines, abilities)).length / 1000;
    const cells = [
      found.items.length,
      ms(first),
      ms(at(alone, 0.5)),
      ms(at(alone, 0.99)),
      ms(at(whole, 0.5)),
      size.toFixed(0),
    ];
    console.log(`| ${what} | ${cells.join(" | ")} |`);
  }
}

/** Processor milliseconds of each round, in order of size. */
function timed(action, rounds) {
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    action();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return times.sort((a, b) => a - b);
}

function at(times, share) {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))];
}

function ms(value) {
  return value.toFixed(2);
}
