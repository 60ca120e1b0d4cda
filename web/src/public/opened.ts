// The appeal that is looked at in this tab: number and code stay here, and go in headers only.
import { ref } from "vue";
import type { components } from "@/generated/api";
import { data } from "@/shared/api";
import { api } from "./appellant";
import { inTab } from "./kept";

export type TrackPage = components["schemas"]["TrackPage"];

export interface Opened {
  number: string;
  /** Not needed by whoever signed in and submitted it. */
  code?: string;
}

export const opened = inTab<Opened>("opened");

/** What the server said of it last. */
export const page = ref<TrackPage>();

/** The parts of a request that say which appeal, and by what right. */
export function about({ number, code }: Opened) {
  return {
    params: { path: { number } },
    ...(code ? { headers: { "query-code": code } } : {}),
  };
}

/** The appeal that is open; the pages that ask are shown with one only. */
export function current(): Opened {
  const kept = opened.get();
  if (!kept) throw new Error("no appeal is open");
  return kept;
}

/** Asks how it stands. */
export async function look(what: Opened): Promise<void> {
  const client = await api();
  page.value = data(await client.GET("/appeals/{number}", about(what)));
  opened.put(what);
}
