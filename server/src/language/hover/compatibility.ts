/** compatibility_level: which release the files are read for, and which defaults hang on the level. */
import { defaultValue, parameterNames } from "../../knowledge/parameters.js";
import { describeProfile } from "../../semantics/postfix/profile.js";
import type { View } from "../facts.js";
import { code, list, paragraphs, shown } from "../markdown.js";

/** Parameters whose default mentions the level, by release. */
const dependents = new Map<string, readonly string[]>();

export function describeLevel({ analysis }: View): string | undefined {
  const { profile, environment } = analysis.system;
  const { version, source } = profile;
  let names = dependents.get(version);
  if (!names) {
    names = parameterNames(version).filter((name) =>
      defaultValue(name, version)?.includes("$compatibility_level"),
    );
    dependents.set(version, names);
  }
  const level = environment.value("compatibility_level");
  const items = names.map((name) => {
    const set = environment.definition(name)?.source === "main";
    const { text } = environment.expand(defaultValue(name, version) ?? "");
    return `${code(name)}: ${shown(text)}${set ? " (set otherwise in main.cf)" : ""}`;
  });
  return paragraphs(
    source === "given"
      ? undefined
      : `These files are read for ${describeProfile(profile)}; the setting \`mailflow.postfixVersion\` names another release.`,
    level.unknown === undefined ? list("Defaults that this level decides", items, 16) : undefined,
  );
}
