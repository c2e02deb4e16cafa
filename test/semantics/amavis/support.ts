import type {
  AmavisListener,
  AmavisProblem,
  DeliveryMethod,
  Located,
} from "../../../server/src/semantics/amavis/configuration.js";
import {
  type EvaluatedAmavis,
  type EvaluateOptions,
  evaluateAmavis,
} from "../../../server/src/semantics/amavis/evaluate.js";
import type { AmavisSource } from "../../../server/src/semantics/amavis/machine.js";
import { parseAmavis } from "../../../server/src/syntax/amavis/parser.js";

export function source(path: string, text: string, template = false): AmavisSource {
  return { path, template, tree: parseAmavis(text, { template }) };
}

/** Evaluates texts as the files /1, /2 ... of one configuration. */
export function evaluate(...texts: readonly string[]): EvaluatedAmavis {
  return evaluateAmavis(texts.map((text, index) => source(`/${index + 1}`, text)));
}

export function evaluateWith(text: string, options: EvaluateOptions): EvaluatedAmavis {
  return evaluateAmavis([source("/1", text)], options);
}

export function evaluateTemplate(text: string): EvaluatedAmavis {
  return evaluateAmavis([source("/1", text, true)]);
}

/** The value of a variable as it is displayed; "unknown: reason" when it is not known. */
export function shown(configuration: EvaluatedAmavis, name: string): string | undefined {
  const value = configuration.value(name);
  if (value === undefined) return undefined;
  return typeof value.display === "string" ? value.display : `unknown: ${value.display.reason}`;
}

/** Methods as texts, "!" in front of malformed ones. */
export function methods(located: Located<readonly DeliveryMethod[]>): string {
  const { value } = located;
  if ("kind" in value) return `unknown: ${value.reason}`;
  return value.map((method) => `${method.fault === undefined ? "" : "!"}${method.text}`).join(" ");
}

/** A listener in one line: `[::1]:10024 ORIGINATING SMTP -> smtp:[127.0.0.1]:10025`. */
export function line(listener: AmavisListener): string {
  const host = listener.address.includes(":") ? `[${listener.address}]` : listener.address;
  const socket =
    listener.network === "unix" ? listener.path : `${host}:${listener.port}${listener.dualStack ? "*" : ""}`;
  const banks = listener.banks.length > 0 ? ` ${listener.banks.join("+")}` : "";
  return `${socket}${banks}`;
}

export function lines(configuration: EvaluatedAmavis): string[] {
  return configuration.listeners.map(line);
}

const OF_NAMES =
  /^(?:perl-syntax|bareword|unknown-variable|wrong-sigil|at-in-double-quotes|index-in-string)$/;

/** The problems with the language and with names, without what is wrong with values. */
export function nameProblems(configuration: EvaluatedAmavis): AmavisProblem[] {
  return configuration.problems.filter(({ kind }) => OF_NAMES.test(kind));
}
