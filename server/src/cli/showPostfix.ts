/** `mailflow show parameters` and `mailflow show services`: what postconf would print, with the places. */
import { posix } from "node:path";
import type { Location } from "../semantics/located.js";
import { commandText, entryLine } from "../semantics/postfix/postconf.js";
import { type ParameterView, PostconfView } from "../semantics/postfix/postconfViews.js";
import type { MasterOption } from "../syntax/postfix/master.js";
import type { SystemSource } from "../system/source.js";
import { buildSystem, type MailSystem } from "../system/system.js";
import { UsageError } from "./failure.js";
import { type Input, readInput } from "./input.js";
import { type Place, placer } from "./place.js";
import type { ShowOptions } from "./show.js";
import { visible, visibleJson } from "./terminal.js";

export interface ShowParametersOptions extends ShowOptions {
  /** NAME/TYPE: only this service. */
  readonly service?: string | undefined;
  /** Built-in defaults too. */
  readonly all?: boolean | undefined;
}

interface Shown {
  readonly name: string;
  readonly view: PostconfView;
  /** Lines from 0, as in all documents; texts for people count from 1. */
  readonly place: (location: Location) => Place;
  /** What is not shown, and why. */
  readonly notes: readonly string[];
}

/**
 * @returns the exit status: 0, or 2 when a file of a system could not be read
 * @throws UsageError when there is nothing to show, or no such service
 */
export function showParameters(paths: readonly string[], options: ShowParametersOptions): number {
  const input = readInput(paths, { postfixVersion: options.postfixVersion });
  const shown = postfixSystems(input);
  const wanted = options.service;
  const documents = shown.map(({ name, view, place }) => {
    const services = [...view.namespaces()].filter(([service]) => wanted === undefined || service === wanted);
    if (wanted !== undefined && services.length === 0 && hasService(view, wanted))
      services.push([wanted, []]);
    const main = [...view.set(), ...(options.all === true ? view.defaults() : [])];
    return { name, main: main.sort((a, b) => (a.name < b.name ? -1 : 1)), services, place };
  });
  if (wanted !== undefined && documents.every(({ services }) => services.length === 0))
    throw new UsageError(`there is no service ${visible(wanted)}; name it as NAME/TYPE, such as smtp/inet`);
  if (options.format === "json") {
    const [only, ...others] = documents;
    if (!only || others.length > 0)
      throw new UsageError(
        `several mail systems are there, name one of them: ${shown.map(({ name }) => visible(name)).join(", ")}`,
      );
    report(input, shown);
    const table = (views: readonly ParameterView[]) =>
      Object.fromEntries(views.map((view) => [view.name, parameterDocument(view, only.place)]));
    const services = Object.fromEntries(only.services.map(([name, views]) => [name, table(views)]));
    process.stdout.write(`${visibleJson({ main: table(only.main), services }, 2)}\n`);
    return input.unreadable ? 2 : 0;
  }
  report(input, shown);
  const blocks = documents.map(({ name, main, services, place }) => {
    const sections = [section("main.cf", main, place), ...services.map(([s, v]) => section(s, v, place))];
    return (documents.length > 1 ? `${visible(name)}\n` : "") + sections.join("\n");
  });
  process.stdout.write(blocks.join("\n"));
  return input.unreadable ? 2 : 0;
}

/**
 * @returns the exit status: 0, or 2 when a file of a system could not be read
 * @throws UsageError when there is nothing to show
 */
export function showServices(paths: readonly string[], options: ShowOptions): number {
  const input = readInput(paths, { postfixVersion: options.postfixVersion });
  const shown = postfixSystems(input);
  report(input, shown);
  if (options.format === "json") {
    const rows = shown.flatMap(({ view, place }) =>
      view.entries.map((entry) => {
        const [service, type, isPrivate, unprivileged, chroot, wakeup, limit] = entry.fields;
        const { file, line } = place(view.locate(entry));
        return {
          service,
          type,
          private: isPrivate,
          unprivileged,
          chroot,
          wakeup,
          process_limit: limit,
          command: commandText(entry),
          file,
          line,
        };
      }),
    );
    process.stdout.write(`${visibleJson(rows, 2)}\n`);
    return input.unreadable ? 2 : 0;
  }
  const blocks = shown.map(({ name, view }) => {
    const lines = view.entries.map((entry) => `${visible(entryLine(entry))}\n`).join("");
    return (shown.length > 1 ? `${visible(name)}\n` : "") + lines;
  });
  process.stdout.write(blocks.join("\n"));
  return input.unreadable ? 2 : 0;
}

function postfixSystems(input: Input): Shown[] {
  const shown = input.systems.flatMap(({ source }) =>
    source.main || source.master ? [readSystem(source, input.base)] : [],
  );
  if (shown.length === 0) throw new UsageError("no main.cf and no master.cf is there");
  return shown;
}

function readSystem(source: SystemSource, base: string): Shown {
  const system = buildSystem(source, { postfixVersion: source.postfixVersion });
  const view = new PostconfView({
    main: system.parameters,
    master: system.master,
    masterFile: source.master?.path ?? "",
    services: system.services,
    version: system.profile.version,
    missingMain: source.main ? undefined : "main.cf is not here",
  });
  const place = placer(source, base);
  const notes = [
    ...view.leftOut().map((location) => {
      const { file, line } = place(location);
      return `${visible(file)}:${line + 1}: no entry with eight columns, left out`;
    }),
    ...misread(system, view).map((location) => {
      const { file, line } = place(location);
      return `${visible(file)}:${line + 1}: the options are shown as postconf takes them; the daemon takes them differently`;
    }),
    ...system.names.unused
      .filter(({ service }) => service === undefined)
      .map(({ name, nameLocation }) => {
        const { file, line } = place(nameLocation);
        return `${visible(file)}:${line + 1}: ${visible(name)} is left out: no program reads a parameter of that name`;
      }),
  ];
  return { name: source.name, view, place, notes };
}

/** Entries whose options postconf breaks or does not see, such as an -o that is glued to its value. */
function misread({ services }: MailSystem, view: PostconfView): Location[] {
  const texts = (options: readonly MasterOption[]) =>
    options.flatMap(({ valid, name, value }) => (valid ? [`${name}=${value}`] : [])).join("\n");
  const byEntry = new Map(services.map(({ entry }) => [entry, entry.options]));
  return view.entries
    .filter(({ entry, options }) => texts(options) !== texts(byEntry.get(entry) ?? options))
    .map((entry) => view.locate(entry));
}

function report(input: Input, shown: readonly Shown[]): void {
  for (const message of [...input.messages, ...shown.flatMap(({ notes }) => notes)])
    process.stderr.write(`mailflow: ${message}\n`);
}

function hasService(view: PostconfView, wanted: string): boolean {
  return view.entries.some(({ fields }) => `${fields[0]}/${fields[1]}` === wanted);
}

/** The fields of the contract; what cannot be known is null, with the reason. */
function parameterDocument(view: ParameterView, place: Shown["place"]) {
  const { value, expanded, unknown, origin } = view;
  return {
    value: value ?? null,
    expanded: expanded ?? null,
    ...(unknown === undefined ? {} : { unknown }),
    origin: origin ? place(origin) : "default",
  };
}

function section(title: string, views: readonly ParameterView[], place: Shown["place"]): string {
  const lines = views.map((view) => {
    const { name, value, expanded, unknown, origin } = view;
    const where = origin ? place(origin) : undefined;
    const behind = where ? `  (${posix.basename(where.file)}:${where.line + 1})` : "";
    const text = `  ${visible(name)} =${value ? ` ${visible(value)}` : ""}${behind}\n`;
    if (unknown !== undefined) return `${text}    -> not known: ${visible(unknown)}\n`;
    return expanded === value ? text : `${text}    -> ${visible(expanded ?? "")}\n`;
  });
  return `${visible(title)}\n${lines.join("")}`;
}
