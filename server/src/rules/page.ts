/** The documentation page of a rule, made from the rule itself so that the two cannot drift apart. */
import type { Example, Rule } from "./rule.js";

export function rulePage(rule: Rule): string {
  return [
    `# ${rule.code}`,
    "",
    `${rule.summary} Severity: ${rule.severity}.`,
    "",
    "## Why",
    "",
    rule.why,
    "",
    "## How to mend it",
    "",
    rule.remedy,
    "",
    "## Reported",
    "",
    ...rule.wrong.flatMap(block),
    "## Not reported",
    "",
    ...rule.right.flatMap(block),
    "## Silencing it",
    "",
    `Put \`# mailflow-disable-next-line ${rule.code}\` on a line of its own above the place, or set \`"rules": { "${rule.code}": "off" }\` in mailflow.json, or in the editor's setting \`mailflow.rules\`.`,
    "",
    `<!-- Made from the rule's source; \`npm run docs\` writes it anew. -->`,
    "",
  ].join("\n");
}

function block({ title, text }: Example): string[] {
  return [`${title[0]?.toUpperCase() ?? ""}${title.slice(1)}:`, "", "```", text, "```", ""];
}

/** The list of all rules. */
export function rulesIndex(rules: readonly Rule[]): string {
  const rows = [...rules]
    .sort((a, b) => a.code.localeCompare(b.code))
    .map((rule) => `| [${rule.code}](${rule.code}.md) | ${rule.severity} | ${rule.summary} |`);
  return [
    "# Rules",
    "",
    "error: mail is lost, bounced, deferred, looped, unfiltered or relayed openly, or a program does not start. warning: it works, but not as written or not always. information: worth knowing. hint: style.",
    "",
    "In the examples files are divided by lines such as `-- master.cf --`, and what is found is marked under the line.",
    "",
    "| code | severity | what |",
    "| --- | --- | --- |",
    ...rows,
    "",
    "<!-- Made from the rules' source; `npm run docs` writes it anew. -->",
    "",
  ].join("\n");
}
