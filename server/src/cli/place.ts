import type { Location } from "../semantics/located.js";
import type { SystemSource } from "../system/source.js";
import { lineIndexOf, sourceFiles } from "../workspace/sourceFiles.js";
import { relativeTo } from "./input.js";

/** A place as the documents of the commands have it: the file relative to a folder, the line from 0. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** @param base absolute folder that files are named relative to */
export function placer(source: SystemSource, base: string): (location: Location) => Place {
  return ({ file, range }) => {
    const known = sourceFiles(source).get(file);
    return { file: relativeTo(base, file), line: known ? lineIndexOf(known).lineAt(range.start) : 0 };
  };
}
