/** Rules about lists: restrictions, addresses, lookup tables, domains. */
import type { Rule } from "../rule.js";
import { mainAddressPattern } from "./main-address-pattern.js";
import { mainAddressUnbracketed } from "./main-address-unbracketed.js";
import { mainClassUndefined } from "./main-class-undefined.js";
import { mainDomainTwice } from "./main-domain-twice.js";
import { mainMapFileMissing } from "./main-map-file-missing.js";
import { mainMapIndexedName } from "./main-map-indexed-name.js";
import { mainMapNoType } from "./main-map-no-type.js";
import { mainMapSyntax } from "./main-map-syntax.js";
import { mainMapTypeUnknown } from "./main-map-type-unknown.js";
import { mainMynetworksHostbits } from "./main-mynetworks-hostbits.js";
import { mainRestrictionArgMissing } from "./main-restriction-arg-missing.js";
import { mainRestrictionBareMap } from "./main-restriction-bare-map.js";
import { mainRestrictionContext } from "./main-restriction-context.js";
import { mainRestrictionRemoved } from "./main-restriction-removed.js";
import { mainRestrictionUnknown } from "./main-restriction-unknown.js";
import { mainRestrictionUnreachable } from "./main-restriction-unreachable.js";
import { mainTableLine } from "./main-table-line.js";
import { mapTypeNotBuiltIn } from "./map-type-not-built-in.js";
import { noRejectRestriction } from "./no-reject-restriction.js";
import { openRelay } from "./open-relay.js";

export const LISTS_RULES: readonly Rule[] = [
  mainRestrictionUnknown,
  mainRestrictionRemoved,
  mainRestrictionArgMissing,
  mainRestrictionBareMap,
  mainRestrictionUnreachable,
  mainRestrictionContext,
  mainClassUndefined,
  noRejectRestriction,
  openRelay,
  mainMynetworksHostbits,
  mainAddressUnbracketed,
  mainAddressPattern,
  mainMapTypeUnknown,
  mapTypeNotBuiltIn,
  mainMapNoType,
  mainMapSyntax,
  mainMapFileMissing,
  mainMapIndexedName,
  mainTableLine,
  mainDomainTwice,
];
