// Files: progress, what breaks off, what is refused.
import { picture, receiptOn, send, write } from "./public";
import { read } from "./city";
import { asAccount, checkScreen, expect, test } from "./screen";
import type { Page } from "@playwright/test";

// What goes through a service worker cannot be broken off by a test.
test.use({ serviceWorkers: "block" });

const storage = /\/attachments-bucket/;
const isForm = (method: string) => method === "POST";

async function chooseFiles(page: Page, ...files: ReturnType<typeof picture>[]): Promise<void> {
  await page.locator("#files").setInputFiles(files);
}

test("an upload shows how far it is and arrives with the appeal", async ({ page }) => {
  await asAccount(page, "demo-zhang", "/submit");
  await write(page, "现场照片见附件。");
  const line = await page.context().newCDPSession(page);
  await line.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 300_000,
  });
  await chooseFiles(page, picture(480));
  const bar = page.getByRole("progressbar");
  await expect(bar).toBeVisible();
  await expect(bar).not.toHaveAttribute("value", "0");
  await checkScreen(page, "public-upload");
  await line.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await expect(page.getByText("已上传")).toBeVisible({ timeout: 20_000 });
  await send(page).click();
  const { number } = await receiptOn(page);
  const ticket = await read<{ attachments: unknown[] }>("ta-approval-triage", `/tickets/${number}`);
  expect(ticket.attachments).toHaveLength(1);
});

test("an upload that breaks off goes on with the same grant", async ({ page }) => {
  await asAccount(page, "demo-zhang", "/submit");
  const grants: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api-public/uploads")) grants.push(request.url());
  });
  let broken = 0;
  await page.route(storage, async (route) => {
    if (!isForm(route.request().method()) || broken > 2) return route.continue();
    broken += 1;
    return route.abort("connectionreset");
  });
  await chooseFiles(page, picture(24));
  await expect(page.getByText("上传中断")).toBeVisible();
  await checkScreen(page, "public-upload-broken");
  await page.getByRole("button", { name: /^重试/ }).click();
  await expect(page.getByText("已上传")).toBeVisible();
  expect(grants).toHaveLength(1);
});

test("a file that broke off before a reload is chosen again and goes on", async ({ page }) => {
  await asAccount(page, "demo-zhang", "/submit");
  await write(page, "附件没传完就关了页面。");
  const file = picture(24);
  const grants: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api-public/uploads")) grants.push(request.url());
  });
  await page.route(storage, (route) =>
    isForm(route.request().method()) ? route.abort("connectionreset") : route.continue(),
  );
  await chooseFiles(page, file);
  await expect(page.getByText("上传中断")).toBeVisible();
  await page.unroute(storage);
  await page.reload();
  await expect(page.getByText("请重新选择这个文件")).toBeVisible();
  await chooseFiles(page, file);
  await expect(page.getByText("已上传")).toBeVisible();
  expect(grants).toHaveLength(1);
  // The same file once more is not sent again.
  await chooseFiles(page, file);
  await expect(page.locator(".files li")).toHaveCount(1);
});

test("what the server does not take is said at the file, and can be removed", async ({ page }) => {
  await asAccount(page, "demo-zhang", "/submit");
  await page.locator("#files").setInputFiles({
    name: "程序.exe",
    mimeType: "application/x-msdownload",
    buffer: Buffer.from("MZ"),
  });
  await expect(page.getByText(/不支持的类型/)).toBeVisible();
  await checkScreen(page, "public-upload-refused");
  await page.getByRole("button", { name: /^移除/ }).click();
  await expect(page.locator(".files li")).toHaveCount(0);
});

test("an appeal goes without a file that did not arrive only when the person says so", async ({
  page,
}) => {
  await asAccount(page, "demo-zhang", "/submit");
  await write(page, "照片没有传上，先提交。");
  await page.route(storage, (route) =>
    isForm(route.request().method()) ? route.abort("connectionreset") : route.continue(),
  );
  await chooseFiles(page, picture(24, "现场.png"));
  await expect(page.getByText("上传中断")).toBeVisible();
  await send(page).click();
  await expect(page.getByRole("alert")).toContainText("有1个附件没有传上：现场.png");
  await checkScreen(page, "public-upload-unsent");
  await page.getByRole("button", { name: "不带这些附件，直接提交" }).click();
  const { number } = await receiptOn(page);
  const ticket = await read<{ attachments: unknown[] }>("ta-approval-triage", `/tickets/${number}`);
  expect(ticket.attachments).toHaveLength(0);
});
