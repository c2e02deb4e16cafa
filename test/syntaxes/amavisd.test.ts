import { expect, it } from "vitest";
import { type Token, tokenize } from "./tokens.js";

function scopeOf(line: readonly Token[] | undefined, text: string): string {
  const token = line?.find((candidate) => candidate.text.trim() === text);
  return token ? (token.scopes.at(-1) ?? "") : `no token ${text}`;
}

async function colours(text: string, expected: Record<string, string>) {
  const all = (await tokenize("amavisd", text)).flat();
  for (const [token, scope] of Object.entries(expected)) expect(scopeOf(all, token), token).toBe(scope);
}

it("colours assignments, numbers and comments", () =>
  colours("$inet_socket_port = [10024, 10026]; # two\n@acl = (1_000, 0660, 2.5);", {
    $inet_socket_port: "variable.other.readwrite.amavisd",
    "10024": "constant.numeric.amavisd",
    two: "comment.line.number-sign.amavisd",
    "@acl": "variable.other.readwrite.amavisd",
    "1_000": "constant.numeric.amavisd",
    "2.5": "constant.numeric.amavisd",
  }));

it("shows the parts of a delivery method in a string", () =>
  colours("$forward_method = 'smtp:[127.0.0.1]:10025';", {
    smtp: "storage.type.protocol.amavisd",
    "[127.0.0.1]": "constant.other.host.amavisd",
    "10025": "constant.numeric.port.amavisd",
  }));

it("interpolates in double quotes only", async () => {
  await colours('$a = "to $b and @{c}\\n";', {
    $b: "variable.other.interpolated.amavisd",
    "@{c}": "variable.other.interpolated.amavisd",
    "\\n": "constant.character.escape.amavisd",
  });
  await colours("$a = '$b \\' c';", {
    $b: "string.quoted.single.amavisd",
    "\\'": "constant.character.escape.amavisd",
  });
});

it("colours policy banks: keys, constants, undef", () =>
  colours(
    "$policy_bank{'X'} = { originating => 1, s => undef };\n$policy_bank{NAME} = 0; $d = D_REJECT; $c = CC_SPAM;",
    {
      originating: "support.type.property-name.amavisd",
      s: "support.type.property-name.amavisd",
      NAME: "support.type.property-name.amavisd",
      undef: "constant.language.undef.amavisd",
      D_REJECT: "constant.language.amavisd",
      CC_SPAM: "constant.language.amavisd",
    },
  ));

it("colours keywords and the functions that a configuration may call", () =>
  colours("use strict;\nmy $x = read_hash('/f') if defined $y;\npush @z, new_RE(qr/a/);", {
    use: "keyword.control.import.amavisd",
    strict: "entity.name.type.module.amavisd",
    my: "storage.modifier.amavisd",
    read_hash: "support.function.amavisd",
    if: "keyword.control.amavisd",
    defined: "support.function.builtin.amavisd",
    push: "support.function.builtin.amavisd",
    new_RE: "support.function.amavisd",
  }));

it("keeps # inside qw and patterns, and goes on behind them", async () => {
  const lines = await tokenize(
    "amavisd",
    "@n = qw( a # b\n c );\n$r = new_RE( qr'^\\.(exe#x)$'i, # real\n [ qr{a{2}}x => 0 ] );\n$after = 5;",
  );
  expect(scopeOf(lines[0], "a # b")).toBe("string.quoted.other.words.amavisd");
  expect(scopeOf(lines[2], "\\.")).toBe("constant.character.escape.regexp.amavisd");
  expect(scopeOf(lines[2], "i")).toBe("storage.modifier.regexp.amavisd");
  expect(scopeOf(lines[2], "real")).toBe("comment.line.number-sign.amavisd");
  expect(scopeOf(lines[3], "x")).toBe("storage.modifier.regexp.amavisd");
  expect(scopeOf(lines[4], "5")).toBe("constant.numeric.amavisd");
});

it("colours substitutions and patterns, but not divisions", () =>
  colours("$x =~ s/a\\/b/c/g; $y =~ /^z/i; $i = $n / 2 / 3;", {
    "a\\/b": "string.regexp.amavisd",
    c: "string.quoted.other.replacement.amavisd",
    "^z": "string.regexp.amavisd",
    "2": "constant.numeric.amavisd",
    "3": "constant.numeric.amavisd",
  }));

it("ends here-documents at their word", async () => {
  const lines = await tokenize(
    "amavisd",
    "$a = <<'EOT' . 'x';\nkeep $this\nEOT\n$b = <<\"END\";\nput $that\nEND\n$c = <<LAST;\nput $it\nLAST\n$d = 1;",
  );
  expect(scopeOf(lines[0], "x")).toBe("string.quoted.single.amavisd");
  expect(scopeOf(lines[1], "keep $this")).toBe("string.unquoted.heredoc.raw.amavisd");
  expect(scopeOf(lines[4], "$that")).toBe("variable.other.interpolated.amavisd");
  expect(scopeOf(lines[7], "$it")).toBe("variable.other.interpolated.amavisd");
  expect(scopeOf(lines[9], "$d")).toBe("variable.other.readwrite.amavisd");
});

it("greys out POD and everything behind __END__", async () => {
  const lines = await tokenize("amavisd", "=head1 Notes\n\n$x = 1;\n\n=cut\n$y = 2;\n__END__\n$z = 3;");
  expect(scopeOf(lines[2], "$x = 1;")).toBe("comment.block.documentation.amavisd");
  expect(scopeOf(lines[5], "$y")).toBe("variable.other.readwrite.amavisd");
  expect(scopeOf(lines[7], "$z = 3;")).toBe("comment.block.end.amavisd");
});
