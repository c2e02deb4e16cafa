/** Rules about the way back from the filter, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { addressMappingsNever } from "./address-mappings-never.js";
import { addressMappingsTwice } from "./address-mappings-twice.js";
import { reinjectionExposed } from "./reinjection-exposed.js";
import { reinjectionRejectsFilter } from "./reinjection-rejects-filter.js";
import { unfilteredEntry } from "./unfiltered-entry.js";

export const REINJECTION_RULES: readonly Rule[] = [
  reinjectionRejectsFilter,
  unfilteredEntry,
  reinjectionExposed,
  addressMappingsNever,
  addressMappingsTwice,
];
