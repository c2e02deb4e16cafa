import type { Rule } from "../rule.js";

export const mainMultiWrapper: Rule = {
  code: "main-multi-wrapper",
  severity: "error",
  summary: "More instances are listed, but nothing is named that manages them.",
  why: `With \`multi_instance_directories\` in the main.cf of the first instance, every \`postfix\` command runs the program that \`multi_instance_wrapper\` names. Without one nothing can be started, reloaded or stopped:

    postfix: fatal: multi-instance support is requested, but multi_instance_wrapper is empty

Only \`postfix -c DIRECTORY\` still works. A running mail system goes on until it is stopped. \`multi_instance_enable\` alone does no harm.`,
  remedy:
    "Set `multi_instance_wrapper = ${command_directory}/postmulti -p --`, which `postmulti -e init` does, or remove the list of directories.",
  wrong: [
    {
      title: "instances without a wrapper",
      text: `-- main.cf --
multi_instance_directories = /etc/postfix-out
#                            ^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "with a wrapper; enabled and no other instance",
      text: `-- main.cf --
multi_instance_enable = yes
multi_instance_wrapper = \${command_directory}/postmulti -p --
multi_instance_directories = /etc/postfix-out`,
    },
    {
      title: "an instance that is one of several says so, and lists none",
      text: `-- main.cf --
multi_instance_enable = yes
multi_instance_name = postfix-out`,
    },
  ],
  check(context) {
    const { environment, parameters } = context.system;
    const entry = parameters.entry("multi_instance_directories");
    if (!entry) return;
    const directories = environment.value("multi_instance_directories");
    const wrapper = environment.value("multi_instance_wrapper");
    if (directories.unknown !== undefined || wrapper.unknown !== undefined) return;
    if (directories.text === "" || wrapper.text !== "") return;
    const { file } = parameters;
    const { range } = entry;
    context.report({
      at: directories.definition?.origin ?? { file, range: entry.nameRange },
      message: `multi_instance_directories is set and multi_instance_wrapper is empty: every postfix command stops with a fatal error, so nothing can be started, reloaded or stopped.`,
      fixes: () => [
        {
          title: "Set multi_instance_wrapper to postmulti",
          edits: [
            {
              file,
              range: { start: range.start, end: range.start },
              newText: `multi_instance_wrapper = \${command_directory}/postmulti -p --\n`,
            },
          ],
          preferred: parameters.entry("multi_instance_wrapper") === undefined,
        },
      ],
    });
  },
};
