import type { Rule } from "../rule.js";
import { reportCommandFaults } from "./command-faults.js";

export const masterPipeArgs: Rule = {
  code: "master-pipe-args",
  severity: "error",
  summary: "The attributes or the command of a pipe service are not what pipe can use.",
  why: `pipe(8) reads its attributes anew at each delivery. Postfix starts, and \`postfix check\` is silent; then pipe stops of what it does not know, and mail stays in the queue:

    postfix/pipe[226]: fatal: missing user= command-line attribute
    postfix/qmgr[103]: warning: private/maildrop socket: malformed response

A \`$name\` that it does not have defers the mail too ("mail system configuration error"). There is no shell and there are no quotes: a quote is a character of the word in which it stands.`,
  remedy:
    "Write `user=NAME` (neither root nor Postfix's own user), then `argv=` directly followed by the command, last of all. Words with blanks go into braces: `argv=/bin/sh -c { command | other }`.",
  unfixable: "A missing user or command is not known from the files.",
  wrong: [
    {
      title: "nobody to run as",
      text: `-- master.cf --
maildrop unix - n n - - pipe flags=Ru argv=/usr/bin/maildrop
#                       ^^^^ error`,
    },
    {
      title: "an attribute, a flag, a size and a user that pipe does not take",
      text: `-- master.cf --
filter unix - n n - - pipe
  flags=Rz
#        ^ error
  user=root
#      ^^^^ error
  size=10M
#      ^^^ error
  dir=/tmp
# ^^^^^^^^ error
  argv=/usr/local/bin/filter`,
    },
    {
      title: "names that pipe does not fill in, and quotes",
      text: `-- master.cf --
vacation unix - n n - - pipe
  flags=Rq user=vacation argv=/usr/bin/vacation -f "\${sender}" -- $recipients
#                                                  ^^^^^^^^^^^ warning
#                                                                 ^^^^^^^^^^^ error`,
    },
    {
      title: "a blank behind argv=",
      text: `-- master.cf --
filter unix - n n - - pipe user=filter argv= /usr/local/bin/filter
#                                      ^^^^^ error`,
    },
  ],
  right: [
    {
      title: "entries as distributions ship them",
      text: `-- master.cf --
uucp unix - n n - - pipe
  flags=Fqhu user=uucp argv=uux -r -n -z -a$sender - $nexthop!rmail ($recipient)
mailman unix - n n - - pipe
  flags=FRX user=list argv=/usr/lib/mailman/bin/postfix-to-mailman.py \${nexthop} \${user}
bsmtp unix - n n - - pipe
  flags=Fq. user=bsmtp argv=/usr/lib/bsmtp/bsmtp -t$nexthop -f$sender $recipient`,
    },
    {
      title: "a group, the case of names, braces for blanks, a dollar sign",
      text: `-- master.cf --
filter unix - n n - 10 pipe
  FLAGS=Rq user=filter:mail null_sender= size=
  argv=/bin/sh -c { /usr/local/bin/filter | cat } $(recipient)`,
    },
  ],
  check: (context) => reportCommandFaults(context, "pipe"),
};
