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
      visitParts(node.parts, visit);
      return;
    case "element":
    case "slice":
      visit(node.container);
      visit(node.subscript);
      return;
    case "dereference":
    case "reference":
    case "unary":
    case "postfix":
      visit(node.operand);
      return;
    case "last-index":
      visit(node.array);
      return;
    case "array":
    case "hash":
    case "list":
      visitAll(node.items, visit);
      return;
    case "chain":
    case "placeholder":
      visitAll(node.operands, visit);
      return;
    case "ternary":
      visitAll([node.condition, node.whenTrue, node.whenFalse], visit);
      return;
    case "assignment":
      visit(node.target);
      visit(node.value);
      return;
    case "call":
      visitAll([node.block, node.comparator], visit);
      visitAll(node.arguments, visit);
      return;
    case "method-call":
      visit(node.invocant);
      visitAll(node.arguments, visit);
      return;
    case "dynamic-call":
      visit(node.callee);
      visitAll(node.arguments, visit);
      return;
    case "declaration":
      visit(node.target);
      return;
    case "file-test":
      if (node.operand !== undefined) visit(node.operand);
      return;
    case "sub":
      visit(node.body);
      return;
    case "block":
    case "template-block":
      visitAll(node.statements, visit);
      return;
    default:
      forEachStatementChild(node, visit);
      return;
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
      visitAll([node.otherwise], visit);
      return;
    case "while":
      visitAll([node.condition, node.block, node.continueBlock], visit);
      return;
    case "for":
      visitAll(node.parts, visit);
      visit(node.block);
      return;
    case "foreach":
      visitAll([node.variable, node.list, node.block, node.continueBlock], visit);
      return;
    case "sub-definition":
      visitAll([node.body], visit);
      return;
    case "package":
      visitAll([node.block], visit);
      return;
    case "use":
      visitAll([node.arguments], visit);
      return;
    default:
      return;
  }
}
