import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import {
  type ClientCapabilities,
  type CodeAction,
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type RegistrationParams,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";

const SERVER = resolve(import.meta.dirname, "../../dist/server.js");

export interface StartOptions {
  readonly folders?: readonly string[];
  readonly capabilities?: ClientCapabilities;
  /** Answer to workspace/configuration. */
  readonly settings?: unknown;
  readonly initializationOptions?: unknown;
  /** The command instead of the server's own bundle. */
  readonly command?: readonly string[];
}

/** What a current editor can do. */
export const FULL: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    workspaceEdit: { documentChanges: true },
    didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
  },
  textDocument: {
    publishDiagnostics: { versionSupport: true, relatedInformation: true, codeDescriptionSupport: true },
    hover: { contentFormat: ["markdown", "plaintext"] },
  },
};

/** An editor reduced to its protocol: keeps documents, collects what the server publishes. */
export class Client {
  readonly published: PublishDiagnosticsParams[] = [];
  readonly registrations: RegistrationParams["registrations"] = [];
  readonly documents = new Map<string, TextDocument>();
  settings: unknown;
  result: InitializeResult | undefined;
  stderr = "";
  readonly #waiting = new Set<() => void>();

  private constructor(
    readonly process: ChildProcess,
    readonly connection: ProtocolConnection,
  ) {}

  static async start(options: StartOptions = {}): Promise<Client> {
    const [program = process.execPath, ...args] = options.command ?? [process.execPath, SERVER, "--stdio"];
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const client = new Client(child, connection);
    child.stderr.on("data", (data) => {
      client.stderr += data;
    });
    onTestFinished(() => client.kill());
    client.settings = options.settings;
    client.#listen();
    const folders = options.folders?.map((folder) => ({ uri: uriOf(folder), name: folder })) ?? null;
    client.result = await connection.sendRequest<InitializeResult>("initialize", {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: folders,
      capabilities: options.capabilities ?? FULL,
      initializationOptions: options.initializationOptions,
    });
    await connection.sendNotification("initialized", {});
    return client;
  }

  #listen(): void {
    const { connection } = this;
    connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      this.published.push(params);
      for (const wake of this.#waiting) wake();
    });
    connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      this.stderr += `${message}\n`;
    });
    connection.onRequest("client/registerCapability", ({ registrations }: RegistrationParams) => {
      this.registrations.push(...registrations);
      return null;
    });
    connection.onRequest("client/unregisterCapability", () => null);
    connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings ?? null),
    );
    connection.listen();
  }

  open(path: string, text: string, languageId = "postfix-main"): TextDocument {
    const uri = path.includes(":") ? path : uriOf(path);
    const document = TextDocument.create(uri, languageId, 1, text);
    this.documents.set(uri, document);
    void this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId, version: 1, text },
    });
    return document;
  }

  /** Replaces the first occurrence of `before`, as an incremental change. */
  edit(uri: string, before: string, after: string): number {
    const old = this.documents.get(uri);
    const at = old?.getText().indexOf(before) ?? -1;
    if (old === undefined || at < 0) throw new Error(`no ${JSON.stringify(before)} in ${uri}`);
    const range = { start: old.positionAt(at), end: old.positionAt(at + before.length) };
    const version = old.version + 1;
    const contentChanges = [{ range, text: after }];
    this.documents.set(uri, TextDocument.update(old, contentChanges, version));
    void this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges,
    });
    return version;
  }

  close(uri: string): void {
    this.documents.delete(uri);
    void this.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }

  /** Tells of changes on the disk, as a file watcher would. */
  changedOnDisk(...paths: string[]): void {
    void this.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: paths.map((path) => ({ uri: uriOf(path), type: 2 })),
    });
  }

  notify(method: string, params: unknown): void {
    void this.connection.sendNotification(method, params);
  }

  /** Waits until `test` gives something; the server's log is in the failure. */
  async until<T>(what: string, test: () => T | undefined): Promise<T> {
    const deadline = performance.now() + 8000;
    for (;;) {
      const value = test();
      if (value !== undefined) return value;
      if (performance.now() > deadline) {
        const last = JSON.stringify(this.published.slice(-4), null, 1);
        throw new Error(`waited for ${what}; last published ${last}; log ${this.stderr}`);
      }
      await new Promise<void>((wake) => {
        const timer = setTimeout(done, 50);
        const waiting = this.#waiting;
        waiting.add(done);
        function done() {
          clearTimeout(timer);
          waiting.delete(done);
          wake();
        }
      });
    }
  }

  /** The newest diagnostics of a document, once `accept` likes them. */
  diagnostics(uri: string, accept: (params: PublishDiagnosticsParams) => boolean): Promise<Diagnostic[]> {
    return this.until(`diagnostics of ${uri}`, () => {
      const latest = this.published.findLast((params) => params.uri === uri);
      return latest !== undefined && accept(latest) ? latest.diagnostics : undefined;
    });
  }

  /** Waits for the answer to one version of a document. */
  version(uri: string, version: number): Promise<Diagnostic[]> {
    return this.diagnostics(uri, (params) => params.version === version);
  }

  /** Waits until the newest diagnostics of a document have exactly these codes. */
  codes(uri: string, ...codes: string[]): Promise<Diagnostic[]> {
    const wanted = codes.sort().join();
    return this.diagnostics(
      uri,
      ({ diagnostics }) =>
        diagnostics
          .map((one) => one.code)
          .sort()
          .join() === wanted,
    );
  }

  actions(uri: string, diagnostic: Diagnostic, only?: string[]): Promise<CodeAction[]> {
    return this.connection.sendRequest<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri },
      range: diagnostic.range,
      context: { diagnostics: [diagnostic], ...(only ? { only } : {}) },
    });
  }

  async shutdown(): Promise<number | null> {
    const gone = new Promise<number | null>((done) => this.process.on("exit", done));
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    return gone;
  }

  kill(): void {
    this.connection.dispose();
    this.process.kill("SIGKILL");
  }
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}

/** Text after the edits of a code action, as an editor would make them. */
export function applied(uri: string, text: string, edits: TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create(uri, "", 0, text), edits);
}

/** A folder with files, gone after the test; without links in its path, so that URIs compare. */
export function workspaceWith(files: Record<string, string | Uint8Array>): {
  folder: string;
  path: (name: string) => string;
  uri: (name: string) => string;
  write: (name: string, text: string | Uint8Array) => void;
} {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "mailflow-lsp-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { folder, path: (name) => join(folder, name), uri: (name) => uriOf(join(folder, name)), write };
}
