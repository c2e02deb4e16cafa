/** Calls of functions: Perl's, amavisd's and the user's. */
import { amavisBankKey, amavisConstant, amavisFunction } from "../../knowledge/amavisVariables.js";
import { forEachChild } from "../../syntax/amavis/children.js";
import type { Block, Call, Expression, Node } from "../../syntax/amavis/tree.js";
import { isBuiltin } from "../../syntax/amavis/words.js";
import { builtinScalar } from "./builtins.js";
import { evaluate, evaluateList } from "./expressions.js";
import { builtinList } from "./listFunctions.js";
import { containerCell } from "./lvalues.js";
import type { Machine } from "./machine.js";
import { runBlock, runFile } from "./statements.js";
import { makeUnknown } from "./store.js";
import { isModule, taint, taintArguments, taintSub } from "./taint.js";
import { HashCell, type Opaque, ref, text, textOf, undef, type Value } from "./value.js";

const INCLUDES = new Set(["include_config_files", "include_optional_config_files", "read_config_file"]);

/** The result in scalar context. */
export function call(machine: Machine, node: Call): Value {
  const [asked] = node.arguments;
  // `defined &name` calls nothing.
  if (/^(?:defined|exists)$/.test(node.name) && asked?.kind === "variable" && asked.sigil === "&")
    return machine.unknown(`whether there is a function ${asked.name}`, node);
  const own = amavisCall(machine, node) ?? blockCall(machine, node);
  if (own !== undefined) return own;
  const builtin = builtinScalar(machine, node);
  return builtin ?? otherCall(machine, node);
}

/** The result in list context. */
export function callList(machine: Machine, node: Call): Value[] {
  const builtin = builtinList(machine, node);
  if (builtin !== undefined) return builtin;
  const value = call(machine, node);
  const whole = value.kind === "unknown" && !SCALAR_RESULTS.has(node.name);
  return [whole ? { ...value, list: true } : value];
}

/** Functions that give one value in list context too. */
const SCALAR_RESULTS = new Set(
  "lc uc lcfirst ucfirst length join sprintf defined exists ref int hex oct abs chr ord index rindex substr scalar push unshift chomp read_text c cr ca".split(
    " ",
  ),
);

/** `do { }`, `eval { }`, `sub { }->()`: the block is run; its value is not followed unless it is one expression. */
function blockCall(machine: Machine, node: Call): Value | undefined {
  if (node.block === undefined || (node.name !== "do" && node.name !== "eval")) return undefined;
  const guard = node.name === "eval" ? 1 : 0;
  machine.evals += guard;
  const value = valueOfBlock(machine, node, node.block);
  machine.evals -= guard;
  return value;
}

function valueOfBlock(machine: Machine, node: Call, block: Block): Value {
  const [only, second] = block.statements;
  if (only?.kind === "expression-statement" && second === undefined && only.modifier === undefined) {
    return evaluate(machine, only.expression);
  }
  runBlock(machine, block);
  return machine.unknown("the value of a block", node);
}

function amavisCall(machine: Machine, node: Call): Value | undefined {
  const name = node.name.replace(/^Amavis::(?:Conf|Util)::/, "");
  if (INCLUDES.has(name) || ((name === "do" || name === "require") && node.block === undefined)) {
    return includeCall(machine, node, name);
  }
  switch (name) {
    case "new_RE":
    case "Opaque":
    case "OpaqueRef":
    case "q_dns_a":
    case "q_sql_s":
    case "q_sql_n":
    case "q_sql_b":
    case "q_ldap_s":
    case "q_ldap_n":
    case "q_ldap_b":
      return object(machine, node, name);
    case "read_hash":
    case "read_array":
    case "read_cidr":
      return readTable(machine, node, name);
    case "read_text":
      return machine.unknown(`the text of ${pathOf(machine, node)}`, node);
    case "read_l10n_templates":
      return readTemplates(machine, node);
    case "dkim_key":
      return dkimKey(machine, node);
    case "c":
    case "cr":
    case "ca":
      return bankValue(machine, node, name);
    default:
      return amavisConstant(name) === undefined
        ? undefined
        : text(String(amavisConstant(name)), machine.at(node));
  }
}

function valuesOf(machine: Machine, args: readonly Expression[]): Value[] {
  return args.flatMap((argument) => evaluateList(machine, argument));
}

function object(machine: Machine, node: Call, name: string): Opaque {
  const detail = valuesOf(machine, node.arguments);
  return { kind: "opaque", name, display: `${name}(...)`, detail, origin: machine.at(node) };
}

/** The path that a reading function is given, for people. */
function pathOf(machine: Machine, node: Call): string {
  const paths = valuesOf(machine, node.arguments).filter((value) => value.kind === "text");
  return paths.map((value) => textOf(value)).at(0) ?? "a file";
}

/** read_hash(FILE) gives a table; read_hash(\%h, FILE) adds to one and keeps what it holds. */
function readTable(machine: Machine, node: Call, name: string): Value {
  const [first] = valuesOf(machine, node.arguments);
  const path = pathOf(machine, node);
  const reason = machine.unknown(`the content of ${path}`, node);
  if (first?.kind === "ref") {
    const { cell } = first;
    if (cell.kind === "hash") cell.open = reason;
    else if (cell.kind === "array") cell.assign([...cell.values(), { ...reason, list: true }], reason.origin);
    return first;
  }
  return { kind: "opaque", name, display: `${name}('${path}')`, detail: path, origin: machine.at(node) };
}

const TEMPLATES =
  "notify_sender_templ notify_virus_sender_templ notify_virus_admin_templ notify_virus_recips_templ notify_spam_sender_templ notify_spam_admin_templ notify_release_templ notify_report_templ notify_autoresp_templ".split(
    " ",
  );

function readTemplates(machine: Machine, node: Call): Value {
  const reason = machine.unknown("a text from the files of read_l10n_templates", node);
  valuesOf(machine, node.arguments);
  for (const name of TEMPLATES) makeUnknown(machine.store.global(`$${name}`), reason);
  return text("1", machine.at(node));
}

/** dkim_key(DOMAIN, SELECTOR, FILE, options...) adds a signing key. */
function dkimKey(machine: Machine, node: Call): Value {
  const [domain, selector, file, ...options] = valuesOf(machine, node.arguments);
  const list = machine.store.global("@dkim_signing_keys_list");
  const key = new HashCell();
  const pairs = [
    text("domain"),
    domain ?? undef(),
    text("selector"),
    selector ?? undef(),
    text("file"),
    file ?? undef(),
  ];
  key.assign([...pairs, ...options], machine.at(node));
  if (list.kind === "array") list.assign([...list.values(), ref(key, machine.at(node))], machine.at(node));
  return text("1", machine.at(node));
}

/** c('x'), cr('x'), ca('x'): a setting through the bank that is current while files are read, the base bank. */
function bankValue(machine: Machine, node: Call, name: string): Value {
  const key = textOf(valuesOf(machine, node.arguments)[0]) ?? "";
  const variable = amavisBankKey(key);
  if (variable === undefined) return machine.unknown(`${name}('${key}')`, node);
  const cell = machine.store.global(variable.name);
  return name === "c" && cell.kind === "scalar" ? cell.value : ref(cell, machine.at(node));
}

/** Reads the files that are included, when they are known, and notes what is no file. */
function includeCall(machine: Machine, node: Call, name: string): Value {
  if (isModule(node)) return text("1", machine.at(node));
  // The second argument of read_config_file says whether the file may be missing.
  const paths = name === "read_config_file" ? node.arguments.slice(0, 1) : node.arguments;
  for (const argument of paths)
    for (const value of evaluateList(machine, argument)) includeFile(machine, node, argument, value);
  return name === "do" ? machine.unknown("the value of a file", node) : text("1", machine.at(node));
}

/** Whether a part of it ends the reading of the file. */
function leavesFile(node: Node): boolean {
  let leaves = node.kind === "call" && /^(?:return|exit|die)$/.test(node.name);
  forEachChild(node, (child) => {
    leaves ||= leavesFile(child);
  });
  return leaves;
}

/** `new Class(1)` is a method of the class. */
function isMethod(machine: Machine, node: Call, first: Expression): boolean {
  if (isBuiltin(node.name) || machine.text.charAt(node.nameRange.end) === "(") return false;
  return first.kind === "bareword" || (first.kind === "call" && !isBuiltin(first.name));
}

function includeFile(machine: Machine, node: Call, argument: Expression, value: Value): void {
  // A variable that nothing sets here may be set by a file that is not here.
  const path = value.kind === "undef" ? undefined : textOf(value);
  const source = path === undefined || path === "" ? undefined : machine.include?.(path);
  const gap = path === "" ? "empty" : typeof source === "string" ? source : undefined;
  if (gap !== undefined && path !== undefined && machine.evals === 0 && !machine.template)
    machine.includeNotes.push({ call: node, at: machine.at(argument), path, gap });
  if (gap === "empty" || gap === "missing" || gap === "directory") return;
  if (typeof source === "object" && runFile(machine, source)) return;
  machine.loseEverything(machine.unknown(`what ${path || "a file"} sets, which is included here`, node));
}

function otherCall(machine: Machine, node: Call): Value {
  const constant = machine.constants.get(node.name);
  if (constant !== undefined) return constant.at(-1) ?? undef();
  const [first, ...others] = node.arguments;
  if (first !== undefined && isMethod(machine, node, first)) {
    const given = first.kind === "call" ? first.arguments : [];
    for (const argument of [...given, ...others]) evaluateList(machine, argument);
    // Words without a comment sign read like one too; there is no class of such a name.
    const words = first.kind === "bareword" && /^[a-z]\w*$/.test(first.name) && node.name !== "import";
    if (words && !others.some(leavesFile)) machine.noteCall(node.name, node.nameRange);
  } else {
    if (!isBuiltin(node.name)) machine.noteCall(node.name, node.nameRange);
    for (const argument of node.arguments) evaluateList(machine, argument);
  }
  const reason = machine.unknown(`the result of ${node.name}()`, node);
  if (node.block !== undefined) taint(machine, node.block, reason);
  if (amavisFunction(node.name) !== "pure") taintArguments(machine, node.arguments, reason);
  taintSub(machine, node.name, reason);
  return reason;
}

/** The hash or array that an argument names, for functions such as keys and push. */
export function argumentContainer(machine: Machine, argument: Expression | undefined, create: boolean) {
  if (argument === undefined) return undefined;
  const hash =
    (argument.kind === "variable" && argument.sigil === "%") ||
    (argument.kind === "dereference" && argument.sigil === "%");
  const cell = containerCell(machine, argument, hash ? "%" : "@", create);
  return cell === undefined || cell.kind === "unknown" ? undefined : cell;
}
