// An esbuild plugin: rules carry their documentation (reason, remedy, examples) beside their code, which the
// tests and the pages in docs/rules are made of. The programs never show it, so the bundles leave it out.
import { readFile } from "node:fs/promises";
import { parse } from "acorn";
import { transform } from "esbuild";

const PAGE_ONLY = new Set(["why", "remedy", "unfixable", "wrong", "right"]);

export const withoutPages = {
  name: "without-pages",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]server[/\\]src[/\\]rules[/\\].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { code } = await transform(source, { loader: "ts", sourcefile: path });
      return { contents: strip(code), loader: "js" };
    });
  },
};

/** Removes the properties that only pages need from every exported rule of a module. */
function strip(code) {
  const cuts = [];
  for (const statement of parse(code, { ecmaVersion: "latest", sourceType: "module" }).body) {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type !== "VariableDeclaration") continue;
    for (const { init } of declaration.declarations) if (isRule(init)) cuts.push(...pageParts(init));
  }
  let rest = code;
  for (const { start, end } of cuts.reverse()) rest = rest.slice(0, start) + rest.slice(end);
  return rest;
}

function isRule(node) {
  if (node?.type !== "ObjectExpression") return false;
  const keys = new Set(node.properties.map((property) => property.key?.name));
  return keys.has("code") && keys.has("check") && keys.has("wrong");
}

function pageParts({ properties, end }) {
  return properties.flatMap((property, index) =>
    PAGE_ONLY.has(property.key?.name)
      ? [{ start: property.start, end: properties[index + 1]?.start ?? end - 1 }]
      : [],
  );
}
