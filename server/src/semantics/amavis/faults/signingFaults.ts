/** Whether any mail can be taken for one's own, so that it is signed (dkim_make_signatures in amavisd's DKIM.pm). */
import type { AmavisProblem } from "../configuration.js";
import type { Machine } from "../machine.js";
import { resolved, settingOf } from "../methods.js";
import { namedBanks } from "../policyBanks.js";
import { HashCell, truthOf } from "../value.js";
import type { Evaluated } from "./settingFaults.js";

export function signingFaults({ machine, used, open }: Evaluated): AmavisProblem[] {
  const { value, origin } = settingOf(machine.store.peek("$enable_dkim_signing"));
  const keys = machine.store.peek("@dkim_signing_keys_list");
  if (origin === undefined || truthOf(value) !== true || open !== undefined) return [];
  if (keys?.kind !== "array" || keys.items.length === 0 || mayOriginate(machine)) return [];
  // Hooks of one's own can load banks and set the flag.
  if (used.some(({ source }) => source.tree.text.includes("Amavis::Custom"))) return [];
  const assignment = machine.assignments.of("$enable_dkim_signing").at(-1);
  const end = assignment?.range.end ?? origin.range.end;
  return [
    {
      ...origin,
      kind: "dkim-nothing-originates",
      message:
        "amavisd signs only mail that originates here, and nothing says so of any mail: there is no policy bank MYNETS for clients in @mynetworks, and no bank sets originating. No mail is signed but amavisd's own notifications.",
      fatal: false,
      absence: true,
      fix: {
        title: "Take mail from @mynetworks for our own",
        range: { start: end, end },
        newText: "\n$policy_bank{'MYNETS'} = { originating => 1 };",
        certain: false,
      },
    },
  ];
}

/** Whether some mail gets the flag, or it is not known: by the global setting, by MYNETS, or by another bank. */
function mayOriginate(machine: Machine): boolean {
  if (truthOf(settingOf(machine.store.global("$originating")).value) !== false) return true;
  const all = machine.store.global("%policy_bank");
  const banks = all.kind === "hash" ? all : new HashCell();
  // A bank MYNETS sets the flag by being there; what is no hash is not known.
  if (banks.open !== undefined || banks.get("MYNETS") !== undefined) return true;
  const named = namedBanks(machine);
  if (named.length < banks.entries.size - (banks.get("") === undefined ? 0 : 1)) return true;
  return named.some(([, bank]) => {
    if (bank.open !== undefined || bank.get("ACTION") !== undefined) return true;
    const flag = bank.get("originating");
    return flag !== undefined && truthOf(resolved(flag.value, flag.origin).value) !== false;
  });
}
