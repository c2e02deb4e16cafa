/**
 * One conversation with an editor, after the handshake: what is open, which systems there are, what each
 * event makes of them. Loaded when the handshake is done, so that the start costs the connection alone.
 */
import { posix } from "node:path";
import type {
  CodeAction,
  CodeActionParams,
  CompletionItem,
  CompletionList,
  CompletionParams,
  DidChangeTextDocumentParams,
  DidOpenTextDocumentParams,
  Hover,
  HoverParams,
  InitializeParams,
  SignatureHelp,
  SignatureHelpParams,
  TextDocumentPositionParams,
  WorkspaceFoldersChangeEvent,
} from "vscode-languageserver";
import type { Analysis } from "../analysis.js";
import { complete } from "../language/completion/completion.js";
import { hover } from "../language/hover/hover.js";
import { signatureHelp } from "../language/signature/signature.js";
import { listenerTable } from "../system/listenerTable.js";
import type { SystemLayout } from "../workspace/layout.js";
import type { LoadedSystem } from "../workspace/load.js";
import { nodeFileSystem } from "../workspace/nodeFileSystem.js";
import { sourceFiles } from "../workspace/sourceFiles.js";
import { tableFiles } from "../workspace/tableFiles.js";
import { Workspace, type WorkspaceChange } from "../workspace/workspace.js";
import { WATCHED_GLOBS } from "./capabilities.js";
import { type Client, type ClientAbilities, clientAbilities } from "./client.js";
import { codeActions, type EditSide } from "./codeActions.js";
import { completionList, resolveItem } from "./completion.js";
import { noticeDiagnostic, Publisher } from "./diagnostics.js";
import { Documents } from "./documents.js";
import { type ListenersResult, systemListeners } from "./listeners.js";
import { type ProtocolLines, protocolLines, protocolRange } from "./positions.js";
import { readSettings, type Settings } from "./settings.js";
import { protocolSignature } from "./signatures.js";
import { AnalysedSystems } from "./systems.js";
import { pathOfUri } from "./uris.js";

/** A place that an editor asks about, in one of the systems that its file belongs to. */
interface Asked {
  readonly analysis: Analysis;
  readonly layout: SystemLayout;
  readonly path: string;
  readonly lines: ProtocolLines;
  readonly offset: number;
}

export class Session {
  readonly #documents = new Documents();
  readonly #workspace: Workspace;
  readonly #publisher: Publisher;
  readonly #abilities: ClientAbilities;
  readonly #side: EditSide;
  readonly #analysed: AnalysedSystems;
  #roots: readonly string[];
  #settings: Settings;
  #watchedElsewhere = "";
  /** When the disk was last searched, in milliseconds of the process. */
  #searched = 0;
  /** Systems that nobody looks at yet; analysed one by one when nothing else is to do. */
  #waiting: LoadedSystem[] = [];

  constructor(
    private readonly client: Client,
    params: InitializeParams,
  ) {
    this.#abilities = clientAbilities(params);
    this.#settings = readSettings(params.initializationOptions);
    this.#roots = rootsOf(params);
    this.#publisher = new Publisher((diagnostics) => client.publish(diagnostics));
    this.#workspace = new Workspace(nodeFileSystem, { postfixVersion: this.#settings.postfixVersion });
    this.#side = {
      isOpen: (path) => this.#documents.byPath(path) !== undefined,
      uriOf: (path) => this.#documents.uriOf(path),
      versionOf: (path) => this.#documents.byPath(path)?.document.version ?? null,
      versionedEdits: this.#abilities.versionedEdits,
      renames: this.#abilities.renames,
      failed: (error) => client.log(`working out a fix failed: ${describe(error)}`),
    };
    this.#analysed = new AnalysedSystems(this.#side);
  }

  /** Finds the systems of the workspace folders and begins to look at them. */
  start(): void {
    if (this.#abilities.watching) this.client.watch("mailflow-files", WATCHED_GLOBS);
    this.#follow(this.#workspace.setRoots(this.#roots));
    this.#searched = performance.now();
    if (this.#abilities.configuration) void this.configurationChanged();
  }

  didOpen(params: DidOpenTextDocumentParams): void {
    const { path, document, role } = this.#documents.open(params);
    const change = this.#workspace.open(path, document.getText(), role);
    this.#follow(change, path);
    // What was searched a moment ago need not be searched again.
    if (performance.now() - this.#searched > 500) this.#refreshWithoutWatching();
  }

  didChange(params: DidChangeTextDocumentParams): void {
    const open = this.#documents.change(params);
    if (open === undefined) return;
    this.#follow(this.#workspace.change(open.path, open.document.getText()), open.path);
  }

  didClose(uri: string): void {
    const open = this.#documents.close(uri);
    if (open === undefined) return;
    this.#follow(this.#workspace.close(open.path));
    // What is still shown for it was computed for the open text; positions may differ by a byte order mark.
    this.#publishFile(open.path);
  }

  didSave(): void {
    this.#refreshWithoutWatching();
  }

  filesChanged(uris: readonly string[]): void {
    this.#follow(this.#workspace.diskChanged(uris.map(pathOfUri)));
  }

  foldersChanged({ added, removed }: WorkspaceFoldersChangeEvent): void {
    const gone = new Set(removed.map((folder) => pathOfUri(folder.uri)));
    const kept = this.#roots.filter((root) => !gone.has(root));
    this.#roots = [...new Set([...kept, ...added.map((folder) => pathOfUri(folder.uri))])];
    this.#follow(this.#workspace.setRoots(this.#roots));
  }

  /** @param pushed settings that came with the notification, from clients that cannot be asked */
  async configurationChanged(pushed?: unknown): Promise<void> {
    const value = this.#abilities.configuration ? await this.client.configuration() : pushed;
    const next = readSettings(value);
    if (JSON.stringify(next) === JSON.stringify(this.#settings)) return;
    this.#settings = next;
    this.#analysed.clear();
    this.#follow(this.#workspace.setOptions({ postfixVersion: next.postfixVersion }));
  }

  hover(params: HoverParams): Hover | null {
    return this.#answer(params, ({ analysis, path, offset, lines }) => {
      const found = hover(analysis, path, offset, this.#side.uriOf);
      return (
        found && {
          contents: { kind: "markdown", value: found.contents },
          range: protocolRange(lines, found.range),
        }
      );
    });
  }

  signatureHelp(params: SignatureHelpParams): SignatureHelp | null {
    return this.#answer(params, ({ analysis, path, offset }) => {
      const found = signatureHelp(analysis, path, offset);
      return found && protocolSignature(found);
    });
  }

  completion(params: CompletionParams): CompletionList | null {
    const trigger = params.context?.triggerCharacter;
    return this.#answer(params, ({ analysis, layout, path, offset, lines }) => {
      const files = () => tableFiles(nodeFileSystem, layout);
      const found = complete(analysis, path, offset, { trigger, files });
      return found && completionList(found, lines, this.#abilities.completion);
    });
  }

  /** What the first system that has something to say about a place says. */
  #answer<T>(
    { textDocument, position }: TextDocumentPositionParams,
    ask: (asked: Asked) => T | undefined,
  ): T | null {
    const path = pathOfUri(textDocument.uri);
    for (const { source, layout, analysis } of this.#systemsOf(path)) {
      const file = sourceFiles(source).get(path);
      if (file === undefined) continue;
      const lines = protocolLines(file, this.#side.isOpen(path));
      const found = ask({ analysis, layout, path, lines, offset: lines.offsetAt(position) });
      if (found !== undefined) return found;
    }
    return null;
  }

  resolveCompletion(item: CompletionItem): CompletionItem {
    return resolveItem(item);
  }

  codeActions(params: CodeActionParams): CodeAction[] {
    const path = pathOfUri(params.textDocument.uri);
    return codeActions(this.#systemsOf(path), path, params, this.#side);
  }

  /** Our own request: what listens, in the system of one document or in all of them. */
  listeners(uri: string | undefined): ListenersResult {
    const path = uri === undefined ? undefined : pathOfUri(uri);
    const own = path === undefined ? [] : this.#workspace.systemsOf(path);
    const systems = own.length > 0 ? own : this.#workspace.systems;
    return systemListeners(
      systems.map((system) => {
        const { analysis } = this.#analysed.update(system, this.#settings.rules);
        return { name: system.source.name, root: system.source.root, rows: listenerTable(analysis.system) };
      }),
    );
  }

  #systemsOf(path: string) {
    return this.#workspace.systemsOf(path).map((system) => ({
      source: system.source,
      layout: system.layout,
      ...this.#analysed.update(system, this.#settings.rules),
    }));
  }

  /** Makes the editor show what an event did. `edited` always gets an answer, and comes first. */
  #follow({ changed, removed }: WorkspaceChange, edited?: string): void {
    const stale = new Set(removed.flatMap((system) => this.#analysed.remove(system.key)));
    const seen = changed.filter((system) => this.#isLookedAt(system));
    for (const system of seen) this.#analyse(system, stale);
    if (edited !== undefined) this.#publishFile(edited, true);
    for (const path of stale) if (path !== edited) this.#publishFile(path);
    const later = changed.filter((system) => !seen.includes(system));
    if (later.length > 0) this.#lookAtLater(later);
    if (edited === undefined) this.#publishNotices();
    this.#watchOtherFiles();
  }

  /** Analyses a system and adds its files, old and new, to those whose diagnostics may differ. */
  #analyse(system: LoadedSystem, stale: Set<string>): void {
    for (const path of this.#analysed.get(system.key)?.diagnostics.keys() ?? []) stale.add(path);
    for (const path of this.#analysed.update(system, this.#settings.rules).diagnostics.keys())
      stale.add(path);
  }

  #isLookedAt({ source }: LoadedSystem): boolean {
    return this.#documents.paths.some((path) => sourceFiles(source).has(path));
  }

  #lookAtLater(systems: readonly LoadedSystem[]): void {
    const idle = this.#waiting.length === 0;
    this.#waiting.push(...systems);
    if (idle) setImmediate(() => this.#lookAtNext());
  }

  #lookAtNext(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    try {
      const stale = new Set<string>();
      // The system may have changed or gone while it waited.
      const now = this.#workspace.systems.find((system) => system.key === next.key);
      if (now !== undefined) this.#analyse(now, stale);
      for (const path of stale) this.#publishFile(path);
    } catch (error) {
      this.client.log(`checking ${next.source.name} failed: ${describe(error)}`);
    }
    if (this.#waiting.length > 0) setImmediate(() => this.#lookAtNext());
  }

  /** Sends what all systems of a file say about it, each thing once. */
  #publishFile(path: string, always = false): void {
    const systems = this.#workspace.systemsOf(path);
    const lists = systems.map(
      (system) => this.#analysed.update(system, this.#settings.rules).diagnostics.get(path) ?? [],
    );
    const [only = []] = lists;
    const diagnostics =
      lists.length < 2
        ? only
        : [...new Map(lists.flat().map((entry) => [JSON.stringify(entry), entry])).values()];
    const version = this.#documents.byPath(path)?.document.version;
    this.#publisher.publish(this.#side.uriOf(path), diagnostics, version, always);
  }

  #noticed = new Set<string>();

  /** What the search had to say, at the file that it is about; mistakes in mailflow.json above all. */
  #publishNotices(): void {
    const byPath = new Map<string, string[]>();
    for (const { path, message } of this.#workspace.notices) {
      byPath.set(path, [...(byPath.get(path) ?? []), message]);
    }
    for (const path of this.#noticed) if (!byPath.has(path)) byPath.set(path, []);
    this.#noticed = new Set(this.#workspace.notices.map((notice) => notice.path));
    for (const [path, messages] of byPath) {
      if (posix.basename(path) !== "mailflow.json") {
        for (const message of messages) this.client.log(`${path}: ${message}`);
        continue;
      }
      const diagnostics = messages.map((message) =>
        noticeDiagnostic(`mailflow.json: ${message}.`, "mailflow-json"),
      );
      this.#publisher.publish(
        this.#side.uriOf(path),
        diagnostics,
        this.#documents.byPath(path)?.document.version,
        false,
      );
    }
  }

  /** Clients without file watching tell nothing of the disk, so look at every occasion. */
  #refreshWithoutWatching(): void {
    if (this.#abilities.watching) return;
    this.#follow(this.#workspace.refresh());
    this.#searched = performance.now();
  }

  /** Files of systems whose place no general pattern covers: lookup tables, and files outside the folders. */
  #watchOtherFiles(): void {
    if (!this.#abilities.watching || !this.#abilities.relativePatterns) return;
    const paths = this.#workspace.systems.flatMap((system) => [
      ...system.tablePlaces,
      ...system.includePlaces,
      ...[...sourceFiles(system.source).keys()].filter(
        (path) => !this.#roots.some((root) => path.startsWith(`${root}/`)),
      ),
    ]);
    const unique = [...new Set(paths)]
      .filter((path) => posix.isAbsolute(path))
      .slice(0, 500)
      .sort();
    const signature = unique.join("\n");
    if (signature === this.#watchedElsewhere) return;
    this.#watchedElsewhere = signature;
    const globs = unique.map((path) => ({
      baseUri: this.#documents.uriOf(posix.dirname(path)),
      pattern: posix.basename(path),
    }));
    this.client.watch("mailflow-tables", globs);
  }
}

function rootsOf(params: InitializeParams): readonly string[] {
  const folders = params.workspaceFolders?.map((folder) => folder.uri);
  // eglot and older clients send only rootUri.
  const uris = folders ?? (params.rootUri ? [params.rootUri] : []);
  return uris.map(pathOfUri);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
