/** The hover in master.cf: columns, options, and the arguments of pipe, spawn and smtp. */
import { SERVICE_TYPES } from "../../semantics/postfix/columns.js";
import { splitHostPort } from "../../semantics/postfix/endpoints.js";
import type { Service } from "../../semantics/postfix/services.js";
import { COLUMNS, type MasterEntry, type MasterOption } from "../../syntax/postfix/master.js";
import { type Hover, touches, type View } from "../facts.js";
import { page } from "../manual.js";
import { paragraphs } from "../markdown.js";
import { hoverArgument } from "./arguments.js";
import { columnText, describeColumn } from "./column.js";
import { offsetInValue } from "./field.js";
import { inTrivia } from "./mainFile.js";
import { describeParameter } from "./parameter.js";
import { describePort, portNumber } from "./port.js";
import { describeService } from "./service.js";
import { hoverValue } from "./value.js";

export function hoverMaster(view: View, offset: number): Hover | undefined {
  const { services, master } = view.analysis.system;
  if (!master || inTrivia(master.trivia, offset)) return undefined;
  for (const service of services)
    for (const option of service.options)
      if (touches(option.range, offset)) return hoverOption(view, service, option, offset);
  const service = services.find((candidate) => touches(candidate.entry.range, offset));
  if (service) return hoverColumn(view, service, offset) ?? hoverArgument(view, service, offset);
  const entry = master.entries.find((candidate) => touches(candidate.range, offset));
  return entry && hoverUnfinished(entry, offset);
}

const NO_NAME = paragraphs(
  "**-o name=value**: overrides main.cf for this service alone",
  "Here the name is still missing, and with `-o` alone the program stops at its start.",
);

function hoverOption(view: View, service: Service, option: MasterOption, offset: number): Hover {
  // "-o" alone, or "-o -o": what stands behind it is no name.
  if (/^(?:-.*)?$/.test(option.name)) return { contents: NO_NAME, range: option.range };
  const contents = describeParameter(view, option.name, service.environment, service);
  const whole = { start: option.range.start, end: Math.max(option.nameRange.end, option.range.start) };
  if (!touches(option.valueRange, offset) || option.value === "") return { contents, range: whole };
  const own = hoverValue(view, {
    name: option.name,
    raw: option.value,
    at: offsetInValue(option.value.length, option.valuePart, offset),
    offset,
    file: service.location.file,
    part: option.valuePart,
    environment: service.environment,
    service,
  });
  return own ?? { contents, range: option.valueRange };
}

function hoverColumn(view: View, service: Service, offset: number): Hover | undefined {
  for (const column of COLUMNS) {
    const word = service.entry.columns[column];
    if (!word || !touches(word.range, offset)) continue;
    const { range } = word;
    // "%{enabled}  -o name=value": the template has yet to make a line of it.
    if (service.uncertain && !SERVICE_TYPES.includes(service.entry.columns.type?.text ?? ""))
      return { contents: "A template fills in what this line is.", range };
    if (column !== "service" || service.type !== "inet")
      return { contents: describeColumn(view, service, column), range };
    const { host, port, portRange } = splitHostPort(word.text, "port");
    const number = portNumber(port);
    const onPort = host === "" || offset >= range.start + portRange.start;
    return {
      contents: paragraphs(
        describeService(view, service),
        number !== undefined && onPort && describePort(view, number, port, true),
      ),
      range,
    };
  }
  return undefined;
}

/** An entry that has not yet a name and a type: only what its columns are for can be said. */
function hoverUnfinished(entry: MasterEntry, offset: number): Hover | undefined {
  for (const column of COLUMNS) {
    const word = entry.columns[column];
    if (!word || !touches(word.range, offset) || word.text.startsWith("-o")) continue;
    return {
      contents: paragraphs(`**${column}**`, columnText(column), `Manual: ${page("master", 5)}`),
      range: word.range,
    };
  }
  return undefined;
}
