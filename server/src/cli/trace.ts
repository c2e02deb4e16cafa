/** `mailflow trace`: one message followed hop by hop. */
import { isIP } from "node:net";
import type { Message, Trace } from "../flow/message.js";
import { trace } from "../flow/trace.js";
import type { Location } from "../semantics/located.js";
import { analyseSource } from "../workspace/analyseSource.js";
import { lineIndexOf, sourceFiles } from "../workspace/sourceFiles.js";
import { UsageError } from "./failure.js";
import { readInput } from "./input.js";
import { type Place, placer } from "./place.js";
import { type Colours, colours, visible, visibleJson } from "./terminal.js";

export interface TraceOptions {
  readonly format: "text" | "json";
  /** A number, or "sendmail" for mail of a local program. */
  readonly port: string;
  readonly address?: string | undefined;
  readonly client?: string | undefined;
  readonly sender: string;
  readonly recipient?: string | undefined;
  readonly postfixVersion?: string | undefined;
}

/**
 * @returns the exit status: 0, or 2 when a file of the system could not be read
 * @throws UsageError for an option that is no port or address, and unless exactly one mail system is there
 */
export function traceMessage(path: string | undefined, options: TraceOptions): number {
  const input = readInput(path === undefined ? [] : [path], { postfixVersion: options.postfixVersion });
  for (const message of input.messages) process.stderr.write(`mailflow: ${message}\n`);
  const [system, ...others] = input.systems;
  if (!system || others.length > 0) {
    const names = input.systems.map(({ source }) => visible(source.name)).join(", ");
    throw new UsageError(`trace follows a message through one mail system, and here are several: ${names}`);
  }
  const analysis = analyseSource(system.source);
  const message = readMessage(options, analysis.system.environment.value("myorigin").text);
  const result = trace(analysis.system, analysis.flow, message);
  const { source } = system;
  const place = placer(source, input.base);
  const show = (location: Location) => {
    const found = place(location);
    const file = sourceFiles(source).get(location.file);
    const lines = file && lineIndexOf(file);
    const text = lines
      ? file.text.slice(lines.lineStart(found.line), lines.lineStart(found.line + 1)).trim()
      : "";
    return { ...found, text };
  };
  process.stdout.write(
    options.format === "json"
      ? `${visibleJson(document(result, show), 2)}\n`
      : text(result, show, colours(process.stdout)),
  );
  return input.unreadable ? 2 : 0;
}

function readMessage({ port, address, client, sender, recipient }: TraceOptions, origin: string): Message {
  for (const [option, value] of [
    ["--address", address],
    ["--client", client],
  ] as const)
    if (value !== undefined && isIP(value.replace(/^\[|\]$/g, "")) === 0)
      throw new UsageError(`${option} wants an IP address, not ${JSON.stringify(value)}`);
  const number = Number(port);
  if (port !== "sendmail" && !(Number.isInteger(number) && number > 0 && number < 65536))
    throw new UsageError(`--port wants a number from 1 to 65535, or sendmail, not ${JSON.stringify(port)}`);
  return {
    port: port === "sendmail" ? "sendmail" : number,
    address: address?.replace(/^\[|\]$/g, ""),
    client: client?.replace(/^\[|\]$/g, ""),
    sender: sender === "<>" ? "" : sender,
    recipient: recipient ?? `postmaster@${origin || "localhost"}`,
  };
}

type Show = (location: Location) => Place & { readonly text: string };

function document({ outcome, filterPasses, hops, deliveries, assumptions }: Trace, show: Show) {
  return {
    outcome,
    filterPasses,
    hops: hops.map(({ at, does, because }) => ({ at, does, because: because.map(show) })),
    deliveries,
    assumptions,
  };
}

function text(
  { outcome, filterPasses, hops, deliveries, assumptions }: Trace,
  show: Show,
  paint: Colours,
): string {
  const good = outcome === "delivered";
  const lines = hops.flatMap(({ at, does, because }) => [
    `${paint.bold(visible(at))}: ${visible(does)}`,
    ...because.map((location) => {
      const { file, line, text: source } = show(location);
      return paint.dim(`    ${visible(file)}:${line + 1}  ${visible(source)}`);
    }),
  ]);
  const passes = filterPasses === 1 ? "once" : filterPasses === 0 ? "not at all" : `${filterPasses} times`;
  lines.push("", `${(good ? paint.green : paint.red)(outcome)}, filtered ${passes}`);
  for (const { recipient, transport, nexthop, copies } of deliveries)
    lines.push(
      `  ${visible(recipient)} by ${visible(transport)} to ${visible(nexthop)}${copies > 1 ? `, ${copies} copies` : ""}`,
    );
  for (const assumption of assumptions) lines.push(paint.dim(`  taken for granted: ${visible(assumption)}`));
  return `${lines.join("\n")}\n`;
}
