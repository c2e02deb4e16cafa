/** Every use of a variable in a file, and what `use strict` says about it there. */
import { forEachChild } from "../../syntax/amavis/children.js";
import type {
  AmavisTree,
  Call,
  Expression,
  Node,
  Statement,
  UseStatement,
  Variable,
} from "../../syntax/amavis/tree.js";
import type { Range } from "../../syntax/text.js";
import { isStrictVersion, wordsOf } from "./pragmas.js";
import { CONFIGURATION_PACKAGE, isSpecialName } from "./store.js";

/** One use of a variable that is not a `my` variable. */
export interface Use {
  /** With the sigil of the variable that is meant; in amavisd's name space without its package. */
  readonly name: string;
  readonly range: Range;
  readonly access: "read" | "write";
  /** True where `use strict` is in force and nothing in the file declares the name. */
  readonly strict: boolean;
  /** True when the name has a package or belongs to Perl: then nothing is to be said about it. */
  readonly exempt: boolean;
  readonly inString: boolean;
  /** The right side, where the variable as a whole is assigned a list in parentheses, brackets or braces. */
  readonly assigned: Range | undefined;
  /** True in a statement that could not be read, or in a part that a template may leave out. */
  readonly doubtful: boolean;
}

export interface FileUses {
  readonly uses: readonly Use[];
  /** Names (with sigil) that `use vars` declares for all files. */
  readonly declared: ReadonlySet<string>;
}

/** Functions whose first argument is changed. */
const WRITES_FIRST = new Set([
  "push",
  "unshift",
  "splice",
  "chomp",
  "chop",
  "undef",
  "shift",
  "pop",
  "delete",
  "read_hash",
]);
interface Context {
  strict: boolean;
  package: string;
}

/** Collects the uses of one file. */
export function usesOf(tree: AmavisTree): FileUses {
  const collector = new Collector();
  collector.statements(tree.statements);
  return collector;
}

class Collector implements FileUses {
  readonly uses: Use[] = [];
  readonly declared = new Set<string>();
  /** Names of `my` ("my") and `our` ("our") variables, innermost scope last. */
  readonly #scopes: Map<string, "my" | "our">[] = [new Map()];
  #context: Context = { strict: false, package: CONFIGURATION_PACKAGE };
  #doubtful = false;
  #inString = false;
  #assigned: Range | undefined;

  statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.#visit(statement);
  }

  #block(statements: readonly Statement[], before?: () => void): void {
    const outer = { ...this.#context };
    this.#scopes.push(new Map());
    before?.();
    this.statements(statements);
    this.#scopes.pop();
    this.#context = outer;
  }

  #visit(node: Node): void {
    switch (node.kind) {
      case "variable":
        this.#use(node, "read");
        return;
      case "assignment":
        this.#visit(node.value);
        this.#assigned = node.target.kind === "variable" ? node.value : undefined;
        this.#write(node.target);
        this.#assigned = undefined;
        return;
      case "declaration":
        this.#declare(node);
        return;
      case "postfix":
        this.#write(node.operand);
        return;
      case "string":
      case "pattern":
      case "command":
        this.#visitString(node);
        return;
      case "call":
        this.#visitCall(node);
        return;
      case "method-call":
        if (node.invocant.kind !== "bareword") this.#visit(node.invocant);
        for (const argument of node.arguments) this.#visit(argument);
        return;
      default:
        this.#visitOther(node);
        return;
    }
  }

  #visitOther(node: Node): void {
    switch (node.kind) {
      case "block":
        this.#block(node.statements);
        return;
      case "foreach":
        this.#visit(node.list);
        this.#block(
          node.continueBlock === undefined ? [node.block] : [node.block, node.continueBlock],
          () => {
            if (node.variable === undefined) return;
            if (node.scope === undefined) this.#use(node.variable, "write");
            else this.#scopes.at(-1)?.set(`$${node.variable.name}`, node.scope === "our" ? "our" : "my");
          },
        );
        return;
      case "for":
        this.#block([], () => forEachChild(node, (child) => this.#visit(child)));
        return;
      case "sub-definition":
        if (node.body !== undefined) this.#visit(node.body);
        return;
      case "package":
        this.#visitPackage(node.name, node.block);
        return;
      case "use":
        this.#visitUse(node);
        return;
      case "file-test":
        // -d NAME looks at a file handle.
        if (node.operand !== undefined && node.operand.kind !== "bareword") this.#visit(node.operand);
        return;
      case "template-block":
      case "expression-statement": {
        const outer = this.#doubtful;
        this.#doubtful ||= node.kind === "template-block" || node.damaged;
        forEachChild(node, (child) => this.#visit(child));
        this.#doubtful = outer;
        return;
      }
      default:
        forEachChild(node, (child) => this.#visit(child));
    }
  }

  #visitString(node: Node): void {
    const outer = this.#inString;
    this.#inString = node.kind === "string";
    forEachChild(node, (child) => this.#visit(child));
    this.#inString = outer;
  }

  #visitPackage(name: string, block: Node | undefined): void {
    if (block === undefined) {
      this.#context.package = name;
      return;
    }
    const outer = this.#context.package;
    this.#context.package = name;
    this.#visit(block);
    this.#context.package = outer;
  }

  #visitUse(node: UseStatement): void {
    const on = node.keyword === "use";
    const words = wordsOf(node.arguments);
    if (node.module === "strict") {
      if (words.length === 0 || words.includes("vars")) this.#context.strict = on;
    } else if (/^v?\d/.test(node.module) && on && isStrictVersion(node.module)) {
      this.#context.strict = true;
    } else if (node.module === "vars") for (const word of words) this.declared.add(word);
    if (node.arguments !== undefined) this.#visit(node.arguments);
  }

  #declare(node: Node & { kind: "declaration" }): void {
    if (node.scope === "local") {
      this.#write(node.target);
      return;
    }
    const targets = node.target.kind === "list" ? node.target.items : [node.target];
    for (const target of targets) {
      if (target.kind !== "variable") continue;
      this.#scopes.at(-1)?.set(target.sigil + target.name, node.scope === "our" ? "our" : "my");
      if (node.scope === "our") this.#use(target, "write");
    }
  }

  #write(target: Expression): void {
    switch (target.kind) {
      case "variable":
        this.#use(target, "write");
        return;
      case "element":
      case "slice":
        this.#visit(target.subscript);
        if (target.container.kind === "variable") {
          this.#use(target.container, "write");
          return;
        }
        this.#writeThrough(target.container);
        return;
      case "list":
        for (const item of target.items) this.#write(item);
        return;
      case "last-index":
        this.#use(target.array, "write");
        return;
      case "declaration":
        this.#declare(target);
        return;
      case "assignment":
        this.#visit(target);
        return;
      default:
        this.#visit(target);
        return;
    }
  }

  /** `$policy_bank{A}{key} = ...` writes into %policy_bank. */
  #writeThrough(container: Expression): void {
    if (container.kind === "dereference" && container.operand.kind === "element") {
      this.#write(container.operand);
      return;
    }
    this.#visit(container);
  }

  #visitCall(node: Call): void {
    if (node.block !== undefined) this.#visit(node.block);
    if (node.comparator !== undefined) this.#visit(node.comparator);
    const [first] = node.arguments;
    for (const argument of node.arguments) {
      if (argument === first && WRITES_FIRST.has(node.name)) {
        this.#write(argument.kind === "reference" ? argument.operand : argument);
      } else this.#visit(argument);
    }
  }

  #use(node: Variable, access: "read" | "write"): void {
    if (node.sigil === "&" || node.sigil === "*") return;
    let { name } = node;
    const written = node.sigil + name;
    const scope = name.includes("::") ? undefined : this.#scopeOf(written);
    if (scope === "my") return;
    // Only the scalars of sort need no declaration.
    let exempt = isSpecialName(name) || (node.sigil === "$" && (name === "a" || name === "b"));
    if (name.startsWith(`${CONFIGURATION_PACKAGE}::`)) name = name.slice(CONFIGURATION_PACKAGE.length + 2);
    else if (this.#context.package !== CONFIGURATION_PACKAGE && !name.includes("::")) exempt = true;
    exempt ||= node.name.includes("::");
    const { start, end } = node;
    this.uses.push({
      name: node.sigil + name,
      range: { start, end },
      access,
      strict: this.#context.strict && scope === undefined,
      exempt: exempt || scope === "our",
      inString: this.#inString,
      assigned: access === "write" ? this.#assigned : undefined,
      doubtful: this.#doubtful,
    });
  }

  #scopeOf(name: string): "my" | "our" | undefined {
    for (let at = this.#scopes.length - 1; at >= 0; at--) {
      const found = this.#scopes[at]?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
