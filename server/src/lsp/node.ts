/**
 * The language server's connection, over stdio or Node's own channel (`--stdio`, `--node-ipc`). The only
 * place that knows it. Everything else is a bundle of its own, loaded while the client prepares its first
 * question, and set to work when the handshake is done.
 */

import type { Disposable, FileSystemWatcher, InitializeParams } from "vscode-languageserver/node";
import { createConnection, DidChangeWatchedFilesNotification } from "vscode-languageserver/node";
import { serverCapabilities } from "./capabilities.js";
import type { Client, WatchedGlob } from "./client.js";
import type { Session } from "./session.js";

const connection = createConnection();
const watchers = new Map<string, Promise<Disposable>>();

const client: Client = {
  publish: (params) => void connection.sendDiagnostics(params),
  log: (message) => connection.console.error(message),
  configuration: () => connection.workspace.getConfiguration("mailflow"),
  watch: (id, globs) => {
    void watchers.get(id)?.then((old) => old.dispose());
    const options = { watchers: globs.map(fileSystemWatcher) };
    const registered = connection.client.register(DidChangeWatchedFilesNotification.type, options);
    registered.catch((error: unknown) => connection.console.error(`watching files failed: ${String(error)}`));
    watchers.set(id, registered);
  },
};

function fileSystemWatcher(glob: WatchedGlob): FileSystemWatcher {
  if (typeof glob === "string" || "baseUri" in glob) return { globPattern: glob };
  return { globPattern: glob.pattern, kind: glob.kind };
}

let initializeParams: InitializeParams | undefined;
let made: Promise<Session> | undefined;
const loading = import("./session.js");

/** The session is made once; everything waits for it in the order of arrival. */
function session(): Promise<Session> {
  made ??= loading.then(({ Session }) => {
    const first = new Session(
      client,
      initializeParams ?? { processId: null, rootUri: null, capabilities: {} },
    );
    first.start();
    return first;
  });
  return made;
}

/** Runs one notification; a failure is logged and ends nothing. */
function inSession(what: string, action: (session: Session) => void | Promise<void>): void {
  session()
    .then(action)
    .catch((error: unknown) => report(what, error));
}

/** Answers one request; a failure is logged and answered with `nothing`. */
function answer<T>(what: string, nothing: T, action: (session: Session) => T): Promise<T> {
  return session()
    .then(action)
    .catch((error: unknown) => {
      report(what, error);
      return nothing;
    });
}

function report(what: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  connection.console.error(`${what} failed: ${text}`);
}

connection.onInitialize((params) => {
  initializeParams = params;
  return { capabilities: serverCapabilities, serverInfo: { name: "mailflow" } };
});
connection.onInitialized(() => {
  // The library takes this handler only from clients that have workspace folders, after the handshake.
  if (initializeParams?.capabilities.workspace?.workspaceFolders === true) {
    connection.workspace.onDidChangeWorkspaceFolders((event) =>
      inSession("folders", (to) => to.foldersChanged(event)),
    );
  }
  inSession("start", () => {});
});
connection.onDidOpenTextDocument((params) => inSession("open", (to) => to.didOpen(params)));
connection.onDidChangeTextDocument((params) => inSession("change", (to) => to.didChange(params)));
connection.onDidCloseTextDocument((params) =>
  inSession("close", (to) => to.didClose(params.textDocument.uri)),
);
connection.onDidSaveTextDocument(() => inSession("save", (to) => to.didSave()));
connection.onDidChangeWatchedFiles(({ changes }) =>
  inSession("watched files", (to) => to.filesChanged(changes.map((change) => change.uri))),
);
connection.onDidChangeConfiguration(({ settings }) =>
  inSession("configuration", (to) => to.configurationChanged(settings)),
);
connection.workspace.onDidCreateFiles(({ files }) =>
  inSession("created files", (to) => to.filesChanged(files.map((file) => file.uri))),
);
connection.workspace.onDidDeleteFiles(({ files }) =>
  inSession("deleted files", (to) => to.filesChanged(files.map((file) => file.uri))),
);
connection.workspace.onDidRenameFiles(({ files }) =>
  inSession("renamed files", (made) =>
    made.filesChanged(files.flatMap((file) => [file.oldUri, file.newUri])),
  ),
);
connection.onHover((params) => answer("hover", null, (to) => to.hover(params)));
connection.onSignatureHelp((params) => answer("signature help", null, (to) => to.signatureHelp(params)));
connection.onCompletion((params) => answer("completion", null, (to) => to.completion(params)));
connection.onCompletionResolve((item) => answer("completion item", item, (to) => to.resolveCompletion(item)));
connection.onCodeAction((params) => answer("code action", [], (to) => to.codeActions(params)));
connection.onRequest("mailflow/listeners", (params: { uri?: string } | undefined) =>
  answer("listeners", { systems: [] }, (to) => to.listeners(params?.uri)),
);
connection.listen();
