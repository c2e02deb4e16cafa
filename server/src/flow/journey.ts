/** One message on its way: who it is for by now, how often a filter had it, and the hops that are told. */
import type { Location } from "../semantics/located.js";
import type { Delivery, Hop, Outcome, Trace } from "./message.js";

export class Journey {
  readonly #hops: Hop[] = [];
  readonly #assumptions = new Set<string>();
  /** Recipients with the number of copies that each gets. */
  recipients: ReadonlyMap<string, number>;
  passes = 0;
  /** A filter has the message and waits for what becomes of it: only what it hands on has passed it. */
  inFilter = false;
  /** smtpd sessions that are open because each waits for the answer of a filter before the queue. */
  openProxies = 0;
  /** Received: lines that the message has got. */
  received = 0;
  /** Hops are told for the first round only. */
  telling = true;

  constructor(recipient: string) {
    this.recipients = new Map([[recipient, 1]]);
  }

  tell(at: string, does: string, because: readonly Location[]): void {
    if (this.telling) this.#hops.push({ at, does, because });
  }

  /** Notes what the files do not tell and the answer rests on. */
  assume(...what: readonly string[]): void {
    for (const one of what) this.#assumptions.add(one);
  }

  end(outcome: Outcome, at: string, does: string, because: readonly Location[]): Trace {
    this.#hops.push({ at, does, because });
    return this.result(outcome, []);
  }

  result(outcome: Outcome, deliveries: readonly Delivery[]): Trace {
    return {
      outcome,
      filterPasses: this.passes,
      hops: this.#hops,
      deliveries,
      assumptions: [...this.#assumptions],
    };
  }
}
