/** Rules about services, hosts and ports that values name, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";

export const ENDPOINTS_RULES: readonly Rule[] = [];
