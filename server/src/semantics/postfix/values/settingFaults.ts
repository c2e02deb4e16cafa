/** The faults of all settings of a mail system, with the programs that will meet them. */
import { programFacts } from "../../../knowledge/services.js";
import { parseExpression } from "../../../syntax/postfix/expression.js";
import type { Location } from "../../located.js";
import type { Service } from "../services.js";
import { locateInSetting, readsParameter, type Setting } from "../settings.js";
import { type ValueFault, valueFaults } from "./values.js";

export interface SettingFault {
  readonly setting: Setting;
  readonly fault: ValueFault;
  /** Where the wrong stretch was written; the name where the value is empty. */
  readonly at: Location;
  readonly readers: Readers;
}

export interface Readers {
  /** The services whose program reads this setting, in the order of master.cf. */
  readonly services: readonly Service[];
  /** True when every program of Postfix reads it. */
  readonly every: boolean;
  /** Programs beside the services that read it: commands such as sendmail(1), and master. */
  readonly others: readonly string[];
}

/**
 * @param services those of master.cf; entries that another overrides do not run.
 * @param isTemplate whether a file is one that another program fills in: what is empty there may get a value.
 */
export function settingFaults(
  settings: readonly Setting[],
  services: readonly Service[],
  isTemplate: (file: string) => boolean,
): SettingFault[] {
  const found: SettingFault[] = [];
  const seen = new Set<string>();
  const running = services.filter(isUsed);
  for (const setting of settings)
    for (const one of faultsOf(setting)) {
      if (one.fault.text === "" && isTemplate(setting.nameLocation.file)) continue;
      const { file, range } = one.at;
      // A value of main.cf that an option changes comes once more for each service; it is said once.
      const key = `${setting.name} ${file} ${range.start} ${range.end} ${one.fault.text}`;
      if (seen.has(key)) continue;
      const readers = readersOf(setting, running, one.fault.takenBy);
      if (!readers) continue;
      // Empty by default too, and only a mistake where somebody reads it.
      if (one.fault.text === "" && setting.facts?.default === "" && readers.services.length === 0) continue;
      seen.add(key);
      found.push({ setting, ...one, readers });
    }
  return found;
}

/** {HOSTNAME}, {=name}, ##HOSTNAME##, %hostname, <host name>: what is left of a template after expansion. */
const FILLED_IN = /\{=?[\w.-]+\}|#\w+#|(?:^|\s)%\w+|<[\w. -]+>/;

/** The agents that stand in every master.cf and run only for domains of their own: which domains, by which transport. */
const AGENTS: Readonly<Record<string, readonly [domains: string, transport: string]>> = {
  local: ["mydestination", "local_transport"],
  virtual: ["virtual_mailbox_domains", "virtual_transport"],
};

/**
 * Whether a service can run. A host that only relays never starts local(8), and one that hands mailboxes to another
 * server never virtual(8), which moreover refuses to start where nothing was set up for it.
 */
export function isUsed({ program, name, environment, overriddenBy }: Service): boolean {
  if (overriddenBy) return false;
  const agent = AGENTS[program];
  if (!agent) return true;
  const [domains, transport] = agent.map((parameter) => environment.value(parameter));
  const hasDomains = domains?.unknown !== undefined || domains?.text !== "";
  return hasDomains && (transport?.unknown !== undefined || transport?.text.split(":")[0] === name);
}

function faultsOf(setting: Setting): Omit<SettingFault, "setting" | "readers">[] {
  const { facts, definition } = setting;
  if (!facts || facts.removed || facts.readOnly) return [];
  // Quotes in master.cf are another finding.
  if (definition.source === "option" && /^["']/.test(definition.raw)) return [];
  // A comment behind a value is another finding.
  if (/(?:^|[\s,])#/.test(definition.raw)) return [];
  const { value } = setting;
  if (value.unknown !== undefined || FILLED_IN.test(value.text)) return [];
  const found = valueFaults(facts, value.text).map((fault) => ({ fault, at: placeOf(setting, fault) }));
  return value.mentions.has("stress") ? [...found, ...otherBranchFaults(setting)] : found;
}

/**
 * `${stress?{10}:{300}}`: `stress` is empty while the files are read, and smtpd gets it under load, so both texts
 * have to be right.
 */
function otherBranchFaults({ facts, definition, environment, valueLocation }: Setting) {
  const [part, ...rest] = parseExpression(definition.raw);
  if (!facts || rest.length > 0 || part?.kind !== "reference" || part.name !== "stress") return [];
  const branch = part.whenSet ?? [];
  const [first] = branch;
  const last = branch.at(-1);
  if (!first || !last) return [];
  const { start } = first.range;
  const text = definition.raw.slice(start, last.range.end);
  const value = environment.expand(text);
  if (value.unknown !== undefined) return [];
  const literal = value.text === text;
  return valueFaults(facts, value.text).map((fault) => ({
    fault,
    at: (literal && definition.part?.(start + fault.start, start + fault.end)) || valueLocation,
  }));
}

function placeOf(setting: Setting, fault: ValueFault): Location {
  const { nameLocation, valueLocation } = setting;
  const at = fault.text === "" ? valueLocation : locateInSetting(setting, fault.start, fault.end);
  return at.range.start === at.range.end ? nameLocation : at;
}

/** Undefined for an option of a program that never looks at the parameter. */
export function readersOf(
  setting: Setting,
  running: readonly Service[],
  takenBy?: string,
): Readers | undefined {
  const { facts, service, definition, name } = setting;
  const every = facts?.readBy.includes("*") ?? false;
  if (!facts) return undefined;
  if (service) {
    const reads =
      service.program !== takenBy &&
      readsParameter(service.program, facts) &&
      programFacts(service.program) !== undefined;
    if (reads) return { services: [service], every: false, others: [] };
    return definition.source === "option" ? undefined : { services: [], every: false, others: [] };
  }
  if (every) return { services: [], every, others: [] };
  const services = running.filter(
    (candidate) =>
      candidate.program !== takenBy &&
      readsParameter(candidate.program, facts) &&
      !candidate.options.some((option) => option.valid && option.name === name),
  );
  const others = facts.readBy.filter((program) => program === "master" || program.endsWith("(1)"));
  return { services, every, others };
}
