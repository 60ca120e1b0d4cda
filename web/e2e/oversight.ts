// What the tests of supervision, knowledge, problem groups and accountability share.
import type { Page } from "@playwright/test";
import { call, officerToken } from "./city";
import { asOfficer } from "./screen";

/** Does something as an officer, `path` as in the contract, and gives the answer. */
export async function asked<T>(officer: string, path: string, body: unknown): Promise<T> {
  const authorization = `Bearer ${await officerToken(officer)}`;
  return call("POST", `/api-console${path}`, { authorization }, body);
}

/** Words that no other test has: what a list is searched for. */
export const unique = (words: string) => `${words}${Math.random().toString(36).slice(2, 8)}`;

/** Goes on in the same page as another officer. */
export async function goOnAs(page: Page, officer: string, route: string): Promise<void> {
  await asOfficer(page, officer, route);
  await page.reload();
}

/** What the page says was done. */
export const said = (page: Page, words: string) =>
  page.getByRole("status").filter({ hasText: words });
