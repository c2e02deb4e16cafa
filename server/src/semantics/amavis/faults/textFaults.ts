/**
 * Slips that show in the text of one file, whatever the values are (AMAVISD section 7): a list given to a
 * scalar, `my` in front of a setting, a port in octal, names that single quotes keep from being filled in.
 */
import { amavisVariable } from "../../../knowledge/amavisVariables.js";
import { forEachChild } from "../../../syntax/amavis/children.js";
import type {
  Assignment,
  Declaration,
  Expression,
  ExpressionStatement,
  Node,
  Statement,
  Variable,
} from "../../../syntax/amavis/tree.js";
import type { Range } from "../../../syntax/text.js";
import type { AmavisFix, AmavisProblem } from "../configuration.js";
import type { UsedFile } from "../names.js";
import { bankTextFaults } from "./bankTextFaults.js";
import { fileFaults } from "./fileFaults.js";
import { singleQuoteFault } from "./singleQuotes.js";

export function textFaults(files: readonly UsedFile[]): AmavisProblem[] {
  return files.flatMap((file) => {
    const finder = new TextFaults(file.source.path, file.source.tree.text);
    finder.statements(file.source.tree.statements);
    return [...finder.problems, ...fileFaults(file)];
  });
}

/** Scalars that take a reference to a list. */
const TAKES_LIST =
  /^\$(?:inet_socket_port|inet_socket_bind|unix_socketname|(?:forward|notify|resend|release|requeue)_method)$/;
/** Flat lists; a reference among their elements is no address and no socket. */
const FLAT_LIST =
  /^@(?:inet_acl|mynetworks|listen_sockets|daemon_groups|auth_mech_avail|\w+_acl|ip_repu_ignore_networks)$/;
/** Seen with the real program: it does not start. */
const STOPS = /^@(?:inet_acl|mynetworks|listen_sockets)$/;

class TextFaults {
  readonly problems: AmavisProblem[] = [];
  readonly #file: string;
  readonly #text: string;
  /** Only in amavisd's own name space and outside of functions does `my` hide a setting. */
  #depth = 0;
  #ownPackage = true;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case "expression-statement":
        if (!statement.damaged) this.#expressionStatement(statement);
        return;
      case "package":
        if (statement.block === undefined) this.#ownPackage = /^(?:Amavis::Conf)?$/.test(statement.name);
        return;
      case "sub-definition":
        return;
      case "use":
      case "empty":
      case "template-statement":
        return;
      default:
        this.#depth++;
        forEachChild(statement, (child) => this.#visit(child));
        this.#depth--;
    }
  }

  #expressionStatement(statement: ExpressionStatement): void {
    const { expression } = statement;
    if (expression.kind === "assignment") this.#retired(expression, statement);
    this.#visit(expression);
  }

  #visit(node: Node): void {
    switch (node.kind) {
      case "assignment":
        this.#assignment(node);
        this.#visit(node.value);
        return;
      case "declaration":
        this.#shadow(node);
        return;
      case "sub":
        return;
      case "block":
        this.statements(node.statements);
        return;
      case "expression-statement":
      case "if":
      case "foreach":
      case "for":
      case "while":
      case "sub-definition":
      case "template-block":
        this.#statement(node);
        return;
      case "string":
      case "pattern":
      case "words":
      case "number":
      case "variable":
        return;
      default:
        forEachChild(node, (child) => this.#visit(child));
    }
  }

  #assignment(node: Assignment): void {
    if (!this.#ownPackage) return;
    const { target, value } = node;
    if (target.kind === "declaration") this.#shadow(target);
    this.problems.push(...bankTextFaults(node, this.#file, this.#text));
    const variable = target.kind === "declaration" ? undefined : settingOf(target);
    if (variable === undefined || node.operator !== "=") return;
    if (variable.sigil === "$") this.#scalar(variable, value);
    if (variable.sigil === "@") this.#array(variable, value);
    const quotes = singleQuoteFault(`${variable.sigil}${variable.name}`, value, this.#file, this.#text);
    if (quotes !== undefined) this.problems.push(quotes);
  }

  #scalar(variable: Variable, value: Expression): void {
    const name = `$${variable.name}`;
    if (name === "$inet_socket_port") this.#octal(value);
    const count = countOf(value);
    if (count === undefined || count < 2) return;
    const takesList = TAKES_LIST.test(name);
    const listens = /^\$(?:inet_socket|unix_socket)/.test(name);
    const inside = this.#text.slice(value.start, value.end);
    const newText = value.kind === "words" ? `[${inside}]` : `[${inside.slice(1, -1)}]`;
    this.#add({
      kind: "list-to-scalar",
      range: value,
      message: `${name} holds one value: Perl keeps the last of this list and drops the others without a word.`,
      severity: listens || takesList ? "error" : "warning",
      fix: takesList ? { title: "Write a list in brackets", range: rangeOf(value), newText } : undefined,
    });
  }

  #array(variable: Variable, value: Expression): void {
    const name = `@${variable.name}`;
    if (name === "@listen_sockets") this.#octal(value);
    if (!FLAT_LIST.test(name)) return;
    const inner = value.kind === "list" ? value.items : [value];
    const whole = inner.length === 1 && inner[0]?.kind === "array";
    for (const item of inner) {
      if (item.kind !== "array") continue;
      const inside = this.#text.slice(item.start + 1, item.end - 1);
      const newText = value.kind === "list" ? inside : `(${inside})`;
      this.#add({
        kind: "array-ref-to-array",
        range: item,
        message: `${whole ? `${name} gets one element here, a reference to a list` : `This element of ${name} is a reference to a list`}, not its elements${STOPS.test(name) ? ": amavisd does not start" : ""}.`,
        severity: STOPS.test(name) ? "error" : "warning",
        fix: { title: "Write the elements in parentheses", range: rangeOf(item), newText },
      });
    }
  }

  /** Perl reads a number with a leading 0 in octal: 010024 is 4116. */
  #octal(value: Expression): void {
    if (value.kind === "number" && /^0[0-7_]+$/.test(value.text)) {
      const number = Number.parseInt(value.text.replaceAll("_", ""), 8);
      const meant = value.text.replace(/^0+/, "");
      this.#add({
        kind: "port-octal",
        range: value,
        message: `A number that begins with 0 is octal in Perl: amavisd listens on port ${number}, not ${meant}.`,
        severity: "error",
        fix: { title: `Write ${meant}`, range: rangeOf(value), newText: meant },
      });
    } else if (value.kind === "list" || value.kind === "array")
      for (const item of value.items) this.#octal(item);
  }

  #shadow(node: Declaration): void {
    if (!this.#ownPackage || (node.scope !== "my" && node.scope !== "local")) return;
    // In a block a variable of its own may well carry such a name for a while.
    if (this.#depth > 0) return;
    const targets = node.target.kind === "list" ? node.target.items : [node.target];
    for (const target of targets) {
      const variable = target.kind === "variable" ? settingOf(target) : undefined;
      if (variable === undefined) continue;
      const name = variable.sigil + variable.name;
      const { start } = node;
      const all = targets.every((one) => one.kind === "variable" && settingOf(one) !== undefined);
      this.#add({
        kind: "my-shadows",
        range: target,
        message:
          node.scope === "my"
            ? `"my" makes another variable of that name for this file: amavisd's ${name} keeps its value, and what is set here has no effect.`
            : `"local" gives ${name} back its old value at the end of the file: what is set here has no effect.`,
        fix: all
          ? { title: `Take "${node.scope}" away`, range: { start, end: node.target.start }, newText: "" }
          : undefined,
      });
    }
  }

  #retired(node: Assignment, statement: ExpressionStatement): void {
    if (node.target.kind !== "variable" || !this.#ownPackage) return;
    const name = node.target.sigil + node.target.name;
    const retired = amavisVariable(name)?.retired;
    if (retired === undefined) return;
    this.#add({
      kind: "retired-variable",
      range: node.target,
      message: `${name} has been no setting since amavisd ${retired}: amavisd only warns that it is set.`,
      severity: /^(?:0|''|"")$/.test(this.#text.slice(node.value.start, node.value.end))
        ? "information"
        : "warning",
      fix: { title: "Delete the statement", range: wholeLines(this.#text, statement), newText: "" },
    });
  }

  #add(found: {
    kind: string;
    range: Range;
    message: string;
    severity?: AmavisProblem["severity"];
    fix?: AmavisFix | undefined;
  }): void {
    const { range } = found;
    this.problems.push({ ...found, file: this.#file, range: rangeOf(range), fatal: false });
  }
}

function rangeOf({ start, end }: Range): Range {
  return { start, end };
}

/** The variable of amavisd that a target is as a whole. */
function settingOf(target: Expression): Variable | undefined {
  if (target.kind !== "variable" || target.name.includes("::")) return undefined;
  return amavisVariable(target.sigil + target.name) === undefined ? undefined : target;
}

/** The number of elements of a list that is written out; undefined for anything else. */
function countOf(value: Expression): number | undefined {
  if (value.kind === "words")
    return value.words.some((word) => word.placeholder) ? undefined : value.words.length;
  if (value.kind !== "list" || !value.parenthesised) return undefined;
  return value.items.length;
}

/** A statement with the line that it leaves empty. */
export function wholeLines(text: string, { start, end }: Range): Range {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const semicolon = /^[ \t]*;/.exec(text.slice(end, end + 100));
  const after = semicolon === null ? end : end + semicolon[0].length;
  const rest = /^[ \t]*(?:#[^\n]*)?(?:\n|$)/.exec(text.slice(after, after + 2000));
  const alone = text.slice(lineStart, start).trim() === "" && rest !== null;
  return alone ? { start: lineStart, end: after + rest[0].length } : { start, end: after };
}
