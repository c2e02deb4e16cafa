/** Rules about the lines and names of main.cf, and the names of `-o`, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { mainBomOrNbsp } from "./main-bom-or-nbsp.js";
import { mainCompatBad } from "./main-compat-bad.js";
import { mainCompatMissing } from "./main-compat-missing.js";
import { mainCrInside } from "./main-cr-inside.js";
import { mainDeprecatedParameter } from "./main-deprecated-parameter.js";
import { mainDuplicate } from "./main-duplicate.js";
import { mainDuplicateSame } from "./main-duplicate-same.js";
import { mainMacroRecursion } from "./main-macro-recursion.js";
import { mainMacroSyntax } from "./main-macro-syntax.js";
import { mainMissingEquals } from "./main-missing-equals.js";
import { mainMissingName } from "./main-missing-name.js";
import { mainNoFinalNewline } from "./main-no-final-newline.js";
import { mainNul } from "./main-nul.js";
import { mainReadonly } from "./main-readonly.js";
import { mainRemovedParameter } from "./main-removed-parameter.js";
import { mainServiceSuffixOrphan } from "./main-service-suffix-orphan.js";
import { mainSwallowedSetting } from "./main-swallowed-setting.js";
import { mainTimeLimitOrphan } from "./main-time-limit-orphan.js";
import { mainTooNew } from "./main-too-new.js";
import { mainTrailingBackslash } from "./main-trailing-backslash.js";
import { masterODuplicate } from "./master-o-duplicate.js";
import { masterOMacroSyntax } from "./master-o-macro-syntax.js";
import { masterOQmgrParam } from "./master-o-qmgr-param.js";
import { masterOReadonly } from "./master-o-readonly.js";
import { strayContinuation } from "./stray-continuation.js";
import { style } from "./style.js";
import { undefinedParameter } from "./undefined-parameter.js";
import { unknownParameter } from "./unknown-parameter.js";

export const MAIN_RULES: readonly Rule[] = [
  mainMissingEquals,
  mainMissingName,
  strayContinuation,
  mainSwallowedSetting,
  mainBomOrNbsp,
  mainNul,
  mainTrailingBackslash,
  mainCrInside,
  mainDuplicate,
  mainDuplicateSame,
  unknownParameter,
  mainRemovedParameter,
  mainDeprecatedParameter,
  mainTooNew,
  mainServiceSuffixOrphan,
  mainTimeLimitOrphan,
  undefinedParameter,
  mainMacroSyntax,
  mainMacroRecursion,
  mainReadonly,
  mainCompatMissing,
  mainCompatBad,
  masterOMacroSyntax,
  masterODuplicate,
  masterOQmgrParam,
  masterOReadonly,
  mainNoFinalNewline,
  style,
];
