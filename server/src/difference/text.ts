/** A difference for people: what opens and closes first, then where mail goes, then the rest. */
import { showEndpoint } from "../system/listeners.js";
import type { ListenerRow } from "../system/listenerTable.js";
import { type Change, type Difference, isEmpty } from "./difference.js";

export interface DifferenceStyle {
  readonly added: (text: string) => string;
  readonly removed: (text: string) => string;
  readonly heading: (text: string) => string;
  /** Makes a text from a configuration fit for the terminal. */
  readonly shown: (text: string) => string;
  /** "main.cf:12" for a finding. */
  readonly place: (finding: Difference["newFindings"][number], side: "before" | "after") => string;
}

export function differenceText(found: Difference, style: DifferenceStyle): string {
  if (isEmpty(found)) return "no difference for mail\n";
  const { shown } = style;
  const plus = (text: string) => style.added(`  + ${shown(text)}`);
  const minus = (text: string) => style.removed(`  - ${shown(text)}`);
  const both = (change: Change) => [
    `  ${shown(change.name)}`,
    ...(change.before === undefined ? [] : [style.removed(`    - ${shown(change.before || "(empty)")}`)]),
    ...(change.after === undefined ? [] : [style.added(`    + ${shown(change.after || "(empty)")}`)]),
  ];
  const sections: (readonly [string, readonly string[]])[] = [
    ["Listeners", [...found.closed.map(listener).map(minus), ...found.opened.map(listener).map(plus)]],
    ["Way of mail that comes in", found.ways.flatMap(both)],
    ["Routes", found.routes.flatMap(both)],
    ["Services", found.services.flatMap(both)],
    ["Settings", found.settings.flatMap(both)],
    ["A reload is not enough", found.restart.map(({ reason }) => `  ${reason}`)],
    ["Queued mail keeps its filter", found.queued.map(({ reason }) => `  ${shown(reason)}`)],
    [
      "Findings",
      [
        ...found.goneFindings.map((finding) =>
          minus(`${style.place(finding, "before")} ${finding.severity} ${finding.code}: ${finding.message}`),
        ),
        ...found.newFindings.map((finding) =>
          plus(`${style.place(finding, "after")} ${finding.severity} ${finding.code}: ${finding.message}`),
        ),
      ],
    ],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${style.heading(title)}\n${lines.join("\n")}\n`)
    .join("\n");
}

function listener({ program, network, address, port, path, service }: ListenerRow): string {
  return `${network === "unix" ? path : showEndpoint(address, port)} ${program} (${service})`;
}
