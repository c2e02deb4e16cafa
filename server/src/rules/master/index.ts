/** Rules about the entries of master.cf, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { badField } from "./bad-field.js";
import { duplicateService } from "./duplicate-service.js";
import { fieldCount } from "./field-count.js";
import { inetPrivate } from "./inet-private.js";
import { inlineComment } from "./inline-comment.js";
import { optionSyntax } from "./option-syntax.js";

export const MASTER_RULES: readonly Rule[] = [
  fieldCount,
  badField,
  inetPrivate,
  optionSyntax,
  inlineComment,
  duplicateService,
];
