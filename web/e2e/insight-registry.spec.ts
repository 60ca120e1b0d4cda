// The registry (R-AC-3): a changed file is looked at before it is taken, and all or nothing of it.
import { readFile } from "node:fs/promises";
import { act, read, submit, until } from "./city";
import { putRegistryPart, registryPart } from "./insight";
import { asOfficer, checkScreen, expect, test } from "./screen";
import type { Page } from "@playwright/test";

const administrator = "ta-bigdata-admin";

// A part is taken whole: one change after the other.
test.describe.configure({ mode: "serial" });

async function choose(page: Page, text: string): Promise<void> {
  await page
    .getByLabel("CSV文件")
    .setInputFiles({ name: "名录.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "预览变化" }).click();
}

const body = (text: string) => text.replace(/\r\n$/, "");

test("a file with a wrong row is refused by line and column", async ({ page }) => {
  await asOfficer(page, administrator, "/registry/service-items");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("名录管理 · 事项");
  const now = await registryPart("service-items");
  await choose(page, `${body(now)}\r\n370900-wrong-001,没有单位的事项,ta-nobody\r\n`);
  await expect(page.getByRole("alert")).toContainText("文件有1处错误，没有导入");
  const errors = page.getByRole("table", { name: "文件中的错误" });
  const line = body(now).split("\r\n").length + 1;
  await expect(errors.getByRole("row").nth(1)).toContainText(`第${line}行单位`);
  await expect(errors).toContainText("ta-nobody");
  await expect(page.getByRole("button", { name: "确认导入" })).toHaveCount(0);
  await checkScreen(page, "insight-registry-wrong");
  expect(await registryPart("service-items")).toBe(now);
});

test("a good change is previewed, taken, and taken back", async ({ page }) => {
  const code = `370900-test-${Date.now()}`;
  await asOfficer(page, administrator, "/registry/service-items");
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "下载CSV" }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe("service-items.csv");
  const before = await readFile(await file.path(), "utf8");
  expect(before.startsWith("\uFEFF事项编码(code),")).toBe(true);

  await choose(page, `${body(before)}\r\n${code},"测试事项，用后即删",ta-gjj\r\n`);
  const preview = page.getByRole("table", { name: "逐行变化" });
  await expect(page.getByText("将新增1行、修改0行、删除0行")).toBeVisible();
  await expect(preview.getByRole("row", { name: /新增/ })).toContainText(code);
  await checkScreen(page, "insight-registry-preview");
  // Until it is confirmed nothing is saved.
  expect(await registryPart("service-items")).not.toContain(code);
  await page.getByRole("button", { name: "确认导入" }).click();
  await expect(page.getByRole("status").filter({ hasText: "新增1行" })).toBeVisible();
  await page.getByLabel("在表中查找").fill(code);
  const table = page.getByRole("table", { name: "事项", exact: true });
  await expect(table).toContainText("测试事项，用后即删");

  const rows = (await registryPart("service-items")).split("\r\n");
  await choose(page, rows.filter((row) => !row.startsWith(code)).join("\r\n"));
  await expect(preview.getByRole("row", { name: /删除/ })).toContainText(code);
  // What takes away must be said twice.
  await expect(page.getByRole("button", { name: "确认导入" })).toBeDisabled();
  await page.getByLabel("我已核对，确认删除这1行").check();
  await page.getByRole("button", { name: "确认导入" }).click();
  await expect(page.getByRole("status").filter({ hasText: "删除1行" })).toBeVisible();
  expect(await registryPart("service-items")).not.toContain(code);
});

/** Lines of the duty list that a proposal of these tests left: while they stand none is made. */
async function forgetProposed(): Promise<void> {
  const lines = (await registryPart("duties")).split("\r\n");
  const kept = lines.filter((it) => !it.startsWith("ta-rsj,,370900-ylbz-001,"));
  if (kept.length < lines.length) await putRegistryPart("duties", kept.join("\r\n"));
}

test("a decided return proposes a line, which is taken over after its preview", async ({
  page,
}) => {
  const ticket = await submit({ serviceItem: "370900-ylbz-001" });
  await act("ta-bigdata-triage", ticket.number, "dispatch", { unit: "ta-ylbzj" });
  const ask = { reason: "other_duty", ground: "三定规定", suggested: "ta-rsj" };
  await act("ta-ylbzj-liaison", ticket.number, "return", ask);
  // Far from what anybody else looks at.
  const dutyFrom = "2090-01-01";
  await forgetProposed();
  await act("ta-bigdata-triage", ticket.number, "return-acceptance", { dutyFrom });
  await until(async () => {
    const all = await read<{ ticket: string }[]>(administrator, "/registry/duty-proposals");
    return all.find((it) => it.ticket === ticket.number);
  });

  await asOfficer(page, administrator, "/registry");
  const proposal = page.getByRole("row").filter({ hasText: ticket.number });
  await expect(proposal).toContainText("泰安市人力资源和社会保障局");
  await expect(proposal).toContainText("城乡居民基本医疗保险参保登记");
  await checkScreen(page, "insight-registry");
  await proposal.getByRole("link", { name: "加入清单并预览" }).click();
  const preview = page.getByRole("table", { name: "逐行变化" });
  await expect(preview.getByRole("row", { name: /新增/ })).toContainText(dutyFrom);
  await page.getByRole("button", { name: "确认导入" }).click();
  await expect(page.getByRole("status").filter({ hasText: "新增1行" })).toBeVisible();
  const asked = page.waitForResponse("**/registry/duty-proposals");
  await page.getByRole("link", { name: "待处理" }).click();
  await asked;
  await expect(page.getByRole("heading", { name: "职责清单建议" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: ticket.number })).toHaveCount(0);
  await forgetProposed();
});

test("an auditor reads every part and changes none", async ({ page }) => {
  await asOfficer(page, "ta-bigdata-auditor", "/registry/units");
  await expect(page.getByRole("table", { name: "单位" })).toContainText("泰安市大数据局");
  for (const part of ["人员", "职责清单", "事项", "渠道"]) {
    await page.getByRole("navigation", { name: "名录" }).getByRole("link", { name: part }).click();
    await expect(page.getByRole("table", { name: part })).toBeVisible();
    await expect(page.getByLabel("CSV文件")).toHaveCount(0);
  }
});
