/** Tokens of a text by one of the three grammars, as an editor colours it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const require = createRequire(import.meta.url);
const syntaxes = fileURLToPath(new URL("../../syntaxes/", import.meta.url));

interface Contributes {
  readonly languages: readonly {
    readonly id: string;
    readonly filenames: readonly string[];
    readonly filenamePatterns: readonly string[];
    readonly configuration: string;
  }[];
  readonly grammars: readonly {
    readonly language: string;
    readonly scopeName: string;
    readonly path: string;
  }[];
}

/** What package.json has to contribute. */
export const contributes = JSON.parse(readFileSync(`${syntaxes}contributes.json`, "utf8")) as Contributes;

export interface Token {
  readonly text: string;
  /** Scopes without the language's own, outermost first. */
  readonly scopes: readonly string[];
}

let registry: textmate.Registry | undefined;

async function grammarRegistry(): Promise<textmate.Registry> {
  if (registry) return registry;
  await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")));
  registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scopeName) => {
      const grammar = contributes.grammars.find((known) => known.scopeName === scopeName);
      if (!grammar) return null;
      const file = grammar.path.replace("./syntaxes/", syntaxes);
      return textmate.parseRawGrammar(readFileSync(file, "utf8"), file);
    },
  });
  return registry;
}

/** The tokens of every line; blank ones are left out. */
export async function tokenize(language: string, text: string): Promise<readonly (readonly Token[])[]> {
  const scopeName = contributes.grammars.find((grammar) => grammar.language === language)?.scopeName ?? "";
  const grammar = await (await grammarRegistry()).loadGrammar(scopeName);
  if (!grammar) throw new Error(`no grammar for ${language}`);
  let state = textmate.INITIAL;
  return text.split("\n").map((line) => {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    return result.tokens
      .map((token) => ({
        text: line.slice(token.startIndex, token.endIndex),
        scopes: token.scopes.filter((scope) => scope !== scopeName),
      }))
      .filter((token) => token.text.trim() !== "");
  });
}
