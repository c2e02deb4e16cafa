import { parameterFacts } from "../../knowledge/parameters.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import type { Fix } from "../finding.js";
import type { Rule } from "../rule.js";
import { deleteLines, deleteOption, lastOptions } from "./edits.js";
import { isExpanded } from "./macros.js";

export const mainMacroRecursion: Rule = {
  code: "main-macro-recursion",
  severity: "error",
  summary: "A value contains itself by way of `$name`.",
  why: `\`$name\` is not the value that the name had before, or its default: it is the value that is being defined. A program that expands it stops, and so does postconf, without which no Postfix command works:

    postconf: warning: unreasonable macro call nesting: "mynetworks"
    postconf: fatal: macro processing error

Postfix does not start and cannot be reloaded or stopped. \`-o name=$name\` in master.cf is the same.`,
  remedy: "Write out what is meant, or give the common part a name of its own.",
  wrong: [
    {
      title: "adding to the default",
      text: `-- main.cf --
mynetworks = $mynetworks 192.0.2.0/24
#            ^^^^^^^^^^^ error`,
    },
    {
      title: "a circle",
      text: `-- main.cf --
smtpd_banner = welcome to $greeting
#                         ^^^^^^^^^ error
greeting = $smtpd_banner`,
    },
    {
      title: "in an option",
      text: `-- master.cf --
submission inet n - n - - smtpd
  -o smtpd_client_restrictions=$smtpd_client_restrictions
#                              ^^^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "a part with a name of its own",
      text: `-- main.cf --
own_networks = 127.0.0.0/8
mynetworks = $own_networks 192.0.2.0/24`,
    },
    {
      title: "one limit in the terms of another",
      text: `-- main.cf --
mydomain = example.org
myhostname = mail.$mydomain`,
    },
  ],
  check(context) {
    const { parameters, environment, services } = context.system;
    const { file } = parameters;
    const said = new Set<string>();
    for (const name of parameters.names) {
      const entry = parameters.entry(name);
      if (!entry?.value.includes("$") || said.has(name) || !containsItself(environment, name)) continue;
      const circle = [...environment.value(name).mentions].filter((other) =>
        containsItself(environment, other),
      );
      for (const member of circle) said.add(member);
      if (!circle.some((member) => isExpanded(context, member))) continue;
      const at = step(entry.value, circle);
      const related = circle.flatMap((member) => {
        const other = member === name ? undefined : parameters.entry(member);
        return other ? [{ file, range: other.nameRange, message: `${member} is part of the circle` }] : [];
      });
      context.report({
        at: { file, range: entry.valuePart(at.start, at.end) },
        message: describe(name, circle),
        related,
        fixes: () =>
          only(entry.value)
            ? [{ title: `Delete ${name}`, edits: deleteLines(context, file, entry) }]
            : [remove(file, entry.valuePart(at.start, at.end), entry.value.slice(at.start, at.end))],
      });
    }
    for (const service of services) {
      const own = new Set(service.options.map((option) => option.name));
      for (const option of lastOptions(service)) {
        const { name, value } = option;
        if (!value.includes("$") || !containsItself(service.environment, name)) continue;
        if (said.has(name) && !own.has(name)) continue;
        if (!isExpanded(context, name)) continue;
        const circle = [...service.environment.value(name).mentions].filter((other) =>
          containsItself(service.environment, other),
        );
        const at = step(value, circle);
        const range = option.valuePart(at.start, at.end);
        context.report({
          at: { file: service.location.file, range },
          message: describe(name, circle),
          fixes: () =>
            only(value)
              ? [
                  {
                    title: "Delete the option, so that main.cf counts",
                    edits: [deleteOption(context, service.location.file, option)],
                    preferred: true,
                  },
                ]
              : [remove(service.location.file, range, value.slice(at.start, at.end))],
        });
      }
    }
  },
};

/** Whether expanding a name leads back to it; RAW values are not expanded where they stand. */
function containsItself(environment: Environment, name: string): boolean {
  return environment.value(name).mentions.has(name) && parameterFacts(name)?.table !== "RAW";
}

function describe(name: string, circle: readonly string[]): string {
  const way =
    circle.length > 1
      ? ` by way of ${circle
          .filter((other) => other !== name)
          .map((other) => `$${other}`)
          .join(" and ")}`
      : "";
  return `${name} contains itself${way}: postconf stops with "unreasonable macro call nesting", and no Postfix command works.`;
}

/** The reference in a value that leads into the circle. */
function step(value: string, circle: readonly string[]): { start: number; end: number } {
  for (const match of value.matchAll(/\$(?:(\w+)|\{\s*(\w+)[^}]*\}|\(\s*(\w+)[^)]*\))/g)) {
    const name = match[1] ?? match[2] ?? match[3] ?? "";
    if (circle.includes(name)) return { start: match.index, end: match.index + match[0].length };
  }
  return { start: 0, end: value.length };
}

function only(value: string): boolean {
  return /^\$(?:\w+|\{\w+\}|\(\w+\))$/.test(value);
}

function remove(file: string, range: { start: number; end: number }, written: string): Fix {
  return { title: `Remove ${written}`, edits: [{ file, range, newText: "" }] };
}
