/** Rules about single values: numbers, times, words, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";

export const VALUES_RULES: readonly Rule[] = [];
