/** What to write in place of a parameter that Postfix will lose, with its value put into the new words. */
import { parameterFacts } from "../../knowledge/parameters.js";
import type { Environment } from "../../semantics/postfix/parameters.js";

/** A new name, with its value, or with the old one where `value` is undefined. */
export interface Translation {
  readonly name: string;
  readonly value: string | undefined;
}

const TLS = /^(smtp|lmtp|smtpd|postscreen|tlsproxy|tlsproxy_client)_(use|enforce)_tls$/;

/**
 * @param program of the service, for an option; undefined in main.cf
 * @param hasOption whether a service of master.cf sets the name by an option
 * @returns "delete" where the old parameter has no effect because the new one is set; undefined where no
 *   edit says the same (tables of another form).
 */
export function translate(
  name: string,
  environment: Environment,
  program: string | undefined,
  hasOption: (name: string) => boolean,
): Translation | "delete" | undefined {
  // The new parameter in main.cf would count before the old one in an option: mend the options first.
  const siblings = [name, name.replace("_use_", "_enforce_"), name.replace("_enforce_", "_use_")];
  if (program === undefined && siblings.some(hasOption)) return undefined;
  const facts = parameterFacts(name);
  const tls = TLS.exec(name);
  if (tls?.[1] && tls[2]) return translateTls(tls[1], tls[2], environment);
  if (name === "disable_dns_lookups") return translateDns(environment, program);
  // Old names that the default of the new one reads take the same values.
  if (facts?.removed?.readThrough.length && facts.replacement)
    return isSet(environment, facts.replacement) ? "delete" : { name: facts.replacement, value: undefined };
  return undefined;
}

/** The level counts as soon as it is not empty; enforce counts before use (smtp.c, smtpd.c). */
function translateTls(
  prefix: string,
  kind: string,
  environment: Environment,
): Translation | "delete" | undefined {
  const name = `${prefix === "tlsproxy" ? "tlsproxy" : prefix}${prefix === "tlsproxy" ? "_tls" : prefix === "tlsproxy_client" ? "" : "_tls"}_security_level`;
  if (isSet(environment, name)) return "delete";
  // Once a level is set, the table of sites is no longer read.
  if (environment.value(`${prefix}_tls_per_site`).text !== "") return undefined;
  const enforced = yes(environment, `${prefix}_enforce_tls`);
  const used = yes(environment, `${prefix}_use_tls`);
  if (enforced === undefined || used === undefined) return undefined;
  if (kind === "use" && enforced) return "delete";
  if (kind === "enforce" && !enforced) return used ? "delete" : { name, value: "none" };
  if (!enforced) return { name, value: used ? "may" : "none" };
  const checked =
    prefix === "smtp" || prefix === "lmtp" ? yes(environment, `${prefix}_tls_enforce_peername`) : false;
  return checked === undefined ? undefined : { name, value: checked ? "verify" : "encrypt" };
}

/** smtp and lmtp have each their own level; one line of main.cf may have been for both. */
function translateDns(
  environment: Environment,
  program: string | undefined,
): Translation | "delete" | undefined {
  const name = `${program === "lmtp" ? "lmtp" : "smtp"}_dns_support_level`;
  if (isSet(environment, name)) return program === undefined ? undefined : "delete";
  const disabled = yes(environment, "disable_dns_lookups");
  if (disabled === undefined) return undefined;
  if (program !== undefined) return { name, value: disabled ? "disabled" : "enabled" };
  return disabled ? { name, value: "disabled\nlmtp_dns_support_level = disabled" } : "delete";
}

/** Whether a file sets it to something that is not empty. */
function isSet(environment: Environment, name: string): boolean {
  const definition = environment.definition(name);
  return definition !== undefined && definition.source !== "default" && environment.value(name).text !== "";
}

function yes(environment: Environment, name: string): boolean | undefined {
  const { text, unknown } = environment.value(name);
  if (unknown !== undefined || !/^(?:yes|no)$/i.test(text)) return undefined;
  return text.toLowerCase() === "yes";
}
