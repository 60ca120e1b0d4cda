// What a report's id says: `2026-Q1.20260401` is of the lake as of that midnight, in Beijing.

/** `2026-04-01 00:00`. */
export function madeAt(id: string): string {
  const found = /\.(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2}))?$/.exec(id);
  if (!found) return "";
  const [, year, month, day, hour = "00", minute = "00"] = found;
  return `${year}-${month}-${day} ${hour}:${minute}`;
}
