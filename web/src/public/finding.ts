// Looking in the knowledge base while somebody types: the newest question counts, older ones are
// dropped.
import { onBeforeUnmount, ref, watch, type Ref } from "vue";
import type { components } from "@/generated/api";
import { data } from "@/shared/api";
import { api } from "./appellant";

type Answer = components["schemas"]["KnowledgeSearchAnswer"];
export type Found = Answer["items"];

async function ask(text: string, limit: number, signal?: AbortSignal): Promise<Answer> {
  const client = await api();
  const answer = await client.POST("/knowledge-searches", {
    body: { text: text.trim().slice(0, 5000), limit },
    ...(signal ? { signal } : {}),
  });
  return data(answer);
}

/** Finds at most `limit` entries; `signal` drops the question. */
export async function find(text: string, limit: number, signal?: AbortSignal): Promise<Found> {
  return (await ask(text, limit, signal)).items;
}

const pause = 500;
const enough = 4;

/**
 * Entries that may answer what stands in `text`, and whom to call at once where it has signs of an
 * emergency. Nothing is said when the search does not work.
 */
export function useSuggestions(text: Ref<string>): {
  found: Ref<Found>;
  notice: Ref<Answer["notice"]>;
} {
  const found = ref<Found>([]);
  const notice = ref<Answer["notice"]>();
  let asked = new AbortController();
  let timer = 0;

  async function look(): Promise<void> {
    asked = new AbortController();
    const { signal } = asked;
    try {
      const answer = await ask(text.value, 3, signal);
      if (signal.aborted) return;
      found.value = answer.items;
      notice.value = answer.notice;
    } catch {
      if (!signal.aborted) found.value = [];
    }
  }

  watch(
    text,
    () => {
      asked.abort();
      clearTimeout(timer);
      if (text.value.trim().length < enough) {
        found.value = [];
        notice.value = undefined;
      } else timer = window.setTimeout(() => void look(), pause);
    },
    { immediate: true },
  );
  onBeforeUnmount(() => {
    asked.abort();
    clearTimeout(timer);
  });
  return { found, notice };
}
