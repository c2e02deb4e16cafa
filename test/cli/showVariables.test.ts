import { expect, test } from "vitest";
import { folderWith, mailflow } from "./run.js";

const folder = () =>
  folderWith({
    "main.cf": "",
    "master.cf": "",
    "amavisd.conf":
      "$max_servers = 2 + 3;\n@mynetworks = qw(10.0.0.0/8);\n$myhostname = `hostname`;\n$policy_bank{'A'} = { originating => 1 };\n",
  });

test("--format json has every variable, and the reasons of those that are not known", () => {
  const { status, stdout } = mailflow(["show", "variables", folder(), "--format", "json"]);
  const document = JSON.parse(stdout);
  expect(status).toBe(0);
  expect(Object.keys(document)).toEqual(["variables", "unknown"]);
  expect(document.variables).toMatchObject({
    $max_servers: "5",
    "@mynetworks": ["10.0.0.0/8"],
    $forward_method: "smtp:[127.0.0.1]:10025",
    "%policy_bank": { A: { originating: "1" } },
  });
  expect(document.unknown).toMatchObject({ $myhostname: "the output of the command hostname" });
});

test("the text has what the files change, and with --all the rest", () => {
  const changed = mailflow(["show", "variables", folder()]).stdout;
  expect(changed).toContain('$max_servers = "5"\n');
  expect(changed).toContain("$myhostname is not known: the output of the command hostname\n");
  expect(changed).not.toContain("$forward_method");
  expect(mailflow(["show", "variables", "--all", folder()]).stdout).toContain("$forward_method = ");
});

test("without amavisd there is nothing to show", () => {
  const { status, stderr } = mailflow(["show", "variables", folderWith({ "main.cf": "", "master.cf": "" })]);
  expect(status).toBe(2);
  expect(stderr).toBe("mailflow: there is no configuration of amavisd\n");
});
