// Large type, keyboard alone, kiosk and television.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { submit } from "./city";
import { receiptOn, send, track, write } from "./public";
import { asAccount, checkScreen, expect, test } from "./screen";

const isLarge = (page: Page) =>
  page.evaluate(() => ({
    size: Number.parseFloat(getComputedStyle(document.body).fontSize),
    isOn: document.documentElement.classList.contains("large"),
  }));

test("large type is one switch and is kept across pages and visits", async ({ page }) => {
  await page.goto("/#/");
  const toggle = page.getByRole("button", { name: "大字版" });
  await toggle.click();
  await expect(toggle).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("link", { name: "查进度" }).first().click();
  await expect(page.getByRole("heading", { name: "查进度" })).toBeVisible();
  expect((await isLarge(page)).size).toBeGreaterThanOrEqual(18);
  await page.reload();
  expect(await isLarge(page)).toEqual({ size: 20, isOn: true });
  const target = await page.getByRole("button", { name: "查询", exact: true }).boundingBox();
  expect(target?.height).toBeGreaterThanOrEqual(56);
  await toggle.click();
  await page.goto("/#/submit");
  expect((await isLarge(page)).isOn).toBe(false);
});

/** What is smaller than 18 px or of a contrast under 7:1. */
async function hardToRead(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withRules(["color-contrast-enhanced"])
    .analyze();
  const pale = violations.flatMap((it) => it.nodes.map((node) => `pale: ${node.html}`));
  const small = await page.evaluate(() => {
    const all = [...document.body.querySelectorAll<HTMLElement>("*")];
    return all
      .filter(
        (it) =>
          it.offsetParent &&
          [...it.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()),
      )
      .filter((it) => Number.parseFloat(getComputedStyle(it).fontSize) < 18)
      .map((it) => `small: ${it.outerHTML}`);
  });
  return [...pale, ...small];
}

test("large type is at least 18 px and 7:1 on every page", async ({ page }) => {
  await asAccount(page, "demo-zhang", "/");
  await page.getByRole("button", { name: "大字版" }).click();
  expect(await hardToRead(page)).toEqual([]);
  await page.goto("/#/submit");
  await send(page).click();
  await expect(page.getByText("请写下是什么事")).toBeVisible();
  expect(await hardToRead(page)).toEqual([]);
  await track(page, await submit());
  await page.locator("summary", { hasText: "逐日计算" }).first().click();
  await page.getByRole("button", { name: "现在核对" }).click();
  await expect(page.getByText("系统核对")).toBeVisible();
  await page.getByRole("button", { name: "我要撤回" }).click();
  expect(await hardToRead(page)).toEqual([]);
});

/** Tabs on until what has the focus is called so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let steps = 0; steps < 60; steps += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const it = document.activeElement as HTMLElement | null;
      const label = (it as HTMLInputElement | null)?.labels?.[0]?.innerText;
      return `${label ?? it?.innerText ?? ""}`;
    });
    if (name.test(focused)) return;
  }
  throw new Error(`the keyboard does not reach ${String(name)}`);
}

test("an appeal is submitted and followed by keyboard alone", async ({ page }) => {
  await asAccount(page, "demo-li", "/");
  await tabTo(page, /跳到正文/);
  await page.keyboard.press("Enter");
  await tabTo(page, /^提诉求/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "提诉求" })).toBeFocused();
  await tabTo(page, /^咨询/);
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /^求助/ })).toBeChecked();
  await tabTo(page, /^政务服务事项办理/);
  await page.keyboard.press("Space");
  await tabTo(page, /^说说是什么事/);
  await page.keyboard.type("窗口办理的材料一直没有结果。");
  await tabTo(page, /^提交$/);
  await page.keyboard.press("Enter");
  const { number } = await receiptOn(page);
  await expect(page.getByRole("heading", { name: "已收到您的诉求" })).toBeFocused();
  await tabTo(page, /^看办理进度/);
  await page.keyboard.press("Enter");
  await expect(page.getByText(number)).toBeVisible();
  await expect(page.getByRole("heading", { name: "办理进度" })).toBeFocused();
  await tabTo(page, /^我要撤回/);
  await page.keyboard.press("Enter");
  await page.keyboard.type("试一试");
  await tabTo(page, /^取消/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "我要撤回" })).toBeVisible();
});

test("a kiosk asks after a while, and forgets who left", async ({ page }) => {
  await page.clock.install();
  await page.setViewportSize({ width: 1080, height: 1920 });
  await page.goto("/?layout=kiosk#/submit");
  await write(page, "自助机上没有写完的诉求。");
  expect(await isLarge(page)).toEqual({ size: 24, isOn: true });
  await checkScreen(page, "public-kiosk-submit");
  await page.evaluate(() => document.documentElement.classList.add("large"));

  await page.clock.pauseAt(Date.now() + 120_000);
  await page.keyboard.press("Shift");
  await page.clock.runFor(71_000);
  const question = page.getByRole("alertdialog", { name: "您还在吗？" });
  await expect(question).toBeVisible();
  await expect(question).toContainText("19 秒后回到首页");
  await question.getByRole("button", { name: "继续使用" }).click();
  await expect(question).toBeHidden();
  await expect(page.getByLabel("说说是什么事")).toHaveValue("自助机上没有写完的诉求。");

  await page.clock.runFor(91_000);
  await expect(page.getByRole("heading", { name: "有问题，先搜一搜" })).toBeVisible();
  const kept = await page.evaluate(() => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
  ]);
  expect(kept.filter((key) => /public|appellant/.test(key))).toEqual([]);
  expect((await isLarge(page)).isOn).toBe(true);
  await page.clock.resume();
  await checkScreen(page, "public-kiosk-home");
});

test("the question of a kiosk can be read by everybody", async ({ page }) => {
  await page.setViewportSize({ width: 1080, height: 1920 });
  // It is asked at once, and its seconds stand still while it is looked at.
  await page.addInitScript(() => {
    const real = window.setTimeout;
    const held = (run: () => void, after?: number) =>
      after === 1000 ? 0 : real(run, after === 70_000 ? 0 : after);
    Object.assign(window, { setTimeout: held });
  });
  await page.goto("/?layout=kiosk#/");
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await checkScreen(page, "public-kiosk-question");
});

test("a kiosk forgets at once when asked to", async ({ page }) => {
  const { number, queryCode } = await submit();
  await page.goto("/?layout=kiosk#/track");
  await page.getByLabel("诉求编号").fill(number);
  await page.getByLabel("查询码").fill(queryCode);
  await page.getByRole("button", { name: "查询", exact: true }).click();
  await expect(page.getByText(number)).toBeVisible();
  await page.getByRole("button", { name: "返回" }).click();
  await expect(page.getByRole("heading", { name: "查进度" })).toBeVisible();
  await page.getByRole("button", { name: "用完了，清除我的信息" }).click();
  await expect(page.getByRole("heading", { name: "有问题，先搜一搜" })).toBeVisible();
  await page.goto("/#/progress");
  await expect(page.getByRole("heading", { name: "查进度" })).toBeVisible();
});

test("a kiosk that was left at another page belongs to the next user", async ({ page }) => {
  await page.goto("/?layout=kiosk#/submit");
  await write(page, "去登录后没有回来。");
  await page.evaluate(() =>
    sessionStorage.setItem("suqiu.kiosk.touched", String(Date.now() - 6 * 60_000)),
  );
  await page.reload();
  await expect(page.getByLabel("说说是什么事")).toHaveValue("");
});

test("a kiosk's appeal comes in by the kiosk's channel", async ({ page }) => {
  await asAccount(page, "demo-zhang", "/");
  await page.goto("/?layout=kiosk#/submit");
  await write(page, "自助机提交的诉求。");
  const sent = page.waitForRequest("**/api-public/appeals");
  await send(page).click();
  expect((await sent).headers()["suqiu-channel"]).toBe("kiosk");
  await receiptOn(page);
  await checkScreen(page, "public-kiosk-receipt");
});

test("a television is steered with arrows", async ({ page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await asAccount(page, "demo-zhang", "/");
  await page.goto("/?layout=tv#/");
  await expect(page.getByRole("heading", { name: "有问题，先搜一搜" })).toBeVisible();
  expect(await isLarge(page)).toEqual({ size: 28, isOn: true });
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const main = page.locator("main");
  await press("ArrowDown");
  await expect(main.getByRole("searchbox")).toBeFocused();
  await press("ArrowDown");
  await expect(main.getByRole("link", { name: /^提诉求/ })).toBeFocused();
  await press("ArrowRight");
  await expect(main.getByRole("link", { name: /^查进度/ })).toBeFocused();
  await press("ArrowLeft");
  await checkScreen(page, "public-tv-home");
  await page.evaluate(() => document.documentElement.classList.add("large"));
  await press("Enter");
  await expect(page.getByRole("heading", { name: "提诉求" })).toBeFocused();
  await press("ArrowDown", "ArrowDown", "ArrowLeft", "ArrowLeft");
  await expect(page.getByRole("radio", { name: /^咨询/ })).toBeFocused();
  await press("ArrowRight", "Enter");
  await expect(page.getByRole("radio", { name: /^求助/ })).toBeChecked();
  await press("ArrowRight");
  await expect(page.getByRole("radio", { name: /^投诉/ })).toBeFocused();
  await expect(page.getByRole("radio", { name: /^求助/ })).toBeChecked();
  await checkScreen(page, "public-tv-submit");
  await page.evaluate(() => document.documentElement.classList.add("large"));
  await press("ArrowDown");
  await expect(page.locator("input[name=subject]:focus")).toHaveCount(1);
  await press("Enter", "ArrowDown");
  const text = page.getByLabel("说说是什么事");
  await expect(text).toBeFocused();
  await page.keyboard.type("电视端的诉求");
  // Within the text the arrow moves the caret, beyond it the focus.
  await press("ArrowLeft");
  await expect(text).toBeFocused();
  await press("ArrowDown");
  await expect(text).not.toBeFocused();
  await press("Escape");
  await expect(main.getByRole("searchbox")).toBeVisible();
});
