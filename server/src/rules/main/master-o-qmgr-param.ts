import { parameterFacts } from "../../knowledge/parameters.js";
import { transportPattern } from "../../knowledge/servicePatterns.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { MasterOption } from "../../syntax/postfix/master.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { appendSetting, deleteOption, lastOptions } from "./edits.js";

const QUEUE_MANAGERS = ["qmgr", "oqmgr"];

export const masterOQmgrParam: Rule = {
  code: "master-o-qmgr-param",
  severity: "warning",
  summary: "A limit of the queue manager stands as an option of a transport.",
  why: `How many deliveries and recipients a transport gets is decided by the queue manager, which reads main.cf and its own options. As \`-o\` of the transport the limit reaches only the delivery agent, which never looks at it. No program says a word when the transport exists; when it does not:

    postconf: warning: /etc/postfix/master.cf: unused parameter: amavis_destination_recipient_limit=1`,
  remedy: "Move the setting to main.cf.",
  wrong: [
    {
      title: "on the transport that it is about",
      text: `-- main.cf --
relayhost =
-- master.cf --
smtp-amavis unix - - n - 2 smtp
  -o smtp-amavis_destination_concurrency_limit=2
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "in main.cf",
      text: `-- main.cf --
smtp-amavis_destination_concurrency_limit = 2
-- master.cf --
smtp-amavis unix - - n - 2 smtp`,
    },
  ],
  check(context) {
    for (const service of context.system.services) {
      if (QUEUE_MANAGERS.includes(service.program)) continue;
      for (const option of lastOptions(service)) {
        if (!/_(?:limit|delay|cost|loan|discount|slots|concurrency|feedback)$/.test(option.name)) continue;
        const facts = parameterFacts(option.name);
        if (!facts?.readBy.length || !facts.readBy.every((reader) => QUEUE_MANAGERS.includes(reader)))
          continue;
        if (hasPlaceholder(service.program)) continue;
        const { file } = service.location;
        context.report({
          at: { file, range: option.nameRange },
          message: `Only the queue manager reads ${option.name}, from main.cf: as an option of "${service.name}" (${service.program}) it has no effect${ownName(option.name, service) === option.name ? "" : `. In main.cf the limit of this service is called ${ownName(option.name, service)}`}.`,
          fixes: () => move(context, service, option),
        });
      }
    }
  },
};

/** The name under which the queue manager looks for the limit of this service. */
function ownName(name: string, service: Service): string {
  const pattern = transportPattern(name);
  const suffix = pattern?.suffix ?? name.replace(/^(?:default|initial)(?=_)/, "");
  return service.type === "unix" && suffix.startsWith("_") ? `${service.name}${suffix}` : name;
}

function move(context: RuleContext, service: Service, option: MasterOption): Fix[] {
  const { source, parameters } = context.system;
  const deletion = deleteOption(context, service.location.file, option);
  const name = ownName(option.name, service);
  if (!source.main || parameters.entry(name)) return [{ title: "Delete the option", edits: [deletion] }];
  const setting = appendSetting(context, source.main.path, name, option.value);
  return [
    { title: `Move it to main.cf as ${name}`, edits: [setting, deletion], preferred: name === option.name },
  ];
}
