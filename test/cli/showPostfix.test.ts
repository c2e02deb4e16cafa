/** `show parameters` and `show services`: the contract, in the words of postconf 3.7.11. */
import { describe, expect, test } from "vitest";
import { folderWith, mailflow } from "./run.js";

const MAIN = `# comment
compatibility_level = 3.6
myhostname = mx.example.org
mydestination = $myhostname,
  # between
   localhost
forward_path = $home/.forward
foo = used
smtpd_banner = $foo
nobody_reads = this
relayhost = [a]
relayhost = [b]
`;
const MASTER = `smtp inet n - n - - smtpd -o { smtpd_banner = a  $service_name } -v
filter unix - n n - 10 pipe
  flags=R argv=/bin/x { a b }
`;

function shown(
  args: readonly string[],
  files: Record<string, string> = { "main.cf": MAIN, "master.cf": MASTER },
) {
  return mailflow(["show", ...args, folderWith(files), "--postfix-version", "3.7.11"]);
}

function json(args: readonly string[], files?: Record<string, string>) {
  const { stdout, status } = shown([...args, "--format", "json"], files);
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

describe("show parameters", () => {
  test("what is set, with places", () => {
    const { main, services } = json(["parameters"]);
    expect(Object.keys(main)).toEqual([
      "compatibility_level",
      "foo",
      "forward_path",
      "mydestination",
      "myhostname",
      "relayhost",
      "smtpd_banner",
    ]);
    expect(main.mydestination).toEqual({
      value: "$myhostname, localhost",
      expanded: "mx.example.org, localhost",
      origin: { file: "main.cf", line: 3 },
    });
    expect(main.relayhost).toEqual({ value: "[b]", expanded: "[b]", origin: { file: "main.cf", line: 11 } });
    expect(main.forward_path.expanded).toBe("$home/.forward");
    expect(services).toEqual({
      "smtp/inet": {
        smtpd_banner: {
          value: "a $service_name",
          expanded: "a smtp",
          origin: { file: "master.cf", line: 0 },
        },
      },
    });
  });

  test("names that nothing reads are left out, and said so", () => {
    expect(shown(["parameters"]).stderr).toBe(
      "mailflow: main.cf:10: nobody_reads is left out: no program reads a parameter of that name\n",
    );
  });

  test("--all adds the defaults, also of services", () => {
    const { main } = json(["parameters", "--all"]);
    expect(main.queue_directory).toEqual({
      value: "/var/spool/postfix",
      expanded: "/var/spool/postfix",
      origin: "default",
    });
    expect(main.filter_time_limit).toEqual({
      value: "$command_time_limit",
      expanded: "1000s",
      origin: "default",
    });
    expect(main.smtpd_relay_restrictions.expanded).toBe(
      "permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination",
    );
    expect(main.mynetworks).toEqual({
      value: null,
      expanded: null,
      unknown: "mynetworks is taken from the machine",
      origin: "default",
    });
  });

  test("--service", () => {
    expect(Object.keys(json(["parameters", "--service", "filter/unix"]).services)).toEqual(["filter/unix"]);
    const { status, stderr } = shown(["parameters", "--service", "nosuch/inet"]);
    expect([status, stderr.trim().split("\n").length]).toEqual([2, 1]);
  });

  test("text", () => {
    const { stdout } = shown(["parameters"]);
    expect(stdout).toContain(
      "  mydestination = $myhostname, localhost  (main.cf:4)\n    -> mx.example.org, localhost\n",
    );
    expect(stdout).toContain("\nsmtp/inet\n  smtpd_banner = a $service_name  (master.cf:1)\n    -> a smtp\n");
  });

  test("a value that stops every program has the reason", () => {
    const { main } = json(["parameters"], { "main.cf": "mydomain = ${x\n", "master.cf": "" });
    expect(main.mydomain).toMatchObject({ expanded: null, unknown: 'truncated macro reference: "${x"' });
  });
});

describe("show services", () => {
  test("fields as postconf -F prints them", () => {
    expect(json(["services"])).toEqual([
      {
        service: "smtp",
        type: "inet",
        private: "n",
        unprivileged: "-",
        chroot: "n",
        wakeup: "-",
        process_limit: "-",
        command: "smtpd -o {smtpd_banner=a  $service_name} -v",
        file: "master.cf",
        line: 0,
      },
      expect.objectContaining({
        service: "filter",
        process_limit: "10",
        command: "pipe flags=R argv=/bin/x {a b}",
        line: 1,
      }),
    ]);
  });

  test("text as postconf -M prints it", () => {
    expect(shown(["services"]).stdout.split("\n")[0]).toBe(
      "smtp       inet  n       -       n       -       -       smtpd -o {smtpd_banner=a  $service_name} -v",
    );
  });

  test("says where postconf reads what no daemon does", () => {
    const { stdout, stderr } = shown(["services"], {
      "main.cf": "",
      "master.cf": "25 inet n - n - - smtpd -ocontent_filter=x\n",
    });
    expect(stdout).toContain("smtpd -o c -o ntent_filter=x\n");
    expect(stderr).toBe(
      "mailflow: master.cf:1: the options are shown as postconf takes them; the daemon takes them differently\n",
    );
  });
});
