import { lineEnd } from "../edits.js";
import type { Rule } from "../rule.js";

export const mainNoFinalNewline: Rule = {
  code: "main-no-final-newline",
  severity: "hint",
  summary: "main.cf does not end with a line end.",
  why: `Postfix reads the last line all the same. The next program that appends a setting (\`echo ... >> main.cf\`, an installer, a container's start script) writes it onto that line: behind a comment it is lost, behind a value it becomes a part of the value.`,
  remedy: "End the last line with a line end.",
  wrong: [
    {
      title: "the last line is open",
      text: `-- main.cf --
myhostname = mx.example.com
#                         ^ hint
\\ no newline at end of file`,
    },
  ],
  right: [{ title: "the last line is complete", text: "-- main.cf --\nmyhostname = mx.example.com" }],
  check(context) {
    const { main } = context.system.source;
    if (!main || main.template || main.text === "" || /[\n\r]$/.test(main.text)) return;
    const end = main.text.length;
    context.report({
      at: { file: main.path, range: { start: end - 1, end } },
      message: "The last line has no line end: what another program appends to the file lands on this line.",
      fixes: () => [
        {
          title: "Add a line end",
          edits: [{ file: main.path, range: { start: end, end }, newText: lineEnd(main.text) }],
          preferred: true,
        },
      ],
    });
  },
};
