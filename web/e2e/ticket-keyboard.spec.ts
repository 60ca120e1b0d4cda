// The daily flows by keyboard alone: dispatch, return, extension, supplement. The unit's own from sign
// to close is in ticket-unit.spec.ts, callbacks in clock-later.spec.ts.
import type { Locator, Page } from "@playwright/test";
import { signed } from "./city";
import { expect, test } from "./screen";
import { button, done, form, openAs, showTicket, suggested, tabTo } from "./ticket";

const liaison = "ta-gjj-liaison";
const triage = "ta-bigdata-triage";

async function presses(page: Page, wanted: Locator, key = "Enter"): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press(key);
}

async function types(page: Page, wanted: Locator, text: string): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.type(text);
}

test("a suggestion is taken over and dispatched by keyboard alone", async ({ page }) => {
  const { number } = await suggested();
  await openAs(page, triage, number);
  await presses(page, button(page, "采用建议：泰安市住房公积金管理中心"));
  await types(page, form(page, "派单").getByLabel("办理要求"), "请当日核实。");
  await presses(page, button(page, "确认派单"));
  await done(page, "派单");
  expect((await showTicket(triage, number)).responsibleUnit).toBe("ta-gjj");
});

test("a return is asked for and accepted by keyboard alone", async ({ page, context }) => {
  const { number } = await signed();
  await openAs(page, liaison, number);
  await presses(page, button(page, "申请退回"));
  const asked = form(page, "申请退回");
  await presses(page, asked.getByRole("radio").first(), "Space");
  await types(page, asked.getByLabel("职责依据"), "市级部门“三定”规定。");
  await types(page, asked.getByRole("combobox", { name: "建议承办单位" }), "泰安市人力资源");
  await asked.getByRole("option").filter({ hasText: "泰安市人力资源" }).first().waitFor();
  await page.keyboard.press("Enter");
  await presses(page, button(page, "确认申请退回"));
  await done(page, "申请退回");
  expect((await showTicket(liaison, number)).pending?.suggested).toBe("ta-rsj");

  const desk = await context.newPage();
  await openAs(desk, triage, number);
  await presses(desk, button(desk, "同意退回"));
  await presses(desk, button(desk, "确认同意退回"));
  await done(desk, "同意退回");
  expect((await showTicket(triage, number)).state).toBe("received");
});

test("an extension is asked for and granted by keyboard alone", async ({ page, context }) => {
  const { number } = await signed();
  await openAs(page, liaison, number);
  await presses(page, button(page, "申请延期"));
  const asked = form(page, "申请延期");
  await presses(page, asked.getByRole("radio").first(), "Space");
  await types(page, asked.getByLabel("理由"), "须调取三年缴费数据。");
  await presses(page, button(page, "确认申请延期"));
  await done(page, "申请延期");

  const desk = await context.newPage();
  await openAs(desk, triage, number);
  await presses(desk, button(desk, "批准延期"));
  await presses(desk, button(desk, "确认批准延期"));
  await done(desk, "批准延期");
  const { timeline } = await showTicket(liaison, number);
  expect(timeline.map((line) => line.action)).toContain("grant_extension");
});

test("supplements are asked for and ended by keyboard alone", async ({ page }) => {
  const { number } = await signed();
  await openAs(page, liaison, number);
  await presses(page, button(page, "一次性告知补充"));
  const item = form(page, "一次性告知补充").getByRole("group", { name: "第1项" });
  await types(page, item.getByLabel("材料名称"), "租赁合同");
  await types(page, item.getByLabel("需要的原因"), "核对租期");
  await types(page, item.getByLabel("提交方式"), "拍照上传");
  await presses(page, button(page, "确认一次性告知补充"));
  await done(page, "一次性告知补充");
  await presses(page, button(page, "结束补充"));
  await types(page, form(page, "结束补充").getByLabel("备注"), "来电表示无其他材料。");
  await presses(page, button(page, "确认结束补充"));
  await done(page, "结束补充");
  expect((await showTicket(liaison, number)).state).toBe("handling");
});
