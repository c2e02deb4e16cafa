/** Text for a terminal: colours where they are wanted, and nothing in it that a configuration file chose. */
import pico from "picocolors";

/** Colours on a terminal only; NO_COLOR and FORCE_COLOR decide otherwise (picocolors). */
export function colours(stream: { isTTY?: boolean }) {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== "" && FORCE_COLOR !== "0";
  return pico.createColors(!NO_COLOR && FORCE_COLOR !== "0" && (forced || stream.isTTY === true));
}

export type Colours = ReturnType<typeof colours>;

// C0 and C1 controls, and the characters that turn the direction of text or break lines.
const DANGEROUS = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Makes control characters visible (ESC as ␛, others as <U+202E>), so that text from a file or a file's
 * name can neither move the cursor nor set a title nor turn the line around. Line ends go too.
 */
export function visible(text: string): string {
  return text.replace(DANGEROUS, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return "\u2421";
    return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
  });
}

/** As `visible`, but for JSON: control characters that JSON allows raw are escaped. */
export function visibleJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** "1 error", "3 errors". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
