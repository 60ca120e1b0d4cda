// The tabs of a work list: which tasks stand together on the screen. The grouping is presentation
// only; what a ticket's task is, the server says.
import type { components } from "@/generated/api";
import { lists } from "@/words/lists";
import { terms } from "@/words";
import { officer } from "../../officer";

export type Task = components["schemas"]["Task"];
export type TabCode = keyof typeof lists.tabs;

export interface Tab {
  code: TabCode;
  name: string;
  /** Tasks that stand on it; none on the tabs that show every task. */
  tasks: Task[];
}

// Every task has its tab: a new one does not compile until it is given one.
const tabOf: Record<Task, TabCode> = {
  triage: "triage",
  distribute: "triage",
  sign: "sign",
  co_sign: "sign",
  handle: "work",
  await_supplement: "work",
  rectify: "work",
  coordinate: "work",
  give_opinion: "work",
  take_part: "work",
  decide_return: "returned",
  decide_extension: "extension",
  decide_deferral: "extension",
  call_back: "callback",
  rectify_callback: "callback",
  verify: "review",
  review: "review",
  verify_rating: "review",
  deliver: "review",
};

export const allTasks = terms("Task").map((task) => task.code as Task);

export const tabs: Tab[] = Object.entries(lists.tabs).map(([code, name]) => ({
  code: code as TabCode,
  name,
  tasks: allTasks.filter((task) => tabOf[task] === code),
}));

export function tabNamed(code: unknown): Tab | undefined {
  return tabs.find((tab) => tab.code === code);
}

/** Where an officer's day begins, by the first of their roles that has such a place. */
export function firstTab(): Tab {
  const places: Record<string, TabCode> = {
    triage_officer: "triage",
    county_manager: "triage",
    liaison: "sign",
    callback_agent: "callback",
  };
  const roles = officer.value?.roles ?? [];
  const place = roles.map((role) => places[role]).find((code) => code !== undefined);
  return tabNamed(place ?? "all") as Tab;
}
