/** Lists whose elements are known and whose order is not: what may be done with each of them in any order. */
import { forEachChild } from "../../syntax/amavis/children.js";
import type { Expression, Node } from "../../syntax/amavis/tree.js";
import { isBuiltin } from "../../syntax/amavis/words.js";
import { ScalarCell } from "./value.js";

/** The elements of a cell that stands for several. */
export function elementCells(cell: ScalarCell): ScalarCell[] {
  const { value } = cell;
  if (value.kind !== "unknown" || value.elements === undefined) return [cell];
  return value.elements.map((element) => new ScalarCell(element, element.origin));
}

const CHANGING = new Set(
  "push unshift shift pop splice chomp chop delete undef die return last next each".split(" "),
);

/** Whether code only works something out, and changes nothing that could be seen elsewhere. */
export function isPure(node: Node): boolean {
  switch (node.kind) {
    case "assignment":
      return node.operator === "=" && node.target.kind === "declaration" && isPure(node.value);
    case "postfix":
    case "method-call":
    case "dynamic-call":
    case "if":
    case "while":
    case "for":
    case "foreach":
      return false;
    case "unary":
      if (node.operator === "++" || node.operator === "--") return false;
      break;
    case "pattern":
      if ((node.operator === "substitute" || node.operator === "transliterate") && !node.flags.includes("r"))
        return false;
      break;
    case "call":
      if (CHANGING.has(node.name) || !isBuiltin(node.name)) return false;
      break;
    default:
  }
  let pure = true;
  forEachChild(node, (child) => {
    pure &&= isPure(child);
  });
  return pure;
}

/** Whether the loop only sets entries of tables, each under a key of its own, so that any order gives the same. */
export function isOrderFree(body: Node, variable: string): boolean {
  switch (body.kind) {
    case "block":
      return body.statements.every((statement) => isOrderFree(statement, variable));
    case "empty":
      return true;
    case "expression-statement":
      return body.modifier === undefined && !body.damaged && isOrderFree(body.expression, variable);
    case "assignment": {
      if (body.operator !== "=" || !isPure(body.value)) return false;
      return body.target.kind === "declaration" || hasOwnKey(body.target, variable);
    }
    default:
      return false;
  }
}

/** `$h{$name}`, `$h{lc $name}{key}` */
function hasOwnKey(target: Expression, variable: string): boolean {
  if (target.kind !== "element" || target.access !== "key") return false;
  if (mentions(target.subscript, variable) && isPure(target.subscript)) return true;
  const { container } = target;
  return container.kind === "dereference" && hasOwnKey(container.operand, variable);
}

function mentions(node: Node, variable: string): boolean {
  if (node.kind === "variable") return node.sigil === "$" && node.name === variable;
  let found = false;
  forEachChild(node, (child) => {
    found ||= mentions(child, variable);
  });
  return found;
}
