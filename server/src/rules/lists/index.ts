/** Rules about lists, lookup tables and access restrictions, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";

export const LISTS_RULES: readonly Rule[] = [];
