/** The hover inside a value: what the part under the cursor means to the program that reads the parameter. */
import { parameterFacts } from "../../knowledge/parameters.js";
import { textFor } from "../../knowledge/texts.js";
import { isChrooted } from "../../semantics/postfix/chroot.js";
import { insideBraces, type ListItem, listItems } from "../../semantics/postfix/lists/items.js";
import { restrictionList } from "../../semantics/postfix/lists/restrictions.js";
import type { Hover, View } from "../facts.js";
import { code, paragraphs } from "../markdown.js";
import { wordText } from "./accepts.js";
import {
  describeAddress,
  describeEndpoint,
  describeNetwork,
  describePortOf,
  describeSocket,
} from "./address.js";
import { describeDomain } from "./domain.js";
import { hoverExpression } from "./expression.js";
import { type Field, hoverPart, isUnder, wordUnder } from "./field.js";
import { describeParameter } from "./parameter.js";
import { describePort, portNumber } from "./port.js";
import { describeRestriction, isRestrictionList } from "./restriction.js";
import { describeService } from "./service.js";
import { describeTable, tableAt } from "./table.js";
import { nexthopPart, transportPart } from "./transport.js";

/** Undefined where only the parameter as a whole has something to say. */
export function hoverValue(view: View, field: Field): Hover | undefined {
  if (inPlaceholder(field)) return undefined;
  return (
    hoverExpression(view, field) ??
    hoverByClass(view, field) ??
    hoverNested(view, field) ??
    hoverLoosePort(view, field) ??
    hoverWord(view, field)
  );
}

const PLACEHOLDER = /\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|%\{[^}]*\}|@[A-Z][A-Z0-9_]*@|%\([^)]*\)s|%%\w+%%/gs;

/** What another program fills in means nothing yet. */
function inPlaceholder({ raw, at }: Field): boolean {
  if (!/[{%@]/.test(raw)) return false;
  for (const { 0: text, index } of raw.matchAll(PLACEHOLDER))
    if (index <= at && at <= index + text.length && !isExpression(text)) return true;
  return false;
}

/** `{{$level} < {2} ...}` is Postfix's own: it stands behind a dollar sign. */
const isExpression = (text: string) => /^\{\{\s*\$/.test(text);

function hoverByClass(view: View, field: Field): Hover | undefined {
  const { name, environment } = field;
  if (isRestrictionList(environment, name)) return hoverRestriction(view, field);
  const facts = parameterFacts(name);
  switch (facts?.class) {
    case "transport-destination":
      return hoverTransport(view, field);
    case "nexthop":
    case "nexthop-list":
      return hoverPieces(field, (text, at) =>
        nexthopPart(view, text, at, name.startsWith("lmtp_") ? "lmtp" : "smtp"),
      );
    case "service-name":
      return hoverService(view, field);
    case "milter-list":
    case "proxy-endpoint":
      return hoverEndpoint(view, field);
    case "map":
    case "map-list":
      return hoverTable(view, field);
    case "access-list":
    case "domain-list":
    case "address-list":
      return hoverTable(view, field) ?? hoverPattern(view, field);
    case "restriction-class-names":
      return hoverClassName(view, field);
    case "map-type": {
      const text = textFor("mapType", field.raw);
      return text ? hoverPart(field, 0, field.raw.length, paragraphs(`**${field.raw}**`, text)) : undefined;
    }
    case "port": {
      const port = portNumber(field.raw);
      return port === undefined
        ? undefined
        : hoverPart(field, 0, field.raw.length, describePort(view, port, field.raw));
    }
    default:
      return /_sasl_path$/.test(name) ? hoverSocket(view, field) : undefined;
  }
}

/** The item under the cursor, split as lists are. */
function itemUnder({ raw, at }: Field): ListItem | undefined {
  return listItems(raw).find((item) => item.start <= at && at <= item.end);
}

function hoverPieces(
  field: Field,
  read: (text: string, at: number) => { contents: string; start: number; end: number } | undefined,
): Hover | undefined {
  const part = read(field.raw, field.at);
  return part && hoverPart(field, part.start, part.end, part.contents);
}

function hoverTransport(view: View, field: Field): Hover | undefined {
  const filter = field.name === "content_filter";
  return hoverPieces(field, (text, at) => transportPart(view, text, at, filter));
}

function hoverService(view: View, field: Field): Hover | undefined {
  const service = view.analysis.system.services.find(
    ({ name, type, overriddenBy }) => name === field.raw && type !== "inet" && !overriddenBy,
  );
  return service && hoverPart(field, 0, field.raw.length, describeService(view, service));
}

/** Restrictions and their arguments; those that came through a `$name` are found by their place. */
function hoverRestriction(view: View, field: Field): Hover | undefined {
  const list = restrictionList(field.environment, field.name);
  const literal = field.environment.value(field.name).text === field.raw;
  const under = ({ start, end }: ListItem) =>
    literal ? start <= field.at && field.at <= end : isUnder(field, list.locate(start, end));
  for (const [index, { item, argument, kind, name }] of list.items.entries()) {
    if (argument && under(argument)) {
      if (argument.text.includes(":") && name !== "check_policy_service") {
        const table = hoverTable(view, field);
        if (table) return table;
      }
      if (name === "check_policy_service") {
        const nested = hoverSetting(view, field, argument);
        if (nested) return nested;
        const word = wordUnder(field);
        const contents = word?.text.includes(":") && describeEndpoint(view, word.text, jailed(view, field));
        if (contents && word) return hoverPart(field, word.start, word.end, contents);
      }
      return atItem(field, describeRestriction(view, list, index, field.environment));
    }
    if (!under(item)) continue;
    const contents = describeRestriction(view, list, index, field.environment);
    const table = kind === "map" ? hoverTable(view, field) : undefined;
    return table ? { ...table, contents: paragraphs(contents, table.contents) } : atItem(field, contents);
  }
  return undefined;
}

function atItem(field: Field, contents: string): Hover {
  const word = itemUnder(field) ?? wordUnder(field);
  return word
    ? hoverPart(field, word.start, word.end, contents)
    : hoverPart(field, 0, field.raw.length, contents);
}

/** Whether the program that connects runs in the chroot jail; for main.cf that of the first smtpd. */
function jailed({ analysis }: View, field: Field): boolean {
  const { services, profile, source } = analysis.system;
  const service =
    field.service ?? services.find(({ program, overriddenBy }) => program === "smtpd" && !overriddenBy);
  return service !== undefined && isChrooted(service, profile, source.main !== undefined) === true;
}

function hoverTable(view: View, field: Field): Hover | undefined {
  const item = itemUnder(field);
  // A table may be in quotes of braces, and behind a `!`.
  const plain = item?.text.startsWith("!")
    ? { ...item, text: item.text.slice(1), start: item.start + 1 }
    : item;
  const table = plain && tableAt(plain, field.at);
  if (!table) return undefined;
  return hoverPart(field, table.start, table.end, describeTable(view, table, field.environment));
}

/** Domains, addresses and networks of match lists. */
function hoverPattern(view: View, field: Field): Hover | undefined {
  const word = wordUnder(field);
  if (!word) return undefined;
  const text = word.text.replace(/^!/, "");
  const network = describeNetwork(text);
  const contents =
    describeDomain(view, field.name, text, field.environment) ??
    network ??
    (/^(?:\[[0-9a-f:.]+\]|\d{1,3}(?:\.\d{1,3}){3}|localhost)$/i.test(text)
      ? describeAddress(view, text.replace(/^\[|\]$/g, ""))
      : wordText(field.name, text)
        ? paragraphs(`**${text}** in ${code(field.name)}`, wordText(field.name, text))
        : undefined);
  if (!contents) return undefined;
  const except =
    word.text.startsWith("!") && "Behind `!`: what fits is not meant, whatever stands later in the list.";
  return hoverPart(field, word.start, word.end, paragraphs(contents, except));
}

function hoverEndpoint(view: View, field: Field): Hover | undefined {
  const item = itemUnder(field);
  if (!item) return undefined;
  const nested = hoverSetting(view, field, item);
  if (nested) return nested;
  const word = wordUnder(field);
  if (!word || (item.unclosed && !word.text.includes(":"))) return undefined;
  const bare = field.name === "smtpd_proxy_filter" && !/^(?:inet|unix):/.test(word.text);
  const contents = describeEndpoint(view, bare ? `inet:${word.text}` : word.text, jailed(view, field));
  return contents ? hoverPart(field, word.start, word.end, contents) : undefined;
}

function hoverSocket(view: View, field: Field): Hover | undefined {
  if (field.raw === "") return undefined;
  const contents = field.raw.startsWith("inet:")
    ? describeEndpoint(view, field.raw, false)
    : field.raw.includes("/")
      ? describeSocket(view, field.raw.replace(/^unix:/, ""), jailed(view, field))
      : undefined;
  return contents ? hoverPart(field, 0, field.raw.length, contents) : undefined;
}

/** `name = value` inside the braces of a milter or policy service: it stands for a parameter of that name. */
function hoverSetting(view: View, field: Field, item: ListItem): Hover | undefined {
  const inside = insideBraces(item.text);
  if (!inside) return undefined;
  const start = item.start + inside.at;
  const before = field.raw.slice(start, field.at);
  const from = start + Math.max(before.lastIndexOf(","), before.lastIndexOf("{")) + 1;
  const match = /^\s*([a-z_]+)\s*=\s*([^,}]*)/.exec(field.raw.slice(from));
  if (!match?.[1]) return undefined;
  const prefix = field.name.endsWith("milters") ? "milter_" : "smtpd_policy_service_";
  const name = `${prefix}${match[1]}`;
  if (!parameterFacts(name)) return undefined;
  const lead = match[0].length - match[0].trimStart().length;
  const contents = paragraphs(
    `${code(match[0].trim())}: for this ${prefix === "milter_" ? "milter" : "policy service"} alone, in place of:`,
    describeParameter(view, name, field.environment),
  );
  return hoverPart(field, from + lead, from + match[0].trimEnd().length, contents);
}

function hoverClassName(view: View, field: Field): Hover | undefined {
  const word = wordUnder(field);
  return (
    word &&
    hoverPart(
      field,
      word.start,
      word.end,
      describeParameter(view, word.text, field.environment, field.service),
    )
  );
}

/** A table in a value of another kind, such as in restriction classes of somebody's own. */
function hoverNested(view: View, field: Field): Hover | undefined {
  const facts = parameterFacts(field.name);
  return facts === undefined && field.raw.includes(":") ? hoverTable(view, field) : undefined;
}

/** A port in a value that is none of the kinds above: `host:port`, `[host]:port`. */
function hoverLoosePort(view: View, field: Field): Hover | undefined {
  const word = wordUnder(field);
  const match = word && /^(?:[a-z]+:)?(\[[^\]]*\]|[A-Za-z0-9_.-]+):(\d{1,5})$/.exec(word.text);
  if (!word || !match?.[1] || !match[2] || /^static:/.test(word.text)) return undefined;
  const start = word.end - match[2].length;
  if (field.at < start) return undefined;
  const host = match[1].replace(/^\[|\]$/g, "");
  return hoverPart(field, start, word.end, describePortOf(view, host, Number(match[2])));
}

/** Words of enumerations, and names of parameters in the value of another one. */
function hoverWord(view: View, field: Field): Hover | undefined {
  const word = wordUnder(field);
  if (!word) return undefined;
  const bare = word.text.replace(/^[!~]/, "");
  const text = wordText(field.name, bare);
  if (text) {
    const facts = parameterFacts(field.name);
    const single = facts?.enum?.multiple !== true;
    const title = single ? `${code(`${field.name} = ${bare}`)}` : `**${bare}** in ${code(field.name)}`;
    return hoverPart(field, word.start, word.end, paragraphs(title, text));
  }
  return /^[a-z]+(?:_[a-z0-9]+)+$/.test(bare) && parameterFacts(bare) && !parameterFacts(field.name)?.enum
    ? hoverPart(field, word.start, word.end, describeParameter(view, bare, field.environment))
    : undefined;
}
