import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { deleteLines } from "./edits.js";
import { type Repetition, repetitions } from "./repetitions.js";

export const mainDuplicate: Rule = {
  code: "main-duplicate",
  severity: "warning",
  summary: "A parameter of main.cf is set twice, to different values.",
  why: `The last line counts, and the earlier one has no effect; the change that somebody made there never came true. Postfix 2.11 and later say so, before every command:

    postconf: warning: /etc/postfix/main.cf, line 40: overriding earlier entry: relayhost=[192.0.2.1]`,
  remedy: "Keep the line that is meant. What they say together has to stand in one value.",
  wrong: [
    {
      title: "the second one wins",
      text: `-- main.cf --
relayhost = [192.0.2.1]
mydestination = example.org
relayhost =
#^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "names differ in case",
      text: `-- main.cf --
relayhost = [192.0.2.1]
relayhost_of_old = [192.0.2.2]`,
    },
  ],
  check(context) {
    for (const repetition of repetitions(context)) {
      const { file, earlier, later } = repetition;
      if (earlier.value === later.value) continue;
      context.report({
        at: { file, range: later.nameRange },
        message: `${later.name} is set in line ${lineOf(context, repetition)} already, to another value, which this line overrides: only ${shown(later.value)} counts.`,
        related: [{ file, range: earlier.nameRange, message: `overridden: ${shown(earlier.value)}` }],
        fixes: () => mend(context, repetition),
      });
    }
  },
};

function mend(context: RuleContext, repetition: Repetition): Fix[] {
  const { file, earlier, later } = repetition;
  return [
    {
      title: `Delete the overridden line ${lineOf(context, repetition)}`,
      edits: deleteLines(context, file, earlier),
    },
    {
      title: `Delete this line, so that line ${lineOf(context, repetition)} counts`,
      edits: deleteLines(context, file, later),
    },
  ];
}

function lineOf(context: RuleContext, { file, earlier }: Repetition): number {
  return context.lines(file).lineAt(earlier.nameRange.start) + 1;
}

function shown(value: string): string {
  if (value === "") return "the empty value";
  const text = value.replace(/\s+/g, " ");
  return `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;
}
