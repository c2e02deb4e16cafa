/** What the editor shows for the word under the cursor. */
import type { Analysis } from "../analysis.js";
import { transportService } from "../flow/resolve.js";
import { parameterFacts } from "../knowledge/parameters.js";
import { textFor } from "../knowledge/texts.js";
import { isLocalhostName, normaliseAddress } from "../semantics/postfix/address.js";
import { splitHostPort } from "../semantics/postfix/endpoints.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import type { Service } from "../semantics/postfix/services.js";
import { COLUMNS } from "../syntax/postfix/master.js";
import type { Range } from "../syntax/text.js";
import { describeBank, describeVariable } from "./describeAmavis.js";
import { describeParameter } from "./describeParameter.js";
import { describePort, portUsers } from "./describePort.js";
import { describeService } from "./describeService.js";
import { fileText, type Hover } from "./facts.js";
import { bullets, code, paragraphs } from "./markdown.js";

/** The hover at an offset of a file of the system; undefined where there is nothing to say. */
export function hover(analysis: Analysis, path: string, offset: number): Hover | undefined {
  const { source } = analysis;
  if (path === source.main?.path) return hoverMain(analysis, offset);
  if (path === source.master?.path) return hoverMaster(analysis, offset);
  if (source.amavis.some((file) => file.path === path)) return hoverAmavis(analysis, path, offset);
  return undefined;
}

const inside = ({ start, end }: Range, offset: number) => start <= offset && offset <= end;

function hoverMain(analysis: Analysis, offset: number): Hover | undefined {
  const { main, environment, source } = analysis.system;
  const entry = main?.entries.find((candidate) => inside(candidate.range, offset));
  if (!entry || !source.main) return undefined;
  if (inside(entry.nameRange, offset))
    return {
      contents: describeParameter(analysis, entry.name, environment, undefined),
      range: entry.nameRange,
    };
  if (!inside(entry.valueRange, offset)) return undefined;
  return (
    hoverValue(analysis, source.main.path, offset, environment, entry.name) ?? {
      contents: describeParameter(analysis, entry.name, environment, undefined),
      range: entry.valueRange,
    }
  );
}

function hoverMaster(analysis: Analysis, offset: number): Hover | undefined {
  const { services, source } = analysis.system;
  const service = services.find((candidate) => inside(candidate.entry.range, offset));
  if (!service || !source.master) return undefined;
  for (const option of service.entry.options) {
    if (!inside(option.range, offset)) continue;
    const whole = { contents: describeParameter(analysis, option.name, service.environment, service.name) };
    if (!inside(option.valueRange, offset) || option.value === "")
      return { ...whole, range: option.nameRange };
    return (
      hoverValue(analysis, source.master.path, offset, service.environment, option.name) ?? {
        ...whole,
        range: option.valueRange,
      }
    );
  }
  return hoverColumn(analysis, service, offset);
}

function hoverColumn(analysis: Analysis, service: Service, offset: number): Hover | undefined {
  const column = COLUMNS.find((name) => {
    const word = service.entry.columns[name];
    return word && inside(word.range, offset);
  });
  const word = column && service.entry.columns[column];
  if (!column || !word) return undefined;
  if (column === "service") {
    const port = service.type === "inet" ? splitHostPort(word.text, "port") : undefined;
    const portStart = word.range.start + (port?.portRange.start ?? 0);
    const number = port && /^\d+$/.test(port.port) ? Number(port.port) : undefined;
    if (number !== undefined && offset >= portStart && port?.host !== "")
      return {
        contents: paragraphs(describeService(analysis, service), describePort(analysis, number)),
        range: word.range,
      };
    return { contents: describeService(analysis, service), range: word.range };
  }
  if (column === "command") {
    const contents = paragraphs(`**${service.program}**`, textFor("program", service.program));
    return { contents, range: word.range };
  }
  return {
    contents: paragraphs(`**${column}** = ${code(word.text)}`, textFor("column", column)),
    range: word.range,
  };
}

/** `$name`, transport, address, port, restriction or keyword under the cursor inside a value. */
function hoverValue(
  analysis: Analysis,
  file: string,
  offset: number,
  environment: Environment,
  parameter: string,
): Hover | undefined {
  const text = fileText(analysis, file);
  const reference = wordAt(text, offset, /\$[{(]?[A-Za-z0-9_]+/g);
  if (reference) {
    const name = reference.text.replace(/^\$[{(]?/, "");
    return { contents: describeParameter(analysis, name, environment, undefined), range: reference.range };
  }
  return hoverEndpoint(analysis, text, offset) ?? hoverWord(analysis, text, offset, parameter);
}

/** A port or an address in `transport:[host]:port`, `smtp:[host]:port` and the like. */
function hoverEndpoint(analysis: Analysis, text: string, offset: number): Hover | undefined {
  const port = wordAt(text, offset, /(?<=[\]\w]:|:\*:)\d{1,6}(?![\w.:/])/g);
  if (port) return { contents: describePort(analysis, Number(port.text)), range: port.range };
  const address = wordAt(
    text,
    offset,
    /\[[0-9a-fA-F.:]+\](?!\/)|(?<![\d.\w])\d{1,3}(?:\.\d{1,3}){3}(?![\d./])|\blocalhost\b/g,
  );
  const host = address?.text.replace(/^\[|\]$/g, "");
  if (!address || !host) return undefined;
  return { contents: describeAddress(analysis, host), range: address.range };
}

function describeAddress(analysis: Analysis, host: string): string {
  const address = normaliseAddress(host) ?? host;
  const sockets = analysis.system.sockets.filter(
    (socket) => socket.address === address || (isLocalhostName(host) && /^127\.|^::1$/.test(socket.address)),
  );
  const ports = [...new Set(sockets.map((socket) => socket.port))];
  const kind =
    isLocalhostName(host) || /^127\.|^::1$/.test(address)
      ? "this host's loopback: only programs on this host can connect"
      : /^(?:0\.0\.0\.0|::)$/.test(address)
        ? "all addresses of this host"
        : "an address";
  return paragraphs(
    `**${host}**: ${kind}`,
    ports.length > 0 && `In this system:\n${bullets(ports.flatMap((port) => portUsers(analysis, port)))}`,
  );
}

function hoverWord(analysis: Analysis, text: string, offset: number, parameter: string): Hover | undefined {
  const word = wordAt(text, offset, /[A-Za-z0-9_.-]+/g);
  if (!word) return undefined;
  const transport = transportService(analysis.system, word.text);
  const followed = text[word.range.end];
  const namesTransport =
    /content_filter$|_transport$/.test(parameter) || /_access$|_checks$|_restrictions$/.test(parameter);
  if (transport && namesTransport && (followed === ":" || /_transport$|content_filter$/.test(parameter)))
    return { contents: describeService(analysis, transport), range: word.range };
  const kind = parameter === "receive_override_options" ? "overrideOption" : "restriction";
  const description = textFor(kind, word.text) ?? textFor("action", word.text);
  if (description) return { contents: paragraphs(`**${word.text}**`, description), range: word.range };
  return parameterFacts(word.text)
    ? {
        contents: describeParameter(analysis, word.text, analysis.system.environment, undefined),
        range: word.range,
      }
    : undefined;
}

function hoverAmavis(analysis: Analysis, path: string, offset: number): Hover | undefined {
  const { amavis } = analysis.system;
  const text = fileText(analysis, path);
  const use = amavis?.uses.find(({ location }) => location.file === path && inside(location.range, offset));
  const endpoint = hoverEndpoint(analysis, text, offset) ?? hoverSocketPort(analysis, path, text, offset);
  if (endpoint && !use) return endpoint;
  const bank = wordAt(
    text,
    offset,
    /(?<=['"])[A-Za-z0-9_.-]+(?=['"])|(?<=policy_bank\{)\s*[A-Za-z0-9_]+(?=\s*\})/g,
  );
  const banked = bank && describeBank(analysis, bank.text.trim());
  if (bank && banked) return { contents: banked, range: bank.range };
  if (!use) return hoverBankKey(analysis, path, offset);
  const contents = describeVariable(analysis, use.name);
  return contents === undefined ? undefined : { contents, range: use.location.range };
}

/** A number that is a listener's port. */
function hoverSocketPort(analysis: Analysis, path: string, text: string, offset: number): Hover | undefined {
  const number = wordAt(text, offset, /(?<![\w.])\d{2,5}(?![\w.])/g);
  if (!number) return undefined;
  const isPort = analysis.system.amavis?.listeners.some(
    ({ origin, port }) =>
      origin?.file === path && inside(origin.range, offset) && port === Number(number.text),
  );
  const isKey = /interface_policy\s*\{\s*['"]?$/.test(text.slice(0, number.range.start));
  return isPort || isKey
    ? { contents: describePort(analysis, Number(number.text)), range: number.range }
    : undefined;
}

function hoverBankKey(analysis: Analysis, path: string, offset: number): Hover | undefined {
  for (const bank of analysis.system.amavis?.banks.values() ?? [])
    for (const { key, keyRange } of bank.entries.values())
      if (keyRange.file === path && inside(keyRange.range, offset)) {
        const text = ["$", "@", "%"]
          .map((sigil) => describeVariable(analysis, `${sigil}${key}`))
          .find((one) => one !== undefined);
        if (text)
          return {
            contents: paragraphs(`In the policy bank ${code(bank.name)} in place of the global value:`, text),
            range: keyRange.range,
          };
      }
  return undefined;
}

/** The match of a pattern that covers an offset, looked for in the line of the offset only. */
function wordAt(text: string, offset: number, pattern: RegExp): { text: string; range: Range } | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const next = text.indexOf("\n", offset);
  const line = text.slice(start, next < 0 ? text.length : next);
  for (const match of line.matchAll(pattern)) {
    const range = { start: start + match.index, end: start + match.index + match[0].length };
    if (inside(range, offset)) return { text: match[0], range };
  }
  return undefined;
}
