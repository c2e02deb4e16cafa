/** Rules about single values: numbers, times, words, in the order in which their findings are worked out. */

import type { Rule } from "../rule.js";
import { mainBadAddress } from "./main-bad-address.js";
import { mainBadBool } from "./main-bad-bool.js";
import { mainBadEnum } from "./main-bad-enum.js";
import { mainBadFeedback } from "./main-bad-feedback.js";
import { mainBadHostname } from "./main-bad-hostname.js";
import { mainBadInt } from "./main-bad-int.js";
import { mainBadLength } from "./main-bad-length.js";
import { mainBadPort } from "./main-bad-port.js";
import { mainBadReplyCode } from "./main-bad-reply-code.js";
import { mainBadTime } from "./main-bad-time.js";
import { mainBadTlsCiphers } from "./main-bad-tls-ciphers.js";
import { mainBadTlsProtocols } from "./main-bad-tls-protocols.js";
import { mainBadUser } from "./main-bad-user.js";
import { mainEmptyNumber } from "./main-empty-number.js";
import { mainEmptyString } from "./main-empty-string.js";
import { mainMaillogPrefix } from "./main-maillog-prefix.js";
import { mainMinfree } from "./main-minfree.js";
import { mainMyhostnameRelayhost } from "./main-myhostname-relayhost.js";
import { mainMyoriginMulti } from "./main-myorigin-multi.js";
import { mainOutOfRange } from "./main-out-of-range.js";
import { mainQuotedValue } from "./main-quoted-value.js";
import { mainSizeMailbox } from "./main-size-mailbox.js";
import { mainTimeTrailing } from "./main-time-trailing.js";
import { mainTlsLevel } from "./main-tls-level.js";
import { masterOEmptyRequired } from "./master-o-empty-required.js";

export const VALUES_RULES: readonly Rule[] = [
  mainBadBool,
  mainBadInt,
  mainBadTime,
  mainTimeTrailing,
  mainEmptyNumber,
  mainEmptyString,
  masterOEmptyRequired,
  mainOutOfRange,
  mainBadEnum,
  mainTlsLevel,
  mainBadTlsProtocols,
  mainBadTlsCiphers,
  mainBadReplyCode,
  mainBadHostname,
  mainBadAddress,
  mainBadPort,
  mainBadUser,
  mainBadLength,
  mainBadFeedback,
  mainQuotedValue,
  mainMyhostnameRelayhost,
  mainMyoriginMulti,
  mainSizeMailbox,
  mainMinfree,
  mainMaillogPrefix,
];
