/** Every rule, in the order in which their findings are worked out: one list a family. */
import { AMAVIS_RULES } from "./amavis/index.js";
import { ENDPOINTS_RULES } from "./endpoints/index.js";
import { FEED_RULES } from "./feed/index.js";
import { FLOW_RULES } from "./flow/index.js";
import { LISTEN_RULES } from "./listen/index.js";
import { LISTS_RULES } from "./lists/index.js";
import { MAIN_RULES } from "./main/index.js";
import { MASTER_RULES } from "./master/index.js";
import { REINJECTION_RULES } from "./reinjection/index.js";
import type { Rule } from "./rule.js";
import { unusedDisable } from "./suppress.js";
import { VALUES_RULES } from "./values/index.js";

export const RULES: readonly Rule[] = [
  ...MAIN_RULES,
  ...VALUES_RULES,
  ...LISTS_RULES,
  ...MASTER_RULES,
  ...ENDPOINTS_RULES,
  ...LISTEN_RULES,
  ...AMAVIS_RULES,
  ...FLOW_RULES,
  ...FEED_RULES,
  ...REINJECTION_RULES,
  unusedDisable,
];
