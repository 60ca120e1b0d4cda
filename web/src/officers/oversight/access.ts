// Whom docs/access.md lets in where; e2e/oversight-access.spec.ts holds this table to it. It keeps
// menus and forms away from those whom the server would refuse; the server decides.

/** Where the officer's unit sits towards a record; `other` has no part in it. */
export type Seat = "managing" | "holder" | "other";

const managers = ["triage_officer", "city_manager", "county_manager"];
const handlers = ["county_manager", "liaison", "responsible_leader"];
const planners = ["city_manager", ...handlers];
const citers = ["city_manager", "county_manager", "liaison", "callback_agent"];

/** Roles by operation: of every seat, or by seat. */
export const access: Record<string, string[] | Partial<Record<Seat, string[]>>> = {
  listCases: [...managers, "liaison", "responsible_leader", "auditor"],
  openCase: { managing: managers },
  stepCase: { managing: managers },
  answerCase: { holder: handlers },
  acceptCase: { managing: managers },
  refuseCase: { managing: managers },
  listRestrictions: [
    "city_manager",
    "county_manager",
    "responsible_leader",
    "project_approver",
    "auditor",
  ],
  listGroups: [...managers, "liaison", "responsible_leader", "auditor"],
  listCandidates: managers,
  openGroup: { managing: managers },
  joinGroup: { managing: managers },
  releaseFromGroup: { managing: managers },
  planGroup: { holder: planners },
  completeGroup: { holder: planners },
  verifyGroup: { managing: managers },
  draftKnowledge: { holder: ["liaison", "knowledge_editor"], managing: ["knowledge_editor"] },
  reviseKnowledge: { holder: ["liaison", "knowledge_editor"], managing: ["knowledge_editor"] },
  publishKnowledge: { managing: ["knowledge_reviewer"] },
  sendBackKnowledge: { managing: ["knowledge_reviewer"] },
  withdrawKnowledge: {
    holder: ["liaison", "knowledge_editor"],
    managing: ["knowledge_editor", "knowledge_reviewer"],
  },
  noticeKnowledge: ["triage_officer", ...citers, "knowledge_editor", "knowledge_reviewer"],
  dismissNotice: { managing: ["knowledge_reviewer"] },
  listKnowledge: {
    managing: ["city_manager", "county_manager", "knowledge_editor", "knowledge_reviewer"],
    holder: ["liaison", "responsible_leader", "knowledge_editor", "knowledge_reviewer"],
    other: ["auditor"],
  },
  listAccountability: ["city_manager", "auditor"],
  openAccountability: { other: ["city_manager"] },
  decideAccountability: { other: ["city_manager"] },
};
