// One question to the server that a page depends on: its answer, its failure, and asking again.
import { ref, shallowRef } from "vue";

export function useLoad<T, A extends unknown[] = []>(ask: (...how: A) => Promise<T>) {
  const value = shallowRef<T>();
  const error = shallowRef<unknown>();
  const loading = ref(false);
  let newest = 0;

  /** Asks; an answer that a later question has overtaken is dropped. */
  async function load(...how: A): Promise<void> {
    const mine = ++newest;
    loading.value = true;
    error.value = undefined;
    try {
      const got = await ask(...how);
      if (mine === newest) value.value = got;
    } catch (thrown) {
      if (mine === newest) error.value = thrown;
    } finally {
      if (mine === newest) loading.value = false;
    }
  }
  return { value, error, loading, load };
}

/** A file that stays in the browser until the officer keeps it. */
export function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has read it by then; a revocation at once would race with that.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
