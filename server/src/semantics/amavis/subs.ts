/** Subs: their bodies are run with the arguments as `@_`; the last value, or that of `return`, is the result. */
import type { Block, Expression, Statement } from "../../syntax/amavis/tree.js";
import type { Range } from "../../syntax/text.js";
import { evaluate, evaluateList } from "./expressions.js";
import { cellsOf } from "./loops.js";
import type { Closure, Machine, Wanted } from "./machine.js";
import { branchOf, inBlock, runStatement, runStatements } from "./statements.js";
import { taint } from "./taint.js";
import { ArrayCell, ScalarCell, text, textOf, truthOf, undef, type Value } from "./value.js";

/** Deeper recursion is not followed. */
const DEEPEST_CALL = 60;
/** All calls together. */
const ALL_CALLS = 5000;

/** The values of an expression for one that is asked for a list or for a scalar. */
export function valuesFor(machine: Machine, node: Expression, wanted: Wanted): Value[] {
  return wanted === "list" ? evaluateList(machine, node) : [evaluate(machine, node)];
}

/** The one value that a scalar gets from code that was run. */
export function single(values: readonly Value[]): Value {
  const value = values.at(-1) ?? undef();
  return value.kind === "unknown" && value.list ? { ...value, list: false } : value;
}

/** Runs the statements of a block; the values of the last one are those of the block. */
export function blockValues(machine: Machine, block: Block, wanted: Wanted): Value[] {
  return inBlock(machine, () => valuesOfStatements(machine, block.statements, wanted));
}

function valuesOfStatements(machine: Machine, all: readonly Statement[], wanted: Wanted): Value[] {
  let last = all.length - 1;
  while (last >= 0 && all[last]?.kind === "empty") last--;
  const final = all[last];
  if (final === undefined) return [];
  if (last > 0) {
    const outcome = runStatements(machine, all.slice(0, last));
    if (outcome !== undefined) {
      machine.leaving = outcome;
      if (outcome !== "maybe" && outcome !== "maybe-next") return [];
      taint(machine, final, machine.unknown("a condition that is not known here", final));
      return [machine.unknownList("a condition that is not known here", final)];
    }
  }
  return valuesOfStatement(machine, final, wanted);
}

function valuesOfStatement(machine: Machine, statement: Statement, wanted: Wanted): Value[] {
  machine.statement = statement;
  switch (statement.kind) {
    case "expression-statement": {
      const { modifier, expression } = statement;
      if (statement.damaged) break;
      if (modifier === undefined) return valuesFor(machine, expression, wanted);
      if (modifier.word !== "if" && modifier.word !== "unless") break;
      const condition = evaluate(machine, modifier.condition);
      const truth = truthOf(condition);
      if (truth === (modifier.word === "if")) return valuesFor(machine, expression, wanted);
      if (truth !== undefined) return [condition];
      const reason = machine.unknownList("a condition that is not known here", statement);
      machine.leaving ??= taint(machine, expression, reason);
      return [reason];
    }
    case "if": {
      const branch = branchOf(machine, statement);
      if (branch === undefined) return [machine.unknownList("the value of a condition", statement)];
      if ("kind" in branch) return blockValues(machine, branch, wanted);
      machine.leaving ??= branch.leaves;
      return [machine.unknownList("a condition that is not known here", statement)];
    }
    case "block":
      return blockValues(machine, statement, wanted);
    default:
  }
  machine.leaving ??= runStatement(machine, statement);
  return [];
}

/** Calls a sub of the configuration with its arguments; `undefined` arguments: those of the sub around. */
export function callClosure(
  machine: Machine,
  code: Closure,
  args: readonly Expression[] | undefined,
  wanted: Wanted,
  place: Range,
): Value[] {
  const values = argumentsCell(machine, args);
  machine.callCount++;
  if (machine.callCount > ALL_CALLS || machine.depth >= DEEPEST_CALL || !machine.mayIterate(1)) {
    const reason = machine.unknownList("a call that is not followed", place);
    taint(machine, code.body, reason);
    return [reason];
  }
  return runClosure(machine, code, values, wanted, place);
}

function argumentsCell(machine: Machine, args: readonly Expression[] | undefined): ArrayCell {
  const around = machine.scopes.find("@_");
  if (args === undefined && around?.kind === "array") return around;
  const cell = new ArrayCell();
  if (args === undefined) {
    cell.items.push(new ScalarCell(machine.unknownList("what the file is given", machine.statement)));
    return cell;
  }
  // The elements of @_ are the variables themselves: a sub can change what it is given.
  cell.items = args.flatMap((argument): ScalarCell[] => cellsOf(machine, argument));
  return cell;
}

function runClosure(machine: Machine, code: Closure, args: ArrayCell, wanted: Wanted, place: Range): Value[] {
  const { file, text: outerText, template, scopes, statement, wanted: outerWanted, package: outer } = machine;
  const { text: inner, template: innerTemplate, body } = code;
  const state = { file: code.file, text: inner, template: innerTemplate, package: code.package, wanted };
  Object.assign(machine, { ...state, scopes: code.scopes.captured() });
  machine.depth++;
  let values = inBlock(machine, () => {
    machine.scopes.declare("@_", args);
    return valuesOfStatements(machine, body.statements, wanted);
  });
  machine.depth--;
  Object.assign(machine, { file, text: outerText, template, package: outer, scopes, statement });
  machine.wanted = outerWanted;
  const { leaving } = machine;
  machine.leaving = leaving === "die" ? leaving : undefined;
  if (leaving === "return") values = [...machine.returned];
  else if (leaving !== undefined) values = [machine.unknownList("a condition that is not known here", place)];
  return wanted === "list" ? values : [single(values)];
}

/** `eval { }`: what fails in it ends only it, with the message in `$@`. */
export function evalBlock(machine: Machine, block: Block, wanted: Wanted, place: Range): Value[] {
  const outer = machine.wanted;
  machine.wanted = wanted;
  machine.evals++;
  const values = blockValues(machine, block, wanted);
  machine.evals--;
  machine.wanted = outer;
  const { leaving } = machine;
  machine.leaving = undefined;
  const message = machine.store.global("$@");
  const unknown = machine.unknownList("a condition that is not known here", place);
  if (message.kind === "scalar") {
    if (leaving === "die") message.set(diedWith(machine, place), machine.at(place));
    else message.set(leaving === "maybe" ? { ...unknown, list: false } : text(""), machine.at(place));
  }
  if (leaving === "die") return wanted === "list" ? [] : [undef()];
  if (leaving === "return") return [...machine.returned];
  return leaving === undefined ? values : [unknown];
}

/** The message of `die`; Perl adds the place where it does not end with a line feed. */
function diedWith(machine: Machine, place: Range): Value {
  const [only] = machine.returned;
  const message = machine.returned.length === 1 ? textOf(only) : undefined;
  return message?.endsWith("\n") ? text(message) : machine.unknown("the message of die", place);
}
