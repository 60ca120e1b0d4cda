// An entry of the knowledge base as its pages read it.
import type { KnowledgeBody, KnowledgeContent, KnowledgeEntry } from "@/generated/api";
import { oversight as words } from "@/words/oversight";
import { areaName } from "../../places";
import { seats } from "../roles";

export const standingTone = {
  drafting: "",
  in_review: "note",
  sent_back: "warn",
  published: "good",
  withdrawn: "",
} as const;

export const entrySeats = (of: KnowledgeEntry) => seats(of.reviewedBy, of.owner);

/** What the form is filled with, and what it is sent as; an empty field is left out. */
export type EntryFields = Record<
  "title" | "body" | "link" | "source" | "area" | "serviceItem" | "validFrom" | "validTo",
  string
> & { kind: NonNullable<KnowledgeBody["kind"]> };

export const fieldsOf = (content?: KnowledgeContent): EntryFields => ({
  kind: content?.kind ?? "question_answer",
  title: content?.title ?? "",
  body: content?.body ?? "",
  link: content?.link ?? "",
  source: content?.source ?? "",
  area: content?.area ?? "",
  serviceItem: content?.serviceItem ?? "",
  validFrom: content?.validFrom ?? "",
  validTo: content?.validTo ?? "",
});

export function bodyOf(fields: EntryFields, forReview: boolean): KnowledgeBody {
  const filled = Object.entries(fields).filter(([, value]) => value.trim() !== "");
  return { ...(Object.fromEntries(filled) as Partial<KnowledgeBody>), forReview };
}

/** Everything but title and body, for people: name and value. */
export function factsOf(content: KnowledgeContent): { name: string; value: string }[] {
  const fields = words.entryFields;
  return [
    { name: fields.kind, value: content.kindName },
    { name: fields.source, value: content.source ?? "" },
    { name: fields.area, value: areaName(content.area) },
    { name: fields.serviceItem, value: content.serviceItem ?? "" },
    { name: words.validity, value: words.validSpan(content.validFrom, content.validTo) },
  ].filter((fact) => fact.value !== "");
}
