/**
 * Whether a value is one that its parameter takes: one small check a kind of parameter. Lists, lookup tables,
 * restrictions and endpoints are not judged here.
 */
import type { ParameterFacts } from "../../../knowledge/parameters.js";
import type { ValueFault } from "./fault.js";
import {
  addressFaults,
  dnsblFaults,
  feedbackFaults,
  hostFaults,
  portFaults,
  textFaults,
  userFaults,
} from "./names.js";
import { boolFaults, intFaults, timeFaults } from "./numbers.js";
import { excludeFaults, gradeFaults, levelFaults, logLevelFaults, protocolFaults } from "./tls.js";
import { hasWordList, wordFaults } from "./words.js";

export type { FaultEffect, ValueFault, ValueFaultKind } from "./fault.js";

/** @param text the expanded value; for parameters that are kept unexpanded (RAW) as written. */
export function valueFaults(facts: ParameterFacts, text: string): readonly ValueFault[] {
  switch (facts.table) {
    case "BOOL":
    case "NBOOL":
      return boolFaults(facts, text);
    case "INT":
    case "NINT":
      return intFaults(facts, text, false);
    case "LONG":
      return intFaults(facts, text, true);
    case "TIME":
      return timeFaults(facts, text);
    case "STR":
    case "RAW":
      break;
    default:
      return [];
  }
  const empty = textFaults(facts, text);
  if (empty.length > 0) return empty;
  return classFaults(facts, text);
}

function classFaults(facts: ParameterFacts, text: string): readonly ValueFault[] {
  const { name } = facts;
  switch (facts.class) {
    case "enum":
      if (/_security_level$/.test(name)) return levelFaults(facts, text);
      if (/_tls_(?:mandatory_)?ciphers$/.test(name)) return gradeFaults(facts, text);
      return wordFaults(facts, text);
    case "enum-list":
      return wordFaults(facts, text);
    case "tls-protocols":
      return protocolFaults(facts, text);
    case "tls-ciphers":
      return excludeFaults(facts, text);
    case "tls-loglevel":
      return logLevelFaults(facts, text);
    case "hostname":
      return hostFaults(facts, text);
    case "ip-address":
      return addressFaults(facts, text);
    case "port":
      return portFaults(facts, text);
    case "user":
    case "group":
      return userFaults(facts, text);
    case "feedback-expression":
      return feedbackFaults(facts, text);
    default:
      if (name === "postscreen_dnsbl_sites") return dnsblFaults(facts, text);
      return hasWordList(name) ? wordFaults(facts, text) : [];
  }
}
