/**
 * The flow as one SVG document that stands alone: left to right, faults in red where they are, readable on
 * light and dark ground. Layout by dagre; text is escaped, nothing is fetched and nothing runs.
 */
import dagre from "@dagrejs/dagre";
import type { MarkedGraph } from "./marked.js";

const CHARACTER = 7.3;
const LINE = 17;
const PADDING = { x: 14, y: 10 };
const MARGIN = 20;

const STYLE = `
  svg { background: #ffffff; color: #1f2328; font: 12px ui-monospace, Menlo, Consolas, monospace; }
  .node rect { fill: #f6f8fa; stroke: #6e7781; stroke-width: 1.2; }
  .entry rect { fill: #ddf4ff; stroke: #0969da; }
  .filter rect { fill: #fff8c5; stroke: #9a6700; }
  .reinjection rect { fill: #e6f6ea; stroke: #1a7f37; }
  .unknown rect { stroke-dasharray: 4 3; }
  .title { font-weight: 600; }
  text { fill: currentColor; }
  .label text { font-size: 11px; }
  .label rect { fill: #ffffff; opacity: .85; }
  .edge path { fill: none; stroke: #6e7781; stroke-width: 1.4; }
  .arrow { fill: #6e7781; }
  .conditional path { stroke-dasharray: 5 4; }
  .error rect, .error > path { stroke: #d1242f; stroke-width: 2.6; }
  .warning rect, .warning > path { stroke: #bf8700; stroke-width: 2.2; }
  .label rect { stroke: none !important; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; color: #e6edf3; }
    .node rect { fill: #161b22; stroke: #8b949e; }
    .entry rect { fill: #0c2d4d; stroke: #4493f8; }
    .filter rect { fill: #3b2e04; stroke: #d29922; }
    .reinjection rect { fill: #0f2d18; stroke: #3fb950; }
    .label rect { fill: #0d1117; }
    .edge path { stroke: #8b949e; }
    .arrow { fill: #8b949e; }
    .error rect, .error > path { stroke: #f85149; }
    .warning rect, .warning > path { stroke: #d29922; }
  }`;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** @param name the mail system's name, for the title that screen readers announce. */
export function flowSvg(graph: MarkedGraph, name: string): string {
  const layout = new dagre.graphlib.Graph({ multigraph: true });
  layout.setGraph({ rankdir: "LR", nodesep: 26, ranksep: 60, edgesep: 16, marginx: MARGIN, marginy: MARGIN });
  for (const node of graph.nodes) {
    const longest = Math.max(...[node.title, ...node.lines, ...node.does].map((line) => line.length));
    layout.setNode(node.id, {
      width: Math.ceil(longest * CHARACTER) + 2 * PADDING.x,
      height: (node.lines.length + node.does.length + 1) * LINE + 2 * PADDING.y,
    });
  }
  graph.edges.forEach((edge, index) => {
    const label =
      edge.label === "" ? {} : { width: Math.ceil(edge.label.length * 6.8) + 6, height: 16, labelpos: "c" };
    layout.setEdge(edge.from, edge.to, label, String(index));
  });
  dagre.layout(layout);
  const { width = 0, height = 0 } = layout.graph();
  const edges = graph.edges.map((edge, index) => {
    const placed = layout.edge(edge.from, edge.to, String(index));
    const classes = ["edge", edge.conditional ? "conditional" : "", edge.mark ?? ""]
      .filter(Boolean)
      .join(" ");
    const arrow = edge.mark ?? "plain";
    return `<g class="${classes}">${titleOf(edge.findings)}<path d="${path(placed.points)}" marker-end="url(#${arrow})"/>${labelOf(edge.label, placed)}</g>`;
  });
  const nodes = graph.nodes.map((node) => {
    const box = layout.node(node.id);
    const x = box.x - box.width / 2;
    const y = box.y - box.height / 2;
    const texts = [node.title, ...node.lines, ...node.does].map(
      (line, index) =>
        `<text${index === 0 ? ' class="title"' : ""} x="${round(box.x)}" y="${round(y + PADDING.y + LINE * index + 12)}" text-anchor="middle">${escaped(line)}</text>`,
    );
    return `<g class="node ${node.kind}${node.mark ? ` ${node.mark}` : ""}">${titleOf(node.findings)}<rect x="${round(x)}" y="${round(y)}" width="${round(box.width)}" height="${round(box.height)}" rx="6"/>${texts.join("")}</g>`;
  });
  const size = `${Math.ceil(Math.max(width, 2 * MARGIN))} ${Math.ceil(Math.max(height, 2 * MARGIN))}`;
  const [across, down] = size.split(" ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}" width="${across}" height="${down}" role="img" aria-label="${escaped(`Flow of mail in ${name}`)}">`,
    `<style>${STYLE}\n</style>`,
    `<defs>${["plain", "error", "warning"].map(marker).join("")}</defs>`,
    ...edges,
    ...nodes,
    "</svg>\n",
  ].join("\n");
}

function marker(kind: string): string {
  const color =
    kind === "error" ? ' style="fill:#d1242f"' : kind === "warning" ? ' style="fill:#bf8700"' : "";
  return `<marker id="${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="arrow"${color} d="M0 0L8 4L0 8z"/></marker>`;
}

/** Straight between the points, with rounded corners by quadratic curves. */
function path(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let d = `M${round(first.x)} ${round(first.y)}`;
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    if (!next) d += `L${round(point.x)} ${round(point.y)}`;
    else
      d += `Q${round(point.x)} ${round(point.y)} ${round((point.x + next.x) / 2)} ${round((point.y + next.y) / 2)}`;
  });
  return d;
}

function labelOf(label: string, at: { readonly x?: number; readonly y?: number }): string {
  if (label === "" || at.x === undefined || at.y === undefined) return "";
  const width = label.length * 6.8 + 6;
  return `<g class="label"><rect x="${round(at.x - width / 2)}" y="${round(at.y - 8)}" width="${round(width)}" height="16"/><text x="${round(at.x)}" y="${round(at.y + 4)}" text-anchor="middle">${escaped(label)}</text></g>`;
}

/** What hovering over a fault tells. */
function titleOf(findings: readonly { readonly code: string; readonly message: string }[]): string {
  if (findings.length === 0) return "";
  return `<title>${escaped(findings.map(({ code, message }) => `${code}: ${message}`).join("\n"))}</title>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Text for XML content and attributes; control characters, which XML cannot hold, become a mark. */
function escaped(text: string): string {
  return text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
