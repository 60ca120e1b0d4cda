// Which operation of the contract performs which action of the workflow, and where the page offers
// it. Nothing here says when an action is open: that is in the server's answer.
import type { Action, operations as Operations } from "@/generated/api";

export const performedBy = {
  answer_directly: "answerDirectly",
  dispatch: "dispatch",
  transfer: "transfer",
  take_on: "takeOn",
  decline: "decline",
  explain: "explain",
  cite_earlier: "citeEarlier",
  refer: "refer",
  open_joint: "openJoint",
  record_meeting: "recordMeeting",
  raise_to_government: "raiseToGovernment",
  conclude_joint: "concludeJoint",
  sign: "sign",
  record_contact: "recordContact",
  appoint_co_handlers: "appointCoHandlers",
  co_sign: "coSign",
  give_opinion: "giveOpinion",
  release_co_handler: "releaseCoHandler",
  ask_return: "requestReturn",
  accept_return: "acceptReturn",
  refuse_return: "refuseReturn",
  ask_extension: "requestExtension",
  grant_extension: "approveExtension",
  refuse_extension: "refuseExtension",
  ask_deferral: "requestDeferral",
  grant_deferral: "approveDeferral",
  refuse_deferral: "refuseDeferral",
  verify_rectification: "verifyRectification",
  send_back: "rejectRectification",
  ask_supplement: "requestSupplement",
  end_supplement: "endSupplement",
  close: "close",
  review_unsolved: "reviewUnsolved",
  reopen: "reopen",
  deliver_otherwise: "deliverOtherwise",
  contest_rating: "contestRating",
  verify_rating: "verifyRating",
  try_callback: "callBack",
  complete_callback: "callBack",
  complete_rectification: "completeRectification",
  reveal: "revealAppellant",
  erase: "eraseAppellant",
} as const satisfies Partial<Record<Action, keyof Operations>>;

export type OfficerAction = keyof typeof performedBy;
export type Operation = (typeof performedBy)[OfficerAction];

export const isOfficerAction = (action: Action): action is OfficerAction => action in performedBy;

export type Group = "triage" | "handle" | "help" | "ask" | "decide" | "joint" | "after" | "privacy";

/** In which group each is offered, in the order in which the groups stand. */
export const groups: Record<Group, readonly OfficerAction[]> = {
  triage: [
    "answer_directly",
    "dispatch",
    "transfer",
    "decline",
    "explain",
    "cite_earlier",
    "refer",
    "take_on",
  ],
  decide: [
    "accept_return",
    "refuse_return",
    "grant_extension",
    "refuse_extension",
    "grant_deferral",
    "refuse_deferral",
    "verify_rectification",
    "send_back",
    "verify_rating",
  ],
  handle: ["sign", "close", "record_contact", "end_supplement", "ask_supplement"],
  help: ["co_sign", "give_opinion", "appoint_co_handlers", "release_co_handler"],
  ask: ["ask_return", "ask_extension", "ask_deferral"],
  joint: ["open_joint", "record_meeting", "conclude_joint", "raise_to_government"],
  after: [
    "try_callback",
    "complete_callback",
    "complete_rectification",
    "deliver_otherwise",
    "contest_rating",
    "review_unsolved",
    "reopen",
  ],
  privacy: ["erase"],
};
