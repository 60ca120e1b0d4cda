// Areas by name. The directory has none of its own: what the names of an area's managing units begin
// with alike, `泰山区大数据中心` and `泰山区行政审批服务局`, is the area's name.
import { computed } from "vue";
import { directory } from "./directory";

function sharedStart(names: string[]): string {
  const [first = "", ...rest] = names;
  let length = first.length;
  for (const name of rest) {
    while (length > 0 && !name.startsWith(first.slice(0, length))) length -= 1;
  }
  return rest.length > 0 ? first.slice(0, length) : "";
}

export const areas = computed(() => {
  const named = new Map<string, string[]>();
  for (const unit of directory.value.units) {
    if (unit.kind === "resolving") continue;
    named.set(unit.area, [...(named.get(unit.area) ?? []), unit.name]);
  }
  return [...named].map(([code, names]) => ({ code, name: sharedStart(names) || code }));
});

export function areaName(code: string | undefined): string {
  return areas.value.find((area) => area.code === code)?.name ?? code ?? "";
}
