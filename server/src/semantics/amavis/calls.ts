/** Calls of functions: Perl's, amavisd's and the user's. */
import { amavisBankKey, amavisConstant, amavisFunction } from "../../knowledge/amavisVariables.js";
import { forEachChild } from "../../syntax/amavis/children.js";
import { parseAmavis } from "../../syntax/amavis/parser.js";
import type { Call, Expression, Node } from "../../syntax/amavis/tree.js";
import { isBuiltin } from "../../syntax/amavis/words.js";
import { builtinScalar } from "./builtins.js";
import { evaluate, evaluateList } from "./expressions.js";
import { builtinList } from "./listFunctions.js";
import { containerCell } from "./lvalues.js";
import type { Closure, Machine, Wanted } from "./machine.js";
import { runFile } from "./statements.js";
import { makeUnknown } from "./store.js";
import { blockValues, callClosure, evalBlock, single } from "./subs.js";
import { isModule, taint, taintArguments, taintSub } from "./taint.js";
import { HashCell, type Opaque, ref, text, textOf, undef, type Value } from "./value.js";

const INCLUDES = new Set(["include_config_files", "include_optional_config_files", "read_config_file"]);

/** The result in scalar context. */
export function call(machine: Machine, node: Call): Value {
  const [asked] = node.arguments;
  // `defined &name` calls nothing.
  if (/^(?:defined|exists)$/.test(node.name) && asked?.kind === "variable" && asked.sigil === "&")
    return machine.unknown(`whether there is a function ${asked.name}`, node);
  const own = amavisCall(machine, node);
  if (own !== undefined) return own;
  const values = codeValues(machine, node, "scalar");
  if (values !== undefined) return single(values);
  const builtin = builtinScalar(machine, node);
  if (builtin?.kind === "text" && !machine.mayWork(builtin.text.length))
    return machine.unknown("long texts that are worked out again and again", node);
  return builtin ?? otherCall(machine, node);
}

/** The result in list context. */
export function callList(machine: Machine, node: Call): Value[] {
  const values = builtinList(machine, node) ?? codeValues(machine, node, "list") ?? constantOf(machine, node);
  if (values !== undefined) return [...values];
  const value = call(machine, node);
  const whole = value.kind === "unknown" && !SCALAR_RESULTS.has(node.name);
  return [whole ? { ...value, list: true } : value];
}

function constantOf(machine: Machine, { name }: Call): readonly Value[] | undefined {
  return machine.constants.get(name);
}

/** Functions that give one value in list context too. */
const SCALAR_RESULTS = new Set(
  "lc uc lcfirst ucfirst length join sprintf defined exists ref int hex oct abs chr ord index rindex substr scalar push unshift chomp read_text c cr ca".split(
    " ",
  ),
);

/** Code of the configuration: `do { }`, `eval { }`, and its own subs. */
function codeValues(machine: Machine, node: Call, wanted: Wanted): readonly Value[] | undefined {
  if (node.block !== undefined) {
    if (node.name === "do") return blockValues(machine, node.block, wanted);
    return node.name === "eval" ? evalBlock(machine, node.block, wanted, node) : undefined;
  }
  if (node.name === "eval" && node.arguments.length > 0) return [evalText(machine, node)];
  const code = machine.subs.get(node.name)?.code;
  if (code === undefined) return undefined;
  return callClosure(machine, code, givenArguments(machine, node), wanted, node);
}

/** `eval '...'`: what the text could set is not known afterwards; a text that is not known may set anything. */
function evalText(machine: Machine, node: Call): Value {
  const written = textOf(single(node.arguments.map((argument) => evaluate(machine, argument))));
  const reason = machine.unknown("the result of eval()", node);
  const tree = written === undefined ? undefined : parseAmavis(written, { template: false });
  if (tree === undefined || tree.problems.length > 0) machine.loseEverything(reason);
  else for (const statement of tree.statements) taint(machine, statement, reason);
  return reason;
}

/** `&name;` passes on the arguments of the sub around it. */
function givenArguments(machine: Machine, node: Call): readonly Expression[] | undefined {
  if (node.arguments.length > 0) return node.arguments;
  const written = machine.textOf(node);
  return written.startsWith("&") && !written.includes("(") ? undefined : node.arguments;
}

/** `$code->(...)`, `&$code(...)` */
export function dynamicCall(
  machine: Machine,
  node: Expression & { kind: "dynamic-call" },
  wanted: Wanted,
): Value[] {
  const { callee } = node;
  const holder = callee.kind === "dereference" && callee.sigil === "&" ? callee.operand : callee;
  const value = evaluate(machine, holder);
  const code = value.kind === "opaque" && value.name === "code" ? codeOf(machine, value) : undefined;
  if (code !== undefined) {
    const written = machine.textOf(node);
    const bare = written.startsWith("&") && !written.endsWith(")");
    return callClosure(machine, code, bare ? undefined : node.arguments, wanted, node);
  }
  taint(machine, node, machine.unknown("a call that is not followed", node));
  return [machine.unknownList("the result of a call that is not followed", node)];
}

/** Calls the sub that an expression refers to; undefined when it is not known. */
export function callReferred(machine: Machine, callee: Expression, place: Expression): Value[] | undefined {
  const value = evaluate(machine, callee);
  const code = value.kind === "opaque" && value.name === "code" ? codeOf(machine, value) : undefined;
  return code === undefined ? undefined : callClosure(machine, code, [], "scalar", place);
}

function codeOf(machine: Machine, value: Opaque): Closure | undefined {
  if (value.code !== undefined) return value.code;
  return typeof value.detail === "string" ? machine.subs.get(value.detail)?.code : undefined;
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
  if (isModule(node)) {
    // Whether a module is installed decides the machine.
    if (machine.evals > 0) machine.leaving ??= "maybe";
    return text("1", machine.at(node));
  }
  // The second argument of read_config_file says whether the file may be missing.
  const paths = name === "read_config_file" ? node.arguments.slice(0, 1) : node.arguments;
  for (const argument of paths) {
    if (isGlob(machine, argument) && machine.evals === 0 && !machine.template)
      machine.includeNotes.push({ call: node, at: machine.at(argument), path: "", gap: "globbed" });
    for (const value of evaluateList(machine, argument)) includeFile(machine, node, argument, value);
  }
  return name === "do" ? machine.unknown("the value of a file", node) : text("1", machine.at(node));
}

/** `glob '...'` and `</etc/amavis/*.conf>` */
function isGlob(machine: Machine, node: Expression): boolean {
  if (node.kind === "call") return node.name === "glob";
  return node.kind === "readline" && /[*?{/]/.test(machine.textOf(node));
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
  const constant = constantOf(machine, node);
  if (constant !== undefined) return constant.at(-1) ?? undef();
  // What is not known may fail.
  if (machine.evals > 0) machine.leaving ??= "maybe";
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
