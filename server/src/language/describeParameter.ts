import type { Analysis } from "../analysis.js";
import { parameterFacts } from "../knowledge/parameters.js";
import { textFor } from "../knowledge/texts.js";
import type { Definition, Environment, Value } from "../semantics/postfix/parameters.js";
import { placeName } from "./facts.js";
import { bullets, code, paragraphs } from "./markdown.js";

/**
 * A parameter: what it is, its effective value here, and the chain that the value comes from.
 * @param environment of the service that the place belongs to, or of main.cf.
 * @param owner the service's name, for an `-o`; undefined in main.cf.
 */
export function describeParameter(
  analysis: Analysis,
  name: string,
  environment: Environment,
  owner: string | undefined,
): string {
  const facts = parameterFacts(name);
  const value = environment.value(name);
  const { definition } = value;
  const where = owner ? ` for the service ${code(owner)}` : "";
  return paragraphs(
    `**${name}**${facts ? "" : definition ? ": a name of your own, or one that Postfix does not know" : ": Postfix knows no such parameter"}`,
    textFor("parameter", name),
    definition || facts ? `Effective value${where}: ${showValue(value)}` : undefined,
    because(analysis, value),
    overridden(analysis, name, definition),
    facts && details(facts),
  );
}

function showValue(value: Value): string {
  if (value.unknown !== undefined) return `not known from the files (${value.unknown})`;
  return value.text === "" ? "empty" : code(value.text);
}

/** The chain: the text that sets the value, then each `$name` that took part. */
function because(analysis: Analysis, { definition, chain }: Value): string | undefined {
  if (!definition) return undefined;
  const steps = [definition, ...chain].map((link) => showDefinition(analysis, link));
  return steps.length > 1 ? `Because:\n${bullets(steps)}` : `Because: ${steps[0]}`;
}

function showDefinition(analysis: Analysis, { name, raw, source, origin }: Definition): string {
  const text = raw === "" ? `${code(name)} is empty` : code(`${name} = ${raw}`);
  if (!origin) return `${text} (built-in default)`;
  return `${text} (${source === "option" ? "-o, " : ""}${placeName(analysis, origin)})`;
}

/** Services that set the parameter for themselves, seen from main.cf. */
function overridden(
  analysis: Analysis,
  name: string,
  definition: Definition | undefined,
): string | undefined {
  if (definition?.source === "option") return undefined;
  const others = analysis.system.services.filter(
    (service) => !service.overriddenBy && service.environment.definition(name)?.source === "option",
  );
  if (others.length === 0) return undefined;
  const items = others.map((service) => {
    const { text } = service.environment.value(name);
    return `${code(service.name)}: ${text === "" ? "empty" : code(text)} (${placeName(analysis, service.nameLocation)})`;
  });
  return `Set otherwise by:\n${bullets(items)}`;
}

function details(facts: NonNullable<ReturnType<typeof parameterFacts>>): string {
  const parts = [`type ${facts.class}`];
  if (facts.default !== undefined)
    parts.push(facts.default === "" ? "default empty" : `default ${code(facts.default)}`);
  if (facts.since && !facts.since.startsWith("<")) parts.push(`since Postfix ${facts.since}`);
  return parts.join(", ");
}
