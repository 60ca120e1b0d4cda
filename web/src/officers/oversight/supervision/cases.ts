// A case of supervision as its pages read it.
import type { SupervisionCase, SupervisionMethod } from "@/generated/api";
import { terms } from "@/words";
import { oversight as words } from "@/words/oversight";
import { seats } from "../roles";
import type { TrailEntry } from "../parts/RecordTrail.vue";

export const turnTone = { unit: "warn", supervisor: "note", nobody: "good" } as const;

/** The three methods, each with when it was begun; a case takes them in their order. */
export function ladder(of: SupervisionCase) {
  const begun = of.entries.filter((entry) => entry.deed === "step");
  return terms("Method").map(({ code, name }, place) => ({
    code: code as SupervisionMethod,
    name,
    at: begun[place]?.at,
    isCurrent: code === of.method,
  }));
}

export const caseSeats = (of: SupervisionCase) => seats([of.supervisor], of.unit);

const tones: Partial<Record<SupervisionCase["entries"][number]["deed"], TrailEntry["tone"]>> = {
  refused: "warn",
  unanswered: "bad",
  accepted: "good",
};

export function caseTrail(of: SupervisionCase): TrailEntry[] {
  return of.entries.map((entry) => ({
    at: entry.at,
    by: entry.by,
    what: entry.deedName,
    parts: entry.words === undefined ? [] : [{ text: entry.words }],
    tone: tones[entry.deed],
  }));
}

export const openedHow = (of: SupervisionCase) =>
  of.openedBy ? words.openedByHand(of.openedBy) : words.openedByRule;
