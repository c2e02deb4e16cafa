// Checks the texts of the knowledge base (server/src/knowledge/texts/*.md) against the facts, and says how
// much they cover. Exit status 1 when something is wrong.
//
//   npm run check:texts
//
// - every name of the facts has a text, and every text belongs to a name of the facts
// - lengths; a short text ends as a sentence; Markdown is closed; no left-overs
// - no two texts are alike, and none only repeats its name
// - names in backticks that look like a parameter, restriction or variable exist
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { kinds, readTexts } from "./compile-texts.mjs";

const knowledgeFolder = fileURLToPath(new URL("../server/src/knowledge/", import.meta.url));

/** Longest short text with what a reference adds, longest text of its own, longest addition. */
const longestShown = 800;
const longestShort = 480;
const longestAddition = 1500;
/** Fewer letters cannot say anything; a keyword or a word in a list needs less than a parameter. */
const shortestFull = 40;
const shortestBrief = 12;
const briefKinds = [
  "keyword",
  "amavis",
  "amavisWord",
  "bankKey",
  "overrideOption",
  "parameter",
  "port",
  "mapType",
];
/** Share of common word pairs from which two texts count as the same. */
const tooAlike = 0.75;

/** Ports that an administrator of mail meets; each needs a text. */
const mailPorts = [
  0, 24, 25, 26, 53, 110, 119, 143, 209, 366, 389, 465, 563, 587, 628, 636, 783, 993, 995, 2003, 2525, 3310,
  4190, 8891, 8893, 9998, 10001, 10002, 10023, 10024, 10025, 10026, 10027, 10028, 10029, 10030, 10031, 10040,
  11332, 11333, 11334, 11335, 12301, 12340, 12345, 20024, 20025,
];
const columns = [
  "service",
  "type",
  "private",
  "unprivileged",
  "chroot",
  "wakeup",
  "process_limit",
  "command",
];
/** Of header_checks(5); nothing in the facts lists them. */
const headerActions = [
  "BCC",
  "DELAY",
  "DISCARD",
  "DUNNO",
  "FILTER",
  "HOLD",
  "IGNORE",
  "INFO",
  "PASS",
  "PREPEND",
  "REDIRECT",
  "REJECT",
  "REPLACE",
  "STRIP",
  "WARN",
];
/** Words in backticks with an underscore that are no names of the facts. */
const otherWords = [
  ...[
    "_access",
    "_time_limit",
    "_ttl",
    "_tempfail_action",
    "_exclude_ciphers",
    "reject_non_fqdn_",
    "smtpd_client_",
  ],
  ...["_quarantine_method", "_quarantine_to", "_by_ccat", "_lovers_maps", "final_", "_OPTION_"],
  ...["policy_context", "auth_authen", "daemon_name", "orig_to", "connect_timeout", "default_action"],
  // Dovecot's and OpenSSL's words.
  ...["unix_listener", "s_client"],
  // Columns of amavisd's SQL tables.
  "spam_subject_tag2",
];

/** Examples inside an addition. */
const examples = /^```\n[\s\S]*?^```$/gm;

/** All faults as sentences, and the coverage by kind. */
export async function checkTexts() {
  const stored = readTexts();
  const knowledge = await loadKnowledge();
  const expected = expectedNames(knowledge);
  const entries = kinds.flatMap((kind) =>
    Object.keys(stored[kind]).map((name) => ({ kind, name, stored: stored[kind][name] })),
  );
  const faults = [
    ...coverageFaults(stored, expected, knowledge),
    ...entries.flatMap((entry) => formFaults(entry, knowledge)),
    ...entries.flatMap((entry) => nameFaults(entry, knowledge)),
    ...entries.flatMap((entry) => exampleFaults(entry, knowledge)),
    ...likenessFaults(entries),
  ];
  return { faults, coverage: coverage(stored, expected, knowledge) };
}

/** The readers of the facts and texts, as the program has them. */
async function loadKnowledge() {
  const modules = [
    "amavisVariables",
    "mapTypes",
    "parameters",
    "restrictions",
    "services",
    "servicePatterns",
    "texts",
  ];
  const { outputFiles } = await build({
    stdin: {
      contents: modules
        .map(
          (name) =>
            `export * as ${name} from "./${name}.js"; export { default as ${name}Data } from "./data/${name}.js";`,
        )
        .join("\n"),
      resolveDir: knowledgeFolder,
    },
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    logLevel: "silent",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

function expectedNames(knowledge) {
  const { amavisVariables, mapTypes, parameters, restrictions, services, servicePatterns } = knowledge;
  const rows = knowledge.parametersData();
  const amavis = knowledge.amavisVariablesData();
  const names = [...rows.parameters.map(([name]) => name), ...rows.removed.map(({ name }) => name)];
  return {
    parameter: [...names, ...servicePatterns.servicePatterns().map(({ suffix }) => `transport${suffix}`)],
    program: services.programNames(),
    column: columns,
    restriction: knowledge.restrictionsData().restrictions.map(({ name }) => name),
    action: restrictions.accessActionNames(),
    headerAction: headerActions,
    mapType: mapTypes.mapTypeNames(),
    keyword: names.flatMap((name) =>
      (parameters.parameterFacts(name)?.enum?.values ?? []).map((word) => `${name}=${word}`),
    ),
    amavis: [...amavisVariables.amavisVariables().keys()],
    bankKey: [
      ...amavis.extraBankKeys,
      ...[...amavisVariables.amavisVariables().values()]
        .filter((one) => one.policyBank)
        .map(({ name }) => name.slice(1)),
    ],
    amavisWord: [...Object.keys(amavis.constants), ...Object.values(amavis.functions).flat()],
    overrideOption: parameters.parameterFacts("receive_override_options").enum.values,
    port: mailPorts.map(String),
  };
}

function hasText(kind, name, knowledge) {
  if (kind !== "keyword") return knowledge.texts.textFor(kind, name) !== undefined;
  const [parameter, word] = name.split(/=(.*)/s);
  return knowledge.texts.keywordText(parameter, word) !== undefined;
}

function coverageFaults(stored, expected, knowledge) {
  const faults = [];
  for (const kind of kinds) {
    const known = new Set(expected[kind].map((name) => (kind === "keyword" ? name.toLowerCase() : name)));
    for (const name of known) if (!hasText(kind, name, knowledge)) faults.push(`${kind} ${name}: no text`);
    for (const name of Object.keys(stored[kind]))
      if (!known.has(name) && !isFurtherName(kind, name))
        faults.push(`${kind} ${name}: the facts know no such name`);
  }
  return faults;
}

/** Ports are without number, and some parameters that are no enumerations have words too. */
function isFurtherName(kind, name) {
  return (kind === "port" && /^\d+$/.test(name)) || (kind === "keyword" && /^inet_interfaces=/.test(name));
}

function coverage(stored, expected, knowledge) {
  return kinds.map((kind) => {
    const names = [...new Set(expected[kind])];
    const all = Object.values(stored[kind]);
    return {
      kind,
      names: names.length,
      covered: names.filter((name) => hasText(kind, name, knowledge)).length,
      written: all.filter((text) => typeof text !== "string" || !text.startsWith("=> ")).length,
      references: all.filter((text) => typeof text === "string" && text.startsWith("=> ")).length,
      long: all.filter((text) => typeof text !== "string").length,
    };
  });
}

function formFaults({ kind, name, stored }, knowledge) {
  const where = `${kind} ${name}`;
  const faults = [];
  const [short, addition = ""] = typeof stored === "string" ? [ownWords(stored)] : stored;
  const isReference = typeof stored === "string" && stored.startsWith("=> ");
  const shown = knowledge.texts.textFor(kind, name) ?? "";
  if (shown.length > longestShown) faults.push(`${where}: ${shown.length} characters are too many`);
  if (short.length > longestShort)
    faults.push(`${where}: ${short.length} characters are too many for a short text`);
  if (addition.length > longestAddition)
    faults.push(`${where}: the addition has ${addition.length} characters`);
  const shortest = briefKinds.includes(kind) ? shortestBrief : shortestFull;
  if (!isReference && short.length < shortest) faults.push(`${where}: "${short}" is too little`);
  for (const part of [short, ...addition.replace(examples, "").split(/\n{2,}/)]) {
    if (part && !/[.:]$/.test(part)) faults.push(`${where}: does not end as a sentence: ${part.slice(-40)}`);
    if ((part.match(/`/g) ?? []).length % 2 > 0) faults.push(`${where}: a backtick is not closed`);
    if (/\s{2}|\bTODO\b|\bXXX\b|\bcontrols the\b|[ \t]$|\.\.$/i.test(part))
      faults.push(`${where}: left-over in: ${part.slice(0, 60)}`);
  }
  if (isOnlyItsName(name, short)) faults.push(`${where}: says only its name`);
  return faults;
}

const ownWords = (stored) => (stored.startsWith("=> ") ? (stored.split("\n")[1] ?? "") : stored);

/** True when nearly every word of a text is a word of the name. */
function isOnlyItsName(name, text) {
  const known = new Set(name.toLowerCase().split(/[^a-z0-9]+/));
  const words = text.toLowerCase().match(/[a-z0-9]{3,}/g) ?? [];
  const own = words.filter((word) => !known.has(word) && !known.has(word.replace(/s$/, "")));
  return words.length > 0 && own.length < Math.min(2, words.length);
}

/** Backticks with something that is written like a name: it must be one. */
function nameFaults({ kind, name, stored }, knowledge) {
  const text =
    typeof stored === "string" ? ownWords(stored) : `${stored[0]}\n${stored[1].replace(examples, "")}`;
  const faults = [];
  for (const [, code] of text.matchAll(/`([^`]+)`/g)) {
    for (const [word] of code.matchAll(/(?<![\w/.{%-])[$@%]?[A-Za-z0-9]*_[A-Za-z0-9_]*/g))
      if (/[A-Za-z]/.test(word) && !isKnownName(word, knowledge))
        faults.push(`${kind} ${name}: ${word} in backticks is no name of the facts`);
  }
  return faults;
}

/** Settings in examples: parameters, and amavisd's variables, exist. */
function exampleFaults({ kind, name, stored }, { amavisVariables, parameters }) {
  const faults = [];
  for (const [example] of (typeof stored === "string" ? "" : stored[1]).matchAll(examples)) {
    const ownNames = /^smtpd_restriction_classes = (.*)$/m.exec(example)?.[1].split(/[ ,]+/) ?? [];
    for (const [, word] of example.matchAll(/^(?:(?: +-o (?:\{ )?)?([\w-]+) ?=(?!>))/gm))
      if (parameters.parameterFacts(word) === undefined && !ownNames.includes(word) && !/^my_own_/.test(word))
        faults.push(`${kind} ${name}: the example sets ${word}, which is no parameter`);
    for (const [, sigil, word] of example.matchAll(/^([$@%])(\w+)(?=[{ ]| *=)/gm))
      if (
        !["$", "%"].some((other) => amavisVariables.amavisVariable(other + word)) &&
        !amavisVariables.amavisVariable(sigil + word)
      )
        faults.push(`${kind} ${name}: the example sets ${sigil}${word}, which is no variable of amavisd`);
  }
  return faults;
}

function isKnownName(word, { amavisVariables, parameters, restrictions, services }) {
  const bare = word.replace(/^[$@%]/, "");
  return (
    otherWords.includes(bare) ||
    parameters.parameterFacts(bare) !== undefined ||
    restrictions.restrictionFacts(bare) !== undefined ||
    services.programFacts(bare) !== undefined ||
    restrictions.accessAction(bare) !== undefined ||
    parameters.parameterFacts("receive_override_options").enum.values.includes(bare) ||
    ["$", "@", "%"].some((sigil) => amavisVariables.amavisVariable(sigil + bare) !== undefined) ||
    amavisVariables.amavisBankKey(bare) !== undefined ||
    amavisVariables.amavisConstant(bare) !== undefined ||
    amavisVariables.amavisFunction(bare) !== undefined ||
    isKeyword(bare, parameters)
  );
}

let keywords;
function isKeyword(word, parameters) {
  keywords ??= new Set(
    parameters.parameterNames("99").flatMap((name) => parameters.parameterFacts(name)?.enum?.values ?? []),
  );
  return keywords.has(word);
}

/** Pairs of texts that share most of their pairs of words. */
function likenessFaults(entries) {
  const texts = entries
    .filter(({ stored }) => typeof stored !== "string" || !stored.startsWith("=> "))
    .map(({ kind, name, stored }) => ({
      where: `${kind} ${name}`,
      pairs: wordPairs(typeof stored === "string" ? stored : stored[0]),
    }));
  const holders = new Map();
  texts.forEach(({ pairs }, index) => {
    for (const pair of pairs) holders.set(pair, [...(holders.get(pair) ?? []), index]);
  });
  return texts.flatMap(({ where, pairs }, index) => {
    const shared = new Map();
    for (const pair of pairs)
      for (const other of holders.get(pair))
        if (other < index) shared.set(other, (shared.get(other) ?? 0) + 1);
    return [...shared]
      .filter(([other, count]) => count / (pairs.size + texts[other].pairs.size - count) >= tooAlike)
      .map(([other]) => `${where}: nearly the same text as ${texts[other].where}`);
  });
}

function wordPairs(text) {
  const words = text.toLowerCase().match(/[a-z0-9_$@%]+/g) ?? [];
  return new Set(words.slice(1).map((word, index) => `${words[index]} ${word}`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { faults, coverage: byKind } = await checkTexts();
  console.table(byKind);
  for (const fault of faults) console.error(fault);
  const total = byKind.reduce((sum, { written }) => sum + written, 0);
  console.log(`${total} texts, ${faults.length === 0 ? "no faults" : `${faults.length} faults`}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
