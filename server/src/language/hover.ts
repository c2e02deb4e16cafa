import type { Analysis } from "../analysis.js";
import type { Range } from "../syntax/text.js";

export interface Hover {
  readonly contents: string;
  readonly range: Range;
}

export function hover(_analysis: Analysis, _path: string, _offset: number): Hover | undefined {
  return undefined;
}
