/** The flow as indented lines for a terminal: every entry with what follows, step by step. */
import type { MarkedGraph } from "./marked.js";

type MarkedNode = MarkedGraph["nodes"][number];

export interface TextStyle {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  /** Makes a text from a configuration fit for the terminal. */
  readonly shown: (text: string) => string;
}

export function flowText(graph: MarkedGraph, style: TextStyle): string {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const lines: string[] = [];
  const entered = new Set(graph.edges.map((edge) => edge.to));
  const starts = graph.nodes.filter((node) => !entered.has(node.id) || node.kind === "entry");
  const walk = (node: MarkedNode, depth: number, before: readonly string[]) => {
    for (const edge of graph.edges.filter(({ from }) => from === node.id)) {
      const next = nodes.get(edge.to);
      if (!next) continue;
      const again = before.includes(next.id);
      const how = edge.label === "" ? "" : `${edge.label}${edge.conditional ? " (some mail)" : ""}: `;
      const line = `${"  ".repeat(depth)}-> ${style.shown(how)}${nodeText(next, style)}`;
      lines.push(again ? `${line} ${round(edge, style)}` : line);
      // What the queue manager does is the same for every way and stands once, at the end.
      if (!again && next.kind !== "queue") walk(next, depth + 1, [...before, next.id]);
    }
  };
  for (const start of starts) {
    if (start.kind === "queue") continue;
    lines.push(nodeText(start, style));
    walk(start, 1, [start.id]);
  }
  const queue = graph.nodes.find(({ kind }) => kind === "queue");
  if (queue) {
    lines.push("", nodeText(queue, style));
    walk(queue, 1, [queue.id]);
  }
  return lines.length === 0 ? "no mail comes in\n" : `${lines.join("\n").trimStart()}\n`;
}

/** A notice that a filter sends is a message of its own: it does not go round with the mail it is about. */
function round(edge: MarkedGraph["edges"][number], style: TextStyle): string {
  return edge.conditional ? "(as above)" : style.error("again: mail goes round");
}

function nodeText(node: MarkedNode, style: TextStyle): string {
  const text = style.shown([node.title, [...node.lines, ...node.does].join(", ")].filter(Boolean).join(" "));
  if (node.mark === undefined) return text;
  const codes = [...new Set(node.findings.map(({ code }) => code))].join(", ");
  return style[node.mark](codes === "" ? text : `${text} [${codes}]`);
}
