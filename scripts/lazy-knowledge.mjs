// Keeps large tables out of the way of a start. A data module under server/src/knowledge/data exports a
// function that parses its JSON, so that it works unbundled. In a bundle even a string that nobody reads
// costs time to load (some 3 ms for 100 KB), so the Node bundles get the JSON as files of their own, in a
// folder `knowledge` beside the bundle, which the first question loads. Without the plugin (in a browser
// bundle) everything stays inside.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const dataDirectory = fileURLToPath(new URL("../server/src/knowledge/data/", import.meta.url));
const ownFiles = "./knowledge/";

/** The text of a data module that holds `value`. */
export function dataModule(maker, value) {
  const literal = JSON.stringify(value).replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return `// Made by ${maker}; do not edit.\nexport default (): unknown => JSON.parse('${literal}');\n`;
}

/** esbuild plugin for CommonJS bundles: data modules load their JSON from `knowledge/<name>.json`. */
export const lazyKnowledge = {
  name: "lazy-knowledge",
  setup(build) {
    build.onLoad({ filter: /[\\/]knowledge[\\/]data[\\/]\w+\.ts$/ }, ({ path }) => {
      const name = basename(path, ".ts");
      return { contents: packed.has(name) ? unpack(name) : plain(name), loader: "js" };
    });
    build.onResolve({ filter: /^\.\/knowledge\/\w+\.json$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** Prose makes up a quarter of the extension's package: brotli takes a fifth less than the package's own format. */
const packed = new Set(["texts"]);

const plain = (name) => `export default () => require("${ownFiles}${name}.json");`;
const unpack = (name) => `
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
export default () =>
  JSON.parse(brotliDecompressSync(readFileSync(join(__dirname, "knowledge", "${name}.json.br"))).toString());
`;

/** Writes the JSON files that bundles made with the plugin need, to `<directory>/knowledge`. */
export async function writeKnowledge(directory) {
  const target = join(directory, "knowledge");
  mkdirSync(target, { recursive: true });
  for (const file of readdirSync(dataDirectory).filter((name) => name.endsWith(".ts"))) {
    const { default: read } = await importData(join(dataDirectory, file));
    const name = basename(file, ".ts");
    const json = JSON.stringify(read());
    if (packed.has(name)) writeFileSync(join(target, `${name}.json.br`), brotliCompressSync(json));
    else writeFileSync(join(target, `${name}.json`), json);
  }
}

/** Node 20 cannot import TypeScript, but a data module is JavaScript but for the type that `dataModule` writes. */
function importData(file) {
  const code = readFileSync(file, "utf8").replace("(): unknown =>", "() =>");
  return import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
}
