/** A message that is followed through a mail system, and what became of it. */
import type { Location } from "../semantics/located.js";

export interface Message {
  /** Port that the client connects to; "sendmail" for mail of a local program. */
  readonly port: number | "sendmail";
  /** Address that the client connects to; undefined = any that the host has. */
  readonly address: string | undefined;
  /** Address of the client; undefined = somebody from outside. */
  readonly client: string | undefined;
  readonly sender: string;
  readonly recipient: string;
}

export type Outcome =
  | "delivered"
  | "deferred"
  | "bounced"
  | "rejected"
  | "discarded"
  | "looped"
  | "stuck"
  | "unknown";

export interface Hop {
  /** The service, filter or step: "smtpd 0.0.0.0:25". */
  readonly at: string;
  /** What happens there, one sentence without a full stop. */
  readonly does: string;
  /** The lines that cause it. */
  readonly because: readonly Location[];
}

export interface Delivery {
  readonly recipient: string;
  readonly transport: string;
  readonly nexthop: string;
  readonly copies: number;
}

export interface Trace {
  readonly outcome: Outcome;
  /** How often a filter took the message. */
  readonly filterPasses: number;
  readonly hops: readonly Hop[];
  readonly deliveries: readonly Delivery[];
  /** What the files do not tell and the answer rests on. */
  readonly assumptions: readonly string[];
}
