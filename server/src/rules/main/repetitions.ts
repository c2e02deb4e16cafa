import type { MainEntry, MainTree } from "../../syntax/postfix/main.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { RuleContext } from "../rule.js";

/** Two assignments of one name with none between them. */
export interface Repetition {
  readonly file: string;
  readonly earlier: MainEntry;
  readonly later: MainEntry;
}

/** Every repeated name of main.cf. In a template the two may stand in branches that exclude each other. */
export function repetitions(context: RuleContext): Repetition[] {
  const { main, source } = context.system;
  if (!main || !source.main || hasConditions(main)) return [];
  const found: Repetition[] = [];
  const last = new Map<string, MainEntry>();
  for (const entry of main.entries) {
    if (!entry.valid) continue;
    const earlier = last.get(entry.name);
    if (earlier) found.push({ file: source.main.path, earlier, later: entry });
    last.set(entry.name, entry);
  }
  return found;
}

/** Lines that steer a template engine, also in a file that does not have the name of a template. */
export function hasConditions(main: MainTree): boolean {
  return (
    main.trivia.some(({ kind }) => kind === "control") ||
    main.entries.some(({ name }) => hasPlaceholder(name))
  );
}
