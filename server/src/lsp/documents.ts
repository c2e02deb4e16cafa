/** The documents that the client has open, by URI and by path. */

import type { DidChangeTextDocumentParams, DidOpenTextDocumentParams } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { KnownRole } from "../workspace/workspace.js";
import { pathOfUri, uriOfPath } from "./uris.js";

export interface OpenDocument {
  readonly path: string;
  readonly document: TextDocument;
  /** What the language says the file is, where the name does not. */
  readonly role: KnownRole | undefined;
}

const ROLES: Readonly<Record<string, KnownRole>> = {
  "postfix-main": "main",
  "postfix-master": "master",
  amavisd: "amavis",
};

export class Documents {
  readonly #byUri = new Map<string, OpenDocument>();
  readonly #byPath = new Map<string, OpenDocument>();

  open({ textDocument: { uri, languageId, version, text } }: DidOpenTextDocumentParams): OpenDocument {
    const document = TextDocument.create(uri, languageId, version, text);
    return this.#put(uri, { path: pathOfUri(uri), document, role: ROLES[languageId] });
  }

  /** @returns undefined for a document that was never opened */
  change({ textDocument, contentChanges }: DidChangeTextDocumentParams): OpenDocument | undefined {
    const known = this.#byUri.get(textDocument.uri);
    if (known === undefined) return undefined;
    const document = TextDocument.update(known.document, contentChanges, textDocument.version);
    return this.#put(textDocument.uri, { ...known, document });
  }

  close(uri: string): OpenDocument | undefined {
    const known = this.#byUri.get(uri);
    this.#byUri.delete(uri);
    if (known !== undefined) this.#byPath.delete(known.path);
    return known;
  }

  byPath(path: string): OpenDocument | undefined {
    return this.#byPath.get(path);
  }

  /** As the client spelt it where it did, so that it recognises its own document. */
  uriOf(path: string): string {
    return this.#byPath.get(path)?.document.uri ?? uriOfPath(path);
  }

  get paths(): readonly string[] {
    return [...this.#byPath.keys()];
  }

  #put(uri: string, open: OpenDocument): OpenDocument {
    this.#byUri.set(uri, open);
    this.#byPath.set(open.path, open);
    return open;
  }
}
