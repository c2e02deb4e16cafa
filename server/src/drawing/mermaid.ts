/** The flow as a Mermaid flowchart, for pages that render it themselves. */
import type { FlowNodeKind } from "../flow/graph.js";
import type { MarkedGraph } from "./marked.js";

const SHAPES: Readonly<Record<FlowNodeKind, readonly [string, string]>> = {
  entry: ["([", "])"],
  stage: ["[", "]"],
  filter: ["{{", "}}"],
  reinjection: ["[", "]"],
  queue: ["[(", ")]"],
  delivery: ["[/", "/]"],
  problem: ["[", "]"],
  unknown: ["(", ")"],
};

export function flowMermaid(graph: MarkedGraph): string {
  const names = new Map(graph.nodes.map((node, index) => [node.id, `n${index}`]));
  const lines = ["flowchart LR"];
  for (const node of graph.nodes) {
    const [open, close] = SHAPES[node.kind];
    const text = [node.title, ...node.lines, ...node.does].map(escaped).join("<br/>");
    lines.push(`  ${names.get(node.id)}${open}"${text}"${close}`);
  }
  graph.edges.forEach((edge) => {
    const arrow = edge.conditional ? "-.->" : "-->";
    const label = edge.label === "" ? "" : `|"${escaped(edge.label)}"|`;
    lines.push(`  ${names.get(edge.from)} ${arrow}${label} ${names.get(edge.to)}`);
  });
  for (const mark of ["error", "warning"] as const) {
    const marked = graph.nodes.filter((node) => node.mark === mark).map((node) => names.get(node.id));
    if (marked.length > 0) lines.push(`  class ${marked.join(",")} ${mark}`);
  }
  graph.edges.forEach((edge, index) => {
    if (edge.mark !== undefined)
      lines.push(
        `  linkStyle ${index} stroke:${edge.mark === "error" ? "#d1242f" : "#bf8700"},stroke-width:2px`,
      );
  });
  lines.push(
    "  classDef error stroke:#d1242f,stroke-width:3px",
    "  classDef warning stroke:#bf8700,stroke-width:3px",
  );
  return `${lines.join("\n")}\n`;
}

/** Text from a configuration inside a quoted label: nothing of it may end the label or become markup. */
function escaped(text: string): string {
  return text.replace(/[#"<>&\\`[\]{}|]|[^\P{Cc}]/gu, (character) => `#${character.codePointAt(0)};`);
}
