/** Rules about the lines and names of main.cf, and the names of `-o`, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";

export const MAIN_RULES: readonly Rule[] = [];
