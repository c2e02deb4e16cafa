/** Rules about the way back from the filter, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { addressMappingsNever } from "./address-mappings-never.js";
import { addressMappingsTwice } from "./address-mappings-twice.js";
import { filterActionSkipped } from "./filter-action-skipped.js";
import { forwardTo25 } from "./forward-to-25.js";
import { reinjectionChecksTwice } from "./reinjection-checks-twice.js";
import { reinjectionConnLimit } from "./reinjection-conn-limit.js";
import { reinjectionExposed } from "./reinjection-exposed.js";
import { reinjectionInheritsRestrictions } from "./reinjection-inherits-restrictions.js";
import { reinjectionMiltersTwice } from "./reinjection-milters-twice.js";
import { reinjectionNotSmtpd } from "./reinjection-not-smtpd.js";
import { reinjectionRejectsFilter } from "./reinjection-rejects-filter.js";
import { reinjectionTlsRequired } from "./reinjection-tls-required.js";
import { sizeLimitReinjection } from "./size-limit-reinjection.js";
import { transportNotPrivate } from "./transport-not-private.js";
import { unfilteredEntry } from "./unfiltered-entry.js";

export const REINJECTION_RULES: readonly Rule[] = [
  reinjectionRejectsFilter,
  reinjectionInheritsRestrictions,
  unfilteredEntry,
  reinjectionExposed,
  addressMappingsNever,
  addressMappingsTwice,
  filterActionSkipped,
  transportNotPrivate,
  reinjectionNotSmtpd,
  reinjectionTlsRequired,
  reinjectionMiltersTwice,
  forwardTo25,
  reinjectionChecksTwice,
  reinjectionConnLimit,
  sizeLimitReinjection,
];
