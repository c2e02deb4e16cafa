import type { AmavisTree } from "../../syntax/amavis/parser.js";
import type { Range } from "../../syntax/text.js";
import type { SystemSource } from "../../system/source.js";
import type { Rule } from "../rule.js";

export const confdNameIgnored: Rule = {
  code: "confd-name-ignored",
  severity: "warning",
  summary: "A file in amavis's conf.d has a name that amavisd skips.",
  why: `Debian's amavisd asks \`run-parts --list\` which files of /usr/share/amavis/conf.d and /etc/amavis/conf.d to read. That lists names of letters, digits, \`_\` and \`-\` alone: a dot in the name is enough, and the file is not there for amavisd. Nothing is logged, and the settings in it have no effect; \`amavisd test-config\` does not look at the file either, so not even a syntax error in it shows. (With the name 60-local a broken file stops amavisd; as 60-local.conf it goes unnoticed.)`,
  remedy: `Rename the file, for example with \`mv 60-local.conf 60-local\`, and look at it first: from the next start on everything in it counts, after the files whose names sort before it. Or read it on purpose, with \`include_config_files('/etc/amavis/conf.d/60-local.conf');\` in 50-user. A file that is put aside for good had better have a name that says so (60-local.disabled).`,
  wrong: [
    {
      title: "an ending",
      text: `-- amavis/conf.d/50-user --
use strict;
1;
-- amavis/conf.d/60-local.conf --
use strict;
#^^^^^^^^^^ warning
$max_servers = 4;
1;`,
    },
    {
      title: "a host's name behind a dot, and another sign",
      text: `-- amavis/conf.d/20-debian_defaults --
$inet_socket_port = 10024;
-- amavis/conf.d/50-user.mx1 --
# what this host needs
$myhostname = 'mx1.example.com';
#^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning
-- amavis/conf.d/55+banks --
$policy_bank{'A'} = { bypass_spam_checks_maps => [1] };
#^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
    {
      title: "the name without its ending is taken",
      text: `-- amavis/conf.d/50-user --
1;
-- amavis/conf.d/50-user.pl --
$max_servers = 4;
#^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "names that run-parts lists, and files put aside",
      text: `-- amavis/conf.d/50-user --
1;
-- amavis/conf.d/60_local-2 --
$max_servers = 4;
-- amavis/conf.d/60-local.dpkg-old --
$max_servers = 2;
-- amavis/conf.d/60-local.conf.disabled --
$max_servers = 2;`,
    },
    {
      title: "included by a file that is read",
      text: `-- amavis/conf.d/50-user --
include_config_files('/mail/amavis/conf.d/60-local.conf');
1;
-- amavis/conf.d/60-local.conf --
$max_servers = 4;
1;`,
    },
    {
      title: "a loop may read it",
      text: `-- amavis/conf.d/50-user --
include_config_files(map { /^(.+)$/ ? $1 : () } glob('/etc/amavis/conf.d/*.conf'));
1;
-- amavis/conf.d/60-local.conf --
$max_servers = 4;
1;`,
    },
  ],
  check(context) {
    const { source, amavis, amavisTrees } = context.system;
    // What is not known to be included may be this file.
    if (!source.skipped?.length || amavis?.open !== undefined) return;
    const included = new Set([...(source.includes?.values() ?? [])].map(({ path }) => path));
    for (const file of source.skipped) {
      const range = firstStatement(amavisTrees.get(file.path));
      if (file.template || included.has(file.path) || range === undefined) continue;
      const { folder, name } = split(file.path);
      const wanted = readableName(source, folder, name);
      context.report({
        at: { file: file.path, range },
        message: `amavisd does not read this file, and nothing that is set here has an effect: of conf.d it takes names of letters, digits, _ and - alone, and skips ${name} without a word. Under the name ${wanted} it would be read.`,
        fixes: () => [
          {
            title: `Rename the file to ${wanted}, so that its settings take effect`,
            edits: [],
            rename: { file: file.path, to: folder + wanted },
          },
        ],
      });
    }
  },
};

/** The first line of the first statement; undefined for a text without one. */
function firstStatement(tree: AmavisTree | undefined): Range | undefined {
  const first = tree?.statements.find((statement) => statement.kind !== "empty");
  if (tree === undefined || first === undefined) return undefined;
  const length = tree.text.slice(first.start, first.end).search(/[\r\n]/);
  return { start: first.start, end: length < 0 ? first.end : first.start + length };
}

function split(path: string): { readonly folder: string; readonly name: string } {
  const at = path.lastIndexOf("/") + 1;
  return { folder: path.slice(0, at), name: path.slice(at) };
}

/** The name without a usual ending where that is free, else with a hyphen for each sign that run-parts refuses. */
function readableName(source: SystemSource, folder: string, name: string): string {
  const plain = (text: string) => text.replace(/[^A-Za-z0-9_-]+/g, "-");
  const short = plain(name.replace(/\.(?:conf|cfg|cf|pl|pm|perl|inc|local)$/i, ""));
  const taken = source.amavis.some(({ path }) => path === folder + short);
  return short === "" || taken ? plain(name) : short;
}
