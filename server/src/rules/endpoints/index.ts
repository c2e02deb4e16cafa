/** Rules about services, hosts and ports that values name, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { badNexthop } from "./bad-nexthop.js";
import { chrootNameLookup } from "./chroot-name-lookup.js";
import { nexthopNameNeedsDns } from "./nexthop-name-needs-dns.js";
import { unbracketedNexthop } from "./unbracketed-nexthop.js";

export const ENDPOINTS_RULES: readonly Rule[] = [
  badNexthop,
  unbracketedNexthop,
  nexthopNameNeedsDns,
  chrootNameLookup,
];
