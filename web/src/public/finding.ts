// Looking in the knowledge base while somebody types: the newest question counts, older ones are
// dropped.
import { onBeforeUnmount, ref, watch, type Ref } from "vue";
import type { components } from "@/generated/api";
import { data } from "@/shared/api";
import { api } from "./appellant";

export type Found = components["schemas"]["KnowledgeSearchAnswer"]["items"];

/** Finds at most `limit` entries; `signal` drops the question. */
export async function find(text: string, limit: number, signal?: AbortSignal): Promise<Found> {
  const client = await api();
  const answer = await client.POST("/knowledge-searches", {
    body: { text: text.trim().slice(0, 5000), limit },
    ...(signal ? { signal } : {}),
  });
  return data(answer).items;
}

const pause = 500;
const enough = 4;

/** Entries that may answer what stands in `text`. Nothing is said when the search does not work. */
export function useSuggestions(text: Ref<string>): Ref<Found> {
  const found = ref<Found>([]);
  let asked = new AbortController();
  let timer = 0;

  async function ask(): Promise<void> {
    asked = new AbortController();
    const { signal } = asked;
    try {
      const items = await find(text.value, 3, signal);
      if (!signal.aborted) found.value = items;
    } catch {
      if (!signal.aborted) found.value = [];
    }
  }

  watch(
    text,
    () => {
      asked.abort();
      clearTimeout(timer);
      if (text.value.trim().length < enough) found.value = [];
      else timer = window.setTimeout(() => void ask(), pause);
    },
    { immediate: true },
  );
  onBeforeUnmount(() => {
    asked.abort();
    clearTimeout(timer);
  });
  return found;
}
