/** The status bar item: whether the server runs. Shown only beside mail configuration. */
import { type Disposable, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from "vscode";
import { State } from "vscode-languageclient/node";

export class StatusItem implements Disposable {
  readonly #item: StatusBarItem = window.createStatusBarItem("mailflow.status", StatusBarAlignment.Right, 50);

  constructor() {
    this.#item.name = "Mailflow";
    this.show(State.Starting);
  }

  show(state: State): void {
    const stopped = state === State.Stopped || state === State.StartFailed;
    const busy = state === State.Starting;
    this.#item.text = busy ? "$(sync~spin) Mailflow" : stopped ? "$(error) Mailflow" : "$(mail) Mailflow";
    this.#item.tooltip = busy
      ? "The Mailflow language server is starting."
      : stopped
        ? "The Mailflow language server has stopped. Click to start it again."
        : "Show what listens in this mail system.";
    this.#item.command = stopped ? "mailflow.restart" : "mailflow.showListeners";
    this.#item.backgroundColor = stopped ? new ThemeColor("statusBarItem.errorBackground") : undefined;
  }

  setVisible(visible: boolean): void {
    if (visible) this.#item.show();
    else this.#item.hide();
  }

  dispose(): void {
    this.#item.dispose();
  }
}
