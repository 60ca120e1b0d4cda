// A television's remote control has four arrows and one key: they move between what can be chosen.
import type { Router } from "vue-router";

type Direction = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

const choosable = 'a[href], button, input, textarea, summary, [tabindex="0"]';

/** What is seen of an element: a radio button's label stands for it. */
const boxOf = (element: Element) => (element.closest("label") ?? element).getBoundingClientRect();

function candidates(): HTMLElement[] {
  const root = document.querySelector("dialog[open]") ?? document;
  return [...root.querySelectorAll<HTMLElement>(choosable)].filter((it) => {
    const box = boxOf(it);
    return box.width > 1 && box.height > 1 && box.right > 0 && it.tabIndex >= 0;
  });
}

/** How far `to` is from `from` in that direction; none if it lies elsewhere. */
function distance(from: DOMRect, to: DOMRect, direction: Direction): number | undefined {
  const isUpright = direction === "ArrowUp" || direction === "ArrowDown";
  const gap = {
    ArrowUp: from.top - to.bottom,
    ArrowDown: to.top - from.bottom,
    ArrowLeft: from.left - to.right,
    ArrowRight: to.left - from.right,
  }[direction];
  // Borders may touch, no more.
  if (gap < -4) return undefined;
  const aside = isUpright
    ? Math.max(0, to.left - from.right, from.left - to.right)
    : Math.max(0, to.top - from.bottom, from.top - to.bottom);
  // Sideways only within the row.
  if (!isUpright && aside > 0) return undefined;
  // Of several that are as near, the one that begins where this one does.
  const shift = Math.abs(isUpright ? from.left - to.left : from.top - to.top);
  return Math.max(gap, 0) + 3 * aside + shift / 10;
}

function next(from: Element, direction: Direction): HTMLElement | undefined {
  const start = boxOf(from);
  let best: { element: HTMLElement; far: number } | undefined;
  for (const element of candidates()) {
    if (element === from) continue;
    const far = distance(start, boxOf(element), direction);
    if (far !== undefined && (!best || far < best.far)) best = { element, far };
  }
  return best?.element;
}

/** Whether the arrow moves within the text that is being written. */
function isWriting(element: Element | null, direction: Direction): boolean {
  if (element instanceof HTMLTextAreaElement) {
    const { selectionStart: at, value } = element;
    const isLeaving =
      (direction === "ArrowUp" && !value.slice(0, at).includes("\n")) ||
      (direction === "ArrowDown" && !value.slice(at).includes("\n"));
    return !isLeaving;
  }
  const isText =
    element instanceof HTMLInputElement && ["text", "search", "tel"].includes(element.type);
  return isText && (direction === "ArrowLeft" || direction === "ArrowRight");
}

function move(event: KeyboardEvent, direction: Direction): void {
  const from = document.activeElement;
  if (isWriting(from, direction)) return;
  event.preventDefault();
  const start = from && from !== document.body ? from : document.querySelector("main h1");
  const found = start ? next(start, direction) : candidates()[0];
  if (found) {
    found.focus();
    found.scrollIntoView({ block: "center" });
  } else {
    // Nothing to choose there, but perhaps something to read.
    scrollBy({ top: { ArrowUp: -200, ArrowDown: 200, ArrowLeft: 0, ArrowRight: 0 }[direction] });
  }
}

/** What remote controls and keyboards call the key that leads back. */
const backKeys = ["GoBack", "BrowserBack", "XF86Back", "Escape"];

const isArrow = (key: string): key is Direction => /^Arrow(Up|Down|Left|Right)$/.test(key);

export function steerByArrows(router: Router): void {
  addEventListener("keydown", (event) => {
    const at = document.activeElement;
    if (isArrow(event.key)) return move(event, event.key);
    const isRadio = at instanceof HTMLInputElement && at.type === "radio";
    if (event.key === "Enter" && isRadio) {
      // It chooses; it does not send the form.
      event.preventDefault();
      at.click();
    }
    if (backKeys.includes(event.key)) {
      event.preventDefault();
      router.back();
    }
  });
}
