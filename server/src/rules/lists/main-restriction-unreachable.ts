import type { Rule } from "../rule.js";
import { restrictionsOf } from "./settings.js";

export const mainRestrictionUnreachable: Rule = {
  code: "main-restriction-unreachable",
  severity: "warning",
  summary: "Restrictions stand behind a permit, reject or defer and are never looked at.",
  why: `The list ends at the first word that decides for everybody. What stands behind it protects nothing:

    postfix/smtpd[124]: warning: restriction \`reject_unknown_sender_domain' after \`permit' is ignored`,
  remedy: "Put the word that decides at the end, or remove what stands behind it.",
  wrong: [
    {
      title: "permit in the middle",
      text: `-- main.cf --
smtpd_sender_restrictions = permit_mynetworks, permit, reject_unknown_sender_domain
#                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
    {
      title: "several words, on several lines",
      text: `-- main.cf --
smtpd_client_restrictions = permit_mynetworks, reject,
  check_client_access hash:/etc/postfix/clients
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "at the end, and only a warning",
      text: `-- main.cf --
smtpd_sender_restrictions = warn_if_reject reject, reject_unknown_sender_domain, permit`,
    },
  ],
  check(context) {
    for (const { restriction, list, at, parameter } of restrictionsOf(context.system)) {
      const first = list.items.find(({ ignoredAfter }) => ignoredAfter !== undefined);
      if (!first || first !== restriction || !at || list.uncertain) continue;
      const { ignoredAfter } = first;
      const last = list.items.at(-1);
      const end = (last?.argument ?? last?.item)?.end ?? first.item.end;
      const rest = list.locate(first.item.start, end);
      if (!rest) continue;
      const decides = list.items[list.items.indexOf(first) - 1];
      const comma = decides && list.locate(decides.item.start, decides.item.end);
      context.report({
        at: rest,
        message: `Nothing behind "${ignoredAfter}" is looked at in ${parameter}: smtpd logs "restriction \`${first.item.text}' after \`${ignoredAfter}' is ignored".`,
        fixes: () =>
          comma && comma.file === rest.file && comma.range.end <= rest.range.start
            ? [
                {
                  title: `Remove what stands behind ${ignoredAfter}`,
                  edits: [
                    {
                      file: rest.file,
                      range: { start: comma.range.end, end: rest.range.end },
                      newText: "",
                    },
                  ],
                },
              ]
            : [],
      });
    }
  },
};
