import type { Service } from "../../semantics/postfix/services.js";
import { insertEntry } from "../edits.js";
import type { Rule, RuleContext } from "../rule.js";

export const masterPostscreenPair: Rule = {
  code: "master-postscreen-pair",
  severity: "error",
  summary: "postscreen has no smtpd to hand connections to.",
  why: `postscreen(8) passes the connections of clients that it lets in to the service that \`smtpd_service_name\` names, \`smtpd\` by default: an entry of type \`pass\`, private. Without it every client is sent away:

    postfix/postscreen[123]: warning: cannot connect to service private/smtpd: No such file or directory

    421 4.3.2 All server ports are busy

With type \`unix\` the connection is dropped without a word. \`dnsblog\` is needed for \`postscreen_dnsbl_sites\` and \`tlsproxy\` for STARTTLS; without them these are left out, with a warning in the log.`,
  remedy:
    "Add `smtpd pass - - n - - smtpd` (and `dnsblog unix - - n - 0 dnsblog`, `tlsproxy unix - - n - 0 tlsproxy`).",
  wrong: [
    {
      title: "no entry of type pass",
      text: `-- master.cf --
smtp inet n - n - 1 postscreen
#^^^ error`,
    },
    {
      title: "of another type",
      text: `-- master.cf --
smtp inet n - n - 1 postscreen
#^^^ error
smtpd unix - - n - - smtpd`,
    },
    {
      title: "block lists without dnsblog",
      text: `-- main.cf --
postscreen_dnsbl_sites = zen.example.org
-- master.cf --
smtp inet n - n - 1 postscreen
#^^^ warning
smtpd pass - - n - - smtpd`,
    },
  ],
  right: [
    {
      title: "the pair",
      text: `-- main.cf --
postscreen_dnsbl_sites = zen.example.org
-- master.cf --
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog`,
    },
    {
      title: "the service has another name",
      text: `-- main.cf --
smtpd_service_name = behind
-- master.cf --
smtp inet n - n - 1 postscreen
behind pass - - n - - smtpd`,
    },
  ],
  check(context) {
    const { system } = context;
    if (system.masterOpen !== undefined) return;
    for (const service of system.services) {
      if (service.program !== "postscreen" || service.overriddenBy || service.uncertain) continue;
      checkPair(context, service);
      checkHelper(context, service, "dnsblog", "postscreen_dnsbl_sites", (text) => text !== "");
      checkHelper(context, service, "tlsproxy", tlsParameter(service), (text) =>
        /^(?:may|encrypt)$/i.test(text),
      );
    }
  },
};

function checkPair(context: RuleContext, service: Service): void {
  const value = service.environment.value("smtpd_service_name");
  if (value.unknown !== undefined || value.text === "") return;
  const named = context.system.services.filter(({ name, type }) => name === value.text && type !== "inet");
  if (named.some((other) => other.type === "pass" && !other.public)) return;
  const wrong = named[0];
  const what =
    wrong === undefined
      ? `master.cf has no entry "${value.text}" of type pass`
      : wrong.type === "pass"
        ? `the entry "${value.text}" is public`
        : `the entry "${value.text}" is of type ${wrong.type}, not pass`;
  context.report({
    at: service.nameLocation,
    message: `postscreen hands connections to private/${value.text}, but ${what}: no client gets through${wrong && wrong.type !== "pass" ? "" : `, with "421 4.3.2 All server ports are busy"`}.`,
    related: wrong ? [{ ...wrong.nameLocation, message: "this entry is found" }] : [],
    fixes: () => {
      const column = wrong?.type === "pass" ? wrong.entry.columns.private : wrong?.entry.columns.type;
      if (wrong && column)
        return [
          {
            title: `Make ${value.text} ${wrong.type === "pass" ? "private" : "a pass service"}`,
            edits: [
              {
                file: wrong.location.file,
                range: column.range,
                newText: wrong.type === "pass" ? "-" : "pass",
              },
            ],
            preferred: true,
          },
        ];
      const line = `${value.text} pass - - n - - smtpd`;
      return [
        {
          title: `Add ${value.text}, an smtpd of type pass`,
          edits: [insertEntry(context, service.location.file, service, [line])],
          preferred: true,
        },
      ];
    },
  });
}

function checkHelper(
  context: RuleContext,
  service: Service,
  program: "dnsblog" | "tlsproxy",
  parameter: string,
  needed: (text: string) => boolean,
): void {
  const asked = service.environment.value(parameter);
  const name = service.environment.value(`${program}_service_name`);
  if (asked.unknown !== undefined || name.unknown !== undefined || !needed(asked.text)) return;
  if (context.system.services.some((other) => other.name === name.text && other.type === "unix")) return;
  context.report({
    at: service.nameLocation,
    severity: "warning",
    message: `postscreen needs the service "${name.text}" for ${parameter} = ${asked.text}, and master.cf does not have it: ${program === "dnsblog" ? "no block list is asked" : "STARTTLS is answered with 454 while postscreen talks to a client"}.`,
    related: asked.definition?.origin
      ? [{ ...asked.definition.origin, message: `${parameter} is set here` }]
      : [],
    fixes: () => [
      {
        title: `Add ${name.text}`,
        edits: [
          insertEntry(context, service.location.file, service, [`${name.text} unix - - n - 0 ${program}`]),
        ],
        preferred: true,
      },
    ],
  });
}

const tlsParameter = ({ environment }: Service) =>
  environment.definition("postscreen_tls_security_level")?.origin
    ? "postscreen_tls_security_level"
    : "smtpd_tls_security_level";
