/** What a service asks milters, and what the files tell about their answers (MILTER_README). */
import type { Location } from "../semantics/located.js";
import { readServiceEndpoint } from "../semantics/postfix/endpoints.js";
import { insideBraces, listItems } from "../semantics/postfix/lists/items.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import type { Service } from "../semantics/postfix/services.js";
import { hasPlaceholder } from "../syntax/postfix/words.js";
import { overrideOptions } from "../system/feeds.js";

export interface MilterAnswers {
  /** Milters that are taken to let mail pass. */
  readonly assumptions: readonly string[];
  /** Set when one cannot even be asked and milter_default_action refuses mail for that. */
  readonly refusal:
    | {
        readonly outcome: "rejected" | "silent";
        readonly text: string;
        readonly because: readonly Location[];
      }
    | undefined;
}

const NONE: MilterAnswers = { assumptions: [], refusal: undefined };

/** One milter that a service asks, with the settings that stand beside it in braces. */
interface Milter {
  readonly endpoint: string;
  readonly attributes: readonly string[];
}

/** Where the list of milters of a service stands: its own, or that of the cleanup(8) behind what is no smtpd. */
function milterParameter(service: Service, cleanup: Environment) {
  return service.program === "smtpd"
    ? ([service.environment, "smtpd_milters"] as const)
    : ([cleanup, "non_smtpd_milters"] as const);
}

function readMilters(text: string): Milter[] {
  return listItems(text).flatMap((item) => {
    const inside = insideBraces(item.text);
    const [endpoint, ...attributes] = inside
      ? listItems(inside.text).map((inner) => inner.text)
      : [item.text];
    return endpoint === undefined ? [] : [{ endpoint, attributes }];
  });
}

/** The endpoints of the milters that a service asks; none where the list is not known. */
export function milterEndpoints(service: Service, cleanup: Environment): readonly string[] {
  const [environment, parameter] = milterParameter(service, cleanup);
  const { text, unknown } = environment.value(parameter);
  return unknown === undefined ? readMilters(text).map(({ endpoint }) => endpoint) : [];
}

/** @param cleanup environment of the cleanup(8) behind the service, which asks milters for mail that no smtpd took. */
export function milterAnswers(service: Service, cleanup: Environment): MilterAnswers {
  if (overrideOptions(service.environment).has("no_milters")) return NONE;
  const [environment, parameter] = milterParameter(service, cleanup);
  const value = environment.value(parameter);
  if (value.unknown !== undefined) return { ...NONE, assumptions: [`${parameter} lets it pass`] };
  const assumptions: string[] = [];
  for (const { endpoint, attributes } of readMilters(value.text)) {
    assumptions.push(`the milter ${endpoint} answers and lets it pass`);
    const own = attributes.find((text) => /^default_action\s*=/.test(text))?.split("=")[1];
    const action = own?.trim() ?? environment.value("milter_default_action").text;
    const { fault, fatal } = readServiceEndpoint(endpoint);
    if (fault === undefined || hasPlaceholder(endpoint) || (action === "accept" && !fatal)) continue;
    const at = value.definition?.origin;
    return {
      assumptions,
      refusal: {
        outcome: fatal ? "silent" : "rejected",
        text: fatal ? `the daemon stops: ${fault}` : `451 4.3.5 ${fault}`,
        because: at ? [at] : [],
      },
    };
  }
  return { assumptions, refusal: undefined };
}
