/** Bare words in a file, and where functions come from. */
import { forEachChild } from "../../syntax/amavis/children.js";
import type {
  AmavisTree,
  Call,
  Expression,
  Node,
  Statement,
  UseStatement,
} from "../../syntax/amavis/tree.js";
import { isBuiltin } from "../../syntax/amavis/words.js";
import type { Range } from "../../syntax/text.js";
import { importedNames, isStrictVersion, wordsOf } from "./pragmas.js";

/** A bare word that is used as a value, such as a constant. */
export interface BarewordUse {
  readonly name: string;
  readonly range: Range;
}

export interface FunctionUses {
  /** Bare words that `use strict` forbids when they are no functions: Perl finds them when it compiles. */
  readonly barewords: readonly BarewordUse[];
  readonly modules: readonly { readonly name: string; readonly range: Range }[];
  /** Constants and subs that the file defines or imports. */
  readonly functions: ReadonlySet<string>;
  /** True when a module or another file may define functions that cannot be seen here. */
  readonly open: boolean;
}

/** Arguments of these are class names, labels or file handles, not constants. */
const TAKES_BAREWORDS =
  /^(?:open|close|opendir|readdir|rewinddir|closedir|binmode|fileno|print|printf|say|require|use|eof|flock|stat|lstat|sort|bless|tie|seek|tell|truncate|read|sysread|syswrite|sysopen|sysseek|select|socket|connect|pipe|getc|chdir|new|import|last|next|redo|goto)$/;
/** Functions that read a program whose names are not seen here. */
const READS_PROGRAM =
  /^(?:do|require|eval|include_config_files|include_optional_config_files|read_config_file)$/;
/** Operators whose right side is not always evaluated. */
const SHORT_CIRCUIT = /^(?:&&|\|\||\/\/|and|or)$/;

/** Collects the bare words and the functions of one file. */
export function functionUsesOf(tree: AmavisTree): FunctionUses {
  const collector = new Collector(tree.text);
  collector.statements(tree.statements);
  return collector;
}

class Collector implements FunctionUses {
  readonly barewords: BarewordUse[] = [];
  readonly modules: { name: string; range: Range }[] = [];
  readonly functions = new Set<string>();
  open = false;
  readonly #text: string;
  /** Whether `use strict "subs"` is in force. */
  #strict = false;
  /** In a statement that could not be read, or in a part that a template may leave out. */
  #doubtful = false;

  constructor(text: string) {
    this.#text = text;
  }

  statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.#visit(statement);
  }

  #children(node: Node): void {
    forEachChild(node, (child) => this.#visit(child));
  }

  #visit(node: Node): void {
    switch (node.kind) {
      case "number":
      case "words":
      case "variable":
        return;
      case "assignment":
        this.#visit(node.value);
        // *name = sub { ... } defines a function.
        if (node.target.kind === "variable" && node.target.sigil === "*")
          this.functions.add(node.target.name);
        this.#visit(node.target);
        return;
      case "bareword":
        this.#bareword(node.name, node);
        return;
      case "call":
        this.#visitCall(node);
        return;
      case "method-call":
        if (node.invocant.kind !== "bareword") this.#visit(node.invocant);
        for (const argument of node.arguments) this.#visit(argument);
        return;
      case "unary":
        // -word is a text.
        if (node.operator !== "-" || node.operand.kind !== "bareword") this.#visit(node.operand);
        return;
      case "file-test":
        if (node.operand !== undefined && node.operand.kind !== "bareword") this.#visit(node.operand);
        return;
      default:
        this.#visitConditional(node);
        return;
    }
  }

  #visitConditional(node: Node): void {
    switch (node.kind) {
      case "ternary":
        this.#visit(node.condition);
        this.#branch(folded(node.condition), true, node.whenTrue);
        this.#branch(folded(node.condition), false, node.whenFalse);
        return;
      case "chain":
        if (!node.operators.some((operator) => SHORT_CIRCUIT.test(operator))) this.#children(node);
        else {
          const [first, ...others] = node.operands;
          if (first !== undefined) this.#visit(first);
          const constant = node.operands.slice(0, -1).some(isConstant) ? "either" : undefined;
          for (const other of others) this.#branch(constant, true, other);
        }
        return;
      case "if":
      case "while":
      case "for":
      case "foreach":
        this.#visitCompound(node);
        return;
      case "sub-definition":
        this.functions.add(node.name);
        this.#children(node);
        return;
      case "block": {
        const outer = this.#strict;
        this.#children(node);
        this.#strict = outer;
        return;
      }
      case "use":
        this.#visitUse(node);
        return;
      case "template-block":
      case "expression-statement":
        this.#visitStatement(node);
        return;
      default:
        this.#children(node);
    }
  }

  /** What is run when the condition is `wanted`: otherwise Perl leaves it out before it looks at bare words. */
  #branch(condition: boolean | "either" | undefined, wanted: boolean, branch: Node): void {
    const outer = this.#doubtful;
    this.#doubtful ||= condition !== undefined && condition !== wanted;
    this.#visit(branch);
    this.#doubtful = outer;
  }

  #visitCompound(node: Statement & { kind: "if" | "while" | "for" | "foreach" }): void {
    const outer = this.#doubtful;
    if (node.kind === "if" && node.branches.some(({ condition }) => isConstant(condition))) {
      // The first condition is looked at in any case, whatever of the rest is left out.
      const [first] = node.branches;
      if (first !== undefined) this.#visit(first.condition);
      this.#doubtful = true;
    }
    if (node.kind === "while" && node.condition !== undefined) this.#doubtful ||= isConstant(node.condition);
    this.#children(node);
    this.#doubtful = outer;
  }

  #visitStatement(node: Statement & { kind: "expression-statement" | "template-block" }): void {
    const outer = this.#doubtful;
    this.#doubtful ||= node.kind === "template-block" || node.damaged;
    if (node.kind === "expression-statement" && node.modifier !== undefined) {
      this.#visit(node.modifier.condition);
      const { word, condition } = node.modifier;
      const wanted = word !== "unless" && word !== "until";
      // A loop over a constant is a loop.
      this.#branch(/^for/.test(word) ? undefined : folded(condition), wanted, node.expression);
    } else this.#children(node);
    this.#doubtful = outer;
  }

  #visitUse(node: UseStatement): void {
    const on = node.keyword === "use";
    const words = wordsOf(node.arguments);
    const { start, end } = node;
    this.modules.push({ name: node.module, range: { start, end } });
    if (node.module === "strict") {
      if (words.length === 0 || words.includes("subs")) this.#strict = on;
    } else if (/^v?\d/.test(node.module)) this.#strict ||= on && isStrictVersion(node.module);
    else if (node.module === "constant") this.#defineConstants(node);
    const names = importedNames(node);
    this.open ||= names === undefined;
    for (const name of names ?? []) this.functions.add(name);
    if (node.arguments !== undefined) this.#visit(node.arguments);
  }

  #defineConstants(node: UseStatement): void {
    const first = node.arguments?.kind === "list" ? node.arguments.items[0] : node.arguments;
    if (first?.kind === "string") this.functions.add(first.constant ?? "");
    if (first?.kind === "hash") {
      for (const item of first.items) if (item.kind === "string") this.functions.add(item.constant ?? "");
    }
  }

  #visitCall(node: Call): void {
    const { name, block } = node;
    const [first] = node.arguments;
    if (block !== undefined) this.#visit(block);
    else if (READS_PROGRAM.test(name) && first?.kind !== "bareword") this.open = true;
    // `name Class` is a method of the class.
    const method = !isBuiltin(name) && this.#text.charAt(node.nameRange.end) !== "(";
    for (const argument of node.arguments) {
      const isName = TAKES_BAREWORDS.test(name) || (method && argument === first);
      if (argument.kind !== "bareword" || !isName) this.#visit(argument);
    }
  }

  #bareword(name: string, { start, end }: Range): void {
    if (this.#strict && !this.#doubtful) this.barewords.push({ name, range: { start, end } });
  }
}

/**
 * Whether Perl may work a condition out when it compiles and leave out what then is not run: true and false
 * where the result is plain, "either" where it is a constant, undefined where it is none.
 */
function folded(node: Expression): boolean | "either" | undefined {
  switch (node.kind) {
    case "number":
      return Number(node.text.replaceAll("_", "")) !== 0;
    case "string":
      return node.constant === undefined ? undefined : node.constant !== "" && node.constant !== "0";
    case "bareword":
      return "either";
    case "list": {
      const [only] = node.items;
      return only !== undefined && node.items.length === 1 ? folded(only) : undefined;
    }
    case "chain": {
      const some = node.operators.some((operator) => SHORT_CIRCUIT.test(operator));
      const [first] = node.operands;
      const constant = some ? first !== undefined && isConstant(first) : node.operands.every(isConstant);
      return constant ? "either" : undefined;
    }
    case "unary":
      return isConstant(node.operand) ? "either" : undefined;
    default:
      return undefined;
  }
}

function isConstant(node: Expression): boolean {
  return folded(node) !== undefined;
}
