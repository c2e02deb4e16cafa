/** Loops: followed as long as lists and conditions are known, otherwise what they could set becomes unknown. */
import type {
  Block,
  CountingLoop,
  Expression,
  ForeachStatement,
  Statement,
  WhileStatement,
} from "../../syntax/amavis/tree.js";
import { evaluate, evaluateList } from "./expressions.js";
import { containerCell, keyText } from "./lvalues.js";
import { type Machine, type Outcome, rootVariable } from "./machine.js";
import { elementCells, isOrderFree } from "./order.js";
import { inBlock, leave, runBlock } from "./statements.js";
import { storedName } from "./store.js";
import { taint } from "./taint.js";
import { ScalarCell, textOf, truthOf } from "./value.js";

/** Whether `next` or `last` means the loop with this label. */
function isOwn(machine: Machine, label: string | undefined): boolean {
  if (machine.label !== undefined && machine.label !== label) return false;
  machine.label = undefined;
  return true;
}

/** What remains of the way in which the body of a loop was left: its own `next` and `last` end with it. */
export function afterLoop(machine: Machine, outcome: Outcome, label: string | undefined): Outcome {
  if (outcome === "next" || outcome === "last") return isOwn(machine, label) ? undefined : outcome;
  return outcome === "maybe-next" ? undefined : outcome;
}

interface Repetition {
  readonly place: Statement;
  readonly label: string | undefined;
  /** True for `until`. */
  readonly negated: boolean;
  readonly condition: Expression | undefined;
  readonly body: () => Outcome;
  readonly step: () => void;
}

/** Runs a body as long as its condition is known to hold, in reason. */
function repeat(machine: Machine, loop: Repetition): Outcome {
  const { place, label, negated, condition } = loop;
  for (let count = 0; count < LONGEST_WHILE; count++) {
    const truth = condition === undefined ? true : truthOf(evaluate(machine, condition));
    if (truth === undefined || !machine.mayIterate(1)) break;
    if (truth === negated) return undefined;
    const outcome = loop.body();
    if (outcome === "maybe" || outcome === "maybe-next") break;
    if (outcome !== undefined && !(outcome === "next" && isOwn(machine, label)))
      return afterLoop(machine, outcome, label);
    loop.step();
  }
  const leaves = taint(machine, place, machine.unknown("a loop that is not followed", place));
  return leaves === "maybe" ? leaves : undefined;
}

/** No configuration turns a loop more often. */
const LONGEST_WHILE = 2000;

export function runWhile(machine: Machine, statement: WhileStatement): Outcome {
  const { negated, condition, block, continueBlock, label } = statement;
  const body = (): Outcome => runBlock(machine, block);
  const step = (): void => {
    if (continueBlock !== undefined) runBlock(machine, continueBlock);
  };
  return inBlock(machine, () => repeat(machine, { place: statement, label, negated, condition, body, step }));
}

/** for (init; condition; step) { ... } */
export function runCounting(machine: Machine, statement: CountingLoop): Outcome {
  const [first, condition, last] = statement.parts;
  const { block, label } = statement;
  const body = (): Outcome => runBlock(machine, block);
  const step = (): void => {
    if (last !== undefined) leave(machine, last);
  };
  return inBlock(machine, () => {
    if (first !== undefined) leave(machine, first);
    return repeat(machine, { place: statement, label, negated: false, condition, body, step });
  });
}

/** `... while condition;`: a `do` block is run before the first test. */
export function runModifiedLoop(
  machine: Machine,
  statement: Statement,
  expression: Expression,
  negated: boolean,
  condition: Expression,
): Outcome {
  const body = (): Outcome => leave(machine, expression);
  if (expression.kind === "call" && expression.name === "do" && expression.block !== undefined) {
    const outcome = body();
    if (outcome !== undefined) return outcome;
  }
  const step = (): void => undefined;
  return repeat(machine, { place: statement, label: undefined, negated, condition, body, step });
}

export function runForeach(machine: Machine, statement: ForeachStatement): Outcome {
  return runEach(machine, statement.list, statement, statement.block, () =>
    runBlock(machine, statement.block),
  );
}

/** The cells that a loop goes through: those of an array itself, so that the loop can change them. */
export function cellsOf(machine: Machine, list: Expression): ScalarCell[] {
  if (list.kind === "variable" && list.sigil === "@") {
    const cell = machine.cell(list);
    if (cell.kind === "array") return [...cell.items];
  }
  if (list.kind === "list") return list.items.flatMap((item) => cellsOf(machine, item));
  if (list.kind === "dereference" && list.sigil === "@") {
    const cell = containerCell(machine, list, "@", true);
    if (cell?.kind === "array") return [...cell.items];
  }
  if (list.kind === "element") {
    const container = containerCell(
      machine,
      list.container,
      list.access === "index" ? "@" : "%",
      false,
      true,
    );
    const key = container?.kind === "hash" ? keyText(machine, list) : undefined;
    const entry = container?.kind === "hash" && typeof key === "string" ? container.get(key) : undefined;
    if (entry !== undefined) return [entry];
  }
  if (list.kind === "variable" && list.sigil === "$") {
    const cell = machine.cell(list);
    if (cell.kind === "scalar") return [cell];
  }
  return evaluateList(machine, list).map((value) => new ScalarCell(value, value.origin));
}

/** A loop or a map over a slice makes the elements that are not there, since it could set them. */
export function makeElements(machine: Machine, list: Expression): void {
  if (list.kind === "list") for (const item of list.items) makeElements(machine, item);
  if (list.kind !== "slice" || list.access !== "index" || list.container.kind !== "variable") return;
  const array = machine.cell(list.container);
  if (array.kind !== "array") return;
  for (const value of evaluateList(machine, list.subscript)) {
    const index = Number(textOf(value) ?? Number.NaN);
    while (index >= array.items.length && index < LONGEST_LOOP_SLICE) array.items.push(new ScalarCell());
  }
}

/** No configuration has a longer one. */
const LONGEST_LOOP_SLICE = 1000;

/** Runs a body for each element of a known list, otherwise makes unknown what it could set. */
export function runEach(
  machine: Machine,
  list: Expression,
  loop: ForeachStatement | undefined,
  body: Expression | Block,
  run: () => Outcome,
): Outcome {
  makeElements(machine, list);
  const found = cellsOf(machine, list);
  const mixed = found.some((cell) => cell.value.kind === "unknown" && cell.value.elements !== undefined);
  const cells = mixed && isOrderFree(body, loop?.variable?.name ?? "_") ? found.flatMap(elementCells) : found;
  const open = cells.find((cell) => cell.value.kind === "unknown" && cell.value.list);
  if (open !== undefined || !machine.mayIterate(cells.length)) {
    const reason = machine.unknown("a loop over a list that is not known", list);
    const leaves = withLoopVariable(machine, loop, (bind) => {
      bind(new ScalarCell(reason));
      return taint(machine, body, reason);
    });
    if (rootVariable(list)?.sigil === "@") taintList(machine, list);
    return leaves === "maybe" ? leaves : undefined;
  }
  return withLoopVariable(machine, loop, (bind) => {
    for (const cell of cells) {
      bind(cell);
      const outcome = run();
      if (outcome === undefined) {
        continued(machine, loop);
        continue;
      }
      if (outcome === "maybe" || outcome === "maybe-next") {
        taint(machine, body, machine.unknown("a loop that is not followed", list));
        return outcome === "maybe" ? outcome : undefined;
      }
      if (outcome === "next" && isOwn(machine, loop?.label)) {
        continued(machine, loop);
        continue;
      }
      return afterLoop(machine, outcome, loop?.label);
    }
    return undefined;
  });
}

function continued(machine: Machine, loop: ForeachStatement | undefined): void {
  if (loop?.continueBlock !== undefined) runBlock(machine, loop.continueBlock);
}

/** The elements are changed through the loop variable, so the list itself is not known afterwards. */
function taintList(machine: Machine, list: Expression): void {
  for (const cell of cellsOf(machine, list)) {
    if (cell.value.kind !== "unknown")
      cell.set(machine.unknown("a loop that is not followed", list), cell.origin);
  }
}

function withLoopVariable(
  machine: Machine,
  loop: ForeachStatement | undefined,
  body: (bind: (cell: ScalarCell) => void) => Outcome,
): Outcome {
  const variable = loop?.variable;
  const name = variable === undefined ? "$_" : `$${storedName(variable.name, machine.package)}`;
  if (loop?.scope !== undefined || (variable !== undefined && machine.globalName(variable) === undefined)) {
    machine.scopes.push();
    const outcome = body((cell) => machine.scopes.declare(`$${variable?.name ?? "_"}`, cell));
    machine.scopes.pop();
    return outcome;
  }
  const before = machine.store.global(name);
  const outcome = body((cell) => machine.store.bind(name, cell));
  machine.store.bind(name, before);
  return outcome;
}
