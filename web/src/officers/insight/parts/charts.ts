// What of an answer is drawn: bars for groups, lines over months. The table under a chart has all of
// it, so a chart may leave out what would not be legible.
import type { FigureRow, ReportFigures } from "@/generated/api";
import { insight } from "@/words/insight";
import { dimensions, label, measures, title } from "./figures";

export interface Chart {
  kind: "bar" | "line";
  isPercent: boolean;
  isStacked: boolean;
  categories: string[];
  series: { name: string; values: (number | null)[] }[];
  /** Groups that the table has and the chart has not. */
  left: number;
}

/** Legible at once. */
const mostCategories = 20;
const mostSeries = 6;

/** One number alone is no picture. */
const fewestNumbers = 2;

/** `count`, or the place of a share. */
export type Measured = "count" | number;

/** What can be drawn, and what it is called. */
export function choices({ shares }: ReportFigures): { measured: Measured; name: string }[] {
  const counts: { measured: Measured; name: string } = {
    measured: "count",
    name: insight.figures.counts,
  };
  return [counts, ...shares.map((share, at) => ({ measured: at, name: share.title }))];
}

/** The chart of these rows; none where there is nothing to draw. */
export function chart(
  figures: ReportFigures,
  rows: FigureRow[],
  measured: Measured,
): Chart | undefined {
  const [first, second] = dimensions(figures);
  if (rows.length === 0 || first === undefined) return undefined;
  const drawn =
    second === undefined
      ? byOne(figures, rows, first, measured)
      : byTwo(figures, rows, [first, second], measured);
  const numbers = drawn.series.flatMap(({ values }) => values.filter((it) => it !== null));
  return numbers.length < fewestNumbers ? undefined : drawn;
}

const isMonth = (figures: ReportFigures, at: number) =>
  figures.columns[at]?.name.endsWith("_month") ?? false;

function value(row: FigureRow, at: number): number | null {
  const cell = row.cells[at];
  return typeof cell === "number" ? cell : null;
}

const shareOf = (row: FigureRow, at: number) => row.shares[at]?.percent ?? null;

/** Each group a place on the axis, each number a series. */
function byOne(
  figures: ReportFigures,
  rows: FigureRow[],
  dimension: number,
  measured: Measured,
): Chart {
  const isOfMonths = isMonth(figures, dimension);
  const drawn = isOfMonths ? rows : rows.slice(0, mostCategories);
  // Days are no number of appeals: they do not share an axis.
  const numbers = measures(figures).filter((at) => !figures.columns[at]?.name.startsWith("days_"));
  const series =
    measured === "count"
      ? numbers.map((at) => ({
          name: figures.columns[at]?.title ?? "",
          values: drawn.map((row) => value(row, at)),
        }))
      : [
          {
            name: figures.shares[measured]?.title ?? "",
            values: drawn.map((row) => shareOf(row, measured)),
          },
        ];
  return {
    // Through one point there is no line.
    kind: isOfMonths && drawn.length > 1 ? "line" : "bar",
    isPercent: measured !== "count",
    isStacked: false,
    categories: drawn.map((row) => title(figures, row)),
    series,
    left: rows.length - drawn.length,
  };
}

/** One dimension along the axis, months where there are any; the other as series. */
function byTwo(
  figures: ReportFigures,
  rows: FigureRow[],
  [first, second]: [number, number],
  measured: Measured,
): Chart {
  const [along, across] = isMonth(figures, second) ? [second, first] : [first, second];
  const isOfMonths = isMonth(figures, along);
  const count = measures(figures)[0] ?? 0;
  const take = (row: FigureRow) =>
    measured === "count" ? value(row, count) : shareOf(row, measured);
  const grid = new Map<string, Map<string, number | null>>();
  const sums = new Map<string, number>();
  const axis = new Set<string>();
  for (const row of rows) {
    const [x, y] = [label(figures, row, along), label(figures, row, across)];
    axis.add(x);
    grid.set(y, (grid.get(y) ?? new Map()).set(x, take(row)));
    sums.set(y, (sums.get(y) ?? 0) + (value(row, count) ?? 0));
  }
  const categories = isOfMonths ? [...axis].sort() : [...axis].slice(0, mostCategories);
  const largest = [...sums].sort(([, a], [, b]) => b - a).map(([name]) => name);
  const names = largest.slice(0, mostSeries);
  return {
    kind: isOfMonths && categories.length > 1 ? "line" : "bar",
    isPercent: measured !== "count",
    isStacked: !isOfMonths && measured === "count",
    categories,
    series: names.map((name) => ({
      name,
      values: categories.map((category) => grid.get(name)?.get(category) ?? null),
    })),
    left: largest.length - names.length + axis.size - categories.length,
  };
}
