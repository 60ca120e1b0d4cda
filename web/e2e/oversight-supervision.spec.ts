// 督办 through the pages, by the roles that do it (Art. 17, 18).
import type { Page } from "@playwright/test";
import { read, signed } from "./city";
import { asked, goOnAs, said, unique } from "./oversight";
import { asOfficer, checkScreen, expect, test } from "./screen";

interface Case {
  id: string;
}

const open = (by: string, fields: Record<string, unknown>) =>
  asked<Case>(by, "/supervision", { trigger: "falsified", ...fields });

async function answer(page: Page, text: string): Promise<void> {
  await page.getByLabel("办理和整改情况").fill(text);
  await page.getByRole("button", { name: "提交答复" }).click();
  await expect(said(page, "已提交答复")).toBeVisible();
}

test("a manager opens a case by hand, follows it up, and the unit answers", async ({ page }) => {
  test.slow();
  const { number } = await signed();
  const facts = unique("回复称已补记，经查系统无补记记录");
  await asOfficer(page, "ta-bigdata-manager", "/supervision");
  await page.getByRole("link", { name: "登记督办" }).click();

  await page.getByRole("button", { name: "登记督办" }).click();
  await expect(page.getByLabel("督办情形")).toBeFocused();
  await expect(page.getByLabel("被督办单位")).toHaveAccessibleDescription("请填写此项。");

  await page.getByLabel("督办情形").selectOption("办理结果弄虚作假、避重就轻");
  await page.getByLabel("被督办单位").selectOption("ta-gjj");
  await page.getByLabel("工单").fill("TA1");
  await page.getByLabel("事实和证据").fill(facts);
  await page.getByRole("button", { name: "登记督办" }).click();
  await expect(page.getByLabel("工单")).toBeFocused();
  await expect(page.getByLabel("工单")).toHaveAccessibleDescription(/诉求编号不正确/);
  await checkScreen(page, "oversight-new-case");
  await page.getByLabel("工单").fill(number);
  await page.getByRole("button", { name: "登记督办" }).click();

  await expect(said(page, "已登记督办")).toBeVisible();
  await expect(page.getByText("待单位答复")).toBeVisible();
  await expect(page.getByRole("link", { name: number })).toHaveAttribute(
    "href",
    `#/tickets/${number}`,
  );
  const id = page.url().split("/").at(-1) ?? "";

  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("督办情况").fill("已电话催办，承诺当日答复。");
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(said(page, "已登记督办情况")).toBeVisible();
  await page.getByLabel("升级为书面督办函").check();
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.getByText(/泰诉督〔\d+〕\d+号/).first()).toBeVisible();

  await page.getByRole("button", { name: "取得文件" }).click();
  const link = page.getByRole("link", { name: /打开督办函PDF/ });
  await expect(link).toBeFocused();
  const href = (await link.getAttribute("href")) ?? "";
  await expect
    .poll(async () => (await (await page.request.get(href)).body()).subarray(0, 5).toString(), {
      timeout: 40_000,
    })
    .toBe("%PDF-");
  await checkScreen(page, "oversight-case");

  await goOnAs(page, "ta-gjj-liaison", `/supervision/${id}`);
  await answer(page, "已补记并电话答复诉求人。");
  await expect(page.getByRole("heading", { name: "推进督办" })).toHaveCount(0);

  await goOnAs(page, "ta-bigdata-triage", `/supervision/${id}`);
  await page.getByLabel("情况说明").fill("仍未见补记记录。");
  await page.getByRole("button", { name: "退回答复" }).click();
  await expect(said(page, "已退回答复")).toBeVisible();
  await goOnAs(page, "ta-gjj-leader", `/supervision/${id}`);
  await answer(page, "补记记录已上传平台。");
  await goOnAs(page, "ta-bigdata-manager", `/supervision/${id}`);
  await page.getByLabel("情况说明").fill("已核实，补记属实。");
  await page.getByRole("button", { name: "核实办结" }).click();
  await expect(said(page, "已核实办结")).toBeVisible();
  await expect(page.getByText("不再有待办事项")).toBeVisible();
});

test("the board shows cases by trigger, state and unit", async ({ page }) => {
  const facts = unique("两次拒收权责清晰的工单");
  await open("ta-bigdata-manager", { trigger: "duty_clear", unit: "ta-csgl", facts });
  await open("ta-bigdata-manager", { trigger: "dissatisfied", unit: "ta-gjj", facts });
  await asOfficer(page, "ta-bigdata-triage", "/supervision");
  await expect(page.getByText(facts)).toHaveCount(2);
  await checkScreen(page, "oversight-board");
  const tiles = page.getByRole("list", { name: "督办情形" });
  await expect(tiles.getByRole("button")).toHaveCount(6);
  await tiles.getByRole("button", { name: "拒收、退回权责清晰的工单" }).click();
  await expect(page.getByText(facts)).toHaveCount(1);
  await tiles.getByRole("button", { name: "拒收、退回权责清晰的工单" }).click();
  await page.getByLabel("单位", { exact: true }).selectOption("泰安市住房公积金管理中心");
  await expect(page.getByText(facts)).toHaveCount(1);
  await page.getByLabel("状态").selectOption("已办结");
  await expect(page.getByText(facts)).toHaveCount(0);
});

test("a county manager opens a case by keyboard alone", async ({ page }) => {
  await asOfficer(page, "taishan-bigdata-manager", "/supervision");
  await page.getByRole("link", { name: "登记督办" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "登记督办", level: 1 })).toBeVisible();
  await page.getByLabel("督办情形").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  // The browser looks for what is typed only in Latin letters here; so the arrows, up to the unit.
  while ((await page.getByLabel("被督办单位").inputValue()) !== "taishan-csgl")
    await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("窗口拒收已由区级明确职责的工单。");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(said(page, "已登记督办")).toBeVisible();
  await expect(said(page, "已登记督办")).toBeFocused();
  await expect(page.getByText("泰山区综合行政执法局")).toBeVisible();
  await expect(page.getByText("技术类问题", { exact: true })).toBeVisible();
});

test("a county does not supervise the city's units: the server says why", async ({ page }) => {
  await asOfficer(page, "taishan-bigdata-manager", "/supervision/new?unit=ta-gjj");
  await page.getByLabel("督办情形").selectOption("falsified");
  await page.getByLabel("事实和证据").fill("办理结果与事实不符。");
  await page.getByRole("button", { name: "登记督办" }).click();
  await expect(page.getByLabel("被督办单位")).toHaveAccessibleDescription(/报市级管理单位/);
  await expect(page.getByLabel("事实和证据")).toHaveValue("办理结果与事实不符。");
});

test("units with technical problems not put right stand on the register", async ({ page }) => {
  const facts = unique("系统同步故障反复出现");
  const by = "ta-bigdata-manager";
  const { id } = await open(by, { unit: "ta-jyj", facts, technical: true });
  for (;;) {
    const { items } = await read<{ items: { case: string }[] }>(by, "/project-restrictions");
    if (items.some((it) => it.case === id)) break;
    await asked("ta-jyj-leader", `/supervision/${id}/answer`, { words: "已整改。" });
    await asked(by, `/supervision/${id}/refusal`, { words: "复测仍有故障。" });
  }
  await asOfficer(page, "ta-approval-projects", "/restrictions");
  const row = page.getByRole("row").filter({ hasText: id });
  await expect(row).toContainText("泰安市教育局");
  await expect(row).toContainText("整改不到位");
  await expect(row.getByRole("link")).toHaveCount(0);
  await checkScreen(page, "oversight-restrictions");
  await asked("ta-jyj-leader", `/supervision/${id}/answer`, { words: "已改为实时同步。" });
  await asked(by, `/supervision/${id}/acceptance`, { words: "复测通过。" });
  await page.reload();
  await expect(page.getByRole("heading", { name: "立项限制", level: 1 })).toBeVisible();
  await expect(row).toHaveCount(0);
});

test("nobody sees a case of another unit", async ({ page }) => {
  const { id } = await open("ta-bigdata-manager", { unit: "ta-gjj", facts: unique("事实") });
  await asOfficer(page, "ta-csgl-liaison", `/supervision/${id}`);
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByRole("heading", { level: 2 }).filter({ hasText: "答复督办" })).toHaveCount(
    0,
  );
});
