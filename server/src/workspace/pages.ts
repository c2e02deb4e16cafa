/** Where the pages of the rules are published. */
const RULE_PAGES = "https://github.com/mailflow/mailflow/blob/main/docs/rules/";

/** The page of one rule, as a link for people. */
export function rulePageUrl(code: string): string {
  return `${RULE_PAGES}${encodeURIComponent(code)}.md`;
}
