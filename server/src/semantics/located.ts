import type { Range } from "../syntax/text.js";

/** A place in one configuration file. `file` is the identity the workspace gave the file: an absolute path. */
export interface Location {
  readonly file: string;
  readonly range: Range;
}
