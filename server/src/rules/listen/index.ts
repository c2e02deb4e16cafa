/** Rules about what listens where, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { addressFamilyDisabled } from "./address-family-disabled.js";
import { badListenAddress } from "./bad-listen-address.js";
import { portCollisionForeign } from "./port-collision-foreign.js";
import { portCollisionShared } from "./port-collision-shared.js";
import { portOutOfRange } from "./port-out-of-range.js";
import { portShadowed } from "./port-shadowed.js";
import { unbracketedIpv6 } from "./unbracketed-ipv6.js";
import { unknownServiceName } from "./unknown-service-name.js";

export const LISTEN_RULES: readonly Rule[] = [
  badListenAddress,
  addressFamilyDisabled,
  unbracketedIpv6,
  unknownServiceName,
  portOutOfRange,
  portCollisionShared,
  portCollisionForeign,
  portShadowed,
];
