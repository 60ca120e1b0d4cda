// A form that is sent: busy or not, what the server or the contract says is wrong, and the first wrong
// field in focus. What was typed stays.
import { nextTick, ref, shallowRef, useTemplateRef } from "vue";
import { oversight as words } from "@/words/oversight";
import { ProblemError, asProblem } from "@/shared/problem";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What is needed by the contract and not there, by the pointers that the fields are named by. */
function missing(element: HTMLFormElement): Map<string, string> {
  const found = new Map<string, string>();
  for (const control of Array.from(element.elements) as Control[]) {
    if (control.name && control.validity && !control.validity.valid)
      found.set(control.name, control.validity.valueMissing ? words.needed : words.malformed);
  }
  return found;
}

/** For the form with `ref="form"` in the template. */
export function useForm() {
  const busy = ref(false);
  const error = shallowRef<unknown>();
  const form = useTemplateRef<HTMLFormElement>("form");
  const local = shallowRef(new Map<string, string>());

  /** What is wrong with the field at `pointer`. */
  function wrong(pointer: string): string | undefined {
    const said = error.value === undefined ? undefined : asProblem(error.value).field(pointer);
    return local.value.get(pointer) ?? said;
  }

  /** What is put right is not said to be wrong any longer. */
  function recheck(): void {
    const still = form.value ? missing(form.value) : new Map<string, string>();
    local.value = new Map([...local.value].filter(([name]) => still.has(name)));
  }

  async function focusWrong(): Promise<void> {
    await nextTick();
    form.value?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  /** Does it, once at a time; gives whether it was done. */
  async function send(act: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false;
    error.value = undefined;
    local.value = form.value ? missing(form.value) : new Map();
    if (local.value.size > 0) {
      form.value?.addEventListener("input", recheck);
      await focusWrong();
      return false;
    }
    busy.value = true;
    try {
      await act();
      return true;
    } catch (thrown) {
      error.value = thrown;
      await focusWrong();
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, error, element: form, wrong, send };
}

/** What the server said of any of the numbers in a list, `/tickets/0`, in one sentence. */
export function wrongOfList(error: unknown, pointer: string, names: string[]): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  const said = (error.problem.errors ?? []).flatMap((it) => {
    if (it.pointer === pointer) return [it.detail];
    if (!it.pointer.startsWith(`${pointer}/`)) return [];
    return [`${names[Number(it.pointer.slice(pointer.length + 1))] ?? ""}：${it.detail}`];
  });
  return said.length > 0 ? said.join("；") : undefined;
}

/** Numbers as people paste them: in lines, or with commas, Chinese or not. */
export function numbersIn(text: string): string[] {
  return [...new Set(text.split(/[\s,，、;；]+/).filter(Boolean))];
}
