// Checks in the browser that a record was sealed: the inclusion proof of RFC 6962 §2.1.1, reckoned
// with Web Crypto from the head of the record to the root that was sealed.
import type { components } from "@/generated/api";
import { onMachine } from "./kept";

export type RecordPage = components["schemas"]["RecordPage"];
type Proof = NonNullable<RecordPage["proof"]>;

/** What the browser itself can say. */
export type Finding =
  /** The root is reckoned from the head that the server showed now. */
  | "proved"
  /** The root is reckoned from the head that this browser was shown before. */
  | "known"
  /** The root is another. */
  | "refuted"
  /** As many entries as before, and another head. */
  | "changed"
  /** The proof is of an earlier version whose head is not known here. */
  | "partly"
  | "unsealed"
  | "unable";

const bytes = (hex: string) =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (hash: Uint8Array) =>
  Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function hash(...parts: Uint8Array[]): Promise<Uint8Array> {
  const all = new Uint8Array(parts.flatMap((part) => [...part]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

const node = (left: Uint8Array, right: Uint8Array) => hash(Uint8Array.of(1), left, right);

function leaf(number: string, version: number, head: string): Promise<Uint8Array> {
  const name = new TextEncoder().encode(`${number}\n${version}\n`);
  return hash(Uint8Array.of(0), name, bytes(head));
}

/** The root that `path` leads to from a leaf, after RFC 9162 §2.1.3.2; none if it does not fit. */
async function rootOf(start: Uint8Array, proof: Proof): Promise<string | undefined> {
  let [at, last, reached] = [proof.index, proof.count - 1, start];
  if (at > last) return undefined;
  for (const step of proof.path.map(bytes)) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      reached = await node(step, reached);
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else {
      reached = await node(reached, step);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hex(reached) : undefined;
}

/** Heads that this browser was shown: by number, then by version. */
const heads = onMachine<Record<string, Record<string, string>>>("heads");
const mostKept = 50;

function remember(number: string, version: number, head: string): void {
  const { [number]: known, ...others } = heads.get() ?? {};
  const newest = Object.entries(others).slice(-mostKept);
  heads.put({ ...Object.fromEntries(newest), [number]: { ...known, [version]: head } });
}

/** Holds what the server showed against its proof, and against what it showed before. */
export async function verify({ number, version, head, proof }: RecordPage): Promise<Finding> {
  const known = heads.get()?.[number] ?? {};
  if (known[version] !== undefined && known[version] !== head) return "changed";
  remember(number, version, head);
  if (!proof) return "unsealed";
  if (!crypto.subtle) return "unable";
  const sealed = proof.version === version ? head : known[proof.version];
  if (sealed === undefined) return "partly";
  const root = await rootOf(await leaf(number, proof.version, sealed), proof);
  if (root !== proof.root) return "refuted";
  return proof.version === version ? "proved" : "known";
}
