/** The VS Code extension: starts the language server and adds the commands and the status bar item. */
import {
  commands,
  type ExtensionContext,
  type LogOutputChannel,
  ProgressLocation,
  window,
  workspace,
} from "vscode";
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from "vscode-languageclient/node";
import { documentSelector, isMailDocument } from "./documents.js";
import { ListenersView } from "./listenersView.js";
import { StatusItem } from "./statusItem.js";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel("Mailflow", { log: true });
  const status = new StatusItem();
  const started = createClient(context, log);
  client = started;
  const listeners = new ListenersView(started);
  context.subscriptions.push(
    log,
    status,
    listeners,
    started.onDidChangeState(({ newState }) => status.show(newState)),
    commands.registerCommand("mailflow.restart", () => restart(started)),
    commands.registerCommand("mailflow.showListeners", () => listeners.show()),
    window.onDidChangeActiveTextEditor((editor) => status.setVisible(isMailDocument(editor?.document))),
  );
  status.setVisible(isMailDocument(window.activeTextEditor?.document));
  await start(started);
}

export function deactivate(): Promise<void> | undefined {
  return client?.stop();
}

function createClient(context: ExtensionContext, log: LogOutputChannel): LanguageClient {
  const server = { module: context.asAbsolutePath("dist/server.js"), transport: TransportKind.ipc };
  const serverOptions: ServerOptions = { run: server, debug: server };
  const clientOptions: LanguageClientOptions = {
    documentSelector,
    outputChannel: log,
    // Sent along, so that the first diagnostics need no question and no answer.
    initializationOptions: settings(),
    synchronize: { configurationSection: "mailflow" },
  };
  return new LanguageClient("mailflow", "Mailflow", serverOptions, clientOptions);
}

function settings(): Readonly<Record<string, unknown>> {
  const section = workspace.getConfiguration("mailflow");
  return { postfixVersion: section.get("postfixVersion"), rules: section.get("rules") };
}

async function start(started: LanguageClient): Promise<void> {
  try {
    await started.start();
  } catch (error) {
    const choice = await window.showErrorMessage(
      `The Mailflow language server did not start: ${error instanceof Error ? error.message : String(error)}`,
      "Show Log",
    );
    if (choice !== undefined) started.outputChannel.show();
  }
}

async function restart(running: LanguageClient): Promise<void> {
  await window.withProgress({ location: ProgressLocation.Window, title: "Restarting Mailflow" }, async () => {
    if (running.isRunning()) await running.restart();
    else await start(running);
  });
}
