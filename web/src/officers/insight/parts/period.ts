// Spans of days by the city's calendar, as text: `2026-03-01` to `2026-03-31`.
import { date } from "@/shared/time";
import { insight } from "@/words/insight";

export interface Span {
  since: string;
  until: string;
}

/** The day in the city: by the server's instant where one is known. */
export function today(instant?: string): string {
  return date(instant ?? new Date().toISOString());
}

const two = (number: number) => String(number).padStart(2, "0");

/** `months` whole months from the first of `month`, which may lie outside of 1 to 12. */
function months(year: number, month: number, count: number): Span {
  const first = new Date(Date.UTC(year, month - 1, 1));
  const last = new Date(Date.UTC(year, month - 1 + count, 0));
  const text = (day: Date) =>
    `${day.getUTCFullYear()}-${two(day.getUTCMonth() + 1)}-${two(day.getUTCDate())}`;
  return { since: text(first), until: text(last) };
}

/** What is asked for most, around a day. */
export function presets(day: string): (Span & { name: string })[] {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7));
  const quarter = month - ((month - 1) % 3);
  const { spans } = insight.figures;
  return [
    { name: spans.month, ...months(year, month, 1) },
    { name: spans.quarter, ...months(year, quarter, 3) },
    { name: spans.lastQuarter, ...months(year, quarter - 3, 3) },
    { name: spans.year, ...months(year, 1, 12) },
    { name: spans.lastYear, ...months(year - 1, 1, 12) },
  ];
}

/** The day `days` after one. */
export function later(day: string, days: number): string {
  const moved = new Date(`${day}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}
