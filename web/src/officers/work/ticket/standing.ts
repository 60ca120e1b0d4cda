// Needs of an open action that no form can fill, held to what the server's answer says of the
// ticket: where one is known to be lacking, the action is shown among those that are not open, with
// the need as the reason. What the answer does not tell is left to the server's refusal.
import type { ClockCode, OpenAction, TicketPage } from "@/generated/api";
import { needCode, type Need } from "./forms";

export interface Standing {
  ticket: TicketPage;
  /** The unit of who looks. */
  unit: string | undefined;
  action: string;
}

/** False: known to be lacking. */
type Test = (standing: Standing) => boolean | undefined;

const waitsFor =
  (kind: "return" | "extension" | "deferral"): Test =>
  ({ ticket }) =>
    ticket.pending?.kind === kind;

const runsInTime =
  (code: ClockCode): Test =>
  ({ ticket }) => {
    const clock = ticket.clocks.findLast((each) => each.clock === code);
    return Boolean(clock && clock.state !== "stopped" && !clock.overdue);
  };

/** Signs once, and speaks once, after signing. */
const hasOwnPart: Test = ({ ticket, unit, action }) => {
  const part = ticket.coHandlers.find((each) => each.unit === unit);
  return part?.stage === (action === "co_sign" ? "to_sign" : "signed");
};

const hasOpenPart: Test = ({ ticket }) =>
  ticket.coHandlers.some((each) => ["to_sign", "signed"].includes(each.stage));

const hasRunning = (ticket: TicketPage, code: ClockCode): boolean =>
  ticket.clocks.some((each) => each.clock === code && each.state !== "stopped");

const maybe = (isThere: boolean): boolean | undefined => (isThere ? undefined : false);

const tests: Partial<Record<Need, Test>> = {
  return_pending: waitsFor("return"),
  extension_pending: waitsFor("extension"),
  deferral_pending: waitsFor("deferral"),
  nothing_pending: ({ ticket }) => !ticket.pending,
  return_in_time: runsInTime("return"),
  in_time: runsInTime("handle"),
  first_extension: ({ ticket }) => Boolean(ticket.extensionForm),
  own_co_handling: hasOwnPart,
  open_co_handling: hasOpenPart,
  meeting_held: ({ ticket }) => (ticket.joint?.meetings ?? 0) > 0,
  first_raise: ({ ticket }) => !ticket.joint?.raised,
  personal_data_kept: ({ ticket }) =>
    maybe(!ticket.timeline.some((line) => line.action === "erase")),
  verification_open: ({ ticket }) => maybe(hasRunning(ticket, "verify")),
  on_register: ({ ticket }) => Boolean(ticket.reviewOn),
  undelivered: ({ ticket }) => ticket.undelivered,
  rating_dissatisfied: ({ ticket: { rating } }) =>
    maybe(Boolean(rating) && rating?.check !== "proved" && rating?.check !== "unfounded"),
  first_contest: ({ ticket }) => !ticket.rating?.check,
  dissatisfaction: ({ ticket }) =>
    maybe(Boolean(ticket.reviewOn ?? ticket.rating ?? ticket.callback?.answer)),
  callback_open: ({ ticket }) => ticket.callback?.state === "open",
  rectification_open: ({ ticket }) => Boolean(ticket.callback?.toRectify),
};

/** What `open` is known to lack, by the names of its needs. Closing tells that in its own form. */
export function lacking(open: OpenAction, ticket: TicketPage, unit: string | undefined): string[] {
  if (open.action === "close") return [];
  return open.needs.filter((name) => {
    const code = needCode(name);
    return code && tests[code]?.({ ticket, unit, action: open.action }) === false;
  });
}
