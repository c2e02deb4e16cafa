/** The analysis as the editor and the command line run it: with what the source itself says. */
import { type Analysis, analyse } from "../analysis.js";
import type { SystemSource } from "../system/source.js";

/** `analyse` for the Postfix version that the source names. */
export function analyseSource(source: SystemSource, previous?: Analysis): Analysis {
  return analyse(source, previous, { postfixVersion: source.postfixVersion });
}
