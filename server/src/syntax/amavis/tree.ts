/**
 * The tree of one amavisd configuration file: declarative Perl. Nodes are plain data with the range of
 * the text that they cover; the leaves are `AmavisTree.tokens`.
 */
import type { Range, SyntaxProblem } from "../text.js";
import type { TokenList } from "./tokens.js";

export interface AmavisTree {
  readonly text: string;
  /** True when the text was read as a template that another program fills in first. */
  readonly template: boolean;
  readonly tokens: TokenList;
  readonly statements: readonly Statement[];
  readonly problems: readonly PerlProblem[];
}

/** An edit that certainly mends a problem of syntax. */
export interface SyntaxFix {
  readonly title: string;
  readonly range: Range;
  readonly newText: string;
}

export interface PerlProblem extends SyntaxProblem {
  readonly fix?: SyntaxFix | undefined;
}

/** The text of a tree, put together from its leaves. */
export function printTree(tree: AmavisTree): string {
  const parts: string[] = [];
  for (const token of tree.tokens) parts.push(tree.text.slice(token.start, token.end));
  return parts.join("");
}

export type Sigil = "$" | "@" | "%" | "&" | "*";

export interface NumberLiteral extends Range {
  readonly kind: "number";
  /** As written: 010024, 10_024, 0x1F, 1e3. */
  readonly text: string;
}

/** A piece of the inside of a quoted string. */
export type StringPart =
  | (Range & { readonly kind: "text"; readonly value: string })
  /** `$name`, `${name}`, `$name[0]`, `@name`, `@{[ ... ]}`. */
  | (Range & { readonly kind: "expression"; readonly expression: Expression })
  /** \L \U \Q \E \l \u: change what follows. */
  | (Range & { readonly kind: "case"; readonly letter: string })
  /** A place that another program fills in: {{ name }}. */
  | (Range & { readonly kind: "placeholder" });

/** '...', q(...), "...", qq(...), a here-document, or a bare word that is quoted by its place. */
export interface StringLiteral extends Range {
  readonly kind: "string";
  /** The whole value when nothing in it has to be worked out, else undefined. */
  readonly constant: string | undefined;
  readonly parts: readonly StringPart[];
  /** The text between the quotes; that of a here-document stands on the lines after the statement. */
  readonly body: Range;
  /** "" for a bare word before => or in a subscript. */
  readonly quote: "'" | '"' | "<<" | "";
}

/** The parts of a string that has a constant value: one list for all of them. */
export const NO_PARTS: readonly StringPart[] = [];

/** qw( ... ) */
export interface WordList extends Range {
  readonly kind: "words";
  readonly words: readonly (Range & { readonly value: string; readonly placeholder: boolean })[];
}

/** m//, //, qr//, s///, tr///, y/// */
export interface Pattern extends Range {
  readonly kind: "pattern";
  readonly operator: "match" | "regex" | "substitute" | "transliterate";
  readonly body: Range;
  readonly replacement: Range | undefined;
  readonly flags: string;
  /** What interpolates in the body and the replacement. */
  readonly parts: readonly StringPart[];
}

/** `...` or qx(...): the output of a command, which is never run. */
export interface Command extends Range {
  readonly kind: "command";
  readonly body: Range;
  readonly parts: readonly StringPart[];
}

/** <STDIN>, <$file>, <*.conf> */
export interface ReadLine extends Range {
  readonly kind: "readline";
}

export interface Variable extends Range {
  readonly kind: "variable";
  /** The sigil of the variable that is meant: `$x[0]` means @x, `$#x` too. */
  readonly sigil: Sigil;
  /** Without sigil and braces; may hold `::`. */
  readonly name: string;
}

/** `$x[1]`, `$x{k}`, `$x->[1]`, `$x->{k}`: one element of an array or a hash. */
export interface Element extends Range {
  readonly kind: "element";
  readonly container: Variable | Dereference;
  readonly access: "index" | "key";
  readonly subscript: Expression;
}

/** `@x[1,2]`, `@x{...}`, `%x{...}`, `@$x{...}`, `(list)[0]` */
export interface Slice extends Range {
  readonly kind: "slice";
  readonly container: Expression;
  readonly access: "index" | "key";
  /** True for %x[...] and %x{...}, which give keys and values. */
  readonly pairs: boolean;
  readonly subscript: Expression;
}

/** `@$x`, `@{...}`, `$$x`, `->@*`, and what an arrow subscript goes through. `#` is `$#{...}`. */
export interface Dereference extends Range {
  readonly kind: "dereference";
  readonly sigil: Sigil | "#";
  readonly operand: Expression;
}

/** `$#x` */
export interface LastIndex extends Range {
  readonly kind: "last-index";
  readonly array: Variable;
}

/** `\ operand` */
export interface Reference extends Range {
  readonly kind: "reference";
  readonly operand: Expression;
}

export interface ArrayConstructor extends Range {
  readonly kind: "array";
  readonly items: readonly Expression[];
}

export interface HashConstructor extends Range {
  readonly kind: "hash";
  readonly items: readonly Expression[];
}

/** A comma list; with or without parentheses. */
export interface List extends Range {
  readonly kind: "list";
  readonly items: readonly Expression[];
  readonly parenthesised: boolean;
}

/** `!`, `~`, unary `-` and `+`, `not`, `++` and `--` in front. */
export interface Unary extends Range {
  readonly kind: "unary";
  readonly operator: string;
  readonly operand: Expression;
}

/** `$x++`, `$x--` */
export interface Postfix extends Range {
  readonly kind: "postfix";
  readonly operator: string;
  readonly operand: Expression;
}

/** Operators of one precedence, from left to right: one node, so that a long chain is not a deep tree. */
export interface Chain extends Range {
  readonly kind: "chain";
  readonly operands: readonly Expression[];
  readonly operators: readonly string[];
}

export interface Ternary extends Range {
  readonly kind: "ternary";
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}

export interface Assignment extends Range {
  readonly kind: "assignment";
  /** `=`, `.=`, `||=` ... */
  readonly operator: string;
  readonly target: Expression;
  readonly value: Expression;
}

/** `name(...)`, `name ...`, `&name(...)` */
export interface Call extends Range {
  readonly kind: "call";
  readonly name: string;
  readonly nameRange: Range;
  readonly arguments: readonly Expression[];
  /** The block of `map {...}`, `grep {...}`, `sort {...}`, `eval {...}`, `do {...}`. */
  readonly block: Block | undefined;
  /** `sort by_name list`, `sort $by list` */
  readonly comparator?: Expression;
  /** The loop that `next NAME` and `last NAME` mean. */
  readonly label?: string;
}

export interface MethodCall extends Range {
  readonly kind: "method-call";
  readonly invocant: Expression;
  readonly method: string;
  readonly arguments: readonly Expression[];
}

/** `$code->(...)`, `&$code(...)` */
export interface DynamicCall extends Range {
  readonly kind: "dynamic-call";
  readonly callee: Expression;
  readonly arguments: readonly Expression[];
}

export interface AnonymousSub extends Range {
  readonly kind: "sub";
  readonly body: Block;
}

export interface Declaration extends Range {
  readonly kind: "declaration";
  readonly scope: "my" | "our" | "local" | "state";
  readonly target: Expression;
}

/** A name that stands alone: a constant, a class, a file handle. */
export interface Bareword extends Range {
  readonly kind: "bareword";
  readonly name: string;
}

/** `-e $file` */
export interface FileTest extends Range {
  readonly kind: "file-test";
  readonly operator: string;
  readonly operand: Expression | undefined;
}

/** A place in a template, with the operands that are pasted to it. */
export interface Placeholder extends Range {
  readonly kind: "placeholder";
  readonly operands: readonly Expression[];
}

/** Stands where an expression should be. */
export interface Missing extends Range {
  readonly kind: "missing";
}

export type Expression =
  | NumberLiteral
  | StringLiteral
  | WordList
  | Pattern
  | Command
  | ReadLine
  | Variable
  | Element
  | Slice
  | Dereference
  | LastIndex
  | Reference
  | ArrayConstructor
  | HashConstructor
  | List
  | Unary
  | Postfix
  | Chain
  | Ternary
  | Assignment
  | Call
  | MethodCall
  | DynamicCall
  | AnonymousSub
  | Declaration
  | Bareword
  | FileTest
  | Placeholder
  | Missing;

export interface Block extends Range {
  readonly kind: "block";
  readonly statements: readonly Statement[];
  /** `NAME: { ... }` */
  readonly label?: string;
}

export interface ExpressionStatement extends Range {
  readonly kind: "expression-statement";
  readonly expression: Expression;
  /** `... if condition`, and unless, while, until, for, foreach. */
  readonly modifier: { readonly word: string; readonly condition: Expression } | undefined;
  /** True when a part of it could not be read: its values cannot be trusted. */
  readonly damaged: boolean;
}

export interface IfStatement extends Range {
  readonly kind: "if";
  readonly branches: readonly {
    /** True for `unless`. */
    readonly negated: boolean;
    readonly condition: Expression;
    readonly block: Block;
  }[];
  readonly otherwise: Block | undefined;
}

export interface WhileStatement extends Range {
  readonly kind: "while";
  readonly negated: boolean;
  readonly condition: Expression | undefined;
  readonly block: Block;
  readonly continueBlock: Block | undefined;
  readonly label?: string;
}

/** for (init; condition; step) { ... } */
export interface CountingLoop extends Range {
  readonly kind: "for";
  readonly parts: readonly (Expression | undefined)[];
  readonly block: Block;
  readonly label?: string;
}

export interface ForeachStatement extends Range {
  readonly kind: "foreach";
  /** undefined: $_ */
  readonly variable: Variable | undefined;
  readonly scope: "my" | "our" | "state" | undefined;
  readonly list: Expression;
  readonly block: Block;
  readonly continueBlock?: Block | undefined;
  readonly label?: string;
}

export interface SubDefinition extends Range {
  readonly kind: "sub-definition";
  readonly name: string;
  readonly body: Block | undefined;
}

export interface PackageStatement extends Range {
  readonly kind: "package";
  readonly name: string;
  readonly block: Block | undefined;
}

export interface UseStatement extends Range {
  readonly kind: "use";
  readonly keyword: "use" | "no";
  /** A module name, or a version as written. */
  readonly module: string;
  readonly arguments: Expression | undefined;
}

/** Statements between two control lines of a template: whether they are there is not known. */
export interface TemplateBlock extends Range {
  readonly kind: "template-block";
  readonly statements: readonly Statement[];
}

/** A placeholder that stands for whole statements. */
export interface TemplateStatement extends Range {
  readonly kind: "template-statement";
}

export interface EmptyStatement extends Range {
  readonly kind: "empty";
}

export type Statement =
  | ExpressionStatement
  | IfStatement
  | WhileStatement
  | CountingLoop
  | ForeachStatement
  | Block
  | SubDefinition
  | PackageStatement
  | UseStatement
  | TemplateBlock
  | TemplateStatement
  | EmptyStatement;

export type Node = Expression | Statement;
