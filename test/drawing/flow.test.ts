/** The flow as text, Mermaid and SVG. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { markedGraph } from "../../server/src/drawing/marked.js";
import { flowMermaid } from "../../server/src/drawing/mermaid.js";
import { flowSvg } from "../../server/src/drawing/svg.js";
import { flowText } from "../../server/src/drawing/text.js";
import { archiveSource, readArchive } from "../helpers/archive.js";
import { allExamples, allScenarios } from "../helpers/shared.js";

const graphOf = (files: ReadonlyMap<string, string>) => markedGraph(analyse(archiveSource(files)));
const plain = {
  error: (text: string) => `!${text}!`,
  warning: (text: string) => text,
  shown: (text: string) => text,
};
const text = (archive: string) => flowText(graphOf(readArchive(archive).files), plain);

const TRANSPORT = "scan unix - - n - 2 smtp";

test("two filters in a row, a series that ends on 20025", () => {
  expect(
    text(`-- main.cf --
inet_interfaces = all
inet_protocols = ipv4
myhostname = mx.example.org
mydestination =
relayhost = [smart.example.net]
content_filter = scan:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
${TRANSPORT}
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=scan:[127.0.0.1]:10026
127.0.0.1:20025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
use strict;
$inet_socket_bind = '127.0.0.1';
$inet_socket_port = [10024, 10026];
$forward_method = 'smtp:[127.0.0.1]:10025';
$interface_policy{'10026'} = 'SECOND';
$policy_bank{'SECOND'} = { forward_method => 'smtp:[127.0.0.1]:20025' };
1;`),
  ).toBe(`smtpd 0.0.0.0:25
  -> scan: amavisd 127.0.0.1:10024
    -> hands back: smtpd 127.0.0.1:10025
      -> scan: amavisd 127.0.0.1:10026, policy bank SECOND
        -> hands back: smtpd 127.0.0.1:20025
          -> queue manager
        -> notices (some mail): smtpd 127.0.0.1:10025 (as above)

queue manager
  -> everything else smtp: [smart.example.net]
`);
});

test("what is done to mail at each time that it comes in", () => {
  expect(
    text(`-- main.cf --
inet_protocols = ipv4
inet_interfaces = all
myhostname = mx.example.org
mydestination =
relayhost = [smart.example.net]
content_filter = scan:[127.0.0.1]:10024
receive_override_options = no_address_mappings
virtual_alias_maps = inline:{ a@example.org=b@example.org }
always_bcc = archive@example.org
header_checks = static:DUNNO
smtpd_milters = { inet:127.0.0.1:8891, connect_timeout = 5s }, inet:127.0.0.1:11332, unix:/third
-- master.cf --
smtp inet n - n - - smtpd
${TRANSPORT}
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_header_body_checks,no_milters
-- amavisd.conf --
use strict;
$inet_socket_bind = '127.0.0.1';
$inet_socket_port = 10024;
1;`),
  ).toBe(`smtpd 0.0.0.0:25, header or body checks, milter inet:127.0.0.1:8891, milter inet:127.0.0.1:11332, and one more milter
  -> scan: amavisd 127.0.0.1:10024
    -> hands back: smtpd 127.0.0.1:10025, aliases, blind copies
      -> queue manager

queue manager
  -> everything else smtp: [smart.example.net]
`);
});

test("postscreen passes on; a table filters some mail; a filter that is not there", () => {
  expect(
    text(`-- main.cf --
inet_protocols = ipv4
inet_interfaces = 127.0.0.1
mydestination = example.org
local_transport = error
content_filter =
smtpd_recipient_restrictions = check_recipient_access static:{FILTER nowhere:[127.0.0.1]:9}, reject
-- master.cf --
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
pickup unix n - n 60 1 pickup
error unix - - n - - error`),
  ).toBe(`postscreen 127.0.0.1:25
  -> passes on: smtpd smtpd (pass)
    -> FILTER nowhere (some mail): !no such transport nowhere [unknown-transport]!
    -> queue manager
pickup sendmail command
  -> queue manager

queue manager
  -> local error, domains: example.org
  -> relay relay: MX of the domain, domains: example.org
  -> everything else smtp: MX of the domain
`);
});

describe("any system", () => {
  test.each([...allExamples(), ...allScenarios()])("%s", (_name, files) => {
    const graph = graphOf(files);
    const ids = new Set(graph.nodes.map(({ id }) => id));
    expect(ids.size).toBe(graph.nodes.length);
    for (const { from, to } of graph.edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
    const svg = flowSvg(graph, "x");
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(flowMermaid(graph)).toMatch(/^flowchart LR\n/);
    expect(flowText(graph, plain)).not.toBe("");
  });
});

test("mail that comes back to port 25 enters there, too, and goes round", () => {
  expect(
    text(`-- main.cf --
inet_interfaces = loopback-only
inet_protocols = ipv4
content_filter = scan:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
${TRANSPORT}
-- amavisd.conf --
$inet_socket_bind = '127.0.0.1';
$inet_socket_port = 10024;
$forward_method = 'smtp:[127.0.0.1]:25';
$notify_method = $forward_method;
1;`),
  ).toContain(`smtpd 127.0.0.1:25
  -> scan: amavisd 127.0.0.1:10024
    -> hands back: smtpd 127.0.0.1:25 !again: mail goes round!`);
});

test("text from a configuration can be no markup", () => {
  const files = new Map([
    ["main.cf", 'content_filter = <script>alert(1)</script>"]:end\n'],
    ["master.cf", "smtp inet n - n - - smtpd\n"],
  ]);
  const graph = graphOf(files);
  expect(flowSvg(graph, '"><script>')).not.toContain("<script");
  expect(flowMermaid(graph)).not.toMatch(/<script|"\]:end/);
});
