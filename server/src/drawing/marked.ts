/** A flow graph with what the findings say about its nodes and edges: what drawings show in red. */
import type { Analysis } from "../analysis.js";
import { type FlowEdge, type FlowNode, flowGraph } from "../flow/graph.js";
import type { Finding } from "../rules/finding.js";
import type { Location } from "../semantics/located.js";

export type Mark = "error" | "warning" | undefined;

export interface MarkedGraph {
  readonly nodes: readonly (FlowNode & { readonly mark: Mark; readonly findings: readonly Finding[] })[];
  readonly edges: readonly (FlowEdge & { readonly mark: Mark; readonly findings: readonly Finding[] })[];
}

/** The graph of an analysed system; a finding marks what its own place belongs to. */
export function markedGraph({ system, flow, findings }: Analysis): MarkedGraph {
  const graph = flowGraph(system, flow);
  const telling = findings.filter(({ severity }) => severity === "error" || severity === "warning");
  const marked = <Part extends { readonly locations: readonly Location[] }>(part: Part) => {
    const own = telling.filter((finding) => part.locations.some((location) => touches(finding, location)));
    const mark: Mark = own.some(({ severity }) => severity === "error") ? "error" : own[0] && "warning";
    return { ...part, findings: own, mark };
  };
  return {
    nodes: graph.nodes.map((node) => {
      const result = marked(node);
      return node.kind === "problem" ? { ...result, mark: "error" as const } : result;
    }),
    edges: graph.edges.map((edge) => {
      const result = marked(edge);
      return edge.loop ? { ...result, mark: "error" as const } : result;
    }),
  };
}

function touches(finding: Finding, { file, range }: Location): boolean {
  return finding.file === file && finding.range.start <= range.end && range.start <= finding.range.end;
}
