// What this browser keeps: the draft on the machine, codes and searches in the tab only. Never in an
// address.

/** One thing kept under a name. */
export interface Kept<T> {
  get(): T | undefined;
  put(value: T): void;
  drop(): void;
}

function kept<T>(storage: Storage, key: string): Kept<T> {
  return {
    get() {
      const text = storage.getItem(key);
      return text === null ? undefined : (JSON.parse(text) as T);
    },
    put: (value) => storage.setItem(key, JSON.stringify(value)),
    drop: () => storage.removeItem(key),
  };
}

export const onMachine = <T>(name: string) => kept<T>(localStorage, `suqiu.public.${name}`);
export const inTab = <T>(name: string) => kept<T>(sessionStorage, `suqiu.public.${name}`);

/** What was looked for last. */
export const lastSearch = inTab<string>("search");

/** When a kiosk was touched last. */
export const lastTouch = kept<number>(sessionStorage, "suqiu.kiosk.touched");

/** Forgets the person: for a machine that others use next. */
export function forgetPerson(): void {
  for (const storage of [localStorage, sessionStorage])
    for (const key of Object.keys(storage))
      if (/^suqiu\.(public|appellant)\./.test(key)) storage.removeItem(key);
}
