/** The answer to our own request `mailflow/listeners`. */
import type { ListenerRow } from "../system/listenerTable.js";

export interface ListenersResult {
  readonly systems: readonly {
    readonly name: string;
    readonly root: string;
    readonly rows: readonly ListenerRow[];
  }[];
}

export function systemListeners(systems: ListenersResult["systems"]): ListenersResult {
  return { systems };
}
