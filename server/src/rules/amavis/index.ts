/** Rules about amavisd alone, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { arrayRefToArray } from "./array-ref-to-array.js";
import { atInDoubleQuotes } from "./at-in-double-quotes.js";
import { badForwardMethod } from "./bad-forward-method.js";
import { badListenSocket } from "./bad-listen-socket.js";
import { badNetwork } from "./bad-network.js";
import { bankArrayScalar } from "./bank-array-scalar.js";
import { bankBaseLost } from "./bank-base-lost.js";
import { bankComma } from "./bank-comma.js";
import { bankKeySigil } from "./bank-key-sigil.js";
import { bankNotRef } from "./bank-not-ref.js";
import { bankUndefined } from "./bank-undefined.js";
import { bankUnknownKey } from "./bank-unknown-key.js";
import { bankUnused } from "./bank-unused.js";
import { bannedRuleMissing } from "./banned-rule-missing.js";
import { bareword } from "./bareword.js";
import { checksBypassed } from "./checks-bypassed.js";
import { confdNameIgnored } from "./confd-name-ignored.js";
import { configPermissions } from "./config-permissions.js";
import { discardWithoutCopy } from "./discard-without-copy.js";
import { dkimKeyMissing } from "./dkim-key-missing.js";
import { dkimNothingOriginates } from "./dkim-nothing-originates.js";
import { dollarInSingleQuotes } from "./dollar-in-single-quotes.js";
import { duplicateListener } from "./duplicate-listener.js";
import { filterConcurrency } from "./filter-concurrency.js";
import { filterListensEverywhere } from "./filter-listens-everywhere.js";
import { filterRejectsMta } from "./filter-rejects-mta.js";
import { forwardMethodUndef } from "./forward-method-undef.js";
import { includeMissing } from "./include-missing.js";
import { includeTainted } from "./include-tainted.js";
import { indexInString } from "./index-in-string.js";
import { interfaceKeySyntax } from "./interface-key-syntax.js";
import { interfacePortUnbound } from "./interface-port-unbound.js";
import { legacyVariable } from "./legacy-variable.js";
import { listToScalar } from "./list-to-scalar.js";
import { localDomainMissing } from "./local-domain-missing.js";
import { lookupConstant } from "./lookup-constant.js";
import { lookupEntryNever } from "./lookup-entry-never.js";
import { methodMixedSchemes } from "./method-mixed-schemes.js";
import { methodStarUnix } from "./method-star-unix.js";
import { missingFinalOne } from "./missing-final-one.js";
import { myShadows } from "./my-shadows.js";
import { mydomainDefault } from "./mydomain-default.js";
import { myhostnameNotFqdn } from "./myhostname-not-fqdn.js";
import { mynetworksMapsUnread } from "./mynetworks-maps-unread.js";
import { noListeners } from "./no-listeners.js";
import { noStrict } from "./no-strict.js";
import { notifyStale } from "./notify-stale.js";
import { numberAsText } from "./number-as-text.js";
import { overriddenLater } from "./overridden-later.js";
import { perlSyntax } from "./perl-syntax.js";
import { portOctal } from "./port-octal.js";
import { portPrivileged } from "./port-privileged.js";
import { protocolMissingUnix } from "./protocol-missing-unix.js";
import { protocolValue } from "./protocol-value.js";
import { quarantineDirectoryUnset } from "./quarantine-directory-unset.js";
import { redisLoggingOff } from "./redis-logging-off.js";
import { reinjectionConcurrency } from "./reinjection-concurrency.js";
import { rejectAfterQueue } from "./reject-after-queue.js";
import { retiredVariable } from "./retired-variable.js";
import { spamBounced } from "./spam-bounced.js";
import { syslogFacility } from "./syslog-facility.js";
import { unixPathTooLong } from "./unix-path-too-long.js";
import { unknownVariable } from "./unknown-variable.js";
import { wildcardAndSpecific } from "./wildcard-and-specific.js";
import { wrongSigil } from "./wrong-sigil.js";

export const AMAVIS_RULES: readonly Rule[] = [
  perlSyntax,
  bareword,
  unknownVariable,
  wrongSigil,
  atInDoubleQuotes,
  indexInString,
  arrayRefToArray,
  badForwardMethod,
  badListenSocket,
  badNetwork,
  bankArrayScalar,
  bankBaseLost,
  bankComma,
  bankKeySigil,
  bankNotRef,
  bankUndefined,
  bankUnknownKey,
  bankUnused,
  bannedRuleMissing,
  checksBypassed,
  discardWithoutCopy,
  dkimKeyMissing,
  dkimNothingOriginates,
  dollarInSingleQuotes,
  duplicateListener,
  filterConcurrency,
  filterListensEverywhere,
  filterRejectsMta,
  forwardMethodUndef,
  interfaceKeySyntax,
  interfacePortUnbound,
  legacyVariable,
  listToScalar,
  localDomainMissing,
  lookupConstant,
  lookupEntryNever,
  methodMixedSchemes,
  methodStarUnix,
  missingFinalOne,
  mydomainDefault,
  myhostnameNotFqdn,
  mynetworksMapsUnread,
  myShadows,
  noListeners,
  noStrict,
  notifyStale,
  numberAsText,
  overriddenLater,
  portOctal,
  portPrivileged,
  protocolMissingUnix,
  protocolValue,
  quarantineDirectoryUnset,
  redisLoggingOff,
  reinjectionConcurrency,
  rejectAfterQueue,
  retiredVariable,
  spamBounced,
  syslogFacility,
  unixPathTooLong,
  wildcardAndSpecific,
  includeMissing,
  includeTainted,
  configPermissions,
  confdNameIgnored,
];
