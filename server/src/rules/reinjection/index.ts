/** Rules about the way back from the filter, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { addressMappingsNever } from "./address-mappings-never.js";

import { addressMappingsTwice } from "./address-mappings-twice.js";

export const REINJECTION_RULES: readonly Rule[] = [addressMappingsNever, addressMappingsTwice];
