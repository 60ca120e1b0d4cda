// One form of an action: its draft, what is wrong with it, and sending it.
import {
  computed,
  inject,
  nextTick,
  provide,
  ref,
  shallowRef,
  watch,
  type InjectionKey,
  type Ref,
} from "vue";
import type { OpenAction } from "@/generated/api";
import { asProblem, type ProblemError } from "@/shared/problem";
import { performedBy, type OfficerAction, type Operation } from "./actions";
import { isOutdated, useDesk } from "./desk";
import {
  bodyOf,
  faultsOf,
  labelOf,
  neededFields,
  sendable,
  shapeAt,
  type Draft,
  type Fault,
  type Shape,
} from "./forms";

export interface ActionForm {
  action: OfficerAction;
  operation: Operation;
  draft: Draft;
  busy: Ref<boolean>;
  faults: Ref<Fault[]>;
  problem: Ref<ProblemError | undefined>;
  root: Ref<HTMLElement | null>;
  shape(pointer: string): Shape;
  label(pointer: string): string;
  isNeeded(pointer: string): boolean;
  fault(pointer: string): string | undefined;
  submit(): Promise<void>;
}

const key: InjectionKey<ActionForm> = Symbol("form");

export function useForm(): ActionForm {
  const form = inject(key);
  if (!form) throw new Error("no form around this field");
  return form;
}

export interface FormOptions {
  /** Fields that this form does not ask for. */
  hidden?: () => readonly string[];
  /** What is sent, where it is not the draft itself. */
  send?: (draft: Draft) => Draft;
}

/** What stands at a pointer such as `/items/0/what`. */
function valueAt(draft: Draft, pointer: string): unknown {
  let value: unknown = draft;
  for (const name of pointer.split("/").slice(1)) value = (value as Draft | undefined)?.[name];
  return JSON.stringify(value);
}

/** Faults, each until what it is about has changed. */
function keepFaults(draft: Draft): Ref<Fault[]> {
  const faults = ref<Fault[]>([]);
  let wrong = new Map<string, unknown>();
  watch(faults, (now) => {
    wrong = new Map(now.map(({ pointer }) => [pointer, valueAt(draft, pointer)]));
  });
  watch(draft, () => {
    const still = faults.value.filter(
      ({ pointer }) => valueAt(draft, pointer) === wrong.get(pointer),
    );
    if (still.length < faults.value.length) faults.value = still;
  });
  return faults;
}

/** A form for `open`, known to all fields in it. */
export function makeForm(open: OpenAction, options: FormOptions = {}): ActionForm {
  const desk = useDesk();
  const action = open.action as OfficerAction;
  const operation = performedBy[action];
  const whole = bodyOf(operation).body;
  const draft = desk.drafts.of(action);
  const [busy, root, faults] = [ref(false), ref<HTMLElement | null>(null), keepFaults(draft)];
  const problem = shallowRef<ProblemError>();
  const needed = computed(() => neededFields(operation, open.needs));

  function asked(): Draft {
    const hidden = new Set(options.hidden?.() ?? []);
    const given = options.send?.(draft) ?? draft;
    return Object.fromEntries(Object.entries(given).filter(([name]) => !hidden.has(name)));
  }

  async function toFirstFault(): Promise<void> {
    await nextTick();
    const wrong = root.value?.querySelector<HTMLElement>("[aria-invalid=true], [data-wrong]");
    (wrong ?? root.value?.querySelector<HTMLElement>("[role=alert]"))?.focus();
    wrong?.scrollIntoView({ block: "center" });
  }

  async function submit(): Promise<void> {
    if (busy.value) return;
    const body = sendable(whole, asked()) ?? {};
    problem.value = undefined;
    faults.value = faultsOf(operation, whole, body);
    if (faults.value.length > 0) return toFirstFault();
    busy.value = true;
    try {
      await desk.perform(action, body);
    } catch (thrown) {
      // What changed meanwhile is told above all forms.
      if (isOutdated(asProblem(thrown))) return;
      problem.value = asProblem(thrown);
      faults.value = problem.value.problem.errors ?? [];
      await toFirstFault();
    } finally {
      busy.value = false;
    }
  }

  const form: ActionForm = {
    action,
    operation,
    draft,
    busy,
    faults,
    problem,
    root,
    shape: (pointer) => shapeAt(operation, pointer),
    label: (pointer) => labelOf(operation, pointer),
    isNeeded: (pointer) => {
      const [, first = "", ...rest] = pointer.split("/");
      if (rest.length === 0) return needed.value.has(first);
      const around = shapeAt(operation, pointer.slice(0, pointer.lastIndexOf("/")));
      return around.required?.includes(rest.at(-1) ?? "") ?? false;
    },
    fault: (pointer) => faults.value.find((each) => each.pointer === pointer)?.detail,
    submit,
  };
  provide(key, form);
  return form;
}
