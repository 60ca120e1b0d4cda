// The frame of the console: its menu on a telephone, the way past it, and large type.
import { asOfficer, checkScreen, expect, test } from "./screen";

test("on a telephone the menu opens on demand, and closes on the page that was chosen", async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await asOfficer(page, "ta-bigdata-triage");
  const menu = page.getByRole("navigation", { name: "功能" });
  const button = page.getByRole("button", { name: "菜单" });
  await expect(button).toHaveAttribute("aria-expanded", "false");
  await expect(menu).toBeHidden();
  await button.click();
  await expect(menu).toBeVisible();
  await checkScreen(page, "lists-menu");
  await menu.getByRole("link").last().click();
  await expect(menu).toBeHidden();
  await expect(page.getByRole("main")).toBeFocused();
});

test("the first press of Tab offers the way past the frame", async ({ page }) => {
  await asOfficer(page, "ta-bigdata-triage");
  await expect(page.getByRole("heading", { name: "工作列表" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "跳到正文" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("large type stays across pages and visits", async ({ page }) => {
  await asOfficer(page, "ta-bigdata-triage");
  await page.getByRole("button", { name: "大字版" }).click();
  await expect(page.locator("html")).toHaveClass(/large/);
  await page.reload();
  await expect(page.getByRole("button", { name: "标准版" })).toBeVisible();
  await expect(page.locator("html")).toHaveClass(/large/);
});
