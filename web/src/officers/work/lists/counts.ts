// The counters of a work list, read again every minute while somebody looks.
import { onBeforeUnmount, ref, shallowRef, type Ref } from "vue";
import type { components } from "@/generated/api";
import { data } from "@/shared/api";
import { api, isSignedIn } from "../../officer";
import type { ServerClock } from "./clock";
import type { View } from "./view";

export type Counts = components["schemas"]["WorklistCounts"];

const everyMilliseconds = 60_000;
const lookMilliseconds = 5_000;

/** How many rows a view has, as the counters say it. */
export function countOf(counts: Counts, view: Pick<View, "tab" | "task" | "overdue">): number {
  const { tab, task, overdue } = view;
  if (!task && tab.tasks.length === 0) return overdue ? counts.overdue : counts.total;
  const wanted = task ? [task] : tab.tasks;
  return counts.tasks
    .filter((each) => wanted.includes(each.task))
    .reduce((sum, each) => sum + (overdue ? each.overdue : each.count), 0);
}

export function useCounts(unit: Ref<string>, clock: ServerClock) {
  const counts = shallowRef<Counts>();
  const countsFailed = ref(false);
  const refreshedAt = ref("");
  let askedAt = 0;

  async function recount(): Promise<Counts | undefined> {
    const wanted = unit.value;
    askedAt = performance.now();
    try {
      const query = { unit: wanted };
      const read = data(await (await api()).GET("/worklist/counts", { params: { query } }));
      if (unit.value !== wanted) return undefined;
      clock.hear(read.at);
      refreshedAt.value = read.at;
      counts.value = read;
      countsFailed.value = false;
      return read;
    } catch {
      countsFailed.value = true;
      return undefined;
    }
  }

  const look = () => {
    const isStale = performance.now() - askedAt >= everyMilliseconds;
    if (isStale && isSignedIn.value && document.visibilityState === "visible") void recount();
  };
  const timer = setInterval(look, lookMilliseconds);
  document.addEventListener("visibilitychange", look);
  onBeforeUnmount(() => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  });

  return { counts, countsFailed, refreshedAt, recount };
}
