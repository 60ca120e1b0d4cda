// Who is signed in on the public pages, and the client that speaks for them.
import { ref } from "vue";
import type { Api } from "@/shared/api";
import { config } from "@/shared/config";
import * as session from "@/shared/session";
import { layout } from "./layout";

const name = "appellant";
const redirect = () => `${location.origin}/`;

export const appellant = ref(session.session(name));

/** Leaves for the sign-in page; afterwards the route `back` is shown. */
export async function signIn(back: string): Promise<void> {
  // On a machine that many use, the issuer must not take the next person for the one before.
  const extra: Record<string, string> = layout === "page" ? {} : { prompt: "login" };
  await session.signIn(name, (await config()).appellants, redirect(), back, extra);
}

export function signOut(): void {
  session.signOut(name);
  appellant.value = undefined;
}

/** Ends the sign-in that this page was opened by; gives the route to show. */
export async function finish(): Promise<string> {
  try {
    return await session.finishSignIn(name, (await config()).appellants, redirect());
  } catch {
    return "/?signin=failed";
  } finally {
    appellant.value = session.session(name);
  }
}

let client: Promise<Api> | undefined;

/** The client, loaded when it is first needed. */
export function api(): Promise<Api> {
  client ??= import("@/shared/api").then(({ publicApi }) =>
    publicApi({ token: () => session.session(name)?.token, expired: signOut }),
  );
  // What failed to load is tried again.
  client.catch(() => (client = undefined));
  return client;
}
