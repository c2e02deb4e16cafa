/** Facts about lookup table types, the word before the colon in hash:/etc/postfix/virtual. */
import mapTypeData from "./data/mapTypes.js";
import { lazy } from "./lazy.js";

export interface MapTypeFacts {
  readonly type: string;
  /** Branch that brought it; "2.0" means that or older. */
  readonly since: string;
  /**
   * What the text after the colon is: "file" is read as it is, "file-base" is indexed by postmap first,
   * "file-or-prefix" is a client configuration, "type:name" and "table-list" name other tables.
   */
  readonly nameKind: string;
  /** Ending of the file that is really opened (".db"); undefined when the text file itself is read. */
  readonly indexedFile: string | undefined;
  /** True when every key is a pattern: no postmap, order matters. */
  readonly pattern: boolean;
  /** True for a type that looks up in another table. */
  readonly wraps: boolean;
  /** True when Debian 12's postfix package has it built in. */
  readonly inDebian: boolean;
  /** The package that brings it to Debian. */
  readonly debianPackage: string | undefined;
  /** Release from which patterns may stand in the configuration: pcre:{{pattern result}}. */
  readonly inlineSince: string | undefined;
  /** How it is written, where that is not type:name. */
  readonly syntax: string | undefined;
  /** Kind of system it is limited to. */
  readonly platform: string | undefined;
  readonly note: string | undefined;
}

interface Row {
  readonly type: string;
  readonly since: string;
  readonly nameKind: string;
  readonly indexedFile?: string;
  readonly pattern?: boolean;
  readonly wraps?: boolean;
  readonly debian?: boolean;
  readonly debianPackage?: string;
  readonly inlineSince?: string;
  readonly syntax?: string;
  readonly platform?: string;
  readonly note?: string;
}

const types = lazy(() => new Map((mapTypeData() as readonly Row[]).map((row) => [row.type, factsOf(row)])));

/** What is known of a table type; case matters, as to Postfix. */
export function mapTypeFacts(type: string): MapTypeFacts | undefined {
  return types().get(type);
}

/** All types of all releases and platforms. */
export function mapTypeNames(): readonly string[] {
  return [...types().keys()];
}

function factsOf(row: Row): MapTypeFacts {
  return {
    type: row.type,
    since: row.since,
    nameKind: row.nameKind,
    indexedFile: row.indexedFile,
    pattern: row.pattern ?? false,
    wraps: row.wraps ?? false,
    inDebian: row.debian ?? false,
    debianPackage: row.debianPackage,
    inlineSince: row.inlineSince,
    syntax: row.syntax,
    platform: row.platform,
    note: row.note,
  };
}
