/** mailflow.json: says which files form which host, where folders alone do not tell. */
import { posix } from "node:path";
import { readText } from "./decode.js";
import { type FileSystem, isFault } from "./fileSystem.js";
import type { LayoutFile } from "./layout.js";
import { fileByName } from "./names.js";
import { isRuleLevel, type RuleLevels, readRuleLevels } from "./ruleLevels.js";
import { hasPlaceholders, splitTemplateName } from "./template.js";
import { byName, type Notice } from "./walk.js";

export const PROJECT_FILE = "mailflow.json";

export interface ProjectSystem {
  readonly name: string;
  readonly main: LayoutFile | undefined;
  readonly master: LayoutFile | undefined;
  readonly amavis: readonly LayoutFile[];
  readonly addresses: readonly string[];
  /** Host names in lower case with their addresses: what this host's own hosts file says. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
}

export interface ProjectFile {
  readonly systems: readonly ProjectSystem[];
  readonly ruleLevels: RuleLevels;
  readonly notices: readonly Notice[];
}

/**
 * Reads `folder`/mailflow.json.
 * @returns undefined when there is none. What is wrong in it is a notice, and the rest of it counts.
 */
export function readProjectFile(files: FileSystem, folder: string): ProjectFile | undefined {
  const path = posix.join(folder, PROJECT_FILE);
  const read = readText(files, path, 1024 * 1024);
  if (read.kind === "refused") {
    return read.missing
      ? undefined
      : { systems: [], ruleLevels: {}, notices: [{ path, message: read.reason }] };
  }
  return new Reader(files, folder, path).read(read.text);
}

type Fields = Readonly<Record<string, unknown>>;

class Reader {
  readonly #notices: Notice[] = [];

  constructor(
    private readonly files: FileSystem,
    private readonly folder: string,
    private readonly path: string,
  ) {}

  read(text: string): ProjectFile {
    const root = this.#parse(text);
    this.#knownKeys(root, ["$schema", "systems", "rules"], "the file");
    const systems = this.#list(root.systems, "systems").map((value, index) => this.#system(value, index));
    const ruleLevels = readRuleLevels(root.rules);
    this.#wrongLevels(root.rules);
    return { systems: systems.filter((system) => system !== undefined), ruleLevels, notices: this.#notices };
  }

  #parse(text: string): Fields {
    try {
      const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
      if (isFields(value)) return value;
      this.#say('should hold an object: { "systems": [ ... ] }');
    } catch (error) {
      this.#say(
        `is not valid JSON, so it is not used: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    return {};
  }

  #system(value: unknown, index: number): ProjectSystem | undefined {
    const where = `systems[${index}]`;
    if (!isFields(value)) {
      this.#say(`${where} should be an object with "name", "main", "master" and "amavis"`);
      return undefined;
    }
    this.#knownKeys(value, ["name", "main", "master", "amavis", "addresses", "hosts"], where);
    const main = this.#file(value.main, "main", `${where}.main`);
    const master = this.#file(value.master, "master", `${where}.master`);
    const amavis = this.#strings(value.amavis, `${where}.amavis`).flatMap((entry, at) =>
      this.#amavis(entry, `${where}.amavis[${at}]`),
    );
    if (main === undefined && master === undefined && amavis.length === 0) {
      this.#say(`${where} names no file that is there, so it is not used`);
      return undefined;
    }
    const name = typeof value.name === "string" && value.name !== "" ? value.name : `system ${index + 1}`;
    const addresses = this.#addresses(value.addresses, `${where}.addresses`);
    return { name, main, master, amavis, addresses, hosts: this.#hosts(value.hosts, `${where}.hosts`) };
  }

  #file(value: unknown, role: "main" | "master", where: string): LayoutFile | undefined {
    if (value === undefined) return undefined;
    const path = this.#inside(value, where);
    if (path === undefined) return undefined;
    const found = this.files.stat(path);
    if (isFault(found) && found.cause === "not-found") {
      this.#say(`${where} names ${String(value)}, which is not there`);
      return undefined;
    }
    return layoutFile(path, role);
  }

  /** A folder stands for its conf.d files, by the rules of run-parts. */
  #amavis(entry: string, where: string): readonly LayoutFile[] {
    const path = this.#inside(entry, where);
    if (path === undefined) return [];
    const found = this.files.stat(path);
    if (isFault(found)) {
      this.#say(`${where} names ${entry}, which is not there`);
      return [];
    }
    if (found.kind !== "directory") return [layoutFile(path, "amavis")];
    const entries = this.files.readDirectory(path);
    if (isFault(entries)) {
      this.#say(`${where} names the folder ${entry}, which may not be read`);
      return [];
    }
    const names = [...entries].filter((file) => file.kind !== "directory").sort(byName);
    const parts = names.filter((file) => /^[A-Za-z0-9_-]+$/.test(splitTemplateName(file.name).stem));
    const whole = names.filter((file) => fileByName(posix.join(path, file.name))?.role === "amavis");
    return (parts.length > 0 ? parts : whole).map((file) =>
      layoutFile(posix.join(path, file.name), "amavis"),
    );
  }

  /** Files outside the folder of mailflow.json are not read: an opened repository must not choose them. */
  #inside(value: unknown, where: string): string | undefined {
    if (typeof value !== "string" || value === "") {
      this.#say(`${where} should be a path, written as a string`);
      return undefined;
    }
    const path = posix.join(this.folder, value.replaceAll("\\", "/"));
    const absolute = posix.isAbsolute(value) || /^[A-Za-z]:/.test(value);
    if (absolute || !path.startsWith(this.folder.replace(/\/?$/, "/"))) {
      this.#say(`${where} leads out of the folder of ${PROJECT_FILE}; only files below it are read`);
      return undefined;
    }
    return path.replace(/(?<=.)\/$/, "");
  }

  #addresses(value: unknown, where: string): readonly string[] {
    return this.#strings(value, where).filter((address) => {
      const plausible = /^[0-9.]+$|^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/.test(address);
      if (!plausible) this.#say(`${where}: ${JSON.stringify(address)} is no IP address`);
      return plausible;
    });
  }

  #hosts(value: unknown, where: string): ReadonlyMap<string, readonly string[]> {
    if (value === undefined) return new Map();
    if (!isFields(value)) {
      this.#say(`${where} should be an object such as { "mx1.example.org": ["192.0.2.1"] }`);
      return new Map();
    }
    return new Map(
      Object.entries(value).map(([name, list]) => [
        name.toLowerCase(),
        this.#addresses(list, `${where}[${JSON.stringify(name)}]`),
      ]),
    );
  }

  #list(value: unknown, where: string): readonly unknown[] {
    if (value === undefined || Array.isArray(value)) return value ?? [];
    this.#say(`${where} should be a list`);
    return [];
  }

  #strings(value: unknown, where: string): readonly string[] {
    return this.#list(value, where).filter((entry, at): entry is string => {
      if (typeof entry === "string") return true;
      this.#say(`${where}[${at}] should be a string`);
      return false;
    });
  }

  #wrongLevels(rules: unknown): void {
    if (rules === undefined) return;
    if (!isFields(rules)) {
      this.#say('rules should be an object such as { "inline-comment": "off" }');
      return;
    }
    for (const [code, level] of Object.entries(rules)) {
      if (!isRuleLevel(level)) this.#say(`rules.${code} should be off, error, warning, information or hint`);
    }
  }

  #knownKeys(value: Fields, known: readonly string[], where: string): void {
    for (const key of Object.keys(value)) {
      if (!known.includes(key))
        this.#say(`${where} has ${JSON.stringify(key)}, which is not one of ${known.join(", ")}`);
    }
  }

  #say(message: string): void {
    this.#notices.push({ path: this.path, message });
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function layoutFile(path: string, role: LayoutFile["role"]): LayoutFile {
  return { path, role, template: splitTemplateName(posix.basename(path)).suffix !== "" };
}

/** True when a system's main.cf or master.cf is filled in by another program, by name or by its text. */
export function isTemplate(file: LayoutFile, text: string): boolean {
  return file.template || hasPlaceholders(text);
}
