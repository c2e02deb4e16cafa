/** Rules about the entries of master.cf, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { badField } from "./bad-field.js";
import { duplicateService } from "./duplicate-service.js";
import { fieldCount } from "./field-count.js";
import { inetPrivate } from "./inet-private.js";
import { inlineComment } from "./inline-comment.js";
import { masterChrootUnfit } from "./master-chroot-unfit.js";
import { masterDisabled } from "./master-disabled.js";
import { masterFlagLimit } from "./master-flag-limit.js";
import { masterMaxprocForced } from "./master-maxproc-forced.js";
import { masterOAfterArgument } from "./master-o-after-argument.js";
import { masterOptionUnknown } from "./master-option-unknown.js";
import { masterPipeArgs } from "./master-pipe-args.js";
import { masterPrivilege } from "./master-privilege.js";
import { masterSocketOverwrite } from "./master-socket-overwrite.js";
import { masterSpawnArgs } from "./master-spawn-args.js";
import { masterTypeMismatch } from "./master-type-mismatch.js";
import { optionSyntax } from "./option-syntax.js";
import { optionsOfCommentedEntry } from "./options-of-commented-entry.js";
import { unknownCommand } from "./unknown-command.js";

export const MASTER_RULES: readonly Rule[] = [
  fieldCount,
  badField,
  inetPrivate,
  optionSyntax,
  optionsOfCommentedEntry,
  masterOptionUnknown,
  masterOAfterArgument,
  inlineComment,
  unknownCommand,
  masterPipeArgs,
  masterSpawnArgs,
  masterTypeMismatch,
  masterPrivilege,
  masterMaxprocForced,
  masterChrootUnfit,
  masterFlagLimit,
  duplicateService,
  masterSocketOverwrite,
  masterDisabled,
];
