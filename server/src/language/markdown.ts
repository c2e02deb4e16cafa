/** Text from files inside Markdown: never markup, never a link, whatever it holds. */

const LONGEST = 300;

/** Inline code; backticks inside are fenced by more of them. Long texts are cut. */
export function code(text: string): string {
  const whole = text.replace(/\s+/g, " ").trim();
  const flat = whole.length > LONGEST ? `${whole.slice(0, LONGEST).trimEnd()} ...` : whole;
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  const pad = flat.startsWith("`") || flat.endsWith("`") || flat === "" ? " " : "";
  return `${fence}${pad}${flat}${pad}${fence}`;
}

/** A value: code, or the word "empty". */
export function shown(text: string): string {
  return text.trim() === "" ? "empty" : code(text);
}

/** Plain text with everything escaped that Markdown or HTML would read. */
export function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~&]/g, "\\$&");
}

/** A link; the target is an address of ours or the URI of a file. */
export function link(label: string, target: string): string {
  const safe = target.replace(/[\s()<>]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return `[${label.replace(/[\\`*[\]<>&]|(?<!\w)_|_(?!\w)/g, "\\$&")}](${safe})`;
}

/** Paragraphs, empty ones left out. */
export function paragraphs(...parts: readonly (string | undefined | false)[]): string {
  return parts.filter((part): part is string => typeof part === "string" && part !== "").join("\n\n");
}

export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

/** A titled list; undefined when it has no items. What is over `most` is only counted. */
export function list(title: string, items: readonly string[], most = 8): string | undefined {
  if (items.length === 0) return undefined;
  const rest = items.length - most;
  const all = rest > 1 ? [...items.slice(0, most), `and ${rest} more`] : items;
  return `${title}:\n${bullets(all)}`;
}

/** "a, b and c" */
export function enumerate(items: readonly string[], word = "and"): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1)}`;
}
