// The work list by keyboard alone.
import type { Page } from "@playwright/test";
import { dispatched, row, showAll } from "./lists";
import { asOfficer, checkScreen, expect, test } from "./screen";

/** Goes to the top, and down the list until the row of `number` has the focus. */
async function goTo(page: Page, number: string): Promise<void> {
  const rows = await page.locator("tr[data-row]").count();
  for (let step = 0; step < rows; step += 1) await page.keyboard.press("k");
  for (let step = 0; step < rows; step += 1) {
    if (await row(page, number).evaluate((it) => it === document.activeElement)) return;
    await page.keyboard.press("j");
  }
  throw new Error(`${number} was not reached`);
}

test("signing two by keyboard alone", async ({ page }) => {
  const [first, second] = (await dispatched("ta-mzj", 2)).map((receipt) => receipt.number);
  await asOfficer(page, "ta-mzj-liaison", "/?tab=sign&task=sign");
  await showAll(page);
  await goTo(page, first ?? "");
  await page.keyboard.press("x");
  await expect(page.getByLabel(`选择 ${first}`)).toBeChecked();
  await goTo(page, second ?? "");
  await page.keyboard.press("x");
  await page.keyboard.press("b");
  await expect(page.getByRole("button", { name: "签收", exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "确定，办理2件" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("完成2件", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "刷新列表" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(row(page, first ?? "")).toHaveCount(0);
  const focused = page.locator(":focus");
  await expect(focused.and(page.locator("#main, .scroll"))).toHaveCount(1);
});

test("Enter opens the ticket of the row; Tab and Space do without shortcuts", async ({ page }) => {
  const [receipt] = await dispatched("ta-gaj", 1);
  const number = receipt?.number ?? "";
  await asOfficer(page, "ta-gaj-liaison", "/?tab=sign&task=sign");
  await showAll(page);
  await goTo(page, number);
  await page.keyboard.press("Tab");
  await expect(page.getByLabel(`选择 ${number}`)).toBeFocused();
  await page.keyboard.press("Space");
  await expect(page.getByLabel(`选择 ${number}`)).toBeChecked();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: number })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await goTo(page, number);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`#/tickets/${number}$`));
});

test("shortcuts are explained, can be turned off, and mean nothing in inputs", async ({ page }) => {
  await dispatched("ta-bdc", 1);
  await asOfficer(page, "ta-bdc-liaison", "/?tab=sign");
  await showAll(page);
  const focused = page.locator("tr[data-row]:focus");
  const help = page.getByRole("dialog", { name: "键盘快捷键" });
  await page.getByLabel("诉求编号").focus();
  await page.keyboard.type("jx?");
  await expect(page.getByLabel("诉求编号")).toHaveValue("jx?");
  await expect(help).toHaveCount(0);
  await page.getByRole("heading", { name: "工作列表" }).click();
  await page.keyboard.press("j");
  await expect(focused).toHaveCount(1);

  await page.keyboard.press("?");
  await expect(help).toBeVisible();
  await checkScreen(page, "lists-keys");
  await help.getByLabel("启用单字母快捷键").uncheck();
  await page.keyboard.press("Escape");
  await expect(help).toHaveCount(0);
  await page.getByLabel("诉求编号").focus();
  await page.getByRole("heading", { name: "工作列表" }).click();
  await page.keyboard.press("j");
  await page.keyboard.press("?");
  await expect(focused).toHaveCount(0);
  await expect(help).toHaveCount(0);
});
