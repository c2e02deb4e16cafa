/** Bytes to text, and faults to sentences. */
import type { FileContent, FileFault, FileSystem } from "./fileSystem.js";
import { isFault } from "./fileSystem.js";

/** Largest configuration file that is read, in bytes. Real ones have some hundred kilobytes at most. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;

export type Encoding = "utf-8" | "latin-1";

export interface DecodedText {
  readonly kind: "decoded";
  readonly text: string;
  /** latin-1 when the bytes are no valid UTF-8: each byte then became one character, so nothing is lost. */
  readonly encoding: Encoding;
}

/** A file that cannot be used, with one sentence that says why and what to do. */
export interface Refusal {
  readonly kind: "refused";
  readonly reason: string;
  readonly missing: boolean;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads and decodes one file. */
export function readText(files: FileSystem, path: string, limit = MAX_FILE_BYTES): DecodedText | Refusal {
  const content = files.readFile(path, limit);
  if (isFault(content)) {
    return { kind: "refused", reason: faultSentence(content, limit), missing: content.cause === "not-found" };
  }
  return decode(content);
}

/** Decodes one file's content. A byte order mark of UTF-8 stays in the text as U+FEFF. */
export function decode(content: FileContent): DecodedText | Refusal {
  if (content.kind === "text") return { kind: "decoded", text: content.text, encoding: "utf-8" };
  const { bytes } = content;
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16) return refuse("is UTF-16 text, which neither Postfix nor amavisd can read; save it as UTF-8");
  const decoded = decodeBytes(bytes);
  if (isBinary(decoded.text)) return refuse("holds binary data, not text; check that this is the right file");
  return decoded;
}

function decodeBytes(bytes: Uint8Array): DecodedText {
  try {
    return { kind: "decoded", text: utf8.decode(bytes), encoding: "utf-8" };
  } catch {
    return { kind: "decoded", text: decodeLatin1(bytes), encoding: "latin-1" };
  }
}

/**
 * Text back to the bytes it came from.
 * @returns undefined when the text has characters that Latin-1 lacks.
 */
export function encode(text: string, encoding: Encoding): Uint8Array | undefined {
  if (encoding === "utf-8") return new TextEncoder().encode(text);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff) return undefined;
    bytes[at] = code;
  }
  return bytes;
}

/** One clause for a fault, to be read after the file's name: "main.cf: permission denied; ...". */
export function faultSentence(fault: FileFault, limit = MAX_FILE_BYTES): string {
  switch (fault.cause) {
    case "not-found":
      return "is gone since the folder was searched, or is a link to a file that is not there";
    case "denied":
      return "may not be read (permission denied); give yourself read permission or run as a user that has it";
    case "directory":
      return "is a folder, but a file is expected there";
    case "not-regular":
      return "is a pipe, socket or device, not a file";
    case "too-large":
      return `has ${megabytes(Number(fault.detail))}, more than the ${megabytes(limit)} that are read`;
    case "failed":
      return `could not be read (${fault.detail})`;
  }
}

function refuse(reason: string): Refusal {
  return { kind: "refused", reason, missing: false };
}

function megabytes(bytes: number): string {
  return `${(bytes / (1024 * 1024)).toFixed(1)} MiB`;
}

const SAMPLE_LENGTH = 64 * 1024;

/**
 * Binary means plenty of control characters that no text has. A single stray NUL stays text: the
 * parsers have something to say about it.
 */
function isBinary(text: string): boolean {
  const sample = text.slice(0, SAMPLE_LENGTH);
  // A search by the engine; a loop over the characters costs milliseconds before it is compiled.
  const controls = sample.match(/[\0-\x06\x0e-\x1a\x1c-\x1f]/g)?.length ?? 0;
  return controls >= 4 && controls * 32 > sample.length;
}

function decodeLatin1(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  }
  return parts.join("");
}
