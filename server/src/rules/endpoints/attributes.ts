import { locateInSetting } from "../../semantics/postfix/settings.js";
import { replace } from "../edits.js";
import { nearest } from "../nearest.js";
import type { RuleContext } from "../rule.js";
import { attributeNames, type SocketUse, unknownAttributes } from "./sockets.js";

/** Reports the attributes in braces behind an endpoint that the daemon does not know. */
export function reportAttributes(context: RuleContext, use: SocketUse): void {
  for (const { item, name } of unknownAttributes(use)) {
    const names = [...attributeNames(use.form)];
    const at = locateInSetting(use.setting, item.start, item.start + name.length);
    const meant = nearest(name, names);
    context.report({
      at,
      message: `"${name}" can not be set for ${use.text}: the daemon dies with "fatal: unknown option" as soon as it reads this. Known are ${names.join(", ")}.`,
      fixes: () => (meant ? [{ title: `Write ${meant}`, edits: [replace(at, meant)], preferred: true }] : []),
    });
  }
}
