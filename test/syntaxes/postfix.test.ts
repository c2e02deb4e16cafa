// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Postfix writes ${name} too.
import { describe, expect, it } from "vitest";
import { type Token, tokenize } from "./tokens.js";

/** Innermost scope of the first token with that text in a line. */
function scopeOf(line: readonly Token[] | undefined, text: string): string {
  const token = line?.find((candidate) => candidate.text.trim() === text);
  return token ? (token.scopes.at(-1) ?? "") : `no token ${text}`;
}

async function colours(language: string, text: string, expected: Record<string, string>) {
  const lines = await tokenize(language, text);
  const all = lines.flat();
  for (const [token, scope] of Object.entries(expected)) expect(scopeOf(all, token), token).toBe(scope);
}

describe("main.cf", () => {
  it("colours name, transport, address and port", () =>
    colours("postfix-main", "content_filter = smtp-amavis:[127.0.0.1]:10024", {
      content_filter: "support.type.property-name.postfix",
      "=": "keyword.operator.assignment.postfix",
      "smtp-amavis": "entity.name.function.transport.postfix",
      "127.0.0.1": "constant.other.host.postfix",
      "10024": "constant.numeric.port.postfix",
    }));

  it("goes on after comment and blank lines, and ends at the next name", async () => {
    const lines = await tokenize(
      "postfix-main",
      "mynetworks =\n# between\n\n  hash:/etc/postfix/nets\n   # indented\n  !192.0.2.0/24\nmydomain = no.example",
    );
    expect(scopeOf(lines[1], "between")).toBe("comment.line.number-sign.postfix");
    expect(scopeOf(lines[3], "hash")).toBe("entity.name.type.map-type.postfix");
    expect(scopeOf(lines[3], "/etc/postfix/nets")).toBe("string.unquoted.path.postfix");
    expect(scopeOf(lines[4], "indented")).toBe("comment.line.number-sign.postfix");
    expect(scopeOf(lines[5], "!")).toBe("keyword.operator.negation.postfix");
    expect(scopeOf(lines[5], "24")).toBe("constant.numeric.prefix.postfix");
    expect(scopeOf(lines[6], "mydomain")).toBe("support.type.property-name.postfix");
    expect(scopeOf(lines[6], "no.example")).toBe("string.unquoted.postfix");
  });

  it("does not take a # behind a value for a comment", async () => {
    const [line] = await tokenize("postfix-main", "relayhost = mx.example # primary");
    expect(line?.some((token) => token.scopes.some((scope) => scope.startsWith("comment")))).toBe(false);
  });

  it("colours every form of expansion", async () => {
    const [line] = await tokenize("postfix-main", "x = $a ${b} $(c) ${d?yes} ${e?{f}:{1}} $$g");
    for (const name of ["a", "b", "c", "d", "e"])
      expect(scopeOf(line, name)).toBe("variable.other.expansion.postfix");
    expect(scopeOf(line, "?")).toBe("keyword.operator.ternary.postfix");
    expect(scopeOf(line, "$$")).toBe("constant.character.escape.dollar.postfix");
    await colours("postfix-main", "y = ${{$compatibility_level} <level {3.6} ? {a} : {no}}", {
      compatibility_level: "variable.other.expansion.postfix",
      "<level": "keyword.operator.comparison.postfix",
      "3.6": "constant.numeric.postfix",
      "?": "keyword.operator.ternary.postfix",
      no: "constant.language.boolean.postfix",
    });
  });

  it("colours restrictions, policy endpoints, booleans, numbers with units", async () => {
    await colours("postfix-main", "r = permit_mynetworks, check_policy_service inet:127.0.0.1:10023", {
      permit_mynetworks: "support.function.restriction.postfix",
      check_policy_service: "support.function.restriction.postfix",
      inet: "storage.type.endpoint.postfix",
      "10023": "constant.numeric.port.postfix",
    });
    await colours("postfix-main", "a = yes\nqueue_run_delay = 300s\nv = lmtp:unix:private/lmtp", {
      yes: "constant.language.boolean.postfix",
      "300": "constant.numeric.postfix",
      s: "keyword.other.unit.postfix",
      lmtp: "entity.name.function.transport.postfix",
      unix: "storage.type.endpoint.postfix",
      "private/lmtp": "string.unquoted.postfix",
    });
  });

  it("takes placeholders of templates as such", async () => {
    const lines = await tokenize(
      "postfix-main",
      "{% if x %}\nmyhostname = {{ host }}\n{% endif %}\na = <%= @b %>",
    );
    expect(scopeOf(lines[0], "if x")).toBe("meta.embedded.placeholder.template.postfix");
    expect(scopeOf(lines[1], "host")).toBe("meta.embedded.placeholder.template.postfix");
    expect(lines[2]?.[0]?.scopes).not.toContain("meta.setting.postfix");
    expect(scopeOf(lines[3], "@b")).toBe("meta.embedded.placeholder.template.postfix");
  });
});

describe("master.cf", () => {
  it("colours the eight columns", () =>
    colours("postfix-master", "tlsmgr unix n y - 1000? 12 smtpd", {
      tlsmgr: "entity.name.function.service.postfix",
      unix: "storage.type.service.postfix",
      n: "constant.language.private.postfix",
      y: "constant.language.unprivileged.postfix",
      "-": "constant.language.chroot.postfix",
      "1000?": "constant.numeric.wakeup.postfix",
      "12": "constant.numeric.process-limit.postfix",
      smtpd: "support.function.daemon.postfix",
    }));

  it("splits address and port of a service", async () => {
    await colours("postfix-master", "127.0.0.1:10025 inet n - n - - smtpd", {
      "127.0.0.1": "constant.other.host.postfix",
      "10025": "constant.numeric.port.postfix",
    });
    await colours("postfix-master", "[::1]:20025 inet n - n - - smtpd", {
      "::1": "constant.other.host.postfix",
      "20025": "constant.numeric.port.postfix",
    });
    await colours("postfix-master", "10026 inet n - n - - smtpd", {
      "10026": "constant.numeric.port.postfix",
    });
  });

  it("colours options over comment lines, in both forms", async () => {
    const lines = await tokenize(
      "postfix-master",
      [
        "smtp inet n - y - - smtpd -v",
        "# in column one",
        "  -o content_filter=",
        "    # indented",
        "  -o { smtpd_client_restrictions = permit_mynetworks, reject }",
        "  -o syslog_name=postfix/$service_name -o max_use=10",
        "pickup unix n - y 60 1 pickup",
      ].join("\n"),
    );
    expect(scopeOf(lines[0], "-v")).toBe("keyword.other.option.postfix");
    expect(scopeOf(lines[1], "in column one")).toBe("comment.line.number-sign.postfix");
    expect(scopeOf(lines[2], "-o")).toBe("keyword.other.option.postfix");
    expect(scopeOf(lines[2], "content_filter")).toBe("support.type.property-name.postfix");
    expect(scopeOf(lines[3], "indented")).toBe("comment.line.number-sign.postfix");
    expect(scopeOf(lines[4], "smtpd_client_restrictions")).toBe("support.type.property-name.postfix");
    expect(scopeOf(lines[4], "reject")).toBe("support.function.restriction.postfix");
    expect(scopeOf(lines[4], "}")).toBe("punctuation.section.braces.end.postfix");
    expect(scopeOf(lines[5], "service_name")).toBe("variable.other.expansion.postfix");
    expect(scopeOf(lines[5], "max_use")).toBe("support.type.property-name.postfix");
    expect(scopeOf(lines[6], "60")).toBe("constant.numeric.wakeup.postfix");
  });

  it("shows that a comment cannot stand behind an entry", () =>
    colours("postfix-master", "10025 inet n - n - - smtpd # return path", {
      "# return path": "invalid.illegal.inline-comment.postfix",
    }));

  it("colours arguments of pipe", () =>
    colours(
      "postfix-master",
      "maildrop unix - n n - - pipe\n  flags=DRhu user=vmail argv=/usr/bin/maildrop ${user}",
      {
        flags: "variable.parameter.postfix",
        DRhu: "string.unquoted.postfix",
        argv: "variable.parameter.postfix",
        "/usr/bin/maildrop": "string.unquoted.path.postfix",
        user: "variable.parameter.postfix",
      },
    ));

  it("reads columns of a template", () =>
    colours("postfix-master", "{{ port }} inet n - n - {{ procs }} smtpd", {
      port: "meta.embedded.placeholder.template.postfix",
      inet: "storage.type.service.postfix",
      procs: "meta.embedded.placeholder.template.postfix",
      smtpd: "support.function.daemon.postfix",
    }));
});
