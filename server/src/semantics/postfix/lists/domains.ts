/** Domains that a parameter names in writing. */
import { hasPlaceholder } from "../../../syntax/postfix/words.js";
import type { Location } from "../../located.js";
import type { Environment } from "../parameters.js";
import { listItems } from "./items.js";

/** The plain names of a parameter that lists domains; what stands in tables or is unknown is left out. */
export function plainDomains(
  environment: Environment,
  parameter: string,
): { domain: string; at: Location | undefined }[] {
  const definition = environment.definition(parameter);
  if (!definition || hasPlaceholder(definition.raw)) return [];
  if (definition.source === "default" && parameter !== "mydestination") return [];
  return listItems(definition.raw).flatMap((item) => {
    const value = item.text.includes("$") ? environment.expand(item.text) : undefined;
    if (value?.unknown !== undefined) return [];
    return listItems(value?.text ?? item.text).flatMap(({ text }) =>
      /^[\w-]+(?:\.[\w-]+)+$/.test(text)
        ? [{ domain: text.toLowerCase(), at: definition.part?.(item.start, item.end) }]
        : [],
    );
  });
}
