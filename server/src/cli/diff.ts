/** `mailflow diff OLD NEW`: what a change of the files means for mail. */
import type { Analysis } from "../analysis.js";
import { type Difference, difference, isEmpty } from "../difference/difference.js";
import { differenceText } from "../difference/text.js";
import type { Finding } from "../rules/finding.js";
import type { ListenerRow } from "../system/listenerTable.js";
import { analyseSource } from "../workspace/analyseSource.js";
import type { LoadedSystem } from "../workspace/load.js";
import { applyRuleLevels } from "../workspace/ruleLevels.js";
import { UsageError } from "./failure.js";
import { type Input, readInput, relativeTo } from "./input.js";
import { placer } from "./place.js";
import { type FailOn, reachesLevel } from "./report.js";
import { colours, visible, visibleJson } from "./terminal.js";

export interface DiffOptions {
  readonly format: "text" | "json";
  readonly failOn: FailOn;
  readonly postfixVersion?: string | undefined;
}

/**
 * @returns the exit status: 1 when the change brings a finding at or above `failOn`, 2 when a file could not be read
 * @throws UsageError when a side has no mail system
 */
export function diff(before: string, after: string, options: DiffOptions): number {
  const sides = [before, after].map((path) => readInput([path], { postfixVersion: options.postfixVersion }));
  const [old, now] = sides;
  if (!old || !now) throw new UsageError("diff wants two paths");
  for (const { messages } of sides)
    for (const message of messages) process.stderr.write(`mailflow: ${message}\n`);
  const pairs = pairSystems(old, now).map(({ name, one, other }) => ({
    name,
    found: difference(one, other),
    one,
    other,
  }));
  if (options.format === "json") {
    const systems = pairs.map(({ name, found, one, other }) => ({
      name,
      ...differenceDocument(found, {
        before: placer(one.source, old.base),
        after: placer(other.source, now.base),
      }),
    }));
    process.stdout.write(`${visibleJson({ version: 1, systems }, 2)}\n`);
  } else {
    const paint = colours(process.stdout);
    const several = pairs.length > 1;
    for (const { name, found, one, other } of pairs) {
      if (several && isEmpty(found)) continue;
      const places = { before: placer(one.source, old.base), after: placer(other.source, now.base) };
      const text = differenceText(found, {
        added: paint.green,
        removed: paint.red,
        heading: paint.bold,
        shown: visible,
        place: (finding, side) => {
          const { file, line } = places[side](finding);
          return `${file}:${line + 1}`;
        },
      });
      process.stdout.write(several ? `${visible(name)}\n\n${text}\n` : text);
    }
    if (several && pairs.every(({ found }) => isEmpty(found)))
      process.stdout.write("no difference for mail\n");
  }
  if (sides.some(({ unreadable }) => unreadable)) return 2;
  return pairs.some(({ found }) => reachesLevel(found.newFindings, options.failOn)) ? 1 : 0;
}

interface Pair {
  readonly name: string;
  readonly one: Analysis;
  readonly other: Analysis;
}

/** A system is the same on both sides when its folder is at the same place below OLD and NEW; lone ones are too. */
function pairSystems(old: Input, now: Input): Pair[] {
  const analysed = (system: LoadedSystem) => {
    const analysis = analyseSource(system.source);
    return { ...analysis, findings: applyRuleLevels(analysis.findings, system.layout.ruleLevels) };
  };
  const [only, ...more] = old.systems;
  const [partner, ...others] = now.systems;
  if (only && partner && more.length === 0 && others.length === 0)
    return [{ name: partner.source.name, one: analysed(only), other: analysed(partner) }];
  const key = (input: Input, { source }: LoadedSystem) => relativeTo(input.base, source.root);
  const byKey = new Map(now.systems.map((system) => [key(now, system), system]));
  const names = [...new Set([...old.systems.map((system) => key(old, system)), ...byKey.keys()])];
  return names.map((name) => {
    const one = old.systems.find((system) => key(old, system) === name);
    const other = byKey.get(name);
    const known = one ?? other;
    if (!known) throw new UsageError("no mail system to compare");
    return {
      name: name === "" ? known.source.name : name,
      one: one ? analysed(one) : nothing(known),
      other: other ? analysed(other) : nothing(known),
    };
  });
}

/** A system that is not there on one side. */
function nothing({ source }: LoadedSystem): Analysis {
  const empty = {
    ...source,
    main: undefined,
    master: undefined,
    amavis: [],
    tables: new Map(),
    unreadable: [],
  };
  return analyseSource(empty);
}

type PlaceOf = ReturnType<typeof placer>;

function differenceDocument(
  found: Difference,
  places: { readonly before: PlaceOf; readonly after: PlaceOf },
) {
  const finding = (side: "before" | "after") => (one: Finding) => ({
    code: one.code,
    severity: one.severity,
    message: one.message,
    ...places[side](one),
  });
  const listener = ({ program, service, network, address, port, path }: ListenerRow) => ({
    program,
    service,
    network,
    address,
    port,
    path,
  });
  return {
    listeners: { opened: found.opened.map(listener), closed: found.closed.map(listener) },
    ways: found.ways.map(pair),
    routes: found.routes.map(pair),
    services: found.services.map(pair),
    settings: found.settings.map(pair),
    restart: found.restart.map(({ name, reason }) => ({ code: "needs-restart", name, reason })),
    queued: found.queued.map(({ name, reason }) => ({ code: "stale-filter-records", name, reason })),
    findings: {
      new: found.newFindings.map(finding("after")),
      gone: found.goneFindings.map(finding("before")),
    },
  };
}

/** JSON has no undefined: null is what is not there. */
function pair({ name, before, after }: Difference["ways"][number]) {
  return { name, before: before ?? null, after: after ?? null };
}
