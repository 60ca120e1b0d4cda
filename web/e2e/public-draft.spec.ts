// What is written is never lost, and never sent twice.
import { picture, reachIssuer, receiptOn, send, write } from "./public";
import { asAccount, checkScreen, expect, test } from "./screen";

// What goes through a service worker cannot be broken off by a test.
test.use({ serviceWorkers: "block" });

test("a draft survives a reload and can be thrown away", async ({ page }) => {
  await asAccount(page, "demo-zhang", "/submit");
  await write(page, "办事大厅叫号系统一直排不上。");
  await page.locator("#files").setInputFiles(picture(16));
  await expect(page.getByText("已上传")).toBeVisible();
  await page.reload();
  await expect(page.getByText("已恢复您在")).toBeVisible();
  await expect(page.getByLabel("说说是什么事")).toHaveValue("办事大厅叫号系统一直排不上。");
  await expect(page.getByRole("radio", { name: /^求助/ })).toBeChecked();
  await expect(page.getByText("已上传")).toBeVisible();
  await checkScreen(page, "public-submit-restored");
  await page.getByRole("button", { name: "清空重填" }).click();
  await expect(page.getByLabel("说说是什么事")).toHaveValue("");
  await page.reload();
  await expect(page.getByLabel("说说是什么事")).toHaveValue("");
});

test("a retry after a broken connection makes no second appeal", async ({ page }) => {
  await asAccount(page, "demo-zhang", "/submit");
  await write(page, "提交时断网的诉求，请核实缴费记录。");
  let first = "";
  await page.route("**/api-public/appeals", async (route) => {
    // The server got it; its answer did not come back.
    first = ((await (await route.fetch()).json()) as { number: string }).number;
    await route.abort("connectionreset");
  });
  await send(page).click();
  await expect(page.getByRole("alert")).toContainText("连接不上服务器");
  expect(first).not.toBe("");
  await page.unroute("**/api-public/appeals");
  // Even over a reload.
  await page.reload();
  await expect(page.getByText("不会重复")).toBeVisible();
  await send(page).click();
  expect((await receiptOn(page)).number).toBe(first);
});

test("what was changed after it had arrived unseen is not passed off as sent", async ({ page }) => {
  await asAccount(page, "demo-zhang", "/submit");
  await write(page, "第一稿：窗口没有人。");
  let first = "";
  await page.route("**/api-public/appeals", async (route) => {
    first = ((await (await route.fetch()).json()) as { number: string }).number;
    await route.abort("connectionreset");
  });
  await send(page).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.unroute("**/api-public/appeals");
  await page.getByLabel("说说是什么事").fill("第二稿：窗口没有人，等了两个小时。");
  await send(page).click();
  expect((await receiptOn(page)).number).toBe(first);
  await expect(page.getByText("之后改动的内容没有提交")).toBeVisible();
});

test("without a network the page says that all is kept", async ({ page, context }) => {
  await asAccount(page, "demo-zhang", "/submit");
  await write(page, "断网时写的诉求。");
  await context.setOffline(true);
  await expect(page.getByText("现在没有网络")).toBeVisible();
  await send(page).click();
  await expect(page.getByRole("alert")).toContainText("连接不上服务器");
  await context.setOffline(false);
  await expect(page.getByText("现在没有网络")).toHaveCount(0);
  await send(page).click();
  await receiptOn(page);
});

test("what is missing or wrong is said at its field", async ({ page }) => {
  await asAccount(page, "demo-zhang", "/submit");
  await send(page).click();
  await expect(page.getByRole("radio", { name: /^咨询/ })).toBeFocused();
  await expect(page.getByText("请写下是什么事")).toBeVisible();
  await write(page, "请回电。");
  await page.getByLabel("联系电话").fill("abc");
  await send(page).click();
  await expect(page.getByLabel("联系电话")).toBeFocused();
  await expect(page.locator("#phone-error")).toContainText("电话号码");
  await checkScreen(page, "public-submit-wrong");
});

test("who is not signed in signs in first, and finds what was written", async ({ page }) => {
  await reachIssuer(page);
  await page.goto("/#/submit");
  await write(page, "登录之前写的诉求。");
  await checkScreen(page, "public-submit-signed-out");
  await page.getByRole("button", { name: "登录后提交" }).click();
  await page.getByRole("button", { name: "李范四" }).click();
  await expect(page.getByLabel("说说是什么事")).toHaveValue("登录之前写的诉求。");
  await expect(page.getByLabel("姓名")).toHaveValue("李范四");
  await expect(page.getByLabel("联系电话")).toHaveValue("13800000002");
  expect(page.url()).not.toContain("code=");
  await send(page).click();
  await receiptOn(page);
});

test("who signs out takes name and telephone along, not what was written", async ({ page }) => {
  await asAccount(page, "demo-zhang", "/submit");
  await write(page, "还没有写完的诉求。");
  await expect(page.getByLabel("姓名")).toHaveValue("张例三");
  await page.getByRole("button", { name: "不是本人？退出" }).click();
  await expect(page.getByLabel("姓名")).toHaveValue("");
  await expect(page.getByLabel("联系电话")).toHaveValue("");
  await expect(page.getByLabel("说说是什么事")).toHaveValue("还没有写完的诉求。");
  const kept = await page.evaluate(() => localStorage.getItem("suqiu.public.draft"));
  expect(kept).not.toContain("张例三");
});
