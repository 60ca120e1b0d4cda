// What is wrong with a form: said at each field until it is changed, and the first wrong one gets
// the focus.
import { nextTick, ref, useTemplateRef } from "vue";
import { asProblem } from "@/shared/problem";

/**
 * For the form of a component that carries `ref="form"`. `pointers` says what the server calls a
 * field where that is not the field's own id or name.
 */
export function useWrong(pointers: Record<string, string> = {}) {
  const wrong = ref<Record<string, string | undefined>>({});
  const form = useTemplateRef<HTMLFormElement>("form");

  /** Moves to the first field that is marked as wrong. */
  async function toFirst(): Promise<void> {
    await nextTick();
    const first = form.value?.querySelector<HTMLElement>('[aria-invalid="true"]');
    const field = first?.matches("fieldset") ? first.querySelector("input") : first;
    field?.focus();
  }

  /** Says what is wrong before anything is sent; whether there is something. */
  function find(found: Record<string, string | false>): boolean {
    const said = Object.entries(found).filter((it): it is [string, string] => it[1] !== false);
    wrong.value = Object.fromEntries(said);
    if (said.length) void toFirst();
    return said.length > 0;
  }

  /** Says what the server found wrong. */
  function take(thrown: unknown): void {
    for (const { pointer, detail } of asProblem(thrown).problem.errors ?? [])
      wrong.value[pointer.slice(1)] = detail;
    void toFirst();
  }

  /** What is changed is not wrong any more, as far as one knows. */
  function changed({ target }: Event): void {
    const { type, name, id } = target as HTMLInputElement;
    const field = type === "radio" ? name : id;
    delete wrong.value[pointers[field] ?? field];
  }

  return { wrong, find, take, changed };
}
