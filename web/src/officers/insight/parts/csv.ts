// CSV as RFC 4180 has it, and what one file has that another has not. Only to show it: what counts is
// what the server reads.

export interface Sheet {
  headings: string[];
  rows: string[][];
}

/** Reads a file; without its byte order mark, blank lines left out. */
export function read(text: string): Sheet {
  const records: string[][] = [];
  let [record, cell, isQuoted]: [string[], string, boolean] = [[], "", false];
  const endCell = () => {
    record.push(cell);
    cell = "";
  };
  const endRecord = () => {
    endCell();
    if (record.some((it) => it !== "")) records.push(record);
    record = [];
  };
  const body = text.replace(/^\uFEFF/, "");
  for (let at = 0; at < body.length; at += 1) {
    const sign = body[at] as string;
    if (isQuoted && sign === '"' && body[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (sign === '"' && (isQuoted || cell === "")) isQuoted = !isQuoted;
    else if (isQuoted) cell += sign;
    else if (sign === ",") endCell();
    else if (sign === "\n") endRecord();
    else if (sign !== "\r") cell += sign;
  }
  endRecord();
  const [headings = [], ...rows] = records;
  return { headings, rows };
}

/** A line of a file. */
export function line(cells: string[]): string {
  const quoted = (cell: string) =>
    /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return cells.map(quoted).join(",");
}

/** `编号(id)` as what people read and what programs read. */
export function heading(text: string): { name: string; field: string } {
  const found = /^(.*)\(([a-z_]+)\)$/.exec(text.trim().replace("（", "(").replace("）", ")"));
  return { name: found?.[1] ?? text.trim(), field: found?.[2] ?? text.trim() };
}

export interface Difference {
  added: string[][];
  removed: string[][];
  changed: { was: string[]; is: string[] }[];
}

/** What `after` has in the place of `before`, in its columns, row by row after their `keys`. */
export function difference(before: Sheet, after: Sheet, keys: string[]): Difference {
  const columns = before.headings.map(heading);
  const places = columns.map(({ name, field }) =>
    after.headings.findIndex((found) => {
      const meant = heading(found);
      return [meant.name, meant.field].some((it) => it === name || it === field);
    }),
  );
  const by = columns.flatMap(({ field }, at) => (keys.includes(field) ? [at] : []));
  const key = (row: string[]) => JSON.stringify(by.map((at) => row[at] ?? ""));
  const old = new Map(before.rows.map((row) => [key(row), row]));
  const found: Difference = { added: [], removed: [], changed: [] };
  for (const cells of after.rows) {
    const row = places.map((at) => (at < 0 ? "" : (cells[at] ?? "").trim()));
    const was = old.get(key(row));
    if (!was) found.added.push(row);
    else if (row.some((cell, at) => cell !== (was[at] ?? ""))) found.changed.push({ was, is: row });
    old.delete(key(row));
  }
  found.removed = [...old.values()];
  return found;
}
