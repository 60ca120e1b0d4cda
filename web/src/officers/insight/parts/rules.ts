// The rules as the page asks for them, again and again while tickets are walked over, and the names
// of what is in them (R-RULE-1, R-CAL-1).
import { computed, onBeforeUnmount } from "vue";
import type { RuleChange, RulesAnswer } from "@/generated/api";
import { data } from "@/shared/api";
import { insight } from "@/words/insight";
import { api } from "../../officer";
import { useLoad } from "./load";

export type Rulebook = RulesAnswer["rulebooks"][number];
export type Parameter = Rulebook["parameters"][number];
export type YearNotice = RulesAnswer["calendars"][number];

const pauseMillis = 1_500;

/** Whether the tickets are being walked over for a change. */
export const isWalking = ({ stage }: RuleChange) => stage === "measuring" || stage === "moving";

export function useRules() {
  const { value, error, loading, load } = useLoad(async () =>
    data(await (await api()).GET("/rules")),
  );
  const isAnyWalking = computed(() => value.value?.changes.some(isWalking) ?? false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLeft = false;

  async function look(): Promise<void> {
    await load();
    clearTimeout(timer);
    if (isAnyWalking.value && !isLeft) timer = setTimeout(() => void look(), pauseMillis);
  }
  onBeforeUnmount(() => {
    isLeft = true;
    clearTimeout(timer);
  });
  return { value, error, loading, look };
}

/** `calendar-2027`, `rulebook-2` as people call them. */
export function titleOf(change: string): string {
  const [part, number] = change.split("-");
  const { titles } = insight.rules;
  return titles[part as keyof typeof titles]?.(Number(number)) ?? change;
}

/** A value with its unit. */
export const measured = ({ unit }: Parameter, value: number) => `${value}${unit}`;
