// The ticket as it was read last, and how officers act on it: with the version they saw, so that
// nobody decides on what has changed meanwhile.
import {
  computed,
  inject,
  provide,
  ref,
  shallowRef,
  type ComputedRef,
  type InjectionKey,
  type Ref,
} from "vue";
import type { Clock, OpenAction, TicketPage, TimelineLine } from "@/generated/api";
import { api } from "@/officers/officer";
import { data } from "@/shared/api";
import { asProblem, type ProblemError } from "@/shared/problem";
import { ticket as words } from "@/words/ticket";
import { isOfficerAction, performedBy, type OfficerAction } from "./actions";
import { Drafts } from "./drafts";
import { bodyOf, nameOf } from "./forms";

/** What somebody else did while a form was open. */
export interface Meanwhile {
  stateName: string;
  lines: TimelineLine[];
}

export interface Desk {
  number: string;
  ticket: Ref<TicketPage | undefined>;
  /** Why the ticket cannot be shown. */
  failure: Ref<ProblemError | undefined>;
  meanwhile: Ref<Meanwhile | undefined>;
  /** What was done last, for all to hear. */
  notice: Ref<string>;
  /** The action whose form is open. */
  selected: Ref<OfficerAction | undefined>;
  drafts: Drafts;
  open: ComputedRef<OpenAction[]>;
  isOpen(action: OfficerAction): boolean;
  /** An action as it was open last, also when it is not any more. */
  lastOpen(action: OfficerAction): OpenAction | undefined;
  load(): Promise<void>;
  /** Acts; a refusal is thrown, after the ticket was read anew where it had changed. */
  perform(action: OfficerAction, body: unknown): Promise<void>;
  send<T>(action: OfficerAction, body: unknown): Promise<T>;
  /** Milliseconds until the clock is due; less by and by. */
  remainingMs(clock: Clock): number | undefined;
  /** Ends the counting down. */
  stop(): void;
}

const key: InjectionKey<Desk> = Symbol("desk");
export const provideDesk = (desk: Desk): void => provide(key, desk);

export function useDesk(): Desk {
  const desk = inject(key);
  if (!desk) throw new Error("no ticket page around this part");
  return desk;
}

interface PostOptions {
  params: { path: { number: string }; header: { "If-Match": string } };
  body?: unknown;
}
/** The paths of the actions come from the contract at run time: their types are checked there. */
type Post = (path: string, options: PostOptions) => Promise<{ data?: unknown }>;

async function read(number: string): Promise<TicketPage> {
  const client = await api();
  return data(await client.GET("/tickets/{number}", { params: { path: { number } } }));
}

async function post<T>(action: OfficerAction, seen: TicketPage, body: unknown): Promise<T> {
  const { POST } = (await api()) as unknown as { POST: Post };
  const params = { path: { number: seen.number }, header: { "If-Match": `"${seen.version}"` } };
  const answer = await POST(bodyOf(performedBy[action]).path, { params, body });
  return answer.data as T;
}

/** The ticket stood elsewhere than the officer saw: what they read is old. */
export const isOutdated = (problem: ProblemError): boolean => [409, 412].includes(problem.status);

export function makeDesk(number: string): Desk {
  const ticket = shallowRef<TicketPage>();
  const failure = shallowRef<ProblemError>();
  const meanwhile = shallowRef<Meanwhile>();
  const notice = ref("");
  const selected = ref<OfficerAction>();
  const drafts = new Drafts(number);
  const elapsed = ref(0);
  let readAt = performance.now();
  const open = computed(() =>
    (ticket.value?.actions ?? []).map((each) => ({ ...each, name: nameOf(each) })),
  );
  const seenOpen = new Map<string, OpenAction>();

  async function load(): Promise<void> {
    try {
      ticket.value = await read(number);
      for (const each of open.value) seenOpen.set(each.action, each);
      [readAt, elapsed.value] = [performance.now(), 0];
      failure.value = undefined;
    } catch (thrown) {
      failure.value = asProblem(thrown);
    }
  }

  async function reread(seenVersion: number): Promise<void> {
    await load();
    const now = ticket.value;
    if (!now) return;
    const lines = now.timeline.filter((line) => line.seq > seenVersion);
    meanwhile.value = { stateName: now.stateName, lines };
  }

  async function send<T>(action: OfficerAction, body: unknown): Promise<T> {
    const seen = ticket.value;
    if (!seen) throw new Error("the ticket is not there yet");
    [meanwhile.value, notice.value] = [undefined, ""];
    try {
      return await post<T>(action, seen, body);
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (isOutdated(problem)) await reread(seen.version);
      // What was typed stays in sight, although it cannot be sent now.
      if (meanwhile.value && !open.value.some((it) => it.action === action))
        selected.value = action;
      throw problem;
    }
  }

  async function perform(action: OfficerAction, body: unknown): Promise<void> {
    await send(action, body);
    const name = seenOpen.get(action)?.name ?? "";
    drafts.forget(action);
    selected.value = undefined;
    await load();
    notice.value = words.work.done(name);
  }

  const tick = setInterval(() => {
    elapsed.value = performance.now() - readAt;
  }, 15_000);

  return {
    number,
    ticket,
    failure,
    meanwhile,
    notice,
    selected,
    drafts,
    open,
    lastOpen: (action) => seenOpen.get(action),
    isOpen: (action) => open.value.some((each) => each.action === action),
    load,
    perform,
    send,
    remainingMs: (clock) =>
      clock.remainingSeconds === undefined
        ? undefined
        : clock.remainingSeconds * 1000 - elapsed.value,
    stop: () => clearInterval(tick),
  };
}

/** The actions of a ticket for which this page has a form. */
export const offered = (actions: OpenAction[]): OfficerAction[] =>
  actions.map((each) => each.action).filter(isOfficerAction);
