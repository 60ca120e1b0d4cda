// What every screen is held to: no violation of WCAG 2.2 A and AA in both type sizes, no message of
// the Content-Security-Policy, no request to another host, nothing wider than a telephone; and its
// picture for docs/screens.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { officerToken, appellantToken } from "./city";

export { expect };

const renew = process.env["SUQIU_RENEW_SCREENS"] === "1";
const folder = renew ? "../docs/screens" : "test-results/screens";

/** A test whose pages may not complain: scripts' errors, broken policies and foreign requests fail it. */
export const test = base.extend<{ quiet: void }>({
  quiet: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
      page.on("console", (message) => {
        if (/Content Security Policy/i.test(message.text())) complaints.push(message.text());
        if (message.type() === "warning" && message.text().includes("[Vue warn]"))
          complaints.push(message.text());
      });
      page.on("request", (request) => {
        const url = new URL(request.url());
        if (!["127.0.0.1"].includes(url.hostname) && url.protocol.startsWith("http"))
          complaints.push(`request to ${url.host}`);
      });
      await use();
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/** Signs an officer in without the issuer's page. */
export async function asOfficer(page: Page, username: string, route = "/"): Promise<void> {
  await keep(page, "officer", await officerToken(username));
  await page.goto(`/officers/#${route}`);
}

/** Signs an appellant in without the issuer's page. */
export async function asAccount(page: Page, account: string, route = "/"): Promise<void> {
  await keep(page, "appellant", await appellantToken(account));
  await page.goto(`/#${route}`);
}

async function keep(page: Page, name: string, token: string): Promise<void> {
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  const session = { token, expiresAt: claims.exp, claims };
  // From another place within the page nothing would be loaded, and whoever was signed in would stay.
  await page.goto("about:blank");
  await page.addInitScript(
    ([key, value]) => {
      if (location.protocol === "http:") sessionStorage.setItem(key as string, value as string);
    },
    [`suqiu.${name}.session`, JSON.stringify(session)],
  );
}

/** Holds the page as it stands to all of the above, and keeps its picture as `name`. */
export async function checkScreen(page: Page, name: string): Promise<void> {
  await picture(page, name);
  await checkAxe(page, name);
  await page.evaluate(() => document.documentElement.classList.add("large"));
  await checkAxe(page, `${name}, large type`);
  await page.evaluate(() => document.documentElement.classList.remove("large"));
  const size = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  const tooWide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(tooWide, `${name}: wider than 360 px by`).toBeLessThanOrEqual(0);
  if (size) await page.setViewportSize(size);
}

/** As much of the page as fits on two screens. */
async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { width, height } = await page.evaluate(() => ({
    width: document.documentElement.clientWidth,
    height: Math.min(document.documentElement.scrollHeight, 1600),
  }));
  await page.screenshot({
    path: join(folder, `${name}.jpg`),
    type: "jpeg",
    quality: 60,
    fullPage: true,
    clip: { x: 0, y: 0, width, height },
  });
}

/** No violation of WCAG 2.2 A and AA as the page stands. */
export async function checkAxe(page: Page, name: string): Promise<void> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  const said = violations.map(
    (it) => `${it.id}: ${it.nodes.map((node) => node.target.join(" ")).join(", ")}`,
  );
  expect(said, name).toEqual([]);
}
