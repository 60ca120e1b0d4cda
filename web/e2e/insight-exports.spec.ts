// What leaves in bulk (Art. 16): asked for by one, decided by another, taken out by who asked.
import { readFile } from "node:fs/promises";
import { officerToken } from "./city";
import { cityDay, tabTo } from "./insight";
import { asOfficer, checkScreen, expect, test } from "./screen";

const desk = "ta-bigdata-triage";
const manager = "ta-bigdata-manager";
const otherManager = "ta-approval-manager";

/** A purpose that only this test has. */
const purposeOf = (what: string) => `${what}${Math.random().toString(36).slice(2, 8)}`;

test("a list is asked for, approved by another manager, and downloaded with its marks", async ({
  page,
  browser,
}) => {
  test.slow();
  const purpose = purposeOf("周例会通报待办情况");
  await asOfficer(page, manager, "/exports/new?task=triage");
  await expect(page.getByText("不限于“待分拣”")).toBeVisible();
  await page.getByLabel("诉求事由").check();
  await page.getByLabel("用途").fill(purpose);
  await page.getByLabel("下载截止日期").fill(await cityDay(1));
  await checkScreen(page, "insight-export-new");
  await page.getByRole("button", { name: "提交申请" }).click();
  await expect(page.getByRole("status").filter({ hasText: "等待他人审批" })).toBeVisible();
  const own = page.getByRole("article").filter({ hasText: purpose });
  await expect(own).toContainText("待审批");
  // Nobody decides on what they asked for, nor takes it out before.
  await expect(own).toContainText("本人不能审批自己的申请");
  await expect(own.getByRole("button")).toHaveCount(0);

  const other = await (await browser.newContext()).newPage();
  await asOfficer(other, otherManager, "/exports");
  const asked = other.getByRole("article").filter({ hasText: purpose });
  await asked.getByRole("button", { name: "批准", exact: true }).click();
  await expect(asked).toContainText("已批准，申请人可以下载。");
  await expect(asked.getByRole("button", { name: "下载文件" })).toHaveCount(0);
  await other.context().close();

  await page.reload();
  const coming = page.waitForEvent("download");
  await own.getByRole("button", { name: "下载文件" }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toMatch(/^E\d{6}[0-9A-Z]{8}-1\.csv$/);
  const text = await readFile(await file.path(), "utf8");
  expect(text.split("\r\n")[0]).toBe("\uFEFF诉求编号,状态,待办,诉求事由,到期时间,水印");
  await expect(own).toContainText("本次下载已留痕");
  await own.getByText("已下载1次").click();
  await expect(own).toContainText("文件SHA-256");
  await checkScreen(page, "insight-exports");
});

test("a manager refuses with a reason, which who asked reads", async ({ page, browser }) => {
  test.slow();
  const purpose = purposeOf("部门周报");
  await asOfficer(page, desk, "/exports/new");
  await page.getByLabel("用途").fill(purpose);
  await page.getByLabel("下载截止日期").fill(await cityDay(2));
  await page.getByRole("button", { name: "提交申请" }).click();
  const asked = page.getByRole("article").filter({ hasText: purpose });
  await expect(asked).toBeVisible();

  const other = await (await browser.newContext()).newPage();
  await asOfficer(other, manager, "/exports");
  const seen = other.getByRole("article").filter({ hasText: purpose });
  await seen.getByRole("button", { name: "不批准…" }).click();
  await expect(seen.getByLabel("不批准的理由")).toBeFocused();
  await seen.getByLabel("不批准的理由").fill("列数超出用途所需");
  await checkScreen(other, "insight-export-refusal");
  await seen.getByRole("button", { name: "确认不批准" }).click();
  await expect(seen).toContainText("未批准：列数超出用途所需");
  await other.context().close();

  await page.reload();
  await expect(asked).toContainText("未批准：列数超出用途所需");
  await expect(asked.getByRole("button", { name: "下载文件" })).toHaveCount(0);
});

test("what is wrong stands at its field, and nothing typed is lost", async ({ page }) => {
  await asOfficer(page, desk, "/exports/new");
  await page.getByLabel("用途").fill("核对13877770002的情况");
  await page.getByLabel("下载截止日期").fill("2020-01-01");
  await page.getByRole("button", { name: "提交申请" }).click();
  const purpose = page.getByLabel("用途");
  await expect(purpose).toBeFocused();
  await expect(purpose).toHaveAttribute("aria-invalid", "true");
  await expect(purpose).toHaveValue("核对13877770002的情况");
  await expect(page.getByLabel("下载截止日期")).toHaveAttribute("aria-invalid", "true");
  await checkScreen(page, "insight-export-wrong");
});

test("an export is asked for by keyboard alone", async ({ page }) => {
  const purpose = purposeOf("键盘申请");
  await asOfficer(page, desk, "/exports");
  await tabTo(page, page.getByRole("link", { name: "申请导出" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "申请导出" })).toBeVisible();
  await tabTo(page, page.getByLabel("到期时间"));
  await page.keyboard.press("Space");
  await expect(page.getByLabel("到期时间")).not.toBeChecked();
  await tabTo(page, page.getByLabel("用途"));
  await page.keyboard.type(purpose);
  await tabTo(page, page.getByRole("button", { name: "提交申请" }));
  await page.keyboard.press("Enter");
  const asked = page.getByRole("article").filter({ hasText: purpose });
  await expect(asked).toContainText(/诉求编号（.+）、状态（.+）、待办（.+）/);
  await expect(asked).not.toContainText("到期时间");
});

test("an auditor sees every export and decides none", async ({ page }) => {
  const purpose = purposeOf("审计可见");
  const body = { unit: "ta-bigdata", columns: ["number"], purpose, until: await cityDay(1) };
  const answer = await page.request.post("/api-console/exports", {
    headers: { authorization: `Bearer ${await officerToken(desk)}` },
    data: body,
  });
  expect(answer.status()).toBe(201);
  await asOfficer(page, "ta-bigdata-auditor", "/exports");
  const asked = page.getByRole("article").filter({ hasText: purpose });
  await expect(asked).toContainText("待审批");
  await expect(asked.getByRole("button")).toHaveCount(0);
  await expect(page.getByRole("link", { name: "申请导出" })).toHaveCount(0);
});
