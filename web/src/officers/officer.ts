// The officer who is signed in, and the client that speaks for them.
import { computed, ref } from "vue";
import { consoleApi, type Api } from "@/shared/api";
import { config } from "@/shared/config";
import * as session from "@/shared/session";
import { term } from "@/words";

const name = "officer";
const redirect = () => `${location.origin}/officers/`;

const current = ref(session.session(name));

/** Claims of the token: shown and used to choose menus; what is allowed the server decides. */
export const officer = computed(() => current.value?.claims);
export const isSignedIn = computed(() => current.value !== undefined);

/** Whether the officer holds one of these roles. */
export function holds(...roles: string[]): boolean {
  return roles.some((role) => officer.value?.roles?.includes(role));
}

export const roleNames = computed(() =>
  (officer.value?.roles ?? []).map((role) => term("Role", role)).join("、"),
);

/** Leaves for the sign-in page; afterwards the route `back` is shown. */
export async function signIn(back: string): Promise<void> {
  await session.signIn(name, (await config()).officers, redirect(), back);
}

export function signOut(): void {
  session.signOut(name);
  current.value = undefined;
}

/** Ends the sign-in that this page was opened by; gives the route to show. */
export async function finish(): Promise<string> {
  try {
    return await session.finishSignIn(name, (await config()).officers, redirect());
  } catch {
    return "/sign-in?failed=1";
  } finally {
    current.value = session.session(name);
  }
}

let client: Promise<Api> | undefined;

export function api(): Promise<Api> {
  client ??= consoleApi({ token: () => session.session(name)?.token, expired: signOut });
  return client;
}
