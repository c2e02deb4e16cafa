/** Rules about where mail goes, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { filterBypassed } from "./filter-bypassed.js";
import { filterListenerMissing } from "./filter-listener-missing.js";
import { filterLoop } from "./filter-loop.js";
import { filterWithoutNexthop } from "./filter-without-nexthop.js";
import { reinjectionMissing } from "./reinjection-missing.js";
import { unknownTransport } from "./unknown-transport.js";

export const FLOW_RULES: readonly Rule[] = [
  unknownTransport,
  filterWithoutNexthop,
  filterListenerMissing,
  filterBypassed,
  filterLoop,
  reinjectionMissing,
];
