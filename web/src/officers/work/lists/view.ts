// What of a work list is looked at. It stands in the address, so that going back, reloading and
// saved filters all mean the same.
import type { LocationQuery, LocationQueryRaw } from "vue-router";
import type { components } from "@/generated/api";
import { terms } from "@/words";
import { allTasks, firstTab, tabNamed, type Tab, type Task } from "./tabs";

export type State = components["schemas"]["State"];

export interface View {
  tab: Tab;
  task?: Task;
  state?: State;
  overdue: boolean;
  /** The three that the server does not know: they choose among the loaded rows. */
  kind?: string;
  subject?: string;
  withinHours?: number;
}

/** Spans to choose by what remains. */
export const spans = [4, 24, 72];

/** States of tickets; the vocabulary also has a word for what is no ticket yet. */
export const states = terms("State").filter((state) => state.code !== "new");

function among<T extends string>(codes: readonly string[], value: unknown): T | undefined {
  return typeof value === "string" && codes.includes(value) ? (value as T) : undefined;
}

const codes = (words: { code: string }[]) => words.map((word) => word.code);

export function readView(query: LocationQuery): View {
  const tab = tabNamed(query["tab"]) ?? firstTab();
  const hours = Number(query["within"]);
  return {
    tab,
    task: among(tab.tasks.length > 0 ? tab.tasks : allTasks, query["task"]),
    state: among(codes(states), query["state"]),
    overdue: tab.code === "overdue" || query["overdue"] === "1",
    kind: among(codes(terms("Kind")), query["kind"]),
    subject: among(codes(terms("Subject")), query["subject"]),
    withinHours: spans.includes(hours) ? hours : undefined,
  };
}

export function writeView(view: View): LocationQueryRaw {
  return {
    tab: view.tab.code,
    task: view.task,
    state: view.state,
    overdue: view.overdue && view.tab.code !== "overdue" ? "1" : undefined,
    kind: view.kind,
    subject: view.subject,
    within: view.withinHours?.toString(),
  };
}

/** Whether something chooses among the loaded rows in the browser. */
export function isNarrowed(view: View): boolean {
  return Boolean(view.kind ?? view.subject ?? view.withinHours);
}

/** What decides which rows are asked for: a change of it reads anew. */
export function asked(view: View): string {
  return JSON.stringify([view.tab.code, view.task, view.state, view.overdue]);
}
