import { parameterFacts } from "../../knowledge/parameters.js";
import type { Rule } from "../rule.js";

const LISTS = /list|map|restriction|enum|milter|networks|protocols|ciphers|nexthop|service|names|address/;

export const mainCrInside: Rule = {
  code: "main-cr-inside",
  severity: "information",
  summary: "A value that goes on over several lines keeps the carriage returns between them.",
  why: "In a file with line ends of Windows (CR LF) Postfix drops the CR at the end of an entry, but not the one before a continuation line. In lists it separates items like a blank. In a text, such as a banner or a template, it is sent to the client, and in a command it is a part of an argument. No program says a word.",
  remedy: "Save the file with line ends of Unix (LF).",
  wrong: [
    {
      title: "a banner of two lines",
      text: `-- main.cf --
smtpd_banner = $myhostname ESMTP\r
#                               ^ information
  no spam please\r`,
    },
  ],
  right: [
    {
      title: "a list",
      text: `-- main.cf --
mydestination = example.org,\r
  example.net\r`,
    },
  ],
  check(context) {
    const { main, source } = context.system;
    if (!main || !source.main?.text.includes("\r")) return;
    const { path: file, text } = source.main;
    for (const entry of main.entries) {
      if (!entry.valid || !entry.value.includes("\r")) continue;
      const kind = parameterFacts(entry.name)?.class;
      if (kind !== undefined && LISTS.test(kind)) continue;
      const at = entry.value.indexOf("\r");
      context.report({
        at: { file, range: entry.valuePart(at, at + 1) },
        message: `${entry.name} keeps a carriage return (CR) at this line end.`,
        fixes: () => [
          {
            title: "Use line ends of Unix in the whole file",
            edits: [...text.matchAll(/\r+\n/g)].map(({ index, 0: ends }) => ({
              file,
              range: { start: index, end: index + ends.length - 1 },
              newText: "",
            })),
          },
        ],
      });
      return;
    }
  },
};
