/** A read-only document with every socket that the mail systems of the workspace would open. */
import {
  type Disposable,
  EventEmitter,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { ListenersResult } from "../../server/src/lsp/listeners.js";
import { listenersText } from "./listenersText.js";

const SCHEME = "mailflow-listeners";
const DOCUMENT = Uri.from({ scheme: SCHEME, path: "/Mail listeners" });

export class ListenersView implements TextDocumentContentProvider, Disposable {
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #registration = workspace.registerTextDocumentContentProvider(SCHEME, this);
  /** The document that was active when the view was asked for decides whose listeners are shown. */
  #about: string | undefined;

  constructor(private readonly client: LanguageClient) {}

  async show(): Promise<void> {
    const active = window.activeTextEditor?.document.uri;
    if (active !== undefined && active.scheme !== SCHEME) this.#about = active.toString();
    this.#changed.fire(DOCUMENT);
    const document = await workspace.openTextDocument(DOCUMENT);
    await window.showTextDocument(document, { preview: true });
  }

  async provideTextDocumentContent(): Promise<string> {
    if (!this.client.isRunning()) return "The Mailflow language server does not run.\n";
    const params = this.#about === undefined ? {} : { uri: this.#about };
    const result = await this.client.sendRequest<ListenersResult>("mailflow/listeners", params);
    return listenersText(result, (path) => workspace.asRelativePath(path));
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
