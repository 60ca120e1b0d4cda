// What is worth showing to the officer who is signed in.
import { computed } from "vue";
import { holds, officer } from "../officer";
import { directory } from "../directory";
import { access, type Seat } from "./access";

/** The roles that an operation lets in from anywhere: who sees its menu entry. */
export function rolesOf(operation: string): string[] {
  const rule = access[operation] ?? [];
  return Array.isArray(rule) ? rule : [...new Set(Object.values(rule).flat())];
}

/** The officer's seats towards a record of `holder`, looked after by `managing`. */
export function seats(managing: string[], holder: string): Seat[] {
  const unit = officer.value?.unit;
  if (unit === undefined) return [];
  const held: Seat[] = [];
  if (managing.includes(unit)) held.push("managing");
  held.push(unit === holder ? "holder" : "other");
  return held;
}

/** The seats that the officer may have towards records yet to be made or looked for. */
export const ownSeats = computed<Seat[]>(() => {
  const own = directory.value.units.find((unit) => unit.id === officer.value?.unit);
  return own && own.kind !== "resolving" ? ["holder", "managing"] : ["holder"];
});

/** Whether a form for this operation is worth showing to the officer. */
export function may(operation: string, from: Seat[]): boolean {
  const rule = access[operation] ?? [];
  if (Array.isArray(rule)) return holds(...rule);
  return from.some((seat) => holds(...(rule[seat] ?? [])));
}

/** Whether it was the officer; the directory names no persons, so accounts stand for them. */
export function isSelf(account: string | undefined): boolean {
  return account !== undefined && account === officer.value?.sub;
}
