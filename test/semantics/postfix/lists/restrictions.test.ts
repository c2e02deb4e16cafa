/** Restriction lists as a structure: arguments, ends, guards; checked with smtpd 3.7.11. */
import { describe, expect, test } from "vitest";
import { relayDoor } from "../../../../server/src/semantics/postfix/lists/relay.js";
import {
  hasRelayGuard,
  restrictionList,
} from "../../../../server/src/semantics/postfix/lists/restrictions.js";
import { createEnvironment, MainParameters } from "../../../../server/src/semantics/postfix/parameters.js";
import { parseMain } from "../../../../server/src/syntax/postfix/main.js";

const environment = (main: string) =>
  createEnvironment(new MainParameters("main.cf", parseMain(main, false)), "master.cf", [], "3.7", undefined);
const recipients = (list: string) =>
  environment(
    `smtpd_relay_restrictions =\nmynetworks = 127.0.0.0/8\nsmtpd_recipient_restrictions = ${list}\n`,
  );

describe("items", () => {
  const read = (list: string) =>
    restrictionList(recipients(list), "smtpd_recipient_restrictions").items.map(
      ({ item, argument, fault, ignoredAfter }) =>
        [item.text, argument && `(${argument.text})`, fault, ignoredAfter && `after ${ignoredAfter}`]
          .filter(Boolean)
          .join(" "),
    );
  test.each([
    ["permit_mynetworks reject", ["permit_mynetworks", "reject"]],
    ["check_sender_access hash:/x, reject", ["check_sender_access (hash:/x)", "reject"]],
    ["check_sender_access reject", ["check_sender_access argument-missing", "reject"]],
    ["check_sender_access", ["check_sender_access argument-missing"]],
    ["reject_rbl_client, reject", ["reject_rbl_client (reject) argument-is-restriction"]],
    ["reject_rbl_client zen.example", ["reject_rbl_client (zen.example)"]],
    ["reject_rbl_client", ["reject_rbl_client argument-ignored"]],
    ["check_policy_service inet:a:1", ["check_policy_service (inet:a:1)"]],
    ["check_policy_service a:1", ["check_policy_service (a:1) bad-endpoint"]],
    ["check_policy_service { unix:p, timeout=1s }", ["check_policy_service ({ unix:p, timeout=1s })"]],
    ["check_policy_service, reject", ["check_policy_service bad-endpoint", "reject"]],
    ["sleep 1", ["sleep (1)"]],
    ["sleep 1s", ["sleep (1s) argument-missing"]],
    ["permit, foo", ["permit", "foo unknown after permit"]],
    ["warn_if_reject reject, foo", ["warn_if_reject", "reject", "foo unknown"]],
    ["warn_if_reject permit, foo", ["warn_if_reject", "permit", "foo unknown after permit"]],
  ])("%s", (list, expected) => {
    expect(read(list)).toEqual(expected);
  });
});

describe("relay guard", () => {
  const classes = "smtpd_restriction_classes = g\ng = reject_unauth_destination\n";
  test.each([
    ["reject_unauth_destination", "yes"],
    ["permit_mynetworks, REJECT", "yes"],
    ["defer_if_permit", "yes"],
    ["check_client_access reject", "yes"],
    ["warn_if_reject reject_unauth_destination", "no"],
    ["warn_if_reject reject_unauth_destination, reject", "yes"],
    ["permit, reject", "no"],
    ["check_client_access static:reject", "no"],
    ["check_client_access static:g", "no"],
    ["g", "yes"],
    ["G", "no"],
    ["$mydomain", "maybe"],
    ["permit_mynetworks, {{ rest }}", "maybe"],
    ["", "no"],
  ])("%s", (list, expected) => {
    const main = `${classes}smtpd_recipient_restrictions = ${list}\n`;
    expect(hasRelayGuard(environment(main), "smtpd_recipient_restrictions")).toBe(expected);
  });
  test.each([
    ["compatibility_level = 3.6\n", "yes"],
    ["compatibility_level = 0\n", "no"],
    ["", "no"],
  ])("the default of the relay restrictions with: %s", (main, expected) => {
    expect(hasRelayGuard(environment(main), "smtpd_relay_restrictions")).toBe(expected);
  });
});

describe("who may relay", () => {
  const door = (main: string) => {
    const found = relayDoor(environment(main));
    return found && (found.network?.pattern.text ?? found.swallowed?.restriction.name ?? "anybody");
  };
  test.each([
    ["mynetworks = 127.0.0.0/8\ncompatibility_level = 3.6\n", undefined],
    ["mynetworks = 0.0.0.0/0\ncompatibility_level = 3.6\n", "0.0.0.0/0"],
    ["mynetworks = 10.0.0.0/8 !0.0.0.0/0\ncompatibility_level = 3.6\n", undefined],
    ["mynetworks = 0.0.0.0/0\nsmtpd_relay_restrictions = reject_unauth_destination\n", undefined],
    [
      "mynetworks = 0.0.0.0/0\ncompatibility_level = 3.6\nsmtpd_client_restrictions = permit_sasl_authenticated, reject\n",
      undefined,
    ],
    ["mynetworks = $mydomain\ncompatibility_level = 3.6\n", undefined],
    [
      "mynetworks = 10.0.0.0/8\nsmtpd_recipient_restrictions = permit_mynetworks, reject_rbl_client, reject_unauth_destination\n",
      "reject_rbl_client",
    ],
    [
      "mynetworks = 10.0.0.0/8\nsmtpd_restriction_classes = g\ng = permit\nsmtpd_recipient_restrictions = g, reject_unauth_destination\n",
      "anybody",
    ],
  ])("%s", (main, expected) => {
    expect(door(main)).toBe(expected);
  });
});
