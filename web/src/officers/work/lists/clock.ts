// The server's time, which may differ from the browser's: the instant of the last answer, and what
// has passed on this machine since.
import { onBeforeUnmount, ref, type Ref } from "vue";

const everyMilliseconds = 30_000;

export interface ServerClock {
  /** Unix milliseconds, moved on every 30 seconds and with every answer. */
  now: Ref<number>;
  /** An answer says when it was read. */
  hear(at: string): void;
}

export function useServerClock(): ServerClock {
  let heard = { at: Date.now(), here: performance.now() };
  const now = ref(heard.at);
  const tick = () => {
    now.value = heard.at + (performance.now() - heard.here);
  };
  const timer = setInterval(tick, everyMilliseconds);
  document.addEventListener("visibilitychange", tick);
  onBeforeUnmount(() => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  });
  return {
    now,
    hear(at) {
      heard = { at: new Date(at).getTime(), here: performance.now() };
      tick();
    },
  };
}
