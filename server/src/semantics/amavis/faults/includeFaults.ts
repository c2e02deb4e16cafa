/**
 * Files that are included and are none (AMAVISD section 7: include-missing, config-permissions). amavisd looks at
 * each before it reads it, in `read_config_file` of Amavis/Conf.pm; what comes of it was seen in runs of amavisd
 * (test/oracle/amavis-files.mjs).
 */
import type { AmavisFix, AmavisProblem } from "../configuration.js";
import type { IncludeNote, Machine } from "../machine.js";

export function includeFaults({ includeNotes }: Machine): AmavisProblem[] {
  return includeNotes.flatMap((note) => {
    const way = wayOf(note);
    if (note.gap === "globbed") return [globbed(note)];
    if (note.gap === "directory") return way === "unknown" ? [] : [directory(note, way)];
    return way === "needed" ? [missing(note)] : [];
  });
}

/** Whether amavisd can do without the file; `do` never minds. */
type Way = "needed" | "optional" | "do" | "unknown";

function wayOf({ call }: IncludeNote): Way {
  const name = nameOf(call);
  if (name === "do") return "do";
  if (name === "include_optional_config_files") return "optional";
  if (name !== "read_config_file") return "needed";
  const flag = call.arguments[1];
  if (flag?.kind !== "number") return "unknown";
  return Number(flag.text) === 0 ? "needed" : "optional";
}

function nameOf({ name }: IncludeNote["call"]): string {
  return name.replace(/^Amavis::Conf::/, "");
}

function missing(note: IncludeNote): AmavisProblem {
  const { at, path, gap, call } = note;
  const name = nameOf(call);
  const problem = { ...at, kind: "include-missing", fix: optionalForm(note) };
  if (gap === "empty")
    return {
      ...problem,
      message: `${name} is given no path here: amavisd stops at its start, since a file without a name does not exist.`,
      fatal: true,
    };
  if (gap === "missing")
    return {
      ...problem,
      message: `${path} does not exist: amavisd stops at its start, since ${name} needs each file that it names.`,
      fatal: true,
    };
  return {
    ...problem,
    message: `${path} is not among these files. Where it is missing on the host too, amavisd stops at its start: ${name} needs each file that it names.`,
    fatal: false,
    severity: "information",
  };
}

function optionalForm({ call }: IncludeNote): AmavisFix | undefined {
  const name = nameOf(call);
  if (name !== "include_config_files" && name !== "require") return undefined;
  return {
    title: "Include it only where it exists",
    range: call.nameRange,
    newText: "include_optional_config_files",
    certain: false,
  };
}

function directory({ at, path, call }: IncludeNote, way: Way): AmavisProblem {
  const problem = { ...at, kind: "config-permissions" };
  if (way === "do")
    return {
      ...problem,
      message: `${path} is a folder: \`do\` reads nothing of it and says nothing, so none of its files has an effect.`,
      fatal: false,
    };
  return {
    ...problem,
    message: `${path} is a folder: amavisd stops at its start, since ${nameOf(call)} takes the names of files, one by one.`,
    fatal: true,
  };
}

/** amavisd is run by `perl -T`: what comes from outside, such as names in a folder, may not choose what is run. */
function globbed({ at, call }: IncludeNote): AmavisProblem {
  const { start } = at.range;
  return {
    ...at,
    kind: "include-tainted",
    message: `Names that glob finds are not trusted by perl -T, by which amavisd runs: as soon as there is such a file, ${nameOf(call)} ends amavisd's start with "Insecure dependency in do while running with -T switch".`,
    fatal: false,
    fix: {
      title: "Take each name through a pattern, as Perl asks for",
      range: { start, end: start },
      newText: "map { /^(.+)$/ ? $1 : () } ",
    },
  };
}
