/**
 * Uses the packaged extension as a person does: opens a file of a broken mail system, sees the squiggle
 * and the problem, takes the fix from the light bulb by keyboard, saves, reads hovers, types with completion.
 * Takes pictures.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sleep, startEditor } from "./host.mjs";
import { copyExample } from "./suiteRun.mjs";

/** Longest wait for anything to appear, in milliseconds; the first sight of the workbench is the slowest. */
const patience = 30_000;

/** Longest time for the whole walk, in milliseconds. */
const walkLimit = 150_000;

const settings = {
  "editor.fontSize": 15,
  "editor.minimap.enabled": false,
  "editor.hover.delay": 100,
  "breadcrumbs.enabled": false,
  "window.commandCenter": false,
  "workbench.layoutControl.enabled": false,
  "workbench.editor.enablePreview": false,
  "problems.defaultViewMode": "tree",
};

/**
 * Walks through the workbench; once more after a time-out, and only then.
 *
 * @param {object} options
 * @param {string} options.editor a key of `editors` in host.mjs
 * @param {string} options.vsix the packaged extension
 * @param {string} options.pictures folder for the PNG files
 * @returns {Promise<{tests: {title: string, state: string, error?: string}[]}>} one entry for each step
 */
export async function walkThroughWorkbench(options) {
  const first = await walkOnce(options);
  const last = first.tests.at(-1);
  if (last?.state === "passed" || !/Timeout|timed out/i.test(last?.error ?? "")) return first;
  console.log(`${options.editor}: ${last.error.split("\n")[0]}; trying once more`);
  return walkOnce(options);
}

async function walkOnce({ editor, vsix, pictures }) {
  const workspace = copyExample();
  const tests = [];
  // No picture of an earlier run may pass for one of this run.
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const host = await startEditor({ editor, vsix: [vsix], settings });
  host.page.setDefaultTimeout(patience);
  const walk = new Walk(host, workspace, (name) =>
    host.page.screenshot({ path: join(pictures, `${name}.png`) }),
  );
  try {
    const deadline = Date.now() + walkLimit;
    for (const title of steps) {
      const error = await attempt(() => walk[title](), deadline - Date.now());
      tests.push({ title: words(title), state: error ? "failed" : "passed", ...(error ? { error } : {}) });
      if (!error) continue;
      await walk.shoot("failed").catch(() => {});
      break;
    }
  } finally {
    await host.stop();
    workspace.remove();
  }
  // Steps that were never reached did not pass.
  for (const title of steps.slice(tests.length))
    tests.push({ title: words(title), state: "failed", error: "not reached" });
  return { tests };
}

const steps = [
  "opensTheBrokenFile",
  "showsTheSquiggle",
  "listsTheProblem",
  "showsAHoverOnTheFinding",
  "offersTheFixByKeyboard",
  "takesTheFixAndTheFindingGoes",
  "savesTheRightFile",
  "explainsAPortOnHover",
  "explainsAParameterOnHover",
  "explainsARestrictionOnHover",
  "completesAParameter",
  "completesARestriction",
  "completesAPort",
];

/** The steps, in order; each throws when the workbench does not show what it should. */
class Walk {
  #page;
  #host;
  #workspace;

  constructor(host, workspace, shoot) {
    this.#host = host;
    this.#page = host.page;
    this.#workspace = workspace;
    this.shoot = shoot;
  }

  async opensTheBrokenFile() {
    const file = this.#host.remote(join(this.#workspace.folder, "amavisd.conf"));
    await this.#page.goto(this.#host.url(this.#workspace.folder, [["openFile", file]]));
    await this.#line("20025").waitFor();
    await this.#page.locator("#status\\.editor\\.mode", { hasText: /amavis/i }).waitFor();
  }

  async showsTheSquiggle() {
    await this.#page.locator(".monaco-editor .squiggly-error").first().waitFor();
  }

  async listsTheProblem() {
    await this.#page.keyboard.press("Control+Shift+M");
    const row = this.#page.locator(".markers-panel .monaco-list-row", { hasText: "reinjection-missing" });
    await row.first().waitFor();
    assert.match(await row.first().innerText(), /20025/);
    await this.#tidy();
    await this.shoot("1-problem");
  }

  async showsAHoverOnTheFinding() {
    await this.#word("20025").hover();
    await this.#hover("20025").waitFor();
    await this.shoot("2-hover");
    await this.#page.mouse.move(5, 5);
  }

  async offersTheFixByKeyboard() {
    await this.#word("20025").click();
    const bulb =
      ".lightBulbWidget, .codicon-gutter-lightbulb, .codicon-gutter-lightbulb-auto-fix, .codicon-light-bulb";
    await this.#page.locator(bulb).locator("visible=true").first().waitFor();
    await this.#openQuickFixes();
    await this.shoot("3-quick-fix");
  }

  async takesTheFixAndTheFindingGoes() {
    await this.#page.keyboard.press("Enter");
    await this.#page.getByText("No problems have been detected in the workspace").waitFor();
    assert.equal(await this.#page.locator(".monaco-editor .squiggly-error").count(), 0);
  }

  async savesTheRightFile() {
    const before = this.#read("master.cf");
    await this.#page.locator(".tab", { hasText: "master.cf" }).click();
    await this.#line("20025").waitFor();
    await this.#page.keyboard.press("Control+S");
    const deadline = Date.now() + patience;
    while (this.#read("master.cf") === before && Date.now() < deadline) await sleep(50);
    const after = this.#read("master.cf");
    assert.match(
      after,
      /^127\.0\.0\.1:20025\s+inet\s+n\s+-\s+\S\s+-\s+\S+\s+smtpd\n(\s+-o .*\n)*\s+-o content_filter=\n/m,
    );
    assert.match(this.#read("amavisd.conf"), /20025/);
    await this.#page.locator(".tab.dirty").waitFor({ state: "detached" });
    await this.shoot("4-fixed");
  }

  async explainsAPortOnHover() {
    await this.#page.locator(".tab", { hasText: "amavisd.conf" }).click();
    await this.#word("20025").hover();
    await this.#hover(/20025/).waitFor();
    await this.shoot("5-port");
  }

  async explainsAParameterOnHover() {
    await this.#page.keyboard.press("Control+P");
    await this.#page.locator(".quick-input-widget input").first().fill("main.cf");
    await this.#page.locator(".quick-input-list .monaco-list-row", { hasText: "main.cf" }).first().waitFor();
    await this.#page.keyboard.press("Enter");
    await this.#line("content_filter").waitFor();
    await this.#word("content_filter").hover();
    await this.#hover("smtp-amavis:[127.0.0.1]:10024").waitFor();
    await this.shoot("6-parameter");
    await this.#page.mouse.move(5, 5);
  }

  async explainsARestrictionOnHover() {
    await this.#word("reject_unauth_destination").hover();
    await this.#hover("smtpd_relay_restrictions").waitFor();
    await this.shoot("7-restriction");
    await this.#page.mouse.move(5, 5);
  }

  async completesAParameter() {
    await this.#typeAtEnd("smtpd_recip");
    await this.#suggestion("smtpd_recipient_restrictions").waitFor();
    await this.shoot("8-complete-parameter");
    await this.#page.keyboard.press("Escape");
    await this.#page.keyboard.type("ient_restrictions = ");
  }

  async completesARestriction() {
    await this.#page.keyboard.type("permit_my");
    await this.#suggestion("permit_mynetworks").waitFor();
    await this.shoot("9-complete-restriction");
    await this.#page.keyboard.press("Enter");
    await this.#line("smtpd_recipient_restrictions = permit_mynetworks").waitFor();
  }

  async completesAPort() {
    await this.#typeAtEnd("content_filter = smtp-amavis:");
    await this.#page.keyboard.press("Control+Space");
    await this.#suggestion("[127.0.0.1]:10024").waitFor();
    await this.shoot("10-complete-port");
    await this.#page.keyboard.press("Escape");
  }

  /** A new line behind the last one; typed letter by letter, as hands do. */
  async #typeAtEnd(text) {
    await this.#page.keyboard.press("Escape");
    await this.#line("content_filter").click();
    await this.#page.keyboard.press("Control+End");
    await this.#page.keyboard.press("Enter");
    await this.#page.keyboard.press("Home");
    await this.#page.keyboard.type(text, { delay: 30 });
  }

  #suggestion(text) {
    return this.#page.locator(".suggest-widget.visible .monaco-list-row", { hasText: text }).first();
  }

  #read(name) {
    return readFileSync(join(this.#workspace.folder, name), "utf8");
  }

  /**
   * Opens the menu as hands on a keyboard do: the bulb moves while the layout settles. A key pressed
   * before the editor is ready for it is lost, as for a person, who presses it again.
   */
  async #openQuickFixes() {
    const row = this.#page.locator(".action-widget .monaco-list-row", { hasText: "20025" }).first();
    for (const last of [false, false, true]) {
      await this.#page.keyboard.press("Control+.");
      const shown = row.waitFor({ timeout: last ? patience : 5000 });
      if (last) return shown;
      if (
        await shown.then(
          () => true,
          () => false,
        )
      )
        return;
      await this.#page.keyboard.press("Escape");
    }
  }

  /** Runs a command through the command palette. */
  async #command(title) {
    await this.#page.keyboard.press("F1");
    const input = this.#page.locator(".quick-input-widget input").first();
    await input.fill(`>${title}`);
    await this.#page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
    await this.#page.keyboard.press("Enter");
  }

  /** Puts away what distracts in a picture: messages, and the keyboard's focus frame. */
  async #tidy() {
    await this.#command("Notifications: Clear All Notifications");
    await this.#line("20025").click({ position: { x: 1, y: 5 } });
  }

  #line(text) {
    return this.#page.locator(".monaco-editor .view-line", { hasText: text }).first();
  }

  #word(text) {
    return this.#line(text).locator("span span", { hasText: text }).first();
  }

  #hover(text) {
    return this.#page.locator(".monaco-hover:not(.hidden) .hover-contents", { hasText: text }).first();
  }
}

async function attempt(step, limit) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("timed out: the walk took too long")), Math.max(0, limit));
  });
  try {
    await Promise.race([step(), late]);
    return undefined;
  } catch (error) {
    return String(error instanceof Error ? error.stack : error).slice(0, 2000);
  } finally {
    clearTimeout(timer);
  }
}

/** "showsTheSquiggle" -> "shows the squiggle" */
function words(name) {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
