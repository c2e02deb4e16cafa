/** Runs statements: exactly where conditions are known, by making things unknown where they are not. */
import { amavisConstant } from "../../knowledge/amavisVariables.js";
import type {
  Block,
  Expression,
  ExpressionStatement,
  ForeachStatement,
  IfStatement,
  Statement,
  UseStatement,
} from "../../syntax/amavis/tree.js";
import { evaluate, evaluateList } from "./expressions.js";
import { type AmavisSource, type Machine, rootVariable } from "./machine.js";
import { isStrictVersion, wordsOf } from "./pragmas.js";
import { isSpecialName, storedName } from "./store.js";
import { taint } from "./taint.js";
import { ScalarCell, textOf, truthOf, type UnknownValue, type Value } from "./value.js";

/** How a run of statements ended: by itself, or by a word that leaves a loop or the file. */
export type Outcome = "next" | "last" | "return" | undefined;

/** Reads one file: its statements change the name space. False when files include each other too deeply. */
export function runFile(machine: Machine, source: AmavisSource): boolean {
  return machine.enterFile(source, (statements) => {
    collectSubs(machine, statements);
    runStatements(machine, statements);
  });
}

/** Functions can be called before they are defined. */
function collectSubs(machine: Machine, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (statement.kind === "sub-definition")
      machine.subs.set(statement.name, { file: machine.file, definition: statement });
    else if (statement.kind === "block" || statement.kind === "template-block")
      collectSubs(machine, statement.statements);
  }
}

export function runStatements(machine: Machine, statements: readonly Statement[]): Outcome {
  for (const [index, statement] of statements.entries()) {
    const outcome = runStatement(machine, statement);
    if (outcome === "maybe") {
      // What follows may not run any more.
      const reason = machine.unknown("a condition that is not known here may end the file before", statement);
      for (const rest of statements.slice(index + 1)) taint(machine, rest, reason);
      return undefined;
    }
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

/** Runs a block with its own `my` variables; `local` ends with it. */
export function runBlock(machine: Machine, block: Block): Outcome {
  const outer = machine.restores;
  machine.restores = [];
  machine.scopes.push();
  const outcome = runStatements(machine, block.statements);
  for (const restore of machine.restores.reverse()) restore();
  machine.scopes.pop();
  machine.restores = outer;
  return outcome;
}

function runStatement(machine: Machine, statement: Statement): Outcome | "maybe" {
  machine.statement = statement;
  switch (statement.kind) {
    case "expression-statement":
      return runExpression(machine, statement);
    case "if":
      return runIf(machine, statement);
    case "foreach":
      return runForeach(machine, statement);
    case "while":
    case "for": {
      const condition = statement.kind === "while" ? statement.condition : statement.parts[1];
      const truth = condition === undefined ? undefined : truthOf(evaluate(machine, condition));
      const never = statement.kind === "while" && truth !== undefined && truth === statement.negated;
      if (!never) taint(machine, statement, machine.unknown("a loop that is not followed", statement));
      return undefined;
    }
    case "block":
      return runBlock(machine, statement);
    case "package":
      return runPackage(machine, statement.name, statement.block);
    case "use":
      runUse(machine, statement);
      return undefined;
    case "template-block":
      taint(machine, statement, machine.unknown("a part that another program may leave out", statement));
      return undefined;
    case "template-statement":
      machine.loseEverything(machine.unknown("text that another program fills in", statement));
      return undefined;
    default:
      return undefined;
  }
}

function runPackage(machine: Machine, name: string, block: Block | undefined): Outcome {
  const outer = machine.package;
  if (name !== "") machine.package = name;
  if (block === undefined) return undefined;
  const outcome = runBlock(machine, block);
  machine.package = outer;
  return outcome;
}

function runExpression(machine: Machine, statement: ExpressionStatement): Outcome | "maybe" {
  const { expression, modifier } = statement;
  if (statement.damaged) {
    taint(machine, expression, machine.unknown("the statement has a mistake in it", statement));
    return undefined;
  }
  if (modifier === undefined) return leave(machine, expression);
  const { word, condition } = modifier;
  if (word === "for" || word === "foreach")
    return runEach(machine, condition, undefined, expression, () => leave(machine, expression));
  const truth = truthOf(evaluate(machine, condition));
  if (word === "if" || word === "unless") {
    if (truth === (word === "if")) return leave(machine, expression);
    if (truth !== undefined) return undefined;
    return taint(machine, expression, conditional(machine, statement)) ? "maybe" : undefined;
  }
  if (truth === (word === "until")) return undefined;
  taint(machine, expression, machine.unknown("a loop that is not followed", statement));
  return undefined;
}

function conditional(machine: Machine, place: Statement): UnknownValue {
  return machine.unknown("a condition that is not known here", place);
}

/** Evaluates an expression for what it does; next, last, return, die and exit leave. */
function leave(machine: Machine, expression: Expression): Outcome {
  evaluateVoid(machine, expression);
  if (expression.kind !== "call") return undefined;
  if (expression.name === "next" || expression.name === "last") return expression.name;
  return expression.name === "return" || expression.name === "die" || expression.name === "exit"
    ? "return"
    : undefined;
}

/** Without a use for the value: lists are evaluated element by element, for their effects. */
function evaluateVoid(machine: Machine, expression: Expression): void {
  if (expression.kind === "list" || expression.kind === "call") evaluateList(machine, expression);
  else evaluate(machine, expression);
}

function runIf(machine: Machine, statement: IfStatement): Outcome | "maybe" {
  for (const [index, branch] of statement.branches.entries()) {
    const truth = truthOf(evaluate(machine, branch.condition));
    if (truth === undefined) {
      const reason = conditional(machine, statement);
      let leaves = false;
      for (const other of statement.branches.slice(index))
        leaves = taint(machine, other.block, reason) || leaves;
      for (const other of statement.branches.slice(index + 1)) taint(machine, other.condition, reason);
      if (statement.otherwise !== undefined) leaves = taint(machine, statement.otherwise, reason) || leaves;
      return leaves ? "maybe" : undefined;
    }
    if (truth !== branch.negated) return runBlock(machine, branch.block);
  }
  return statement.otherwise === undefined ? undefined : runBlock(machine, statement.otherwise);
}

function runForeach(machine: Machine, statement: ForeachStatement): Outcome {
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
function runEach(
  machine: Machine,
  list: Expression,
  loop: ForeachStatement | undefined,
  body: Expression | Block,
  run: () => Outcome,
): Outcome {
  makeElements(machine, list);
  const cells = cellsOf(machine, list);
  const open = cells.find((cell) => cell.value.kind === "unknown" && cell.value.list);
  if (open !== undefined || !machine.mayIterate(cells.length)) {
    taint(machine, body, machine.unknown("a loop over a list that is not known", list));
    if (rootVariable(list)?.sigil === "@") taintList(machine, list);
    return undefined;
  }
  return withLoopVariable(machine, loop, (bind) => {
    for (const cell of cells) {
      bind(cell);
      const outcome = run();
      if (outcome === "last") break;
      if (outcome === "return") return outcome;
    }
    return undefined;
  });
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

/** `use constant NAME => value` defines constants; other modules define nothing that is known here. */
function runUse(machine: Machine, statement: UseStatement): void {
  const { module } = statement;
  if (module === "strict") {
    const words = wordsOf(statement.arguments);
    if (words.length === 0 || words.includes("refs")) machine.strictRefs = statement.keyword === "use";
  } else if (/^v?\d/.test(module)) machine.strictRefs ||= isStrictVersion(module);
  if (module !== "constant" || statement.keyword !== "use" || statement.arguments === undefined) return;
  const values = evaluateList(machine, statement.arguments);
  const [name, ...rest] = values;
  if (name?.kind === "ref" && name.cell.kind === "hash") {
    for (const key of name.cell.keys())
      define(machine, key, [name.cell.get(key)?.value ?? { kind: "undef", origin: undefined }]);
  } else if (name !== undefined) define(machine, textOf(name) ?? "", rest);
}

function define(machine: Machine, name: string, values: readonly Value[]): void {
  if (amavisConstant(name) === undefined && !isSpecialName(name)) machine.constants.set(name, values);
}
