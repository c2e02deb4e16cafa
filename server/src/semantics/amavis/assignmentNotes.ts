/** Which statement sets which setting: kept while the files are read, looked through only when somebody asks. */
import type { Expression } from "../../syntax/amavis/tree.js";
import type { Range } from "../../syntax/text.js";
import type { AmavisAssignment } from "./configuration.js";

interface Note {
  readonly name: string;
  readonly file: string;
  readonly statement: Range;
  readonly value: Expression;
}

export class AssignmentNotes {
  readonly #waiting: Note[] = [];
  readonly #byName = new Map<string, AmavisAssignment[]>();

  /**
   * Notes one assignment.
   * @param name `$x`, `@x`, `%policy_bank{A}{key}`, `%interface_policy{10026}`
   */
  add(name: string, file: string, statement: Range, value: Expression): void {
    this.#waiting.push({ name, file, statement, value });
  }

  /** The assignments to a setting in the order in which they are carried out; none gives an empty list. */
  of(name: string): readonly AmavisAssignment[] {
    return this.all().get(name) ?? [];
  }

  /** All settings that are assigned to, each with its assignments. */
  all(): ReadonlyMap<string, readonly AmavisAssignment[]> {
    for (const note of this.#waiting.splice(0)) {
      const { name } = note;
      this.#keep(name, note);
      if (name.startsWith("%interface_policy{")) this.#keep("%interface_policy", note);
      if (name.startsWith("%policy_bank")) this.#keepBankKeys(note);
    }
    return this.#byName;
  }

  #keep(name: string, { file, statement, value }: Note): void {
    const assignment = {
      file,
      range: { start: statement.start, end: statement.end },
      valueRange: { start: value.start, end: value.end },
    };
    const known = this.#byName.get(name);
    if (known === undefined) this.#byName.set(name, [assignment]);
    else known.push(assignment);
  }

  /** `%policy_bank{A}{key}` for each pair of a bank's hash: the range is the pair, not the statement. */
  #keepBankKeys({ name, file, value }: Note): void {
    const items = value.kind === "hash" || value.kind === "list" ? value.items : [];
    const whole = name === "%policy_bank";
    if (!whole && !/^%policy_bank\{[^}]*\}$/.test(name)) return;
    // %policy_bank = (%policy_bank, A => {...}): pairs begin after what is flattened in.
    let at = 0;
    while (whole && items[at]?.kind === "variable") at++;
    for (; at + 1 < items.length; at += 2) {
      const key = items[at];
      const entry = items[at + 1];
      if (key === undefined || entry === undefined) return;
      if (key.kind !== "string" || key.constant === undefined) return;
      const pair = { start: key.start, end: entry.end };
      const note = { name: `${name}{${key.constant}}`, file, statement: pair, value: entry };
      this.#keep(note.name, note);
      if (whole) this.#keepBankKeys(note);
    }
  }
}
