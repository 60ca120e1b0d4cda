// Days of a year's calendar (R-CAL-1), as text: `2027-02-14`. What is not named by the notice is as
// its weekday says.
import type { NamedDay } from "@/generated/api";

/** Whether a day that the notice names is off. */
export type Named = ReadonlyMap<string, boolean>;
export type DayKind = "work" | "weekend" | "off" | "madeUp";

export const named = (days: readonly NamedDay[] = []): Named =>
  new Map(days.map(({ date, off }) => [date, off]));

/** In the order of the days. */
export const listed = (days: Named): NamedDay[] =>
  [...days].sort(([one], [other]) => (one < other ? -1 : 1)).map(([date, off]) => ({ date, off }));

/** From 0 for Monday to 6 for Sunday. */
export const weekday = (date: string) => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;

export function kind(date: string, off: boolean | undefined): DayKind {
  if (off !== undefined) return off ? "off" : "madeUp";
  return weekday(date) < 5 ? "work" : "weekend";
}

/** What a press on a day makes of it: a weekday is off or not; a weekend worked, off by the notice, or not named. */
export function turned(date: string, off: boolean | undefined): boolean | undefined {
  if (weekday(date) < 5) return off === undefined ? true : undefined;
  return off === undefined ? false : off ? undefined : true;
}

const two = (number: number) => String(number).padStart(2, "0");
export const monthOf = (year: number, month: number) => `${year}-${two(month)}`;

/** The weeks of a month from Monday to Sunday, with gaps before its first and after its last day. */
export function weeks(year: number, month: number): (string | undefined)[][] {
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const lead = weekday(`${monthOf(year, month)}-01`);
  const count = Math.ceil((lead + last) / 7);
  return Array.from({ length: count }, (_, week) =>
    Array.from({ length: 7 }, (_, at) => {
      const day = week * 7 + at - lead + 1;
      return day < 1 || day > last ? undefined : `${monthOf(year, month)}-${two(day)}`;
    }),
  );
}
