/** The entries of master.cf that a content filter needs: the transport that feeds it, the service that takes mail back. */
import { mapsBefore, reinjectionLines, transportLines } from "../../rules/edits.js";
import { showEndpoint } from "../../system/listeners.js";
import { type Body, type Context, type Item, RANK, stop } from "./item.js";
import {
  amavisProcesses,
  bracketed,
  type Endpoint,
  feedTransports,
  reinjectionEndpoints,
  wantedReinjections,
  wantedTransports,
} from "./system.js";

/** An entry that is offered. */
export interface Offer {
  readonly name: string;
  readonly type: string;
  /** What it is for, in a few words. */
  readonly purpose: string;
  readonly rank: number;
  readonly body: Body;
  readonly documentation: string;
  readonly edits?: Item["edits"];
}

/** Where amavisd hands mail back and nothing listens; the usual port where nobody says one. */
export function reinjectionOffers(context: Context): Offer[] {
  const { analysis } = context;
  const wanted = wantedReinjections(analysis);
  const isOpen = wanted.length === 0 && reinjectionEndpoints(analysis).every(({ filtered }) => filtered);
  const places = wanted.length > 0 || !isOpen ? wanted : [freePort(context)];
  return places.map((endpoint): Offer => {
    const name = showEndpoint(endpoint.host, endpoint.port);
    const [first = "", ...rest] = reinjectionEntry(context, endpoint);
    const asked =
      wanted.length > 0 ? `: here amavisd's \`$forward_method\` says \`smtp:${bracketed(endpoint)}\`` : "";
    return {
      name,
      type: "inet",
      purpose: "takes mail back from the filter (reinjection)",
      rank: wanted.length > 0 ? RANK.wanted : RANK.common,
      body: [stop(1, name), first.slice(name.length), ...rest.map((line) => `\n${line}`), stop(0)],
      documentation: `Mail that the filter has seen comes back here and is not filtered again. The address and the port have to be those that the filter hands mail to${asked}.`,
    };
  });
}

const reinjectionEntry = ({ analysis }: Context, { host, port }: Endpoint) =>
  reinjectionLines(host, port, mapsBefore(analysis));

function freePort({ analysis }: Context): Endpoint {
  let port = 10025;
  while (analysis.system.socketsByPort.has(port)) port++;
  return { host: "127.0.0.1", port, who: "" };
}

/** Transports that feed amavisd: the name that content_filter asks for, else the usual one. */
export function feedOffers(context: Context): Offer[] {
  const { analysis } = context;
  const wanted = wantedTransports(analysis);
  const there =
    feedTransports(analysis).some(({ name }) => /amavis/i.test(name)) || analysis.flow.fed.size > 0;
  const names = wanted.length > 0 || there ? wanted : ["smtp-amavis"];
  const servers = amavisProcesses(analysis);
  // The feed alone would send mail where it cannot come back from.
  const back = wantedReinjections(analysis).flatMap((endpoint) => reinjectionEntry(context, endpoint));
  const processes = servers === undefined ? "" : ` (\`$max_servers = ${servers}\`)`;
  return names.map((name): Offer => {
    const [first = "", ...rest] = transportLines(name, "");
    return {
      name,
      type: "unix",
      purpose:
        back.length > 0
          ? "hands mail to the filter, and takes it back (feed and reinjection)"
          : "hands mail to the filter (feed)",
      rank: wanted.length > 0 ? RANK.wanted - 1 : RANK.common + 1,
      body: [
        stop(1, name),
        first.slice(name.length, first.lastIndexOf(" smtp")),
        stop(2, String(servers ?? 2)),
        " smtp",
        ...[...rest, ...back].map((line) => `\n${line}`),
        stop(0),
      ],
      documentation: `The transport for \`content_filter = ${name}:[127.0.0.1]:10024\`. As many connections as amavisd has processes${processes}: with more, mail waits at amavisd instead of in the queue.`,
    };
  });
}
