// 适老化大字版: one switch, kept across pages and visits.
import { ref } from "vue";

const key = "suqiu.large";
export const isLarge = ref(localStorage.getItem(key) === "1");

function show(): void {
  document.documentElement.classList.toggle("large", isLarge.value);
}

export function setLarge(on: boolean): void {
  isLarge.value = on;
  localStorage.setItem(key, on ? "1" : "0");
  show();
}

show();
