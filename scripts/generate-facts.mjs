// Turns the collected facts about Postfix into the compact data of server/src/knowledge/data.
//
//   node scripts/generate-facts.mjs FACTS_DIR [POSTCONF_D_FILE] [SERVICES_FILE]
//
// FACTS_DIR        parameters.json, services.json, restrictions.json, maptypes.json
// POSTCONF_D_FILE  what `postconf -d` of Debian 12 (Postfix 3.7) prints; gives the distribution's own defaults
// SERVICES_FILE    Debian's /etc/services (package netbase); gives the TCP service names
//
// Without the second or third file the data made from it stays as it is. Every data file exports a function
// that parses its JSON when first asked; scripts/lazy-knowledge.mjs moves that JSON out of the bundle.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dataModule } from "./lazy-knowledge.mjs";

/** A level that tls_level.c has for its own use: smtp(8) ends with "Invalid TLS level" where it is written. */
const internalLevel = "halfdane";

const [factsDirectory, postconfFile, servicesFile] = process.argv.slice(2);
if (!factsDirectory) {
  console.error("usage: generate-facts.mjs FACTS_DIR [POSTCONF_D_FILE] [SERVICES_FILE]");
  process.exit(2);
}
const dataDirectory = fileURLToPath(new URL("../server/src/knowledge/data/", import.meta.url));
const read = (name) => JSON.parse(readFileSync(join(factsDirectory, name), "utf8"));

writeData("parameters", parameters(read("parameters.json")));
writeData("servicePatterns", servicePatterns(read("parameters.json")));
writeData("services", services(read("services.json")));
writeData("restrictions", restrictions(read("restrictions.json")));
writeData("mapTypes", mapTypes(read("maptypes.json")));
if (postconfFile) writeData("debianDefaults", debianDefaults(read("parameters.json"), postconfFile));
if (servicesFile) writeData("portNames", portNames(readFileSync(servicesFile, "utf8")));

function writeData(name, value) {
  const text = dataModule("scripts/generate-facts.mjs", value);
  const file = join(dataDirectory, `${name}.ts`);
  const changed = !existsSync(file) || readFileSync(file, "utf8") !== text;
  if (changed) writeFileSync(file, text);
  console.log(`${name}.ts ${text.length} bytes${changed ? "" : ", unchanged"}`);
}

/** Repeated values are stored once; rows hold their number. */
function pool() {
  const values = [];
  const numbers = new Map();
  return {
    values,
    number(value) {
      const key = JSON.stringify(value);
      if (!numbers.has(key)) {
        numbers.set(key, values.length);
        values.push(value);
      }
      return numbers.get(key);
    },
  };
}

/** Only the properties that say something. */
function sparse(entries) {
  return Object.fromEntries(
    Object.entries(entries).filter(
      ([, value]) =>
        value !== undefined && value !== null && value !== false && !(Array.isArray(value) && !value.length),
    ),
  );
}

/** "2.7.0" -> "2.7": a first release stands for its branch. */
function branch(version) {
  return version.replace(/^<=/, "").replace(/\.0$/, "");
}

function parameters(facts) {
  const classes = pool();
  const tables = pool();
  const readers = pool();
  const enums = pool();
  // Where a parameter read by every program is really used: programs only, library files say nothing.
  const users = (parameter) => [
    ...new Set((parameter.usedIn ?? []).map((place) => (place.startsWith("lib:") ? "library" : place))),
  ];
  const rows = facts.parameters.map((parameter) => {
    const history = defaultHistory(parameter);
    const extra = sparse({
      history: history.length > 1 ? withoutRepeats(history) : undefined,
      backports: parameter.backports,
      min: parameter.min,
      max: parameter.max,
      minLength: parameter.minLength,
      maxLength: parameter.maxLength,
      unit: parameter.defaultUnit,
      enum: parameter.enum === undefined ? undefined : enums.number(enumFacts(parameter.enum)),
      usedIn: parameter.readBy.includes("*") ? readers.number(users(parameter)) : undefined,
      deprecated: parameter.deprecated?.warnedSince,
      replacement: parameter.deprecated?.replacement,
      readOnly: parameter.readonly,
      computed: parameter.defaultFn ?? (parameter.default === null ? true : undefined),
    });
    const row = [
      parameter.name,
      classes.number(parameter.class),
      tables.number(parameter.table),
      // The last entry of a history is the default.
      history.length > 1 ? null : (history.at(-1)?.[1] ?? parameter.default),
      parameter.since === null ? "1.1" : branch(parameter.since),
      readers.number(parameter.readBy),
      parameter.mayBeEmpty ? 1 : 0,
    ];
    if (Object.keys(extra).length) row.push(extra);
    return row;
  });
  return {
    classes: classes.values,
    tables: tables.values,
    readers: readers.values,
    enums: enums.values,
    parameters: rows,
    removed: facts.legacyAndRemoved.map(removedFacts),
  };
}

/** Longest suffix first, so that the first that fits is the right one. */
function servicePatterns(facts) {
  return facts.servicePatterns
    .map((pattern) => ({
      suffix: pattern.suffix,
      defaultParameter: pattern.defaultParameter,
      class: pattern.class,
      programs: pattern.programs,
      readBy: pattern.readBy,
      since: pattern.since ?? "1.1",
    }))
    .sort((a, b) => b.suffix.length - a.suffix.length || a.suffix.localeCompare(b.suffix));
}

/**
 * Older defaults, oldest first. One history of the source ends in a value that is not the default of any
 * release that was run (in_flow_delay): the default that postconf printed wins there. Where TLS was not
 * built in, the history knows better than that postconf (smtp_tls_security_level).
 */
function defaultHistory(parameter) {
  if (parameter.name === "in_flow_delay") return [];
  const spoken = (value) => (parameter.class === "bool" ? ({ 0: "no", 1: "yes" }[value] ?? value) : value);
  const history = (parameter.defaultHistory ?? []).map(([version, value]) => [
    branch(version),
    spoken(value),
  ]);
  return history.filter(([, value], at) => at === 0 || value !== history[at - 1][1]);
}

/** Long values grow at their end: [version, length kept of the value before, what follows]. */
function withoutRepeats(history) {
  return history.map(([version, value], at) => {
    const before = at === 0 ? "" : history[at - 1][1];
    let kept = 0;
    while (kept < before.length && before[kept] === value[kept]) kept++;
    return [version, kept, value.slice(kept)];
  });
}

function enumFacts(facts) {
  return sparse({
    values: facts.values?.filter((value) => value !== internalLevel),
    multiple: facts.multiple,
    caseSensitive: facts.caseSensitive,
    note: facts.note,
  });
}

function removedFacts(legacy) {
  return sparse({
    name: legacy.name,
    since: legacy.since === null ? undefined : branch(legacy.since),
    goneIn: legacy.goneFromHeaderIn,
    readThrough: legacy.stillEffectiveVia,
    replacement: legacy.replacement,
    warnedSince: legacy.postconfWarnsSince,
  });
}

/** Where Debian's build differs from the published defaults; values of the host it ran on are left out. */
function debianDefaults(facts, file) {
  const ofThisHost = new Set([
    "mydomain",
    "myhostname",
    "mynetworks",
    "process_id",
    "process_name",
    "mail_release_date",
    "mail_version",
  ]);
  const published = new Map(facts.parameters.map((parameter) => [parameter.name, parameter]));
  const dropped = new Set(facts.legacyAndRemoved.map(({ name }) => name));
  const differences = {};
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const match = /^([^ =]+) =(?: (.*))?$/.exec(line);
    if (!match) continue;
    const [, name, value = ""] = match;
    const parameter = published.get(name);
    // What later releases no longer have.
    if (dropped.has(name)) differences[name] = value.trim();
    if (!parameter || ofThisHost.has(name)) continue;
    const history = defaultHistory(parameter).filter(([version]) => compare(version, "3.7") <= 0);
    const expected = history.at(-1)?.[1] ?? parameter.default;
    const spaceless = (text) => String(text).replace(/\s+/g, " ").trim();
    if (spaceless(expected) !== spaceless(value)) differences[name] = value.trim();
  }
  return differences;
}

function compare(left, right) {
  const a = left.split(".").map(Number);
  const b = right.split(".").map(Number);
  return a[0] - b[0] || (a[1] ?? 0) - (b[1] ?? 0);
}

function services(facts) {
  const programs = facts.programs.map((program) =>
    sparse({
      program: program.program,
      skeleton: program.skeleton,
      types: program.acceptsTypes,
      processLimit: program.maxprocForced ? program.maxproc : undefined,
      root: program.privileged,
      chroot: program.canChroot === true ? undefined : program.canChroot === false ? "no" : "pointless",
      ...argumentFacts(program),
      transport: program.deliveryAgent,
      wakeup: program.wakeup,
      public: program.public,
      serviceNames: program.serviceNames,
      since: program.since,
    }),
  );
  const entry = (e) =>
    [e.service, e.type, e.private, e.unpriv, e.chroot, e.wakeup, e.maxproc, e.command].join(" ");
  return {
    programs,
    debianEntries: facts.defaultMasterCf.debian_3_7_11.map(entry),
    upstreamEntries: facts.defaultMasterCf.upstream312.map(entry),
    serviceNameParameters: facts.serviceNameParameters.map((row) => [
      row.parameter,
      row.defaultService,
      row.class,
      row.program.replace(/ .*/, ""),
    ]),
  };
}

/** What may stand behind the program name: "user= (required)" becomes a name and its duty. */
function argumentFacts(program) {
  // nbdb_reindexd: nothing is known, so no argument may be called wrong.
  if (program.acceptsArgs === undefined) return { arguments: "unknown" };
  if (program.acceptsArgs === false) return {};
  const clientFlags = /^flags=([A-Za-z]+)/.exec(program.acceptsArgs);
  if (clientFlags) return { arguments: ["flags="], flags: clientFlags[1] };
  const named = program.arguments.filter((argument) => /^[a-z_]+=/.test(argument));
  const bare = (argument) => argument.replace(/=.*/, "=");
  return {
    arguments: named.map(bare),
    required: named.filter((argument) => argument.includes("required")).map(bare),
    flags: program.flags,
  };
}

function restrictions(facts) {
  return {
    lists: facts.lists.map((list) => [list.name, list.phase, list.defaultBareMapRestriction ?? ""]),
    restrictions: facts.restrictions.map((restriction) =>
      sparse({ ...restriction, since: branch(restriction.since), deprecated: deprecation(restriction) }),
    ),
    actions: facts.accessMapActions.map((action) =>
      sparse({ name: action.name, argument: action.argument, cleanup: action.delegatedToCleanup }),
    ),
  };
}

function deprecation({ deprecated }) {
  return deprecated === undefined ? undefined : deprecated === true ? "always" : deprecated;
}

function mapTypes(facts) {
  const debian = new Set(facts.meta.debian3711);
  return facts.types.map((type) =>
    sparse({
      type: type.type,
      since: branch(type.since),
      nameKind: type.nameKind,
      indexedFile: type.indexedFile,
      build: type.build,
      writable: type.writable,
      pattern: type.pattern,
      wraps: type.wraps,
      debian: debian.has(type.type),
      debianPackage: type.debianPackage?.replace(/ .*/, ""),
      inlineSince: type.inline === undefined ? undefined : "3.7",
      syntax: type.syntax?.replace(/;.*/, ""),
      proxyAdvised: type.proxyAdvised,
      legacyParameters: type.legacyParameters,
      platform: type.platform,
      note: type.note,
    }),
  );
}

/** TCP names of a services file: [port, name, aliases...], and where its part outside IANA begins. */
function portNames(text) {
  const rows = [];
  let assigned = true;
  for (const line of text.split("\n")) {
    if (line.includes("not as allocated by IANA")) assigned = false;
    const match = /^([^\s#]+)\s+(\d+)\/tcp\b([^#]*)/.exec(line);
    if (!match) continue;
    const aliases = match[3].trim().split(/\s+/).filter(Boolean);
    rows.push([Number(match[2]), assigned ? 1 : 0, match[1], ...aliases]);
  }
  return rows;
}
