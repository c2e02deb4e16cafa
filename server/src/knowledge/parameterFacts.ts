/** The shape of what is known about one Postfix parameter. */

/** What a value means to the program that reads it. */
export type ParameterClass =
  | "access-list"
  | "address"
  | "address-list"
  | "bool"
  | "character-set"
  | "command"
  | "compat-level"
  | "domain-list"
  | "enum"
  | "enum-list"
  | "feedback-expression"
  | "group"
  | "hostname"
  | "int"
  | "ip-address"
  | "map"
  | "map-list"
  | "map-type"
  | "milter-list"
  | "milter-macro-list"
  | "name-list"
  | "nexthop"
  | "nexthop-list"
  | "path"
  | "path-dir"
  | "path-list"
  | "port"
  | "proxy-endpoint"
  | "raw-string"
  | "restriction-class-names"
  | "restriction-list"
  | "service-list"
  | "service-name"
  | "size"
  | "smtp-reply-code"
  | "string"
  | "time"
  | "tls-ciphers"
  | "tls-loglevel"
  | "tls-protocols"
  | "transport-destination"
  | "user";

/** How Postfix reads it: everything but RAW is $-expanded first. */
export type ParameterTable =
  | "STR"
  | "RAW"
  | "INT"
  | "LONG"
  | "NINT"
  | "BOOL"
  | "NBOOL"
  | "TIME"
  | "ADHOC"
  | "READONLY";

export interface EnumFacts {
  readonly values: readonly string[];
  /** True when several words may stand in one value. */
  readonly multiple: boolean;
  readonly caseSensitive: boolean;
  readonly note: string | undefined;
}

export interface ParameterFacts {
  readonly name: string;
  readonly class: ParameterClass;
  readonly table: ParameterTable;
  /**
   * Built-in default of the newest release, not expanded; undefined where the program works it out
   * itself (myhostname, mynetworks) or the build sets it. For one version ask `defaultValue`.
   */
  readonly default: string | undefined;
  /** Defaults over time, oldest first: ["2.1", value]. Empty when it never changed. */
  readonly history: readonly (readonly [version: string, value: string])[];
  /** Branch that brought it: "2.10"; "1.1" means that or older. */
  readonly since: string;
  /** Patch releases that gave it to branches before `since`. */
  readonly backports: readonly string[];
  /** Programs whose parameter table has it; "*" is every program. */
  readonly readBy: readonly string[];
  /** Where a parameter of every program ("*") really matters; "library" is code that many share. */
  readonly usedIn: readonly string[];
  readonly mayBeEmpty: boolean;
  /** Smallest and largest number (seconds for times); undefined is no limit. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Length limits of a text, in characters. */
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  /** Unit of a time without one: s m h d w. */
  readonly unit: string | undefined;
  readonly enum: EnumFacts | undefined;
  /** Release from which postconf warns of it; it still works. */
  readonly deprecatedSince: string | undefined;
  /** What to write instead, for deprecated and removed names. */
  readonly replacement: string | undefined;
  /** Set by the program itself: an assignment is ignored. */
  readonly readOnly: boolean;
  /** For a name of the form <service><suffix>, such as smtp-amavis_destination_concurrency_limit. */
  readonly perService: { readonly service: string; readonly suffix: string } | undefined;
  /** For a name that current releases have no parameter of. */
  readonly removed: RemovedFacts | undefined;
}

export interface RemovedFacts {
  /** First branch without it; undefined when it never was a parameter of its own. */
  readonly goneIn: string | undefined;
  /** Parameters whose default still mentions it, so that setting it still has an effect. */
  readonly readThrough: readonly string[];
  readonly warnedSince: string | undefined;
}

/** Facts that say nothing yet but name, class and first branch; readers fill in the rest. */
export function noFacts(name: string, kind: ParameterClass, since: string): ParameterFacts {
  return {
    name,
    class: kind,
    table: "STR",
    default: undefined,
    history: [],
    since,
    backports: [],
    readBy: [],
    usedIn: [],
    mayBeEmpty: false,
    min: undefined,
    max: undefined,
    minLength: undefined,
    maxLength: undefined,
    unit: undefined,
    enum: undefined,
    deprecatedSince: undefined,
    replacement: undefined,
    readOnly: false,
    perService: undefined,
    removed: undefined,
  };
}
