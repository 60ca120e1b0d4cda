// Who is signed in. The token stays in this tab; how it is got stands in `flow.ts`, which is loaded
// only then.
import type { Issuer } from "./config";

export interface Session {
  token: string;
  /** Unix seconds. */
  expiresAt: number;
  claims: Claims;
}

export interface Claims {
  sub: string;
  name?: string;
  phone_number?: string;
  unit?: string;
  roles?: string[];
}

interface Pending {
  verifier: string;
  state: string;
  back: string;
}

const store = (name: string) => ({
  session: `suqiu.${name}.session`,
  pending: `suqiu.${name}.pending`,
});

/** The session of `name` in this tab, unless it has ended. */
export function session(name: string): Session | undefined {
  const text = sessionStorage.getItem(store(name).session);
  if (!text) return undefined;
  const kept = JSON.parse(text) as Session;
  return kept.expiresAt > Date.now() / 1000 ? kept : undefined;
}

export function keep(name: string, begun: Session): void {
  sessionStorage.setItem(store(name).session, JSON.stringify(begun));
}

export function signOut(name: string): void {
  sessionStorage.removeItem(store(name).session);
}

/** A sign-in that this tab left for, taken once. */
export const pending = {
  put(name: string, left: Pending): void {
    sessionStorage.setItem(store(name).pending, JSON.stringify(left));
  },
  take(name: string): Pending | undefined {
    const kept = sessionStorage.getItem(store(name).pending);
    sessionStorage.removeItem(store(name).pending);
    return kept ? (JSON.parse(kept) as Pending) : undefined;
  },
};

/**
 * Leaves for the issuer's page; it comes back to `redirect`, and then to the route `back`. `extra`
 * are further parameters of the request, such as `prompt`.
 */
export async function signIn(
  name: string,
  issuer: Issuer,
  redirect: string,
  back: string,
  extra: Record<string, string> = {},
): Promise<void> {
  const { leave } = await import("./flow");
  await leave(name, issuer, redirect, back, extra);
}

/** Whether this page was opened by the issuer, on the way back. */
export function isReturning(): boolean {
  const query = new URLSearchParams(location.search);
  return query.has("state") && (query.has("code") || query.has("error"));
}

/** Takes the code that the issuer sent back; gives the route to go on with. */
export async function finishSignIn(
  name: string,
  issuer: Issuer,
  redirect: string,
): Promise<string> {
  const here = new URL(location.href);
  // The code is used up: it must not stand in the address that is bookmarked or reloaded.
  history.replaceState(null, "", here.pathname + here.hash);
  const { arrive } = await import("./flow");
  return arrive(name, issuer, redirect, here);
}
