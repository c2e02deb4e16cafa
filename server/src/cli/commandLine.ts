/** Arguments to commands. */
import { Command, CommanderError, Option } from "commander";
import { type CheckOptions, check } from "./check.js";
import { type DiffOptions, diff } from "./diff.js";
import { explain } from "./explain.js";
import { UsageError } from "./failure.js";
import { type ShowOptions, showListeners } from "./show.js";
import { type ShowFlowOptions, showFlow } from "./showFlow.js";
import { type ShowParametersOptions, showParameters, showServices } from "./showPostfix.js";
import { type ShowVariablesOptions, showVariables } from "./showVariables.js";
import { type TraceOptions, traceMessage } from "./trace.js";

export interface Installation {
  readonly version: string;
  /** The folder of the rules' pages. */
  readonly rulePages: string;
}

/** Runs one command and returns the exit status. Never throws for what a user can cause. */
export function commandLine(argv: readonly string[], installation: Installation): number {
  let status = 0;
  const program = build(installation, (result) => {
    status = result;
  });
  try {
    program.parse(argv, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`mailflow: ${error.message}\n`);
    return 2;
  }
}

function build({ version, rulePages }: Installation, done: (status: number) => void): Command {
  const program = new Command("mailflow")
    .description("Reads Postfix and amavisd configuration as one mail system and says what it will do.")
    .version(version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) });
  program
    .command("check")
    .description("report what is wrong; with --fix, mend what can be mended without asking")
    .argument("[path...]", "folders or files; the working folder, else /etc, when none is named")
    .addOption(
      choice("--format <format>", "how to print", ["pretty", "json", "sarif", "github", "unix"], "pretty"),
    )
    .addOption(choice("--fail-on <severity>", "lowest severity that gives exit status 1", FAIL_ON, "error"))
    .option("--fix", "apply preferred fixes to the files")
    .addOption(postfixVersion())
    .action((paths: string[], options: CheckOptions) => done(check(paths, options, version)));
  const show = program.command("show").description("print one view of the mail systems");
  show
    .command("listeners")
    .description("every socket that Postfix and amavisd would open")
    .argument("[path...]", "folders or files")
    .addOption(choice("--format <format>", "how to print", ["text", "json"], "text"))
    .addOption(postfixVersion())
    .action((paths: string[], options: ShowOptions) => done(showListeners(paths, options)));
  show
    .command("services")
    .description("the entries of master.cf, normalised as postconf -M and -F print them")
    .argument("[path...]", "folders or files")
    .addOption(choice("--format <format>", "how to print", ["text", "json"], "text"))
    .addOption(postfixVersion())
    .action((paths: string[], options: ShowOptions) => done(showServices(paths, options)));
  show
    .command("parameters")
    .description("what main.cf and the -o of services set, as postconf -n and -P print it, and expanded")
    .argument("[path...]", "folders or files")
    .option("--service <name/type>", "only this service, such as smtp/inet")
    .option("--all", "built-in defaults too")
    .addOption(choice("--format <format>", "how to print", ["text", "json"], "text"))
    .addOption(postfixVersion())
    .action((paths: string[], options: ShowParametersOptions) => done(showParameters(paths, options)));
  show
    .command("variables")
    .description("the settings of amavisd as its files leave them, and which of them cannot be known")
    .argument("[path...]", "folders or files")
    .option("--all", "those that keep their default too; --format json always has them")
    .addOption(choice("--format <format>", "how to print", ["text", "json"], "text"))
    .addOption(postfixVersion())
    .action((paths: string[], options: ShowVariablesOptions) => done(showVariables(paths, options)));
  show
    .command("flow")
    .description("where mail enters, which filters it passes, and where it goes")
    .argument("[path...]", "folders or files")
    .addOption(choice("--format <format>", "how to print", ["text", "json", "mermaid", "svg"], "text"))
    .addOption(postfixVersion())
    .action((paths: string[], options: ShowFlowOptions) => done(showFlow(paths, options)));
  program
    .command("diff")
    .description("what a change of the files means for mail: listeners, ways, routes, settings, findings")
    .argument("<old>", "folder or file as it was")
    .argument("<new>", "folder or file as it will be")
    .addOption(choice("--format <format>", "how to print", ["text", "json"], "text"))
    .addOption(
      choice(
        "--fail-on <severity>",
        "lowest severity of a new finding that gives exit status 1",
        FAIL_ON,
        "error",
      ),
    )
    .addOption(postfixVersion())
    .action((before: string, after: string, options: DiffOptions) => done(diff(before, after, options)));
  program
    .command("trace")
    .description("follow one message: entry, filters, reinjection, delivery, with the lines that decide")
    .argument("[path]", "folder or file")
    .option("--port <port>", "port that the client connects to, or sendmail for a local program", "25")
    .option("--address <address>", "address that the client connects to")
    .option("--client <ip>", "address of the client; without it somebody from outside")
    .option("--sender <address>", "envelope sender, <> for a bounce", "sender@example.com")
    .option("--recipient <address>", "envelope recipient; without it postmaster of this host")
    .addOption(choice("--format <format>", "how to print", ["text", "json"], "text"))
    .addOption(postfixVersion())
    .action((path: string | undefined, options: TraceOptions) => done(traceMessage(path, options)));
  program
    .command("explain")
    .description("the page of a rule: why it matters and how to mend it")
    .argument("<code>", "a rule's code, such as reinjection-missing")
    .action((code: string) => explain(code, rulePages));
  program
    .command("lsp")
    .description("run the language server on standard input and output")
    .option("--stdio", "the default");
  return program;
}

const FAIL_ON = ["none", "error", "warning", "info", "information", "hint"];

function choice(flags: string, description: string, choices: readonly string[], fallback: string): Option {
  return new Option(flags, description).choices(choices).default(fallback);
}

function postfixVersion(): Option {
  return new Option("--postfix-version <version>", "the version to check for, such as 3.7").argParser(
    (text) => {
      if (!/^\d+\.\d+(?:\.\d+)?$/.test(text)) {
        throw new UsageError(`--postfix-version wants a number such as 3.7, not ${JSON.stringify(text)}`);
      }
      return text;
    },
  );
}

/** Commander adds a suggestion on a line of its own; the contract is one line. */
function oneLine(text: string): string {
  return `mailflow: ${text
    .trim()
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")}\n`;
}
