/** Rules about what listens where, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { portCollisionForeign } from "./port-collision-foreign.js";
import { portCollisionShared } from "./port-collision-shared.js";
import { portOutOfRange } from "./port-out-of-range.js";
import { portShadowed } from "./port-shadowed.js";
import { unknownServiceName } from "./unknown-service-name.js";

export const LISTEN_RULES: readonly Rule[] = [
  unknownServiceName,
  portOutOfRange,
  portCollisionShared,
  portCollisionForeign,
  portShadowed,
];
