/** Which FILTER actions a table reference can give, however the table is wrapped. */
import { expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { lookupTables } from "../../server/src/system/tables.js";
import { archiveSource, readArchive } from "../helpers/archive.js";

const ACCESS = `-- access --
bad.example REJECT
list.example FILTER slow:[127.0.0.1]:10026`;

function actions(reference: string): string[] {
  const { files } = readArchive(ACCESS);
  const text = files.get("access") ?? "";
  const file = { path: "/etc/postfix/access", role: "table" as const, text, template: false };
  const { environment } = analyse(archiveSource(new Map([["main.cf", ""]]))).system;
  return lookupTables(new Map([["/etc/postfix/access", file]]))
    .filterActions(reference, environment)
    .map((action) => action.text);
}

const FILTERED = ["slow:[127.0.0.1]:10026"];

test.each([
  ["hash:/etc/postfix/access", FILTERED],
  ["proxy:hash:/etc/postfix/access", FILTERED],
  ["debug:proxy:hash:/etc/postfix/access", FILTERED],
  ["unionmap:{static:OK, proxy:hash:/etc/postfix/access}", FILTERED],
  ["pipemap:{hash:/etc/postfix/access, static:{FILTER other:}}", ["other:"]],
  ["{ hash:/etc/postfix/access, search_order = sender }", FILTERED],
  ["inline:{a=OK, { b = FILTER other:[::1]:10026 }}", ["other:[::1]:10026"]],
  ["static:{FILTER other:}", ["other:"]],
  ["static:OK", []],
  ["mysql:/etc/postfix/access", []],
  ["/etc/postfix/access", []],
  ["", []],
])("%s", (reference, expected) => {
  expect(actions(reference)).toEqual(expected);
});
