/** What the server offers. Loaded at the start, so it imports nothing but types. */
import type { ServerCapabilities } from "vscode-languageserver";
import type { WatchedGlob } from "./client.js";

const ANY_FILE = { filters: [{ scheme: "file", pattern: { glob: "**" } }] };

/** Characters behind which something of a fixed kind follows; whether a list is in the way there is decided by place. */
const TRIGGERS = "$@%{([=:, -!'\"/";

export const serverCapabilities: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: 2, save: { includeText: false } },
  hoverProvider: true,
  signatureHelpProvider: { triggerCharacters: [" ", "=", ",", "{", ":"] },
  completionProvider: {
    triggerCharacters: [...TRIGGERS],
    resolveProvider: true,
    completionItem: { labelDetailsSupport: true },
  },
  codeActionProvider: { codeActionKinds: ["quickfix", "source.fixAll.mailflow"] },
  workspace: {
    workspaceFolders: { supported: true, changeNotifications: true },
    fileOperations: { didCreate: ANY_FILE, didRename: ANY_FILE, didDelete: ANY_FILE },
  },
};

/** Files whose coming, going or changing can matter, for clients that watch on request. */
export const WATCHED_GLOBS: readonly WatchedGlob[] = [
  "**/*{main,master}.cf*",
  "**/*amavis*.conf*",
  "**/*amavis*/**",
  "**/*postfix*/**",
  "**/[0-9]*-*",
  "**/mailflow.json",
  // A folder that is copied in, or removed, can be one event for the folder and none for its files:
  // created (1) and deleted (4).
  { pattern: "**/*", kind: 5 },
];
