// What the specs of the work lists share.
import type { Page } from "@playwright/test";
import { act, submit, type Receipt } from "./city";

/** Tickets at a resolving unit, not yet signed. */
export async function dispatched(unit: string, count: number): Promise<Receipt[]> {
  const made: Receipt[] = [];
  for (let index = 0; index < count; index += 1) {
    const receipt = await submit({ kind: index % 2 ? "consultation" : "help" });
    await act("ta-bigdata-triage", receipt.number, "dispatch", { unit });
    made.push(receipt);
  }
  return made;
}

/** The row of a ticket. */
export const row = (page: Page, number: string) => page.locator(`tr[data-row^="${number}/"]`);

/** Shows the rest of a list. */
export async function showAll(page: Page): Promise<void> {
  const status = page.getByText(/^已全部显示|^没有/);
  const more = page.getByRole("button", { name: "再显示50件" });
  while (!(await status.isVisible())) {
    await status.or(more).first().waitFor();
    if (await more.isVisible()) await more.click();
  }
}

/**
 * Pages that a development server serves (`SUQIU_WEB`) stand at another origin than the issuer, which
 * answers its own only: its two documents are handed over here. Nothing is done where the origins
 * are one.
 */
export async function reachIssuer(page: Page): Promise<void> {
  const web = process.env["SUQIU_WEB"] ?? "";
  const { officers } = (await (await fetch(`${web}/config.json`)).json()) as {
    officers: { issuer: string };
  };
  if (new URL(officers.issuer).origin === new URL(web).origin) return;
  for (const path of ["/.well-known/openid-configuration", "/token"])
    await page.route(officers.issuer + path, async (route) => {
      const { accept, "content-type": type } = route.request().headers();
      const headers = { accept: accept ?? "*/*", ...(type ? { "content-type": type } : {}) };
      const response = await route.fetch({ headers });
      const open = { ...response.headers(), "access-control-allow-origin": "*" };
      await route.fulfill({ response, headers: open });
    });
}

/** From the sign-in page through the issuer's, by clicking. */
export async function signInByClicking(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByRole("button", { name }).click();
}
