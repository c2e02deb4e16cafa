/** `mailflow show flow`: where mail enters, which filters it passes, and where it goes. */
import { type MarkedGraph, markedGraph } from "../drawing/marked.js";
import { flowMermaid } from "../drawing/mermaid.js";
import { flowSvg } from "../drawing/svg.js";
import { flowText } from "../drawing/text.js";
import type { Location } from "../semantics/located.js";
import { analyseSource } from "../workspace/analyseSource.js";
import { UsageError } from "./failure.js";
import { readInput } from "./input.js";
import { type Place, placer } from "./place.js";
import { colours, visible, visibleJson } from "./terminal.js";

export interface ShowFlowOptions {
  readonly format: "text" | "json" | "mermaid" | "svg";
  readonly postfixVersion?: string | undefined;
}

/**
 * @returns the exit status: 0, or 2 when a file of a system could not be read
 * @throws UsageError when there is nothing to show, or several systems for a format that holds one
 */
export function showFlow(paths: readonly string[], options: ShowFlowOptions): number {
  const input = readInput(paths, { postfixVersion: options.postfixVersion });
  for (const message of input.messages) process.stderr.write(`mailflow: ${message}\n`);
  const systems = input.systems.map(({ source }) => {
    const analysis = analyseSource(source);
    return { name: source.name, graph: markedGraph(analysis), place: placer(source, input.base) };
  });
  if (options.format !== "text" && options.format !== "json" && systems.length > 1) {
    const names = systems.map(({ name }) => visible(name)).join(", ");
    throw new UsageError(`--format ${options.format} draws one mail system, and here are several: ${names}`);
  }
  if (options.format === "json") {
    const documents = systems.map(({ name, graph, place }) => ({ name, ...graphDocument(graph, place) }));
    process.stdout.write(`${visibleJson(documents, 2)}\n`);
  } else if (options.format === "text") {
    const { red, yellow } = colours(process.stdout);
    const style = { error: red, warning: yellow, shown: visible };
    const blocks = systems.map(
      ({ name, graph }) => (systems.length > 1 ? `${visible(name)}\n` : "") + flowText(graph, style),
    );
    process.stdout.write(blocks.join("\n"));
  } else {
    for (const { name, graph } of systems)
      process.stdout.write(options.format === "svg" ? flowSvg(graph, name) : flowMermaid(graph));
  }
  return input.unreadable ? 2 : 0;
}

/** Nodes and edges with their places (lines from 0) and the codes of the findings that mark them. */
function graphDocument({ nodes, edges }: MarkedGraph, place: (location: Location) => Place) {
  return {
    nodes: nodes.map(({ id, kind, title, lines, does, locations, findings }) => ({
      id,
      kind,
      title,
      lines,
      does,
      at: locations.map(place),
      findings: findings.map(({ code }) => code),
    })),
    edges: edges.map(({ from, to, label, conditional, locations, findings }) => ({
      from,
      to,
      label,
      conditional,
      at: locations.map(place),
      findings: findings.map(({ code }) => code),
    })),
  };
}
