// Lists that the server gives page by page, and single records: loaded, failed, loaded again.
import { nextTick, ref, shallowRef, type Ref } from "vue";

/** Pages that are fetched before the officer is asked whether to go on. */
const atOnce = 4;

export interface Page<T> {
  items: T[];
  next?: string | undefined;
}

export function usePages<T>(fetchPage: (cursor: string | undefined) => Promise<Page<T>>) {
  const items = ref([]) as Ref<T[]>;
  const next = ref<string>();
  const loading = ref(false);
  const error = shallowRef<unknown>();
  let round = 0;

  /** Goes on from where it stopped; an answer that a later `reload` overtook is dropped. */
  async function more(): Promise<void> {
    const mine = round;
    loading.value = true;
    error.value = undefined;
    try {
      for (let page = 0; page < atOnce; page += 1) {
        const answer = await fetchPage(next.value);
        if (mine !== round) return;
        items.value = [...items.value, ...answer.items];
        next.value = answer.next;
        if (!answer.next) break;
      }
    } catch (thrown) {
      if (mine === round) error.value = thrown;
    } finally {
      if (mine === round) loading.value = false;
    }
  }

  async function reload(): Promise<void> {
    round += 1;
    items.value = [];
    next.value = undefined;
    await more();
  }

  return { items, next, loading, error, more, reload };
}

export function useRecord<T>(fetchRecord: () => Promise<T>) {
  const record = shallowRef<T>();
  const error = shallowRef<unknown>();

  async function reload(): Promise<void> {
    error.value = undefined;
    try {
      record.value = await fetchRecord();
    } catch (thrown) {
      error.value = thrown;
    }
  }

  return { record, error, reload };
}

/** What to say on the page that is opened next, once: "已登记". */
export const carrying = (said: string) => ({ state: { said } });

/** What was done last, said anew each time; first what the page before wanted said here. */
export function useSaid() {
  const said = ref(carried());
  async function say(text: string): Promise<void> {
    said.value = "";
    await nextTick();
    said.value = text;
  }
  return { said, say };
}

function carried(): string {
  const state = history.state as { said?: unknown } | null;
  if (typeof state?.said !== "string") return "";
  history.replaceState({ ...state, said: undefined }, "");
  return state.said;
}
