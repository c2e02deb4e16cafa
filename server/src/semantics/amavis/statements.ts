/** Runs statements: exactly where conditions are known, by making things unknown where they are not. */
import { amavisConstant } from "../../knowledge/amavisVariables.js";
import type {
  Block,
  Expression,
  ExpressionStatement,
  IfStatement,
  Statement,
  SubDefinition,
  UseStatement,
} from "../../syntax/amavis/tree.js";
import { evaluate, evaluateList } from "./expressions.js";
import { afterLoop, runCounting, runEach, runForeach, runModifiedLoop, runWhile } from "./loops.js";
import type { AmavisSource, Machine, Outcome } from "./machine.js";
import { isStrictVersion, wordsOf } from "./pragmas.js";
import { isSpecialName } from "./store.js";
import { further, taint } from "./taint.js";
import { textOf, truthOf, type UnknownValue, type Value } from "./value.js";

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
    if (statement.kind === "sub-definition") defineSub(machine, statement);
    else if (statement.kind === "block" || statement.kind === "template-block")
      collectSubs(machine, statement.statements);
  }
}

function defineSub(machine: Machine, definition: SubDefinition): void {
  const { body } = definition;
  const code = body === undefined ? undefined : machine.closure(body);
  machine.subs.set(definition.name, { definition, code });
}

export function runStatements(machine: Machine, statements: readonly Statement[]): Outcome {
  for (const [index, statement] of statements.entries()) {
    const outcome = runStatement(machine, statement);
    if (outcome === "maybe" || outcome === "maybe-next") {
      // What follows may not run any more.
      const reason = machine.unknown("a condition that is not known here may end the file before", statement);
      for (const rest of statements.slice(index + 1)) taint(machine, rest, reason);
      return outcome;
    }
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

/** Runs something with `my` variables of its own; `local`, and what patterns have found, end with it. */
export function inBlock<Result>(machine: Machine, run: () => Result): Result {
  const { restores, match } = machine;
  machine.restores = [];
  machine.scopes.push();
  const result = run();
  for (const restore of machine.restores.reverse()) restore();
  machine.scopes.pop();
  machine.restores = restores;
  machine.match = match;
  return result;
}

export function runBlock(machine: Machine, block: Block): Outcome {
  return inBlock(machine, () => runStatements(machine, block.statements));
}

export function runStatement(machine: Machine, statement: Statement): Outcome {
  machine.statement = statement;
  switch (statement.kind) {
    case "expression-statement":
      return runExpression(machine, statement);
    case "if":
      return runIf(machine, statement);
    case "foreach":
      return runForeach(machine, statement);
    case "while":
      return runWhile(machine, statement);
    case "for":
      return runCounting(machine, statement);
    case "block":
      // A bare block is a loop that runs once.
      return afterLoop(machine, runBlock(machine, statement), statement.label);
    case "package":
      return runPackage(machine, statement.name, statement.block);
    case "sub-definition":
      // A sub inside a block sees the variables of the block.
      if (machine.subs.get(statement.name)?.definition === statement) defineSub(machine, statement);
      return undefined;
    case "use":
      runUse(machine, statement);
      return undefined;
    case "template-block":
      return taint(
        machine,
        statement,
        machine.unknown("a part that another program may leave out", statement),
      );
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

function runExpression(machine: Machine, statement: ExpressionStatement): Outcome {
  const { expression, modifier } = statement;
  if (statement.damaged) {
    taint(machine, expression, machine.unknown("the statement has a mistake in it", statement));
    return undefined;
  }
  if (modifier === undefined) return leave(machine, expression);
  const { word, condition } = modifier;
  if (word === "for" || word === "foreach")
    return runEach(machine, condition, undefined, expression, () => leave(machine, expression));
  if (word === "if" || word === "unless") {
    const truth = truthOf(evaluate(machine, condition));
    if (truth === (word === "if")) return leave(machine, expression);
    if (truth !== undefined) return leaving(machine);
    return taint(machine, expression, conditional(machine, statement));
  }
  return runModifiedLoop(machine, statement, expression, word === "until", condition);
}

function conditional(machine: Machine, place: Statement): UnknownValue {
  return machine.unknown("a condition that is not known here", place);
}

/** How the expression that was evaluated last has left the code, if it has. */
function leaving(machine: Machine): Outcome {
  const { leaving: outcome } = machine;
  machine.leaving = undefined;
  return outcome;
}

/** Evaluates an expression for what it does; next, last, return, die and exit leave. */
export function leave(machine: Machine, expression: Expression): Outcome {
  evaluateVoid(machine, expression);
  return leaving(machine);
}

/** Without a use for the value: lists are evaluated element by element, for their effects. */
function evaluateVoid(machine: Machine, expression: Expression): void {
  if (expression.kind === "list" || expression.kind === "call") evaluateList(machine, expression);
  else evaluate(machine, expression);
}

function runIf(machine: Machine, statement: IfStatement): Outcome {
  const branch = branchOf(machine, statement);
  if (branch === undefined) return leaving(machine);
  return "kind" in branch ? runBlock(machine, branch) : branch.leaves;
}

/** The block that is run; where that is not known, how what was made unknown may leave. */
export function branchOf(
  machine: Machine,
  statement: IfStatement,
): Block | { readonly leaves: Outcome } | undefined {
  for (const [index, branch] of statement.branches.entries()) {
    const truth = truthOf(evaluate(machine, branch.condition));
    if (truth === undefined) {
      const reason = conditional(machine, statement);
      let leaves: Outcome;
      for (const other of statement.branches.slice(index))
        leaves = further(leaves, taint(machine, other.block, reason));
      for (const other of statement.branches.slice(index + 1)) taint(machine, other.condition, reason);
      if (statement.otherwise !== undefined)
        leaves = further(leaves, taint(machine, statement.otherwise, reason));
      return { leaves };
    }
    if (truth !== branch.negated) return branch.block;
  }
  return statement.otherwise;
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
