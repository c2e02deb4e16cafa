/** Which documents the extension is about. */
import { languages, type TextDocument } from "vscode";
import type { DocumentSelector } from "vscode-languageclient/node";

const LANGUAGES = ["postfix-main", "postfix-master", "amavisd"];

/** By language; and mailflow.json, so that mistakes in it are seen while it is open. */
export const documentSelector: DocumentSelector = [
  ...LANGUAGES.flatMap((language) => [
    { scheme: "file", language },
    { scheme: "untitled", language },
  ]),
  { scheme: "file", pattern: "**/mailflow.json" },
];

export function isMailDocument(document: TextDocument | undefined): boolean {
  return (
    document !== undefined &&
    languages.match(
      LANGUAGES.map((language) => ({ language })),
      document,
    ) > 0
  );
}
