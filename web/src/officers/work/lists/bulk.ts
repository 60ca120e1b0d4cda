// Actions that can be done to several tickets at once. Who may do them, from which state and what
// they need stands in the workflow table; whether a ticket allows it now, the server says for each.
import { reactive, ref, shallowRef } from "vue";
import workflow from "@/generated/workflow.json";
import type { components } from "@/generated/api";
import { data, type Api } from "@/shared/api";
import { asProblem, type ProblemError } from "@/shared/problem";
import { api, holds } from "../../officer";
import { rowKey, type Row } from "./feed";
import type { Task } from "./tabs";

type Done = components["schemas"]["ActionAnswer"];

/** What is filled in once for all of them. */
export interface Form {
  unit: string;
  note: string;
  reason: string;
}

export type Field = keyof Form;

interface Call {
  params: { path: { number: string }; header: { "If-Match": string } };
}

export interface BulkAction {
  /** Of the vocabulary `Action`. */
  code: string;
  tasks: Task[];
  fields: Field[];
  post(client: Api, call: Call, form: Form): Promise<{ data?: Done }>;
}

const actions: BulkAction[] = [
  {
    code: "sign",
    tasks: ["sign"],
    fields: [],
    post: (client, call) => client.POST("/tickets/{number}/sign", { ...call, body: {} }),
  },
  {
    code: "co_sign",
    tasks: ["co_sign"],
    fields: [],
    post: (client, call) => client.POST("/tickets/{number}/co-signature", { ...call, body: {} }),
  },
  {
    code: "dispatch",
    tasks: ["triage", "distribute"],
    fields: ["unit", "note"],
    post: (client, call, { unit, note }) =>
      client.POST("/tickets/{number}/dispatch", { ...call, body: { unit, note: note || null } }),
  },
  {
    code: "take_on",
    tasks: ["distribute"],
    fields: [],
    post: (client, call) => client.POST("/tickets/{number}/take-on", { ...call, body: {} }),
  },
  {
    code: "accept_return",
    tasks: ["decide_return"],
    fields: [],
    post: (client, call) =>
      client.POST("/tickets/{number}/return-acceptance", { ...call, body: {} }),
  },
  {
    code: "refuse_return",
    tasks: ["decide_return"],
    fields: ["reason"],
    post: (client, call, { reason }) =>
      client.POST("/tickets/{number}/return-refusal", { ...call, body: { reason } }),
  },
  {
    code: "grant_extension",
    tasks: ["decide_extension"],
    fields: ["note"],
    post: (client, call, { note }) =>
      client.POST("/tickets/{number}/extension-approval", {
        ...call,
        body: { note: note || null },
      }),
  },
  {
    code: "refuse_extension",
    tasks: ["decide_extension"],
    fields: ["reason"],
    post: (client, call, { reason }) =>
      client.POST("/tickets/{number}/extension-refusal", { ...call, body: { reason } }),
  },
  {
    code: "grant_deferral",
    tasks: ["decide_deferral"],
    fields: ["note"],
    post: (client, call, { note }) =>
      client.POST("/tickets/{number}/deferral-approval", { ...call, body: { note: note || null } }),
  },
  {
    code: "refuse_deferral",
    tasks: ["decide_deferral"],
    fields: ["reason"],
    post: (client, call, { reason }) =>
      client.POST("/tickets/{number}/deferral-refusal", { ...call, body: { reason } }),
  },
];

function rules(action: BulkAction) {
  return workflow.rules.filter((rule) => rule.action === action.code && holds(...rule.by));
}

/** Whether the officer's roles have anything at all that can be done in bulk. */
export const canBulk = () => actions.some((action) => rules(action).length > 0);

/** What the officer's roles may do to all of these: none when their tasks differ. */
export function openTo(rows: Row[]): BulkAction[] {
  return actions.filter(
    (action) =>
      rows.every((row) => action.tasks.includes(row.task)) &&
      rules(action).some((rule) => rows.every((row) => rule.from.includes(row.state))),
  );
}

/** Whether the workflow table needs what stands in this field. */
export function isNeeded(action: BulkAction, field: Field): boolean {
  const need = { unit: "resolving_unit", reason: "reason", note: "" }[field];
  return rules(action).some((rule) => rule.needs.includes(need));
}

/** What became of one row. */
export type Result = { action: string; done: Done } | { action: string; failed: ProblemError };

const atOnce = 4;

/** A run over rows: one result each, in whatever order the answers come. */
export function useBulk() {
  const results = reactive(new Map<string, Result>());
  const isRunning = ref(false);
  const isStopped = ref(false);
  const progress = reactive({ done: 0, all: 0 });
  const action = shallowRef<BulkAction>();

  async function one(wanted: BulkAction, row: Row, form: Form): Promise<void> {
    const header = { "If-Match": `"${row.version}"` };
    const call = { params: { path: { number: row.number }, header } };
    let result: Result;
    try {
      const done = data(await wanted.post(await api(), call, form));
      result = { action: wanted.code, done };
    } catch (thrown) {
      result = { action: wanted.code, failed: asProblem(thrown) };
    }
    results.set(rowKey(row), result);
    progress.done += 1;
  }

  async function run(wanted: BulkAction, rows: Row[], form: Form): Promise<void> {
    action.value = wanted;
    isRunning.value = true;
    isStopped.value = false;
    Object.assign(progress, { done: 0, all: rows.length });
    const waiting = [...rows];
    const worker = async () => {
      for (let row = waiting.shift(); row && !isStopped.value; row = waiting.shift())
        await one(wanted, row, form);
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    isRunning.value = false;
  }

  function clear(): void {
    results.clear();
    action.value = undefined;
    isStopped.value = false;
  }

  return {
    results,
    isRunning,
    isStopped,
    progress,
    action,
    run,
    clear,
    stop: () => (isStopped.value = true),
  };
}

export type Bulk = ReturnType<typeof useBulk>;
