/** Every rule, in the order in which their findings are worked out. The one list. */
import { badForwardMethod } from "./amavis/bad-forward-method.js";
import { forwardMethodUndef } from "./amavis/forward-method-undef.js";
import { perlSyntax } from "./amavis/perl-syntax.js";
import { unknownVariable } from "./amavis/unknown-variable.js";
import { filterBypassed } from "./flow/filter-bypassed.js";
import { filterListenerMissing } from "./flow/filter-listener-missing.js";
import { filterLoop } from "./flow/filter-loop.js";
import { filterWithoutNexthop } from "./flow/filter-without-nexthop.js";
import { reinjectionMissing } from "./flow/reinjection-missing.js";
import { unknownTransport } from "./flow/unknown-transport.js";
import { portCollisionForeign } from "./listen/port-collision-foreign.js";
import { portCollisionShared } from "./listen/port-collision-shared.js";
import { portOutOfRange } from "./listen/port-out-of-range.js";
import { portShadowed } from "./listen/port-shadowed.js";
import { unknownServiceName } from "./listen/unknown-service-name.js";
import { badField } from "./master/bad-field.js";
import { duplicateService } from "./master/duplicate-service.js";
import { fieldCount } from "./master/field-count.js";
import { inetPrivate } from "./master/inet-private.js";
import { inlineComment } from "./master/inline-comment.js";
import { optionSyntax } from "./master/option-syntax.js";
import type { Rule } from "./rule.js";
import { unusedDisable } from "./suppress.js";

export const RULES: readonly Rule[] = [
  fieldCount,
  badField,
  inetPrivate,
  optionSyntax,
  inlineComment,
  duplicateService,
  unknownServiceName,
  portOutOfRange,
  portCollisionShared,
  portCollisionForeign,
  portShadowed,
  perlSyntax,
  unknownVariable,
  badForwardMethod,
  forwardMethodUndef,
  unknownTransport,
  filterWithoutNexthop,
  filterListenerMissing,
  filterBypassed,
  filterLoop,
  reinjectionMissing,
  unusedDisable,
];
