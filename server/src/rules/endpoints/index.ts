/** Rules about services, hosts and ports that values name, in the order in which their findings are worked out. */
import type { Rule } from "../rule.js";
import { badNexthop } from "./bad-nexthop.js";
import { badPolicyService } from "./bad-policy-service.js";
import { chrootNameLookup } from "./chroot-name-lookup.js";
import { chrootSaslauthd } from "./chroot-saslauthd.js";
import { chrootSocketPath } from "./chroot-socket-path.js";
import { dovecotSaslPath } from "./dovecot-sasl-path.js";
import { mainInterfacesUnknown } from "./main-interfaces-unknown.js";
import { mainMaillogNoPostlog } from "./main-maillog-no-postlog.js";
import { mainMilterForm } from "./main-milter-form.js";
import { mainMultiWrapper } from "./main-multi-wrapper.js";
import { mainProxyForm } from "./main-proxy-form.js";
import { mainRelayhostTransportForm } from "./main-relayhost-transport-form.js";
import { masterCoreMissing } from "./master-core-missing.js";
import { masterOGlobalUnused } from "./master-o-global-unused.js";
import { masterOLmtpPrefix } from "./master-o-lmtp-prefix.js";
import { masterONotRead } from "./master-o-not-read.js";
import { masterPostscreenOverrides } from "./master-postscreen-overrides.js";
import { masterPostscreenPair } from "./master-postscreen-pair.js";
import { masterServiceRefMissing } from "./master-service-ref-missing.js";
import { nexthopNameNeedsDns } from "./nexthop-name-needs-dns.js";
import { unbracketedNexthop } from "./unbracketed-nexthop.js";

export const ENDPOINTS_RULES: readonly Rule[] = [
  badNexthop,
  unbracketedNexthop,
  nexthopNameNeedsDns,
  chrootNameLookup,
  mainRelayhostTransportForm,
  mainProxyForm,
  mainMilterForm,
  badPolicyService,
  dovecotSaslPath,
  chrootSocketPath,
  chrootSaslauthd,
  mainInterfacesUnknown,
  mainMaillogNoPostlog,
  mainMultiWrapper,
  masterCoreMissing,
  masterServiceRefMissing,
  masterPostscreenPair,
  masterPostscreenOverrides,
  masterOLmtpPrefix,
  masterONotRead,
  masterOGlobalUnused,
];
