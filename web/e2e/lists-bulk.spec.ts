// Bulk actions: each ticket has its own result, and what failed stays chosen.
import { act, submit } from "./city";
import { dispatched, row, showAll } from "./lists";
import { asOfficer, checkScreen, expect, test } from "./screen";

test("five are signed at once; the one signed meanwhile says why it was not", async ({ page }) => {
  const made = await dispatched("ta-rq", 5);
  const numbers = made.map((receipt) => receipt.number);
  await asOfficer(page, "ta-rq-liaison", "/?tab=sign&task=sign");
  await showAll(page);
  for (const number of numbers) await page.getByLabel(`选择 ${number}`).check();
  await act("ta-rq-liaison", numbers[2] ?? "", "sign", {});

  await page.getByRole("button", { name: "签收", exact: true }).click();
  await page.getByRole("button", { name: "确定，办理5件" }).click();
  await expect(page.getByText("完成4件，未完成1件")).toBeVisible();
  for (const [index, number] of numbers.entries()) {
    const result = page.locator(`tr[data-row^="${number}/"] + tr.result`);
    if (index !== 2) await expect(result).toContainText("已签收，现为“办理中”");
    else {
      await expect(result).toContainText("未完成");
      await expect(row(page, number)).toContainText("办理中");
      await expect(page.getByLabel(`选择 ${number}`)).toBeChecked();
    }
  }
  await expect(page.getByText("已选1件")).toBeVisible();
  await checkScreen(page, "lists-bulk-results");

  await page.getByRole("button", { name: "刷新列表" }).click();
  await expect(row(page, numbers[0] ?? "")).toHaveCount(0);
  await expect(page.getByText("已选1件")).toHaveCount(0);
});

test("two are dispatched to one unit, which has to be chosen first", async ({ page }) => {
  const numbers = [(await submit()).number, (await submit()).number];
  await asOfficer(page, "ta-bigdata-triage", "/?tab=triage");
  await showAll(page);
  for (const number of numbers) await page.getByLabel(`选择 ${number}`).check();
  await page.getByRole("button", { name: "派单", exact: true }).click();
  await expect(page.getByRole("dialog", { name: "批量派单：2件" })).toBeVisible();
  await page.getByRole("button", { name: "确定，办理2件" }).click();
  await expect(page.getByText("请选择派往单位")).toBeVisible();
  await expect(page.getByLabel("派往单位")).toBeFocused();
  await checkScreen(page, "lists-bulk-dispatch");
  await page.getByLabel("派往单位").selectOption({ label: "泰安市教育局" });
  await page.getByLabel("说明").fill("请当日核实。");
  await page.getByRole("button", { name: "确定，办理2件" }).click();
  await expect(page.getByText("完成2件", { exact: true })).toBeVisible();

  await asOfficer(page, "ta-jyj-liaison", "/?tab=sign");
  await page.reload();
  await showAll(page);
  for (const number of numbers) await expect(row(page, number)).toBeVisible();
});

test("two extensions are refused for one reason", async ({ page }) => {
  const made = await dispatched("ta-scjg", 2);
  for (const { number } of made) {
    await act("ta-scjg-liaison", number, "sign", {});
    await act("ta-scjg-liaison", number, "extension", {
      days: 2,
      reason: "需与省平台核对数据，短期内不能完成。",
    });
  }
  await asOfficer(page, "ta-bigdata-triage", "/?tab=extension&task=decide_extension");
  await showAll(page);
  for (const { number } of made) await page.getByLabel(`选择 ${number}`).check();
  await page.getByRole("button", { name: "不批准延期" }).click();
  await page.getByRole("button", { name: "确定，办理2件" }).click();
  await expect(page.getByText("请填写理由")).toBeVisible();
  await page.getByLabel("理由").fill("不属于特别复杂的事项。");
  await page.getByRole("button", { name: "确定，办理2件" }).click();
  await expect(page.getByText("完成2件", { exact: true })).toBeVisible();
  for (const { number } of made)
    await expect(page.locator(`tr[data-row^="${number}/"] + tr.result`)).toContainText(
      "已不批准延期",
    );
});

test("a county takes two on itself, and the city takes one back", async ({ page }) => {
  const [first, second] = [(await submit()).number, (await submit()).number];
  for (const number of [first, second])
    await act("ta-bigdata-triage", number, "transfer", { unit: "ningyang-bigdata" });
  await asOfficer(page, "ningyang-bigdata-manager");
  await expect(page.getByRole("link", { name: /^待分拣/ })).toHaveAttribute("aria-current", "page");
  await showAll(page);
  await page.getByLabel(`选择 ${first}`).check();
  await page.getByLabel(`选择 ${second}`).check();
  await page.getByRole("button", { name: "派单", exact: true }).click();
  const units = page.getByLabel("派往单位").locator("optgroup");
  await expect(units.first()).toHaveAttribute("label", "宁阳县大数据中心");
  await page.getByRole("button", { name: "取消", exact: true }).click();
  await page.getByRole("button", { name: "自行办理" }).click();
  await page.getByRole("button", { name: "确定，办理2件" }).click();
  await expect(page.getByText("完成2件", { exact: true })).toBeVisible();

  await act("ningyang-bigdata-manager", first, "return", {
    reason: "other_duty",
    ground: "市级部门“三定”规定",
    suggested: "ta-rsj",
    explanation: "属市级职责。",
  });
  await asOfficer(page, "ta-bigdata-manager", "/?tab=returned");
  await page.reload();
  await showAll(page);
  await page.getByLabel(`选择 ${first}`).check();
  await page.getByRole("button", { name: "同意退回", exact: true }).click();
  await page.getByRole("button", { name: "确定，办理1件" }).click();
  await expect(page.locator(`tr[data-row^="${first}/"] + tr.result`)).toContainText("已同意退回");
});

test("chosen rows with different tasks are not acted on together", async ({ page }) => {
  const [first, second] = await dispatched("ta-jtj", 2);
  await act("ta-jtj-liaison", first?.number ?? "", "sign", {});
  await asOfficer(page, "ta-jtj-liaison", "/?tab=all");
  await showAll(page);
  await page.getByLabel(`选择 ${first?.number}`).check();
  await page.getByLabel(`选择 ${second?.number}`).check();
  await expect(page.getByText("所选工单的待办不同")).toBeVisible();
  await expect(page.getByRole("button", { name: "签收", exact: true })).toHaveCount(0);
  await page.getByRole("button", { name: "取消选择" }).click();
  await expect(page.getByText("已选")).toHaveCount(0);
});
