/** Counts tests over several runs and prints them; what did not end properly counts as failed. */
export class Tally {
  #passed = 0;
  #failed = 0;

  /**
   * Runs one group and prints its tests. A group that throws, that has a problem of its own or in which
   * no test ran adds a failure; a test that was skipped is one.
   *
   * @param {string} group
   * @param {() => Promise<{tests: {title: string, state: string, error?: string}[], problem?: string}>} run
   */
  async add(group, run) {
    const started = Date.now();
    const { tests, problem } = await settle(run);
    console.log(`\n${group} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    for (const { title, state, error } of tests) {
      console.log(
        `  ${state === "passed" ? "ok  " : "FAIL"} ${title}${state === "pending" ? " (skipped)" : ""}`,
      );
      if (error) console.log(error.replace(/^/gm, "       "));
    }
    const complaint = problem ?? (tests.length === 0 ? "no test ran" : undefined);
    if (complaint) console.log(`  FAIL ${complaint}`);
    const passed = tests.filter(({ state }) => state === "passed").length;
    this.#passed += passed;
    this.#failed += tests.length - passed + (complaint ? 1 : 0);
  }

  /** Prints the closing line and sets the exit status of the process. */
  close() {
    console.log(`\n${this.#passed} passed, ${this.#failed} failed`);
    if (this.#failed > 0 || this.#passed === 0) process.exitCode = 1;
  }
}

async function settle(run) {
  try {
    return await run();
  } catch (error) {
    return { tests: [], problem: String(error instanceof Error ? (error.stack ?? error.message) : error) };
  }
}
