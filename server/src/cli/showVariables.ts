/** `mailflow show variables`: every setting of amavisd as its files leave it, in the notation of its own reading. */
import { evaluateAmavis } from "../semantics/amavis/evaluate.js";
import type { VariablesInOracleNotation } from "../semantics/amavis/variables.js";
import { parseAmavis } from "../syntax/amavis/parser.js";
import type { SystemSource } from "../system/source.js";
import { UsageError } from "./failure.js";
import { readInput } from "./input.js";
import type { ShowOptions } from "./show.js";
import { visible, visibleJson } from "./terminal.js";

export interface ShowVariablesOptions extends ShowOptions {
  /** Those that keep their default too; `--format json` always has them. */
  readonly all?: boolean | undefined;
}

/**
 * @returns the exit status: 0, or 2 when a file of a system could not be read
 * @throws UsageError when there is no amavisd, or several of them where one is wanted
 */
export function showVariables(paths: readonly string[], options: ShowVariablesOptions): number {
  const input = readInput(paths, { postfixVersion: options.postfixVersion });
  const systems = input.systems.flatMap(({ source }) => (source.amavis.length > 0 ? [source] : []));
  const [only, ...others] = systems;
  if (only === undefined) throw new UsageError("there is no configuration of amavisd");
  if (options.format === "json" && others.length > 0) {
    const names = systems.map(({ name }) => visible(name)).join(", ");
    throw new UsageError(`several mail systems are there, name one of them: ${names}`);
  }
  for (const message of input.messages) process.stderr.write(`mailflow: ${message}\n`);
  if (options.format === "json") process.stdout.write(`${visibleJson(variablesOf(only, true), 2)}\n`);
  else {
    const blocks = systems.map((source) => {
      const head = others.length > 0 ? `${visible(source.name)}\n` : "";
      return head + variablesText(variablesOf(source, options.all === true));
    });
    process.stdout.write(blocks.join("\n"));
  }
  return input.unreadable ? 2 : 0;
}

function variablesOf(source: SystemSource, all: boolean): VariablesInOracleNotation {
  const files = source.amavis.map(({ path, text, template }) => ({
    path,
    template,
    tree: parseAmavis(text, { template }),
  }));
  return evaluateAmavis(files).variables(all);
}

/** One line for each variable; what is not known has its reason. */
function variablesText({ variables, unknown }: VariablesInOracleNotation): string {
  const lines = [
    ...Object.entries(variables).map(
      ([name, value]) => [name, `${name} = ${JSON.stringify(withoutBase(name, value))}`] as const,
    ),
    ...Object.entries(unknown).map(([name, reason]) => [name, `${name} is not known: ${reason}`] as const),
  ];
  const sorted = lines.sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([, line]) => `${visible(line)}\n`).join("");
}

/** The bank without a name refers to every setting there is. */
function withoutBase(name: string, value: unknown): unknown {
  if (name !== "%policy_bank" || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([bank]) => bank !== ""));
}
