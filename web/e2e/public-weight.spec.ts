// What the built pages weigh, and that they open without a network. Pages in the making are neither
// joined nor kept: these need a built site.
import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { expect, test } from "./screen";

const most = { scripts: 60_000, firstLoad: 150_000 };

async function text(page: Page, path: string): Promise<string> {
  const answer = await page.request.get(path);
  expect(answer.ok(), path).toBe(true);
  return answer.text();
}

/** The scripts that a page names, with all that they import before they run. */
async function entryScripts(page: Page): Promise<Map<string, string>> {
  const html = await text(page, "/");
  const named = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map((it) => it[1]!);
  expect(named, "scripts of a built page").not.toEqual([]);
  const scripts = new Map<string, string>();
  for (let path = named.pop(); path; path = named.pop()) {
    if (scripts.has(path)) continue;
    const script = await text(page, path);
    scripts.set(path, script);
    for (const [, name] of script.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g))
      named.push(`/assets/${name}`);
  }
  return scripts;
}

test("the scripts of the home page are light", async ({ page }) => {
  let sum = 0;
  for (const script of (await entryScripts(page)).values()) sum += gzipSync(script).length;
  console.log(`public entry, scripts with gzip: ${sum} bytes`);
  expect(sum).toBeLessThanOrEqual(most.scripts);
});

test("the first load is light", async ({ page }) => {
  const line = await page.context().newCDPSession(page);
  let sum = 0;
  line.on("Network.loadingFinished", ({ encodedDataLength }) => (sum += encodedDataLength));
  await line.send("Network.enable");
  await page.goto("/", { waitUntil: "networkidle" });
  console.log(`public home page, first load: ${sum} bytes`);
  expect(sum).toBeGreaterThan(0);
  expect(sum).toBeLessThanOrEqual(most.firstLoad);
});

test("the page to write on opens without a network", async ({ page, context }) => {
  await page.goto("/");
  const kept = () =>
    page.evaluate(async () => {
      const names = await caches.keys();
      const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return all.flat().map((request) => new URL(request.url).pathname);
    });
  await expect.poll(kept).toContainEqual(expect.stringMatching(/\/assets\/Submit-.*\.js/));
  expect((await kept()).filter((path) => /^\/(api-|officers|issuer)/.test(path))).toEqual([]);
  await context.setOffline(true);
  await page.goto("/?again#/submit");
  await expect(page.getByRole("heading", { name: "提诉求" })).toBeVisible();
  await expect(page.getByText("现在没有网络")).toBeVisible();
  await page.getByLabel("说说是什么事").fill("没有网络时写的。");
  await page.reload();
  await expect(page.getByLabel("说说是什么事")).toHaveValue("没有网络时写的。");
  await context.setOffline(false);
});
