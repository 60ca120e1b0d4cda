// Filters kept by name, for each officer, in this browser.
import { ref } from "vue";
import type { LocationQueryRaw } from "vue-router";
import { officer } from "../../officer";

export interface Saved {
  name: string;
  query: LocationQueryRaw;
}

const key = () => `suqiu.lists.saved.${officer.value?.sub ?? ""}`;

function read(): Saved[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key()) ?? "[]");
    return Array.isArray(kept) ? (kept as Saved[]) : [];
  } catch {
    return [];
  }
}

export function useSaved() {
  const saved = ref(read());
  const keep = (all: Saved[]) => {
    saved.value = all;
    localStorage.setItem(key(), JSON.stringify(all));
  };
  return {
    saved,
    isTaken: (name: string) => saved.value.some((each) => each.name === name),
    add: (name: string, query: LocationQueryRaw) => keep([...saved.value, { name, query }]),
    rename: (from: string, to: string) =>
      keep(saved.value.map((each) => (each.name === from ? { ...each, name: to } : each))),
    remove: (name: string) => keep(saved.value.filter((each) => each.name !== name)),
  };
}
