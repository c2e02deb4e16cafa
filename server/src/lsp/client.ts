/** What the server asks of the editor's side, as far as the session needs it. */
import type { Diagnostic, InitializeParams } from "vscode-languageserver";

export interface Client {
  publish(params: { uri: string; version?: number; diagnostics: Diagnostic[] }): void;
  /** For the log of the editor, not for the user's eyes. */
  log(message: string): void;
  /** The settings of the section `mailflow`; only asked where the client can answer. */
  configuration(): Promise<unknown>;
  /** Watches files; replaces an earlier registration of the same id. */
  watch(id: string, globs: readonly WatchedGlob[]): void;
}

/**
 * A glob below the workspace folders, for all events or for the kinds (the protocol's WatchKind: created 1,
 * changed 2, deleted 4); or, with `baseUri`, a pattern relative to a folder anywhere.
 */
export type WatchedGlob =
  | string
  | { readonly pattern: string; readonly kind: 1 | 2 | 3 | 4 | 5 | 6 | 7 }
  | { readonly baseUri: string; readonly pattern: string };

/** What the client said that it can do. */
export interface ClientAbilities {
  readonly versionedEdits: boolean;
  /** Edits may give a file another name. */
  readonly renames: boolean;
  readonly configuration: boolean;
  readonly watching: boolean;
  readonly relativePatterns: boolean;
  readonly completion: CompletionAbilities;
}

export interface CompletionAbilities {
  /** Places to fill in. */
  readonly snippets: boolean;
  /** One range for a whole list. */
  readonly listRange: boolean;
  /** A few words beside the label that do not make it longer. */
  readonly labelDetails: boolean;
  readonly tags: boolean;
}

export function clientAbilities({ capabilities }: InitializeParams): ClientAbilities {
  const { workspace, textDocument } = capabilities;
  const item = textDocument?.completion?.completionItem;
  return {
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    renames:
      workspace?.workspaceEdit?.documentChanges === true &&
      workspace.workspaceEdit.resourceOperations?.includes("rename") === true,
    configuration: workspace?.configuration === true,
    watching: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    relativePatterns: workspace?.didChangeWatchedFiles?.relativePatternSupport === true,
    completion: {
      snippets: item?.snippetSupport === true,
      listRange: textDocument?.completion?.completionList?.itemDefaults?.includes("editRange") === true,
      labelDetails: item?.labelDetailsSupport === true,
      tags: item?.tagSupport?.valueSet.includes(1) === true,
    },
  };
}
