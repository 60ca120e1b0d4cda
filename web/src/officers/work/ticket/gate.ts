// The closing gate while one writes: each need of the action with what this page knows of it. It
// only tells; the server decides.
import workflow from "@/generated/workflow.json";
import type { TicketPage } from "@/generated/api";
import { ticket as words } from "@/words/ticket";
import { needCode, type Draft, type Fault } from "./forms";

export interface Condition {
  name: string;
  /** Undefined where only the server can tell. */
  isMet: boolean | undefined;
  detail?: string;
}

export interface Written {
  ticket: TicketPage;
  draft: Draft;
  faults: readonly Fault[];
}

const isFilled = (value: unknown): boolean => String(value ?? "").trim() !== "";
const allFilled = (part: unknown, names: readonly string[]): boolean =>
  names.every((name) => isFilled((part as Draft | undefined)?.[name]));

/** Actions that give the ticket to another unit, or take it back: what was done before counts no more. */
const handOvers = new Set(
  workflow.rules
    .filter((rule) => ["received", "with_county", "dispatched", "back"].includes(rule.to))
    .map((rule) => rule.action),
);

/** Contacts recorded since the ticket came to the unit that has it. */
export function contactsNow(ticket: TicketPage): number {
  const from = ticket.timeline.findLastIndex((line) => handOvers.has(line.action));
  return ticket.timeline.slice(from + 1).filter((line) => line.action === "record_contact").length;
}

const answerParts = ["verification", "basis", "result", "advice"];
const recordParts = ["investigation", "facts", "legalBasis", "measures", "remedies"];

function isContacted({ ticket, draft }: Written): boolean {
  return contactsNow(ticket) > 0 || allFilled(draft["contact"], ["way", "outcome"]);
}

function hasPlan({ draft }: Written): boolean {
  const isUnsolved = draft["outcome"] === "cannot_solve_now";
  return !isUnsolved || allFilled(draft["interim"], ["reason", "plan", "reviewOn"]);
}

/** Of a text that is there the server says whether it says anything. */
function isSubstantial({ draft, faults }: Written): boolean | undefined {
  const answer = draft["answer"] as Draft;
  const refused = answerParts.some(
    (name) => isFilled(answer[name]) && faults.some((it) => it.pointer === `/answer/${name}`),
  );
  return refused ? false : undefined;
}

function opinions({ ticket }: Written): { isMet: boolean; detail?: string } {
  const open = ticket.coHandlers.filter((each) => ["to_sign", "signed"].includes(each.stage));
  if (open.length === 0) return { isMet: true };
  return {
    isMet: false,
    detail: words.composer.openOpinions(open.map((it) => it.name).join("、")),
  };
}

function isSupplementOver({ ticket }: Written): boolean {
  const { supplement } = ticket;
  return !supplement?.isOpen || supplement.items.every((item) => item.answered);
}

export function conditions(needs: readonly string[], written: Written): Condition[] {
  const { draft, ticket } = written;
  const told: Partial<Record<NonNullable<ReturnType<typeof needCode>>, Omit<Condition, "name">>> = {
    handling_record: { isMet: allFilled(draft["record"], recordParts) },
    answer: { isMet: allFilled(draft["answer"], answerParts) },
    substantial_answer: { isMet: isSubstantial(written) },
    contact: { isMet: isContacted(written) },
    interim_plan: { isMet: hasPlan(written) },
    opinions_in: opinions(written),
    supplement_ended: { isMet: isSupplementOver(written) },
    nothing_pending: { isMet: !ticket.pending },
  };
  return needs.map((name) => {
    const code = needCode(name);
    return { name, ...((code && told[code]) ?? { isMet: undefined }) };
  });
}
