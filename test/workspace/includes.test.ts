/** Files that amavisd's configuration includes are read where they lie inside the system's folders. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { discover } from "../../server/src/workspace/discover.js";
import { includedPaths } from "../../server/src/workspace/includes.js";
import { loadSystem, replaceText } from "../../server/src/workspace/load.js";
import { memoryFileSystem } from "./memoryFileSystem.js";

function load(table: Record<string, string>) {
  const files = memoryFileSystem(table);
  const layout = discover(files, "/w").systems.find((one) => one.amavis.length > 0);
  if (!layout) throw new Error("no system found");
  return { files, system: loadSystem(files, layout) };
}

const ports = (system: ReturnType<typeof load>["system"]) =>
  analyse(system.source).system.amavis?.listeners.map((one) =>
    one.network === "inet" ? one.port : one.path,
  );

const MAIN = "$inet_socket_bind = '127.0.0.1';\n";
const WITH = `${MAIN}include_config_files('/etc/amavis/local.pl');\n1;\n`;

test.each([
  ["include_config_files('/a', \"/b\");", ["/a", "/b"]],
  ["include_optional_config_files '/a' , '/b';", ["/a", "/b"]],
  ["do '/a'; read_config_file('/b');", ["/a", "/b"]],
  ["# include_config_files('/a');", []],
  ["include_config_files(\"/etc/$name\"); include_config_files('relative');", []],
  ["include_config_files($file); do { 1 };", []],
  ["include_config_files('/a'); include_config_files('/a');", ["/a"]],
])("%s", (text, expected) => {
  expect(includedPaths(text)).toEqual(expected);
});

describe("a port that only the included file sets", () => {
  test("beside amavisd.conf, and in a copy of the host's tree", () => {
    const local = "$inet_socket_port = 10030;\n1;\n";
    expect(ports(load({ "/w/amavisd.conf": WITH, "/w/local.pl": local }).system)).toEqual([10030]);
    const tree = load({ "/w/h/etc/amavis/amavisd.conf": WITH, "/w/h/etc/amavis/local.pl": local });
    expect(ports(tree.system)).toEqual([10030]);
  });

  test("included by an included one", () => {
    const { system } = load({
      "/w/amavisd.conf": WITH,
      "/w/local.pl": "include_config_files('/etc/amavis/deep.pl');\n1;\n",
      "/w/deep.pl": "$inet_socket_port = 10031;\n1;\n",
    });
    expect(ports(system)).toEqual([10031]);
    expect([...(system.source.includes?.keys() ?? [])]).toEqual([
      "/etc/amavis/local.pl",
      "/etc/amavis/deep.pl",
    ]);
  });

  test("a file that is not here may set anything", () => {
    const { system } = load({ "/w/amavisd.conf": WITH });
    expect(analyse(system.source).system.amavis?.open).toBeDefined();
    expect(system.includePlaces).toContain("/w/local.pl");
  });

  test("nothing is read outside the folders", () => {
    const { system } = load({
      "/w/amavisd.conf": "include_config_files('/etc/amavis/../../../x.pl', '/srv/x.pl');\n1;\n",
      "/srv/x.pl": "$inet_socket_port = 10032;\n",
      "/x.pl": "$inet_socket_port = 10033;\n",
    });
    expect(system.source.includes?.size).toBe(0);
  });
});

test("an edit of the included file, and one that includes another", () => {
  const { files, system } = load({
    "/w/amavisd.conf": WITH,
    "/w/local.pl": "$inet_socket_port = 10030;\n1;\n",
    "/w/other.pl": "$inet_socket_port = 10040;\n1;\n",
  });
  const edited = replaceText(files, system, "/w/local.pl", "$inet_socket_port = 10035;\n1;\n");
  expect(ports(edited)).toEqual([10035]);
  const again = analyse(edited.source, analyse(system.source));
  expect(again.system.amavis?.listeners.map((one) => one.network === "inet" && one.port)).toEqual([10035]);
  const other = replaceText(files, edited, "/w/amavisd.conf", WITH.replace("local.pl", "other.pl"));
  expect(ports(other)).toEqual([10040]);
});
