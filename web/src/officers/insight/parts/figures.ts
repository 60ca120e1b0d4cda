// An answer of figures as people read it: what its columns are called, what its cells say, and what
// of it can be drawn. What is hidden, and which shares there are, the server has said.
import type { FigureRow, ReportFigures } from "@/generated/api";
import { insight } from "@/words/insight";

export type Column = ReportFigures["columns"][number];
export type Cell = FigureRow["cells"][number];
export type Share = NonNullable<FigureRow["shares"][number]>;

const { figures: words } = insight;

export function isHidden(cell: Cell | undefined): boolean {
  return typeof cell === "object" && cell !== null;
}

/** Places of the columns by which is counted. */
export function dimensions({ columns }: ReportFigures): number[] {
  return places(columns, "group", "key");
}

/** Places of the columns with numbers. */
export function measures({ columns }: ReportFigures): number[] {
  return places(columns, "count", "part", "figure");
}

function places(columns: Column[], ...wanted: Column["shows"][]): number[] {
  return columns.flatMap(({ shows }, at) => (wanted.includes(shows) ? [at] : []));
}

/** Where the name of a code stands: `unit_name` says what `unit` is, `item_name` what `service_item`. */
export function nameOf({ columns }: ReportFigures, dimension: number): number | undefined {
  const code = columns[dimension]?.name ?? "";
  const found = columns.findIndex(({ name, shows }) => {
    const stem = name.replace(/_name$/, "");
    return shows === "name" && stem !== name && (code === stem || code.endsWith(`_${stem}`));
  });
  return found < 0 ? undefined : found;
}

/** What a cell says in words. */
export function say({ columns }: ReportFigures, row: FigureRow, at: number): string {
  const cell = row.cells[at];
  if (isHidden(cell)) return words.hiddenSign;
  if (cell === null || cell === undefined || cell === "-") return words.none;
  if (typeof cell === "number") return cell.toLocaleString("zh-CN");
  return columns[at]?.words?.[String(cell)] ?? String(cell);
}

/** What a group of a row is called. */
export function label(figures: ReportFigures, row: FigureRow, dimension: number): string {
  return say(figures, row, nameOf(figures, dimension) ?? dimension);
}

/** What a row is called where one title must do. */
export function title(figures: ReportFigures, row: FigureRow): string {
  const [key] = dimensions(figures);
  const isKey = key !== undefined && figures.columns[key]?.shows === "key";
  const named = figures.columns.findIndex(({ shows }) => shows === "name");
  if (isKey && named >= 0 && nameOf(figures, key) === undefined) return say(figures, row, named);
  return dimensions(figures)
    .map((at) => label(figures, row, at))
    .join(" · ");
}

/** Columns of the table, codes that have names left out: people read names. */
export function shown(figures: ReportFigures): { at: number; title: string; isNumber: boolean }[] {
  const named = new Map(
    dimensions(figures).flatMap((at) => {
      const name = nameOf(figures, at);
      return name === undefined ? [] : [[name, at] as const];
    }),
  );
  const numbers = measures(figures);
  return figures.columns.flatMap((column, at) => {
    if ([...named.values()].includes(at)) {
      const name = nameOf(figures, at) as number;
      return [{ at: name, title: column.title, isNumber: false }];
    }
    return named.has(at) ? [] : [{ at, title: column.title, isNumber: numbers.includes(at) }];
  });
}

/** `channel:mobile,kind:help`, as the server takes it; none where a group has no code. */
export function groupOf(figures: ReportFigures, row: FigureRow): string | undefined {
  const parts = dimensions(figures).map((at) => {
    const cell = row.cells[at];
    return typeof cell === "string" ? `${figures.columns[at]?.name}:${cell}` : undefined;
  });
  return parts.includes(undefined) || parts.length === 0 ? undefined : parts.join(",");
}

/** Rows of which a group is called so. */
export function only(figures: ReportFigures, chosen: Record<number, string>): FigureRow[] {
  const wanted = Object.entries(chosen).filter(([, value]) => value !== "");
  return figures.rows.filter((row) =>
    wanted.every(([at, value]) => label(figures, row, Number(at)) === value),
  );
}

/** What the groups of a dimension are called, each once. */
export function labels(figures: ReportFigures, dimension: number): string[] {
  return [...new Set(figures.rows.map((row) => label(figures, row, dimension)))];
}
