import { mapTypeFacts } from "../../knowledge/mapTypes.js";
import type { MailSystem } from "../../system/system.js";
import type { Rule } from "../rule.js";
import { tablesOf } from "./settings.js";

export const mainMapFileMissing: Rule = {
  code: "main-map-file-missing",
  severity: "error",
  summary: "The file of a lookup table is not in the configuration folder that should hold it.",
  why: `Types that read their text file directly (cidr, regexp, pcre, texthash) fail at each look-up while the file is not there:

    postfix/smtpd[124]: error: open /etc/postfix/nets: No such file or directory
    postfix/smtpd[124]: warning: cidr:/etc/postfix/nets lookup error for "192.0.2.1"
    451 4.3.5 Server configuration error

Indexed types (hash, btree, lmdb, cdb) read a file that postmap made from the text; whether that is there cannot be seen here, so a missing text is only a hint. In a copy of a configuration that lies somewhere else a missing file is a hint too: it may be kept on the host alone.`,
  remedy: "Create the file, correct the path, or remove the table.",
  unfixable: "Neither the file's contents nor another path can be known.",
  wrong: [
    {
      title: "the folder of main.cf has no such file",
      text: `-- main.cf --
smtpd_client_restrictions = check_client_access cidr:/mail/nets, check_client_access hash:/mail/clients
#                                               ^^^^^^^^^^^^^^^ error
#                                                                                    ^^^^^^^^^^^^^^^^^^ hint`,
    },
    {
      title: "a copy that has other tables of that folder",
      text: `-- main.cf --
smtpd_client_restrictions = check_client_access cidr:/etc/postfix/nets
header_checks = regexp:/etc/postfix/header_checks
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint
-- nets --
192.0.2.0/24 REJECT`,
    },
  ],
  right: [
    {
      title: "the file is there, or the folder is not",
      text: `-- main.cf --
smtpd_client_restrictions = check_client_access cidr:/mail/nets, check_client_access hash:/srv/mail/x
virtual_alias_maps = mysql:/mail/virtual.cf, hash:/mail/{{ name }}
-- nets --
192.0.2.0/24 REJECT`,
    },
  ],
  check(context) {
    const { system } = context;
    const { source } = system;
    if (!source.complete || !source.main) return;
    const folder = source.main.path.slice(0, source.main.path.lastIndexOf("/") + 1);
    for (const { reference, parameter, locate, wrapped } of tablesOf(system)) {
      const { type, name, start, end } = reference;
      const facts = mapTypeFacts(type);
      if (wrapped || !facts || (facts.nameKind !== "file" && facts.nameKind !== "file-base")) continue;
      if (!name.startsWith("/") || /[{}"';]|\/\.\.?\//.test(name) || source.tables.has(name)) continue;
      const severity = judge(system, name, folder, facts.indexedFile === undefined);
      const at = severity && locate(start, end);
      if (!severity || !at) continue;
      const then =
        facts.indexedFile === undefined
          ? `each look-up in ${parameter} fails with a temporary error while it is missing`
          : `postmap has nothing to make ${name.slice(name.lastIndexOf("/") + 1)}${facts.indexedFile} from for ${parameter}`;
      context.report({ at, severity, message: `${name} is not here: ${then}.` });
    }
  },
};

function judge(
  { source }: MailSystem,
  name: string,
  folder: string,
  readAsText: boolean,
): "error" | "hint" | undefined {
  if (source.tables.size + source.unreadable.length >= MOST_TABLES) return undefined;
  const base = name.slice(name.lastIndexOf("/") + 1);
  if (source.unreadable.some(({ path }) => path.endsWith(`/${base}`))) return undefined;
  if (name.startsWith(folder)) return readAsText ? "error" : "hint";
  const within = name.slice(0, name.lastIndexOf("/") + 1);
  const neighbours = [...source.tables.keys()].some((other) => other.startsWith(within));
  return readAsText && neighbours ? "hint" : undefined;
}

/** The workspace stops looking for tables somewhere; what lies beyond is unknown. */
const MOST_TABLES = 150;
