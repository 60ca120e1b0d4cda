// Officers come in through the issuer's page, go out, and come back where they were when a token ends.
import { reachIssuer, signInByClicking } from "./lists";
import { checkScreen, expect, test } from "./screen";

test.beforeEach(({ page }) => reachIssuer(page));

test("an officer signs in at the issuer's page, and out again", async ({ page }) => {
  await page.goto("/officers/#/?tab=all");
  await expect(page.getByRole("heading", { name: "诉求办理工作台" })).toBeVisible();
  await expect(page.getByText("泰安市统一诉求平台")).toBeVisible();
  await checkScreen(page, "lists-sign-in");
  await signInByClicking(page, "王示安 泰安市大数据局 分拣员");

  await expect(page.getByRole("heading", { name: "工作列表" })).toBeVisible();
  await expect(page).toHaveURL(/#\/\?tab=all$/);
  await expect(page.getByRole("banner")).toContainText("王示安");
  await expect(page.getByRole("banner")).toContainText("泰安市大数据局 · 分拣员");

  await page.getByRole("button", { name: "退出" }).click();
  await expect(page.getByRole("button", { name: "登录" })).toBeVisible();
  await expect(page.getByRole("banner")).not.toContainText("王示安");
  await page.goto("/officers/#/?tab=sign");
  await expect(page.getByRole("button", { name: "登录" })).toBeVisible();
});

test("who comes back from the issuer without a code is told so", async ({ page }) => {
  await page.goto("/officers/?state=made-up&error=access_denied");
  await expect(page.getByRole("alert")).toHaveText("登录没有完成，请重新登录。");
});

test("a token that the server refuses leads to sign-in and back to the same place", async ({
  page,
}) => {
  await page.goto("/officers/#/?tab=work&task=handle");
  await signInByClicking(page, "彭示川 泰山区大数据中心 分拣员");
  await expect(page.getByRole("heading", { name: "工作列表" })).toBeVisible();
  await page.evaluate(() => {
    const kept = JSON.parse(sessionStorage.getItem("suqiu.officer.session") ?? "{}");
    sessionStorage.setItem("suqiu.officer.session", JSON.stringify({ ...kept, token: "a.b.c" }));
  });

  await page.getByRole("button", { name: "刷新", exact: true }).click();
  const said = page.getByRole("alert").filter({ hasText: "登录已到期" });
  await expect(said).toBeVisible();
  await expect(page.getByRole("navigation", { name: "工作列表" })).toBeVisible();
  await said.getByRole("link", { name: "登录" }).click();
  await signInByClicking(page, "彭示川 泰山区大数据中心 分拣员");
  await expect(page.getByRole("heading", { name: "工作列表" })).toBeVisible();
  await expect(page).toHaveURL(/#\/\?tab=work&task=handle$/);
});

test("a token whose time is over asks for sign-in at once", async ({ page }) => {
  await page.addInitScript(() => {
    const claims = { sub: "ta-rsj-liaison", unit: "ta-rsj", roles: ["liaison"] };
    const kept = { token: "a.b.c", expiresAt: 1, claims };
    sessionStorage.setItem("suqiu.officer.session", JSON.stringify(kept));
  });
  await page.goto("/officers/#/?tab=sign");
  await expect(page.getByRole("button", { name: "登录" })).toBeVisible();
  await expect(page).toHaveURL(/#\/sign-in\?back=/);
});
