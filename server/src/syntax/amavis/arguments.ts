/** What certain functions must be given: Perl refuses anything else when it compiles the file. */
import type { ParserState } from "./state.js";
import type { Expression } from "./tree.js";

const TAKES_ARRAY = /^(?:push|unshift|splice|pop|shift)$/;
const TAKES_CONTAINER = /^(?:keys|values|each)$/;

const CHANGES_ALL = /^(?:chomp|chop)$/;

/** Notes an argument that the function cannot work on: `push $x, 1`, `keys $x`, `defined @x`, `chomp("x")`. */
export function checkArguments(state: ParserState, name: string, args: readonly Expression[]): void {
  const [first] = args;
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
      return sigilOf(node) === "$";
  }
}

/** Something that is no variable and stands for none. */
function isFixed({ kind }: Expression): boolean {
  return kind === "string" || kind === "number" || kind === "command" || kind === "array" || kind === "hash";
}
