// What the specs of analysis and administration share.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, type Locator, type Page } from "@playwright/test";
import { act, officerToken, read, signed, type Receipt } from "./city";

const web = process.env["SUQIU_WEB"] ?? "";

/** The day in the city, by its own clock, `days` later. */
export async function cityDay(days = 0): Promise<string> {
  const { at } = await read<{ at: string }>("ta-bigdata-triage", "/worklist/counts");
  // Beijing is eight hours ahead, all the year.
  const day = new Date(new Date(at).getTime() + (8 + 24 * days) * 3_600_000);
  return day.toISOString().slice(0, 10);
}

/** A part of the registry as CSV. */
export async function registryPart(part: string): Promise<string> {
  const authorization = `Bearer ${await officerToken("ta-bigdata-admin")}`;
  const answer = await fetch(`${web}/api-console/registry/${part}`, { headers: { authorization } });
  if (!answer.ok) throw new Error(`${part}: ${answer.status}`);
  return answer.text();
}

/** Puts a part of the registry in the place of the one that stands. */
export async function putRegistryPart(part: string, csv: string): Promise<void> {
  const answer = await fetch(`${web}/api-console/registry/${part}`, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${await officerToken("ta-bigdata-admin")}`,
      "content-type": "text/csv; charset=utf-8",
    },
    body: csv,
  });
  if (!answer.ok) throw new Error(`${part}: ${answer.status} ${await answer.text()}`);
}

/** Presses the tabulator until `wanted` has the focus. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let turn = 0; turn < 80; turn += 1) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((it) => it === document.activeElement).catch(() => false)) return;
  }
  throw new Error(`the keyboard does not get to ${wanted}`);
}

/** The folder of the running cloud; specs that need its lake are left out without it. */
export const state = process.env["SUQIU_STATE"];

/** Makes the lake of the tickets as they are now. */
export async function makeLake(): Promise<void> {
  if (state === undefined) throw new Error("SUQIU_STATE is not given");
  await promisify(execFile)("../target/debug/suqiu", ["--state", state, "lake", "make"]);
}

/** A ticket whose appellant an officer looked at, for contacting them. */
export async function revealed(): Promise<Receipt> {
  const receipt = await signed();
  await act("ta-gjj-liaison", receipt.number, "reveals", { purpose: "contact" });
  return receipt;
}

/** A chart is drawn: its canvas has pixels that are not empty. */
export async function expectDrawn(page: Page, name: RegExp): Promise<void> {
  const canvas = page.getByRole("img", { name }).locator("canvas").first();
  await expect(canvas).toBeVisible();
  await expect
    .poll(() =>
      canvas.evaluate((it: HTMLCanvasElement) => {
        const { data } = it.getContext("2d")!.getImageData(0, 0, it.width, it.height);
        return data.some((value) => value !== 0);
      }),
    )
    .toBe(true);
}
