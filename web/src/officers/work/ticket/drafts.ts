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

function read(key: string): Draft | undefined {
  const text = localStorage.getItem(key);
  return text ? (JSON.parse(text) as Kept).draft : undefined;
}

/** Drafts that nobody came back to are forgotten. */
export function forgetOldDrafts(): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  for (const key of keys) {
    const kept = JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Kept>;
    if (Date.now() - (kept.at ?? 0) > weekMs) localStorage.removeItem(key);
  }
}

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
    const empty = emptyOf(bodyOf(performedBy[action]).body) as Draft;
    const draft = reactive<Draft>({ ...empty, ...read(key) });
    watch(draft, () => {
      const kept: Kept = { at: Date.now(), draft };
      localStorage.setItem(key, JSON.stringify(kept));
    });
    this.made.set(action, draft);
    return draft;
  }

  forget(action: OfficerAction): void {
    this.made.delete(action);
    // The watcher of the draft that was sent runs once more when its form is taken away.
    queueMicrotask(() => localStorage.removeItem(this.key(action)));
  }
}
