// The rows of a list that are loaded so far.
import { ref, shallowRef } from "vue";
import type { Feed, Row } from "./feed";

/** Rows that are loaded at once: the first of ten thousand show as fast as the first of ten. */
export const atOnce = 50;

export function useRows() {
  const rows = shallowRef<Row[]>([]);
  const error = shallowRef<unknown>();
  const isLoading = ref(false);
  const isEnded = ref(false);
  let feed: Feed | undefined;
  /** What the next rows are put behind: nothing, until the first of a new list are there. */
  let before: Row[] = [];

  async function load(wanted: number): Promise<void> {
    const mine = feed;
    if (!mine) return;
    isLoading.value = true;
    error.value = undefined;
    try {
      const taken = await mine.take(wanted);
      // Another list was begun meanwhile: these rows are not of it.
      if (feed !== mine) return;
      before = [...before, ...taken];
      rows.value = before;
      isEnded.value = mine.isEnded;
    } catch (thrown) {
      if (feed === mine) error.value = thrown;
    } finally {
      if (feed === mine) isLoading.value = false;
    }
  }

  /** Reads a list from its beginning, as far as one is shown now. */
  async function begin(from: Feed): Promise<void> {
    feed = from;
    before = [];
    await load(Math.max(atOnce, rows.value.length));
  }

  function empty(): void {
    rows.value = [];
    isEnded.value = false;
  }

  return { rows, error, isLoading, isEnded, begin, empty, more: () => load(atOnce) };
}
