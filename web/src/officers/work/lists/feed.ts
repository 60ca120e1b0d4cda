// Rows of a work list, the earliest due first. The server filters one task a request, so a tab of
// several tasks merges their lists; a page may be short or empty and still have a next one.
import type { components } from "@/generated/api";

export type Answer = components["schemas"]["WorklistAnswer"];
export type Row = Answer["items"][number];

export interface Ask {
  cursor?: string;
  limit: number;
}

/** One list on the server. `most` says, if anything does, how many rows it holds. */
export interface Source {
  page(ask: Ask): Promise<Answer>;
  most(): Promise<number | undefined>;
}

const firstPage = 50;
const laterPage = 100;

export function rowKey(row: Row): string {
  return `${row.number}/${row.task}`;
}

export function dueOf(row: Row): number {
  return row.dueAt ? new Date(row.dueAt).getTime() : Infinity;
}

class Reader {
  readonly rows: Row[] = [];
  private readonly source: Source;
  private cursor: string | undefined;
  private begun = false;
  private found = 0;

  constructor(source: Source) {
    this.source = source;
  }

  get isEnded(): boolean {
    return this.begun && this.cursor === undefined;
  }

  /** Reads until there is a row to show, or until there is none. */
  async fill(): Promise<void> {
    while (this.rows.length === 0 && !this.isEnded) {
      // Empty pages are not read to the end of a long list when all its rows have been seen.
      if (this.begun && this.found >= ((await this.source.most()) ?? Infinity)) {
        this.cursor = undefined;
        return;
      }
      const limit = this.begun ? laterPage : firstPage;
      const answer = await this.source.page({ cursor: this.cursor, limit });
      this.begun = true;
      this.cursor = answer.next;
      this.found += answer.items.length;
      this.rows.push(...answer.items);
    }
  }
}

export class Feed {
  private readonly readers: Reader[];
  /** Taken, and not yet given out because a later page could not be read. */
  private taken: Row[] = [];

  constructor(sources: Source[]) {
    this.readers = sources.map((source) => new Reader(source));
  }

  get isEnded(): boolean {
    return this.readers.every((reader) => reader.isEnded && reader.rows.length === 0);
  }

  /** The next `count` rows of all lists together, or as many as there are. */
  async take(count: number): Promise<Row[]> {
    while (this.taken.length < count) {
      // The earliest is known only when every list that goes on shows its next row.
      await Promise.all(this.readers.map((reader) => reader.fill()));
      const waiting = this.readers.filter((reader) => reader.rows.length > 0);
      const first = waiting.reduce<Reader | undefined>(
        (best, reader) => (best && headDue(best) <= headDue(reader) ? best : reader),
        undefined,
      );
      if (!first) break;
      this.taken.push(first.rows.shift() as Row);
    }
    return this.taken.splice(0);
  }
}

function headDue(reader: Reader): number {
  const [row] = reader.rows;
  return row ? dueOf(row) : Infinity;
}
