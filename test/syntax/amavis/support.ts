import { expect } from "vitest";
import { forEachChild } from "../../../server/src/syntax/amavis/children.js";
import { parseAmavis } from "../../../server/src/syntax/amavis/parser.js";
import type { AmavisTree, Node } from "../../../server/src/syntax/amavis/tree.js";

/** Every node lies inside its parent (what interpolates in a here-document: in its text). */
export function checkNesting(tree: AmavisTree): void {
  const visit = (node: Node): void => {
    forEachChild(node, (child) => {
      const outer =
        node.kind === "string"
          ? { start: Math.min(node.start, node.body.start), end: Math.max(node.end, node.body.end) }
          : node;
      if (child.start < outer.start || child.end > outer.end) {
        expect.fail(
          `${child.kind} ${child.start}-${child.end} is not inside ${node.kind} ${node.start}-${node.end}: ${tree.text.slice(node.start, node.end)}`,
        );
      }
      visit(child);
    });
  };
  let last = 0;
  for (const statement of tree.statements) {
    expect(statement.start).toBeGreaterThanOrEqual(last);
    last = statement.end;
    visit(statement);
  }
  expect(last).toBeLessThanOrEqual(tree.text.length);
}

/** The written targets of all assignments, in order. */
export function assignedNames(tree: AmavisTree): string[] {
  const names: string[] = [];
  const visit = (node: Node): void => {
    if (node.kind === "assignment") names.push(tree.text.slice(node.target.start, node.target.end));
    forEachChild(node, visit);
  };
  for (const statement of tree.statements) visit(statement);
  return names;
}

/** A short picture of a tree: `(assignment $x (string 'a'))`. */
export function sketch(text: string, template = false): string {
  return parseAmavis(text, { template }).statements.map(draw(text)).join(" ");
}

function draw(text: string): (node: Node) => string {
  const one = (node: Node): string => {
    const written = text.slice(node.start, node.end);
    switch (node.kind) {
      case "expression-statement": {
        const modifier =
          node.modifier === undefined ? "" : ` ${node.modifier.word} ${one(node.modifier.condition)}`;
        return `${one(node.expression)}${modifier}${node.damaged ? " DAMAGED" : ""}`;
      }
      case "variable":
        return node.sigil + node.name;
      case "number":
      case "missing":
        return node.kind === "number" ? node.text : "MISSING";
      case "string":
        return node.constant === undefined
          ? `"${node.parts.map((part) => (part.kind === "expression" ? `{${one(part.expression)}}` : part.kind === "text" ? part.value : `<${part.kind}>`)).join("")}"`
          : `'${node.constant}'`;
      case "words":
        return `[${node.words.map((word) => word.value).join("|")}]`;
      case "pattern":
        return `${node.operator}<${text.slice(node.body.start, node.body.end)}>${node.flags}`;
      case "bareword":
        return node.name;
      case "chain":
        return `(${node.operands.map((operand, index) => (index === 0 ? one(operand) : `${node.operators[index - 1]} ${one(operand)}`)).join(" ")})`;
      case "assignment":
        return `(${one(node.target)} ${node.operator} ${one(node.value)})`;
      case "element":
        return `${one(node.container)}${node.access === "index" ? "[" : "{"}${one(node.subscript)}${node.access === "index" ? "]" : "}"}`;
      case "call":
        return `${node.name}(${[node.block, ...node.arguments]
          .filter((part) => part !== undefined)
          .map(one)
          .join(", ")})`;
      case "empty":
        return ";";
      case "command":
      case "readline":
      case "template-statement":
        return `${node.kind}<${written}>`;
      default: {
        const parts: string[] = [];
        forEachChild(node, (child) => parts.push(one(child)));
        const name =
          "operator" in node
            ? node.operator
            : "sigil" in node
              ? `deref${node.sigil}`
              : "scope" in node
                ? String(node.scope ?? node.kind)
                : node.kind;
        return `${name}(${parts.join(", ")})`;
      }
    }
  };
  return one;
}
