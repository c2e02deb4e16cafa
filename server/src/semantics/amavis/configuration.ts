/**
 * What amavisd's configuration means, read without running it (AMAVISD semantics: policy banks,
 * listeners, delivery methods). Everything here is plain data with its place of origin.
 */
import type { Range } from "../../syntax/text.js";
import type { Location } from "../located.js";

/** A value that could not be worked out, with one sentence that says why ("the output of `hostname`"). */
export interface Unknown {
  readonly kind: "unknown";
  readonly reason: string;
}

/** A value and the place of the text that gave it. `origin` is undefined for amavisd's built-in default. */
export interface Located<T> {
  readonly value: T | Unknown;
  readonly origin: Location | undefined;
}

/** One socket that amavisd opens. */
export interface AmavisListener {
  readonly network: "inet" | "unix";
  /** Normalised: "127.0.0.1", "::1", "0.0.0.0", "::"; a host name stays as written. Empty for unix. */
  readonly address: string;
  /**
   * True for the one socket that takes IPv4 connections too: amavisd binds `*`, `::` and an empty
   * $inet_socket_bind to the IPv6 wildcard without IPV6_V6ONLY, which `ss` shows as `*:10024`. The address
   * is "::" then, and there is no second entry for "0.0.0.0" (scenarios g4, g5).
   */
  readonly dualStack?: boolean;
  /** 0 for unix, or when `portUnknown`. The number that is really bound: 70025 gives 4489. */
  readonly port: number;
  readonly path: string;
  /** The port or socket as written, with its place (element of $inet_socket_port, @listen_sockets, ...). */
  readonly spec: string;
  readonly origin: Location | undefined;
  /** Where $inet_socket_bind is set, when it decided the address. */
  readonly bindOrigin: Location | undefined;
  /** Names of the policy banks that answer on this socket, in order of loading; the base bank is not listed. */
  readonly banks: readonly string[];
  /** Upper case name as amavisd compares it: SMTP, LMTP, AM.PDP, ...; "" when nothing says (inet: SMTP). */
  readonly protocol: Located<string>;
  /** @inet_acl as it is in force here: the networks that may connect, `!` in front of those that may not. */
  readonly acl: Located<readonly string[]>;
  readonly forward: Located<readonly DeliveryMethod[]>;
  readonly notify: Located<readonly DeliveryMethod[]>;
  readonly resend: Located<readonly DeliveryMethod[]>;
  readonly release: Located<readonly DeliveryMethod[]>;
  readonly requeue: Located<readonly DeliveryMethod[]>;
}

/**
 * One delivery method string such as smtp:[127.0.0.1]:10025. Several form a fail-over list. An empty
 * list of methods means undef or '': amavisd delivers nothing itself.
 */
export interface DeliveryMethod {
  /** As written after evaluation. */
  readonly text: string;
  /** Where the text of this method stands. */
  readonly origin: Location | undefined;
  /** Lower case: smtp, lmtp, pipe, bsmtp, local, sql; anything else as written. */
  readonly scheme: string;
  /** For smtp and lmtp over TCP: the host without brackets, "*" = address of the client, undefined otherwise. */
  readonly host: string | undefined;
  /** A number; "*" = port of the incoming connection + 1; undefined when there is none or it is unknown. */
  readonly port: number | "*" | undefined;
  /** For smtp:/path and lmtp:/path. */
  readonly path: string | undefined;
  /** What amavisd would refuse per message, in its words as far as known; undefined when it is well formed. */
  readonly fault: string | undefined;
  /** True when a part of the text is unknown; host or port may still be known. */
  readonly partlyUnknown: boolean;
}

export interface PolicyBank {
  readonly name: string;
  /** Where the bank's hash is assigned (first place), for hover and definition. */
  readonly origin: Location | undefined;
  /** Keys without sigil and the place of their value. */
  readonly entries: ReadonlyMap<string, BankEntry>;
}

export interface BankEntry {
  readonly key: string;
  /** Printed for people, as in a configuration: 'smtp:[127.0.0.1]:20025'. "unknown: reason" never appears here. */
  readonly display: string | Unknown;
  readonly keyRange: Location;
  readonly origin: Location;
}

/** One use of a variable in the text, for hover, unknown-variable and later definition and references. */
export interface VariableUse {
  /** With sigil of the variable that is meant: "$x{a}" uses "%x". */
  readonly name: string;
  readonly location: Location;
  readonly access: "read" | "write";
}

/** A problem that Perl or amavisd would have, or text without effect. */
export interface AmavisProblem extends Location {
  /** The code of the rule that reports it: perl-syntax, unknown-variable, bank-undefined ... */
  readonly kind: string;
  readonly message: string;
  /** True when amavisd would not start because of it (syntax error; unknown name under `use strict`). */
  readonly fatal: boolean;
  /** How bad it is where `fatal` does not say it all; without it an error when fatal, else a warning. */
  readonly severity?: "error" | "warning" | "information" | "hint" | undefined;
  /** True when it rests on something that is nowhere in the files, so that a file that is not here may mend it. */
  readonly absence?: boolean | undefined;
  /** Other places that belong to it. */
  readonly related?: readonly (Location & { readonly message: string })[] | undefined;
  /** Text that would mend it, when that is known. */
  readonly fix?: AmavisFix | undefined;
}

export interface AmavisFix {
  readonly title: string;
  readonly range: Range;
  readonly newText: string;
  /** In another file than the problem. */
  readonly file?: string | undefined;
  /** False when it may not be what is meant, so that somebody has to choose it. */
  readonly certain?: boolean | undefined;
}

export interface AmavisConfiguration {
  readonly listeners: readonly AmavisListener[];
  /**
   * True when something unknown (an included file, an unknown port, a lost statement) could add
   * listeners, so that "nothing listens there" must not be said with certainty.
   */
  readonly listenersOpen: Unknown | undefined;
  /**
   * The banks that the client's address may load on top of those of the interface: @client_ipaddr_policy, and
   * MYUSERS beside MYNETS. Which of them apply depends on the mail.
   */
  readonly clientBanks: readonly string[];
  /** Why any setting may come from a place that is not known (an include, a lost statement). */
  readonly open: Unknown | undefined;
  readonly banks: ReadonlyMap<string, PolicyBank>;
  readonly problems: readonly AmavisProblem[];
  readonly uses: readonly VariableUse[];
  /** Whether @local_domains_maps says anything about a domain, yes or no; undefined when that is not known. */
  namesAsLocal(domain: string): boolean | undefined;
  /** Value of any configuration variable by name with sigil, printed for people; origin undefined = default. */
  value(
    name: string,
  ): { readonly display: string | Unknown; readonly origins: readonly Location[] } | undefined;
  /** Places that an edit needs: the last assignment to $inet_socket_port, $forward_method, ... (by name with sigil). */
  assignments(name: string): readonly AmavisAssignment[];
}

/** One assignment statement to a configuration variable, or one bank key. */
export interface AmavisAssignment extends Location {
  /** The whole statement. */
  readonly range: Range;
  /** The right side without the semicolon. */
  readonly valueRange: Range;
}
