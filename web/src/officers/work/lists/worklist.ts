// One work list as it is shown: its counters, the rows that are loaded, and whether both still say
// the same.
import { computed, ref, watch, type Ref } from "vue";
import { data } from "@/shared/api";
import { api } from "../../officer";
import { useServerClock, type ServerClock } from "./clock";
import { countOf, useCounts, type Counts } from "./counts";
import { dueOf, Feed, type Source } from "./feed";
import { useRows } from "./rows";
import type { Task } from "./tabs";
import { asked, type View } from "./view";

const hour = 3_600_000;

/** The list of one task, or of all, as the server filters it. */
function source(
  unit: string,
  view: View,
  task: Task | undefined,
  counting: Promise<Counts | undefined>,
  clock: ServerClock,
): Source {
  const { state, overdue, tab } = view;
  return {
    async page(ask) {
      const query = { unit, task, state, overdue: overdue || undefined, ...ask };
      const answer = data(await (await api()).GET("/worklist", { params: { query } }));
      clock.hear(answer.at);
      return answer;
    },
    async most() {
      const known = await counting;
      return known && countOf(known, { tab, task, overdue });
    },
  };
}

export function useWorklist(unit: Ref<string>, view: Ref<View>) {
  const clock = useServerClock();
  const counters = useCounts(unit, clock);
  const list = useRows();
  /** What the counters said when the list was read. */
  const counted = ref<number>();

  /** Reads counts and list anew; the rows that are shown stay until the new ones are there. */
  async function refresh(): Promise<void> {
    const looked = view.value;
    const counting = counters.recount();
    const tasks = looked.task ? [looked.task] : looked.tab.tasks;
    const wanted = tasks.length > 0 ? tasks : [undefined];
    await list.begin(
      new Feed(wanted.map((task) => source(unit.value, looked, task, counting, clock))),
    );
    const known = await counting;
    if (asked(view.value) === asked(looked)) counted.value = known && countOf(known, looked);
  }

  const counts = counters.counts;
  const total = computed(() =>
    counts.value && !view.value.state ? countOf(counts.value, view.value) : undefined,
  );
  /** The counters say another number than when the list was read. */
  const isChanged = computed(
    () =>
      counts.value !== undefined &&
      counted.value !== undefined &&
      countOf(counts.value, view.value) !== counted.value,
  );

  watch(
    [unit, () => asked(view.value)],
    () => {
      list.empty();
      counted.value = undefined;
      void refresh();
    },
    { immediate: true },
  );

  /** Whether everything that is due within the span is among the loaded rows. */
  function holdsAllWithin(hours: number): boolean {
    const last = list.rows.value.at(-1);
    return list.isEnded.value || (last ? dueOf(last) > clock.now.value + hours * hour : false);
  }

  return { ...counters, ...list, now: clock.now, total, isChanged, holdsAllWithin, refresh };
}

export type Worklist = ReturnType<typeof useWorklist>;
