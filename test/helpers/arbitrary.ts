/** Random texts that look enough like configuration files to reach the interesting places of the parsers. */
import fc from "fast-check";

const word = fc.constantFrom(
  "smtp",
  "inet",
  "unix",
  "n",
  "-",
  "smtpd",
  "-o",
  "a=b",
  "content_filter=",
  "{",
  "}",
  "{ a = b }",
  "#",
  "$name",
  "${x?y}",
  "=",
  ",",
  "127.0.0.1:10025",
  "[::1]:25",
  '"',
  "'",
  "\\",
  "\u0000",
  "é",
  "\ufeff",
  "{{ x }}",
  "<%= y %>",
);
const blank = fc.constantFrom(" ", "\t", "\n", "\r\n", "\n ", "\n\n", "\n#", "\f", "");
const token = fc.oneof(
  { weight: 3, arbitrary: word },
  { weight: 3, arbitrary: blank },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
);

/** Postfix-like text: words, blanks in every form, braces and oddities. */
export const configurationText = fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join(""));
