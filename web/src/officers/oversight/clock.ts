// What remains is reckoned by the server's clock, told by the `Date` of its answers; the machine in
// front of the officer may be wrong.
import { onScopeDispose, ref, type Ref } from "vue";
import { data } from "@/shared/api";

let offset = 0;

/** The data of an answer, and a look at the server's clock. */
export function seen<T>(answer: { data?: T; response: Response }): T {
  const told = Date.parse(answer.response.headers.get("date") ?? "");
  if (!Number.isNaN(told)) offset = told - Date.now();
  return data(answer);
}

/** The server's time in milliseconds, twice a minute. */
export function useNow(): Ref<number> {
  const now = ref(Date.now() + offset);
  const timer = setInterval(() => (now.value = Date.now() + offset), 30_000);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
