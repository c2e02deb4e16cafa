/** What certain functions must be given: Perl refuses anything else when it compiles the file. */
import type { ParserState } from "./state.js";
import type { Expression } from "./tree.js";
import { NAMED_UNARY } from "./words.js";

const TAKES_ARRAY = /^(?:push|unshift|splice|pop|shift)$/;
const TAKES_CONTAINER = /^(?:keys|values|each)$/;

/** The least and the greatest number of arguments. */
const COUNTS = new Map<string, readonly [number, number]>([
  ["join", [1, Number.POSITIVE_INFINITY]],
  ["sprintf", [1, Number.POSITIVE_INFINITY]],
  ["push", [1, Number.POSITIVE_INFINITY]],
  ["unshift", [1, Number.POSITIVE_INFINITY]],
  ["splice", [1, Number.POSITIVE_INFINITY]],
  ["index", [2, 3]],
  ["rindex", [2, 3]],
  ["substr", [2, 4]],
]);
for (const name of NAMED_UNARY) if (!/^cho(?:p|mp)$/.test(name)) COUNTS.set(name, [0, 1]);
const CHANGES_ALL = /^(?:chomp|chop)$/;

/** Notes an argument that the function cannot work on: `push $x, 1`, `keys $x`, `defined @x`, `chomp("x")`. */
export function checkArguments(state: ParserState, name: string, args: readonly Expression[]): void {
  const [first] = args;
  checkCount(state, name, args);
  if (first === undefined) return;
  if (CHANGES_ALL.test(name)) {
    const fixed = args.find(isFixed);
    if (fixed !== undefined) state.problem(fixed, `${name} cannot change this: it needs a variable.`);
    return;
  }
  if (TAKES_ARRAY.test(name)) {
    if (isScalar(first) || sigilOf(first) === "%")
      state.problem(first, `${name} needs an array here, such as @x or @{$x}.`);
  } else if (TAKES_CONTAINER.test(name)) {
    if (isScalar(first)) state.problem(first, `${name} needs a hash or an array here, such as %x or %{$x}.`);
  } else if (name === "defined" && "@%".includes(sigilOf(first) ?? "-"))
    state.problem(
      first,
      "Perl does not ask any more whether a whole array or hash is defined: leave out defined.",
    );
}

function checkCount(state: ParserState, name: string, args: readonly Expression[]): void {
  const counts = COUNTS.get(name);
  if (counts === undefined || state.filledIn) return;
  const [least, most] = counts;
  const extra = args[most];
  if (args.length < least) state.problem(state.beforeHere(), `${name} needs more arguments.`);
  else if (extra !== undefined)
    state.problem(extra, `${name} takes no more than ${most} of these arguments.`);
}

function sigilOf(node: Expression): string | undefined {
  return node.kind === "variable" || node.kind === "dereference" ? node.sigil : undefined;
}

/** Certainly one value, and not an array or a hash. */
function isScalar(node: Expression): boolean {
  switch (node.kind) {
    case "string":
    case "number":
    case "chain":
    case "element":
    case "array":
    case "hash":
    case "reference":
      return true;
    default:
      return "$&".includes(sigilOf(node) ?? "-");
  }
}

/** Something that is no variable and stands for none. */
function isFixed({ kind }: Expression): boolean {
  return kind === "string" || kind === "number" || kind === "command" || kind === "array" || kind === "hash";
}
