/** Between the URIs of the protocol and the paths that identify files everywhere else. */
import { URI } from "vscode-uri";

/** An absolute path with `/`; a document that is no file keeps its URI as its identity. */
export function pathOfUri(uri: string): string {
  const parsed = URI.parse(uri);
  return parsed.scheme === "file" ? parsed.fsPath.replaceAll("\\", "/") : uri;
}

/** The URI of a path, spelt as editors spell it. */
export function uriOfPath(path: string): string {
  return /^[a-z][a-z0-9+.-]+:/.test(path) ? path : URI.file(path).toString();
}
