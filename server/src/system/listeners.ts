import type { Analysis } from "../analysis.js";

/** One socket that the real program would open (DESIGN 4, show listeners). */
export interface ListenerRow {
  readonly program: "postfix" | "amavisd";
  readonly network: "inet" | "unix";
  /** "0.0.0.0" and "::" for wildcards; "" for unix. */
  readonly address: string;
  /** 0 for unix. */
  readonly port: number;
  /** "" for inet. */
  readonly path: string;
  /** Absolute path of the file that says so. */
  readonly file: string;
  /** From 0. */
  readonly line: number;
}

export function listenerTable(_analysis: Analysis): readonly ListenerRow[] {
  return [];
}
