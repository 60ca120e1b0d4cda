// Which units a field offers: a help for choosing, no rule; whether one may be named the server says.
import type { TicketPage, UnitHead } from "@/generated/api";
import { directory } from "@/officers/directory";
import type { Operation } from "./actions";

export interface UnitChoice {
  kinds?: readonly UnitHead["kind"][];
  /** Units without liaison or leader are shown, and cannot be chosen (第八条（一）). */
  isReceiver?: boolean;
  /** Only these. */
  only?: readonly string[];
}

const receivers: UnitChoice = { kinds: ["resolving"], isReceiver: true };
const choices: Record<string, UnitChoice> = {
  "dispatch/unit": receivers,
  "dispatch/coHandlers": receivers,
  "concludeJoint/unit": receivers,
  "concludeJoint/coHandlers": receivers,
  "appointCoHandlers/coHandlers": receivers,
  "transfer/unit": { kinds: ["county_managing"] },
};

export function unitChoice(
  operation: Operation,
  pointer: string,
  ticket: TicketPage | undefined,
): UnitChoice {
  if (operation === "releaseCoHandler") {
    const open = ticket?.coHandlers.filter((each) => ["to_sign", "signed"].includes(each.stage));
    return { only: open?.map((each) => each.unit) ?? [] };
  }
  return choices[`${operation}${pointer}`] ?? {};
}

export function unitsOf({ kinds, only }: UnitChoice): UnitHead[] {
  return directory.value.units.filter(
    (unit) => (!kinds || kinds.includes(unit.kind)) && (!only || only.includes(unit.id)),
  );
}
