import { isWildcard } from "../../semantics/postfix/address.js";
import { overlaps } from "../../system/listeners.js";
import { deleteEntry } from "../edits.js";
import type { Rule } from "../rule.js";
import { postfixPairs, showPair } from "./collisions.js";

export const portShadowed: Rule = {
  code: "port-shadowed",
  severity: "warning",
  summary: "A service for all addresses and one for a single address share a port.",
  why: `Both open without a word in the log. The service with the specific address gets every connection to it, whatever the order in master.cf; the other one gets what comes to all other addresses. That may be meant, but a setting changed in one of them then seems to have no effect.`,
  remedy: "Give every service its address, or remove the one that is not needed.",
  wrong: [
    {
      title: "all addresses and one of them",
      text: `-- main.cf --
inet_interfaces = all
-- master.cf --
10025 inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "each its own address",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
127.0.0.2:10025 inet n - n - - smtpd`,
    },
  ],
  check(context) {
    const equal = new Set(
      postfixPairs(context, (a, b) => overlaps(a, b) === "equal").map(({ first, second }) =>
        key(first.location.range.start, second.location.range.start),
      ),
    );
    for (const { first, second } of postfixPairs(context, (a, b) => overlaps(a, b) === "wildcard")) {
      if (equal.has(key(first.location.range.start, second.location.range.start))) continue;
      const [wide, narrow] = isWildcard(first.address) ? [first, second] : [second, first];
      context.report({
        at: second.location,
        message: `"${narrow.service.name}" takes every connection to ${showPair(narrow)}; "${wide.service.name}" (${showPair(wide)}) answers for all other addresses only.`,
        related: [{ ...first.location, message: `listens on ${showPair(first)}` }],
        fixes: () => {
          // The remaining wildcard service must not lead a filter's mail back into the filter.
          if (context.flow.reinjections.has(narrow.service)) return [];
          return [
            {
              title: `Remove the service ${narrow.service.name}`,
              edits: [deleteEntry(context, narrow.service)],
            },
          ];
        },
      });
    }
  },
};

const key = (first: number, second: number) => `${first}-${second}`;
