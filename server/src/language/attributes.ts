/**
 * Attributes, flags and macros of the delivery agents' command lines, in words of our own. What each takes is in
 * the facts (`programFacts`); what it does was read in pipe(8), spawn(8) and smtp(8).
 */

const ATTRIBUTES: Readonly<Record<string, string>> = {
  argv: "The command and its arguments; it comes last. No shell reads it: quotes, `|` and `>` have no meaning. An argument with blanks stands in `{ }`.",
  chroot: "The command sees only this folder as its root.",
  directory: "The command starts in this folder; without it in the queue directory.",
  eol: "How lines end that the command reads: `\\n`, or `\\r\\n`.",
  flags: "One letter for each thing that is done to the message or to addresses on the command line.",
  null_sender:
    "What `$sender` is for bounces, which have no sender: `MAILER-DAEMON` unless set. An empty text suits filters that hand mail back by sendmail.",
  size: "Larger messages, in bytes, are returned instead of delivered.",
  user: "Whose rights the command gets: `user` or `user:group`. root and the owner of the mail system are refused.",
};

const SPAWN: Readonly<Record<string, string>> = {
  argv: "The command that is run for each connection, with the connection as its standard input and output. No shell reads it.",
  user: "Whose rights the command gets: `user` or `user:group`, never root or the owner of the mail system.",
};

const FLAGS: Readonly<Record<string, string>> = {
  B: "an empty line at the end of the message, for mbox files",
  D: "a Delivered-To: header, and with it a check for loops; needs one recipient at a time (`_destination_recipient_limit = 1`)",
  F: "a `From ` line in front, as in mbox files",
  O: "an X-Original-To: header; needs one recipient at a time",
  R: "a Return-Path: header with the sender",
  X: "success is reported as final delivery, not as handing on",
  h: "domains on the command line in small letters",
  q: "blanks and special letters in addresses on the command line are quoted",
  u: "the part before the @ of recipients on the command line in small letters",
  ".": "a dot in front of lines that begin with one, as SMTP does",
  ">": "`>` in front of lines that begin with `From `, for mbox files",
};

const MACROS: Readonly<Record<string, string>> = {
  client_address: "The address of the client that brought the message.",
  client_helo: "The name that the client gave in HELO.",
  client_hostname: "The client's name in DNS.",
  client_port: "The client's TCP port.",
  client_protocol: "SMTP or ESMTP, as the client spoke it.",
  domain: "The recipient's domain.",
  envid: "The envelope identifier that came with the message (since Postfix 3.9).",
  extension: "The recipient's address extension, what follows `recipient_delimiter`.",
  mailbox: "The recipient's part before the @, with its extension.",
  nexthop: "The nexthop of `transport:nexthop`.",
  original_recipient: "The recipient as it came in, before aliases.",
  queue_id: "The message's queue ID, as in the log.",
  recipient: "The recipient's address; with several recipients an argument for each.",
  sasl_method: "How the sender logged in.",
  sasl_sender: "The sender of AUTH= in MAIL FROM.",
  sasl_username: "Who logged in to send the message.",
  sender: "The sender; for bounces `null_sender`.",
  size: "The message's size in bytes, about.",
  user: "The recipient's part before the @, without its extension.",
};

const CLIENT: Readonly<Record<string, string>> = {
  flags: "One letter for each header that is put in front of the message (since Postfix 3.5).",
};

export function attributeText(program: string, name: string): string | undefined {
  if (program === "smtp" || program === "lmtp") return CLIENT[name];
  return (program === "spawn" ? SPAWN : ATTRIBUTES)[name];
}

/** Undefined for a letter that the program does not take. */
export function flagText(program: string, letter: string): string | undefined {
  const taken = program === "pipe" ? FLAGS : LMTP_FLAGS.has(letter) ? FLAGS : {};
  return taken[letter];
}

/** What smtp and lmtp take of them (since Postfix 3.5). */
const LMTP_FLAGS: ReadonlySet<string> = new Set(["D", "O", "R", "X"]);

export function macroText(name: string): string | undefined {
  return MACROS[name];
}
