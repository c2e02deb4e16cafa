/** Walking a tree without knowing every kind of node. */
import type { Node, StringPart } from "./tree.js";

function visitParts(parts: readonly StringPart[], visit: (node: Node) => void): void {
  for (const part of parts) if (part.kind === "expression") visit(part.expression);
}

function visitAll(nodes: readonly (Node | undefined)[], visit: (node: Node) => void): void {
  for (const node of nodes) if (node !== undefined) visit(node);
}

/** Calls `visit` for the direct children of a node, in the order of the text. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  switch (node.kind) {
    case "string":
    case "pattern":
    case "command":
      return visitParts(node.parts, visit);
    case "element":
    case "slice":
      visit(node.container);
      return visit(node.subscript);
    case "dereference":
    case "reference":
    case "unary":
    case "postfix":
      return visit(node.operand);
    case "last-index":
      return visit(node.array);
    case "array":
    case "hash":
    case "list":
      return visitAll(node.items, visit);
    case "chain":
    case "placeholder":
      return visitAll(node.operands, visit);
    case "ternary":
      return visitAll([node.condition, node.whenTrue, node.whenFalse], visit);
    case "assignment":
      visit(node.target);
      return visit(node.value);
    case "call":
      if (node.block !== undefined) visit(node.block);
      return visitAll(node.arguments, visit);
    case "method-call":
      visit(node.invocant);
      return visitAll(node.arguments, visit);
    case "dynamic-call":
      visit(node.callee);
      return visitAll(node.arguments, visit);
    case "declaration":
      return visit(node.target);
    case "file-test":
      if (node.operand !== undefined) visit(node.operand);
      return;
    case "sub":
      return visit(node.body);
    case "block":
    case "template-block":
      return visitAll(node.statements, visit);
    default:
      return forEachStatementChild(node, visit);
  }
}

function forEachStatementChild(node: Node, visit: (child: Node) => void): void {
  switch (node.kind) {
    case "expression-statement":
      visit(node.expression);
      if (node.modifier !== undefined) visit(node.modifier.condition);
      return;
    case "if":
      for (const branch of node.branches) {
        visit(branch.condition);
        visit(branch.block);
      }
      return visitAll([node.otherwise], visit);
    case "while":
      return visitAll([node.condition, node.block, node.continueBlock], visit);
    case "for":
      visitAll(node.parts, visit);
      return visit(node.block);
    case "foreach":
      return visitAll([node.variable, node.list, node.block], visit);
    case "sub-definition":
      return visitAll([node.body], visit);
    case "package":
      return visitAll([node.block], visit);
    case "use":
      return visitAll([node.arguments], visit);
    default:
      return;
  }
}
