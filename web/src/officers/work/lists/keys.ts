// Single-key shortcuts. They can be turned off (WCAG 2.1.4), and mean nothing where text is typed or
// a dialog is open.
import { onBeforeUnmount, ref } from "vue";

const key = "suqiu.lists.keys";

/** Whether they are on; kept across visits. */
export const keysOn = ref(localStorage.getItem(key) !== "0");

export function setKeysOn(on: boolean): void {
  keysOn.value = on;
  localStorage.setItem(key, on ? "1" : "0");
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== "checkbox";
  return target.isContentEditable || target.matches("textarea, select");
}

export function useKeys(handlers: Record<string, () => void>): void {
  const listen = (event: KeyboardEvent) => {
    if (!keysOn.value || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
      return;
    const handler = handlers[event.key];
    if (!handler || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    handler();
  };
  document.addEventListener("keydown", listen);
  onBeforeUnmount(() => document.removeEventListener("keydown", listen));
}
