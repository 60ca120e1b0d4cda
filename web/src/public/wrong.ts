// What is wrong with a form: said at each field, and the first wrong one gets the focus.
import { nextTick } from "vue";

/** Moves to the first field in `form` that is marked as wrong. */
export async function toFirstWrong(form: HTMLElement | null): Promise<void> {
  await nextTick();
  const wrong = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  const field = wrong?.matches("fieldset") ? wrong.querySelector("input") : wrong;
  field?.focus();
}
