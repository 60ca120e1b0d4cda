// What an officer has typed and not sent yet: kept in this browser by officer, ticket and action,
// so that a closed tab or an ended sign-in loses nothing; forgotten when sent, or after a week.
import { reactive, watch } from "vue";
import { officer } from "@/officers/officer";
import type { OfficerAction } from "./actions";
import { performedBy } from "./actions";
import { bodyOf, emptyOf, type Draft } from "./forms";

const prefix = "suqiu.draft.";
const weekMs = 7 * 24 * 3600 * 1000;

interface Kept {
  at: number;
  draft: Draft;
}

function read(key: string): Kept | undefined {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/** Drafts that nobody came back to are forgotten. */
export function forgetOldDrafts(): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  for (const key of keys) {
    if (Date.now() - (read(key)?.at ?? 0) > weekMs) localStorage.removeItem(key);
  }
}

/** How most forms of an action begin: an answer says that the matter was solved, unless it says more. */
const usual: Partial<Record<OfficerAction, Draft>> = { close: { outcome: "solved" } };

/** The drafts of one ticket; each is made once and shared by all that show it. */
export class Drafts {
  private readonly made = new Map<OfficerAction, Draft>();

  constructor(private readonly number: string) {}

  private key(action: OfficerAction): string {
    return `${prefix}${officer.value?.sub ?? ""}.${this.number}.${action}`;
  }

  of(action: OfficerAction): Draft {
    const known = this.made.get(action);
    if (known) return known;
    const key = this.key(action);
    const empty = { ...(emptyOf(bodyOf(performedBy[action]).body) as Draft), ...usual[action] };
    const draft = reactive<Draft>({ ...structuredClone(empty), ...read(key)?.draft });
    watch(draft, () => {
      const kept: Kept = { at: Date.now(), draft };
      const isEmpty = JSON.stringify(draft) === JSON.stringify(empty);
      if (isEmpty) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(kept));
    });
    this.made.set(action, draft);
    return draft;
  }

  /** Whether something was typed and not sent. */
  has(action: OfficerAction): boolean {
    return localStorage.getItem(this.key(action)) !== null;
  }

  forget(action: OfficerAction): void {
    this.made.delete(action);
    // The watcher of the draft that was sent runs once more when its form is taken away.
    queueMicrotask(() => localStorage.removeItem(this.key(action)));
  }
}
