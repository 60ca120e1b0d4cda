// A change of the rules on its way to the server: what is wrong with it, told at its fields, by the
// form first and then by the server.
import { nextTick, ref, shallowRef } from "vue";
import type { RuleChange } from "@/generated/api";
import { asProblem } from "@/shared/problem";

/** What is wrong, by the pointers that the server uses. */
export type Findings = Record<string, string>;

export function useProposal(
  check: () => Findings,
  put: () => Promise<RuleChange>,
  proposed: (change: string) => void,
) {
  const error = shallowRef<unknown>();
  const findings = ref<Findings>({});
  const busy = ref(false);

  async function propose(): Promise<void> {
    [error.value, findings.value] = [undefined, check()];
    if (Object.keys(findings.value).length === 0) {
      busy.value = true;
      try {
        return proposed((await put()).change);
      } catch (thrown) {
        error.value = thrown;
        for (const { pointer, detail } of asProblem(thrown).problem.errors ?? []) {
          findings.value[pointer] ??= detail;
        }
      } finally {
        busy.value = false;
      }
    }
    await nextTick();
    document.querySelector<HTMLElement>('.insight [aria-invalid="true"]')?.focus();
  }

  /** What a field says about itself; its explanation has the id `${id}-wrong`. */
  function told(id: string, pointer: string, hint?: string) {
    const isWrong = findings.value[pointer] !== undefined;
    return {
      "aria-invalid": isWrong || undefined,
      "aria-describedby": isWrong ? `${id}-wrong` : hint,
    };
  }
  return { error, findings, busy, propose, told };
}
