// A problem group as its pages read it.
import type { ProblemGroup } from "@/generated/api";
import { oversight as words } from "@/words/oversight";
import { seats } from "../roles";
import type { TrailEntry } from "../parts/RecordTrail.vue";

type Entry = NonNullable<ProblemGroup["entries"]>[number];

export const stageTone = {
  analysing: "warn",
  rectifying: "warn",
  verifying: "note",
  effective: "good",
} as const;

export const groupSeats = (of: ProblemGroup) => seats([of.managedBy], of.unit);

const tones: Partial<Record<Entry["deed"], TrailEntry["tone"]>> = {
  effective: "good",
  ineffective: "warn",
  repeated: "bad",
};

export function groupTrail(of: ProblemGroup): TrailEntry[] {
  return [
    { at: of.openedAt, by: of.openedBy, what: words.groupConfirmed, parts: [] },
    ...(of.entries ?? []).map((entry) => ({
      at: entry.at,
      by: entry.by,
      what: entry.deedName,
      parts: partsOf(entry),
      tone: tones[entry.deed],
    })),
  ];
}

function partsOf(entry: Entry): TrailEntry["parts"] {
  const plan = entry.plan && [
    { name: words.rootCause, text: entry.plan.rootCause },
    { name: words.measures, text: entry.plan.measures },
    { name: words.until, text: entry.plan.until },
  ];
  const complaints = entry.complaints && [{ text: entry.complaints.join("、") }];
  return plan ?? complaints ?? (entry.words === undefined ? [] : [{ text: entry.words }]);
}
