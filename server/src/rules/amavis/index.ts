/** Rules about amavisd alone, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { badForwardMethod } from "./bad-forward-method.js";
import { forwardMethodUndef } from "./forward-method-undef.js";
import { perlSyntax } from "./perl-syntax.js";
import { unknownVariable } from "./unknown-variable.js";

export const AMAVIS_RULES: readonly Rule[] = [
  perlSyntax,
  unknownVariable,
  badForwardMethod,
  forwardMethodUndef,
];
