/** What an accepted item makes of a system: nothing that is wrong, and what was missing is there. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { type Analysis, analyse } from "../../server/src/analysis.js";
import {
  complete,
  type Item,
  plainBody,
  snippetBody,
} from "../../server/src/language/completion/completion.js";
import { knownNames } from "../../server/src/language/completion/parameterNames.js";
import { archiveSource } from "../helpers/archive.js";
import { AMAVIS, MAIN, MASTER } from "./completionSystem.js";

type Files = Readonly<Record<string, string>>;

const analysed = (files: Files): Analysis => analyse(archiveSource(new Map(Object.entries(files))));

const errors = (analysis: Analysis) =>
  analysis.findings
    .filter(({ severity }) => severity === "error")
    .map(({ code, message }) => `${code}: ${message}`);

/** The items at an offset, and the text of the file with one of them accepted. */
function itemsAt(files: Files, file: string, offset: number) {
  const found = complete(analysed(files), `/mail/${file}`, offset);
  const text = files[file] ?? "";
  const accept = (item: Item) => {
    const edits = [
      ...(item.edits ?? []),
      {
        range: found?.range ?? { start: offset, end: offset },
        newText: plainBody(item.insert ?? item.label),
      },
    ];
    edits.sort((a, b) => b.range.start - a.range.start);
    return edits.reduce(
      (result, { range, newText }) => result.slice(0, range.start) + newText + result.slice(range.end),
      text,
    );
  };
  return { items: found?.items ?? [], accept };
}

const without = (text: string, ...names: string[]) =>
  text
    .split(/\n(?=\S)/)
    .filter((entry) => !names.some((name) => entry.startsWith(name)))
    .join("\n");

const EXAMPLES = resolve(import.meta.dirname, "../../examples");

function example(name: string): Files {
  const folder = join(EXAMPLES, name);
  const files = readdirSync(folder).filter((file) => statSync(join(folder, file)).isFile());
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}

const SYSTEMS: Readonly<Record<string, Files>> = {
  "a whole system": { "main.cf": MAIN, "master.cf": MASTER, "amavisd.conf": AMAVIS },
  "nothing takes mail back": {
    "main.cf": MAIN,
    "master.cf": `${without(MASTER, "127.0.0.1:10025")}\n`,
    "amavisd.conf": AMAVIS,
  },
  "mail comes back to 20025": {
    "main.cf": MAIN,
    "master.cf": MASTER,
    "amavisd.conf": AMAVIS.replaceAll("10025", "20025"),
  },
  "no transport feeds the filter": {
    "main.cf": MAIN,
    "master.cf": `${without(MASTER, "smtp-amavis")}\n`,
    "amavisd.conf": AMAVIS,
  },
  "no amavisd": { "main.cf": MAIN.replace(/^content_filter.*\n/m, ""), "master.cf": MASTER },
  "one entry": { "main.cf": MAIN, "master.cf": "smtp inet n - n - - smtpd\n", "amavisd.conf": AMAVIS },
  "an empty master.cf": {
    "main.cf": MAIN.replace(/^content_filter.*\n/m, ""),
    "master.cf": "",
    "amavisd.conf": AMAVIS,
  },
  "master.cf alone": { "master.cf": MASTER },
  "port 25 by number, with options": {
    "main.cf": MAIN,
    "master.cf": MASTER.replace(/^smtp .*\n/, "25 inet n - n - - smtpd\n  -o content_filter=\n"),
    "amavisd.conf": AMAVIS,
  },
  "a policy service that nothing starts": {
    "main.cf": MAIN.replace("inet:127.0.0.1:10023", "unix:private/spfcheck"),
    "master.cf": MASTER,
    "amavisd.conf": AMAVIS,
  },
  "lines end as on Windows": {
    "main.cf": MAIN,
    "master.cf": MASTER.replaceAll("\n", "\r\n"),
    "amavisd.conf": AMAVIS,
  },
  ...Object.fromEntries(
    ["good", "missing-reinjection", "filter-loop"].map((name) => [`examples/${name}`, example(name)]),
  ),
};

describe("whole services bring no new error", () => {
  test.each(Object.entries(SYSTEMS))("%s", (_name, files) => {
    const text = files["master.cf"] ?? "";
    const before = errors(analysed(files));
    const { items, accept } = itemsAt(files, "master.cf", text.length);
    expect(items.filter(({ kind }) => kind === "entry").length).toBeGreaterThan(0);
    for (const item of items) {
      const after = errors(analysed({ ...files, "master.cf": `${accept(item)}\n` }));
      // Where lines are counted, a finding that was there before may have moved.
      const moved = (message: string) => message.replace(/line \d+/g, "line");
      const known = new Set(before.map(moved));
      expect
        .soft(
          after.map(moved).filter((message) => !known.has(message)),
          item.label,
        )
        .toEqual([]);
    }
  });
});

describe("what is missing comes first, and then it is there", () => {
  const first = (name: string) => {
    const files = SYSTEMS[name] ?? {};
    const { items, accept } = itemsAt(files, "master.cf", (files["master.cf"] ?? "").length);
    const [item] = items;
    if (!item) throw new Error("nothing is offered");
    return {
      item,
      analysis: analysed({ ...files, "master.cf": `${accept(item)}\n` }),
      before: analysed(files),
    };
  };
  const codes = ({ findings }: Analysis) => new Set(findings.map(({ code }) => code));
  test.each([
    ["nothing takes mail back", "127.0.0.1:10025 inet", "reinjection-missing"],
    ["mail comes back to 20025", "127.0.0.1:20025 inet", "reinjection-missing"],
    ["no transport feeds the filter", "smtp-amavis unix", "unknown-transport"],
    ["examples/missing-reinjection", "127.0.0.1:20025 inet", "reinjection-missing"],
  ])("%s", (name, label, code) => {
    const { item, analysis, before } = first(name);
    expect(item.label).toContain(label);
    expect(codes(before)).toContain(code);
    expect(codes(analysis)).not.toContain(code);
  });
  test("a policy service that is asked for", () => {
    const { item, analysis } = first("a policy service that nothing starts");
    expect(item.label).toContain("spfcheck unix");
    expect(analysis.system.services.find(({ name }) => name === "spfcheck")?.program).toBe("spawn");
  });
  test("a feed has as many processes as amavisd", () => {
    const { analysis } = first("no transport feeds the filter");
    expect(analysis.system.transports.get("smtp-amavis")?.entry.columns.maxproc?.text).toBe("4");
  });
  test("what is there is not offered", () => {
    const files = SYSTEMS["a whole system"] ?? {};
    const { items } = itemsAt(files, "master.cf", MASTER.length);
    const labels = items.map(({ label }) => label).join("\n");
    for (const there of ["(reinjection)", "(feed)", "pickup unix", "proxymap unix"])
      expect(labels).not.toContain(there);
    for (const missing of ["submission inet", "submissions inet", "postscreen", "(spawn)", "tlsmgr unix"])
      expect(labels).toContain(missing);
  });
  test("users' own port goes to amavisd's port for them", () => {
    const files = SYSTEMS["a whole system"] ?? {};
    const { items, accept } = itemsAt(files, "master.cf", MASTER.length);
    const item = items.find(({ label }) => label.startsWith("submission inet"));
    expect(item && accept(item)).toContain("-o content_filter=smtp-amavis:[127.0.0.1]:10026");
  });
  test("postscreen takes the place of smtpd, which keeps its options behind it", () => {
    const files = SYSTEMS["port 25 by number, with options"] ?? {};
    const { items, accept } = itemsAt(files, "master.cf", (files["master.cf"] ?? "").length);
    const item = items.find(({ label }) => label.includes("postscreen"));
    const text = item ? accept(item) : "";
    expect(text).toMatch(/^smtpd pass - - n - - smtpd\n {2}-o content_filter=$/m);
    expect(text).toMatch(/^25 +inet +n .* postscreen$/m);
  });
  test("lines end as those of the file", () => {
    const files = SYSTEMS["lines end as on Windows"] ?? {};
    const { items, accept } = itemsAt(files, "master.cf", (files["master.cf"] ?? "").length);
    const item = items.find(({ label }) => label.startsWith("submission inet"));
    expect(item && accept(item)).not.toMatch(/[^\r]\n/);
  });
});

describe("a value that is offered is one that Postfix takes", () => {
  // All parameters stand in one file, each with nothing yet: one system for all of them.
  const names = knownNames("3.10").map(({ name }) => name);
  const head = "compatibility_level = 3.6\n";
  const text = head + names.map((name) => `${name} = \n`).join("");
  const analysis = analysed({ "main.cf": text, "master.cf": MASTER, "amavisd.conf": AMAVIS });
  const offered = new Map<string, readonly string[]>();
  let offset = head.length;
  for (const name of names) {
    offset += name.length + 3;
    const items = complete(analysis, "/mail/main.cf", offset)?.items ?? [];
    const values = items.filter(
      ({ label, kind }) => !label.endsWith(":") && !/^(?:restriction|table)$/.test(kind),
    );
    offered.set(
      name,
      values.map((item) => plainBody(item.insert ?? item.label)),
    );
    offset++;
  }
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])("choice %i", (choice) => {
    const lines = names.flatMap((name) => {
      const value = offered.get(name)?.[choice];
      return value === undefined ? [] : [`${name} = ${value}\n`];
    });
    const { findings } = analysed({
      "main.cf": head + lines.join(""),
      "master.cf": MASTER,
      "amavisd.conf": AMAVIS,
    });
    const faults = findings.filter(
      ({ code, severity }) =>
        severity === "error" && /^main-/.test(code) && code !== "main-maillog-no-postlog",
    );
    expect(faults.map(({ message }) => message)).toEqual([]);
  });
  test("most parameters have something to offer", () => {
    const count = [...offered.values()].filter((values) => values.length > 0).length;
    expect(count).toBeGreaterThan(names.length / 2);
  });
});

test("an option that is offered is one that the program reads", () => {
  for (const program of ["smtpd", "smtp", "lmtp", "cleanup", "postscreen", "pipe", "qmgr", "tlsproxy"]) {
    const entry = `xx unix - n n - - ${program}\n`;
    const files = { "main.cf": MAIN, "master.cf": `${MASTER}${entry}  -o `, "amavisd.conf": AMAVIS };
    const { items } = itemsAt(files, "master.cf", files["master.cf"].length);
    const options = items
      .filter(({ deprecated }) => !deprecated)
      .map(({ label }) => `  -o ${label}=$myhostname\n`);
    expect(options.length, program).toBeGreaterThan(5);
    const { findings } = analysed({ ...files, "master.cf": `${MASTER}${entry}${options.join("")}` });
    const unread = findings.filter(
      ({ code, severity }) => /^master-o-(?:not-read|lmtp|global|qmgr)/.test(code) && severity !== "hint",
    );
    expect
      .soft(
        unread.map(({ message }) => message),
        program,
      )
      .toEqual([]);
  }
});

test("a snippet keeps what stands for itself", () => {
  expect(snippetBody(["a ${b} \\ }", { stop: 1, text: "c$d}" }, { stop: 0, text: "" }])).toBe(
    "a \\${b\\} \\\\ \\}${1:c\\$d\\}}$0",
  );
});
