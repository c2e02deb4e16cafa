/** Rules about the way to the filter, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { feedBindAddress } from "./feed-bind-address.js";
import { feedFallbackRelay } from "./feed-fallback-relay.js";
import { feedGenericMaps } from "./feed-generic-maps.js";
import { feedTimeoutShort } from "./feed-timeout-short.js";
import { feedTlsRequired } from "./feed-tls-required.js";
import { filterBehindPostscreen } from "./filter-behind-postscreen.js";
import { filterPickupUncovered } from "./filter-pickup-uncovered.js";
import { filterSubmissionUncovered } from "./filter-submission-uncovered.js";
import { filterWrongProtocol } from "./filter-wrong-protocol.js";
import { listenerUnfed } from "./listener-unfed.js";
import { milterToAmavis } from "./milter-to-amavis.js";
import { originatingPath } from "./originating-path.js";
import { pipeFilterNoG } from "./pipe-filter-no-g.js";
import { proxyAndContentFilter } from "./proxy-and-content-filter.js";
import { proxyDisablesActions } from "./proxy-disables-actions.js";
import { proxyMaxproc } from "./proxy-maxproc.js";
import { recipientLimit } from "./recipient-limit.js";
import { sizeLimits } from "./size-limits.js";
import { wrappermodePort } from "./wrappermode-port.js";
import { xforwardNotSent } from "./xforward-not-sent.js";

export const FEED_RULES: readonly Rule[] = [
  filterWrongProtocol,
  milterToAmavis,
  filterBehindPostscreen,
  pipeFilterNoG,
  proxyAndContentFilter,
  proxyDisablesActions,
  feedFallbackRelay,
  feedTlsRequired,
  feedBindAddress,
  wrappermodePort,
  feedGenericMaps,
  feedTimeoutShort,
  xforwardNotSent,
  filterSubmissionUncovered,
  sizeLimits,
  proxyMaxproc,
  recipientLimit,
  filterPickupUncovered,
  originatingPath,
  listenerUnfed,
];
