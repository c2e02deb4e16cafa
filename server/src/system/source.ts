/**
 * The texts that make up one mail system, as the workspace found them. Everything from here upwards is
 * a pure function of this value.
 */

import type { IncludeGap } from "../semantics/amavis/machine.js";

/** What a file is in its mail system, decided by its name and place. */
export type FileRole = "main" | "master" | "amavis" | "table";

export interface SourceFile {
  /** Absolute path with `/`, or the URI of a document that has none. Unique in the workspace. */
  readonly path: string;
  readonly role: FileRole;
  /** The text, decoded; a byte order mark at the start is kept as U+FEFF. */
  readonly text: string;
  /** True for a form that another program fills in first (.j2, .erb, .in, .proto, .tpl ...). */
  readonly template: boolean;
  /** How the bytes were read; latin-1 when they are no valid UTF-8. Undefined for a document of an editor. */
  readonly encoding?: "utf-8" | "latin-1" | undefined;
}

/** Why amavisd refuses a file of its configuration: only root may own it, and amavisd must not be able to write it. */
export type AccessFault = "not-root" | "writable-by-all";

/** A file that is there but could not be read, with one clear sentence that says why. */
export interface UnreadableFile {
  readonly path: string;
  readonly role: FileRole;
  readonly reason: string;
}

export interface SystemSource {
  /** A short name for people, unique in the workspace: usually the folder's path relative to the root. */
  readonly name: string;
  /** Absolute path of the folder that the system's files have in common. */
  readonly root: string;
  readonly main: SourceFile | undefined;
  readonly master: SourceFile | undefined;
  /** In the order in which amavisd would read them. */
  readonly amavis: readonly SourceFile[];
  /** Files that amavisd's configuration includes (by the path as it names them) inside the system's folders. */
  readonly includes?: ReadonlyMap<string, SourceFile> | undefined;
  /** Paths that amavisd's configuration includes and that are seen not to be files, each with what is seen. */
  readonly includeGaps?: ReadonlyMap<string, IncludeGap> | undefined;
  /** Files of the running amavisd that it refuses for their owner or mode, by path. */
  readonly refused?: ReadonlyMap<string, AccessFault> | undefined;
  /**
   * Files in a conf.d folder of Debian's amavisd that it skips for their names. They belong to the system because
   * people edit them, and give it no values.
   */
  readonly skipped?: readonly SourceFile[] | undefined;
  /** Lookup tables (by the path as main.cf names it) that are inside the system's folders. */
  readonly tables: ReadonlyMap<string, SourceFile>;
  readonly unreadable: readonly UnreadableFile[];
  /**
   * True when the files were found to belong to one host with certainty enough to say that something
   * is missing (a Postfix folder and its amavisd next to it). False for a file opened alone: what it
   * refers to and is not there is unknown, not missing.
   */
  readonly complete: boolean;
  /**
   * Why amavisd may read more than `amavis` holds, as one clause (only 50-user is here, two configurations
   * compete, one could not be read). What amavisd does not say must then not be called missing.
   */
  readonly amavisOpen?: string | undefined;
  /** The Postfix version that somebody named, such as "3.7"; undefined leaves it to the analysis. */
  readonly postfixVersion?: string | undefined;
  /** Addresses of this host beyond loopback, where mailflow.json names them. */
  readonly addresses: readonly string[];
  /** Host names in lower case with their addresses, where mailflow.json says what the hosts file has. */
  readonly hosts?: ReadonlyMap<string, readonly string[]> | undefined;
}
