// Triage (第十条、第十一条): four outcomes, of which a person chooses one.
import { act, asAppellant, submit, until } from "./city";
import { checkScreen, expect, test } from "./screen";
import { button, done, form, openAs, pick, showTicket, suggested } from "./ticket";

const triage = "ta-bigdata-triage";

test("a suggested unit is taken over with a click and dispatched by a person", async ({ page }) => {
  const { number } = await suggested();
  await openAs(page, triage, number);
  await expect(page.getByText("文中有“公积金”")).toBeVisible();
  await checkScreen(page, "ticket-triage");
  await button(page, "采用建议：泰安市住房公积金管理中心").click();
  await expect(page.getByRole("radio", { name: /^需业务部门介入/ })).toBeChecked();
  await expect(page.getByRole("combobox", { name: "承办单位" })).toHaveValue(
    "泰安市住房公积金管理中心",
  );
  // Nothing has happened yet: a person decides.
  expect((await showTicket(triage, number)).state).toBe("received");
  await form(page, "派单").getByLabel("办理要求").fill("请当日核实。");
  await button(page, "确认派单").click();
  await done(page, "派单");
  const ticket = await showTicket(triage, number);
  expect([ticket.state, ticket.responsibleUnit]).toEqual(["dispatched", "ta-gjj"]);
  await expect(page.getByText("泰安市住房公积金管理中心：请当日核实。")).toBeVisible();
});

test("several units: a lead and co-handlers", async ({ page }) => {
  const { number } = await suggested({
    text: "租房提取公积金显示审核中，社保缴费记录也查不到，请两部门核实。",
  });
  await openAs(page, triage, number);
  await page.getByRole("radio", { name: /^涉及多个部门/ }).check();
  await button(page, "采用建议：泰安市住房公积金管理中心").click();
  await button(page, "加为协办：泰安市人力资源和社会保障局").click();
  const asked = form(page, "派单");
  await pick(asked, "协办单位", "泰安市公安局");
  await expect(asked.getByRole("list", { name: "已选单位" }).getByRole("listitem")).toHaveCount(2);
  await checkScreen(page, "ticket-several");
  await button(asked, "移除泰安市公安局").click();
  await button(page, "确认派单").click();
  await done(page, "派单");
  const { coHandlers, responsibleUnit } = await showTicket(triage, number);
  expect([responsibleUnit, ...coHandlers.map((it) => it.unit)]).toEqual(["ta-gjj", "ta-rsj"]);
});

test("joint handling stands under several units", async ({ page }) => {
  const { number } = await submit();
  await openAs(page, triage, number);
  await page.getByRole("radio", { name: /^涉及多个部门/ }).check();
  await page.getByRole("radio", { name: /^启动联合处置/ }).check();
  const asked = form(page, "启动联合处置");
  await asked.getByRole("radio", { name: "跨部门复杂诉求" }).check();
  await pick(asked, "成员单位", "泰安市公安局");
  await pick(asked, "成员单位", "泰安市住房公积金管理中心");
  await asked.getByLabel("理由").fill("两部门职责交叉。");
  await button(page, "确认启动联合处置").click();
  await done(page, "启动联合处置");
  await expect(
    page.getByText("泰安市公安局、泰安市住房公积金管理中心", { exact: false }).first(),
  ).toBeVisible();
  await button(page, "登记会商").click();
  const meeting = form(page, "登记会商");
  const { at } = (await showTicket(triage, number)).timeline[0] ?? { at: "" };
  await meeting.getByLabel("会商日期").fill(at.slice(0, 10));
  await meeting.getByLabel("会商内容").fill("明确由公积金中心牵头。");
  await button(page, "确认登记会商").click();
  await done(page, "登记会商");
  await button(page, "形成联合处置结论").click();
  const conclusion = form(page, "形成联合处置结论");
  await pick(conclusion, "承办单位", "泰安市住房公积金管理中心");
  await conclusion.getByLabel("联合处置结论").fill("由公积金中心办理。");
  await button(page, "确认形成联合处置结论").click();
  await done(page, "形成联合处置结论");
  expect((await showTicket(triage, number)).responsibleUnit).toBe("ta-gjj");
});

test("what belongs to a statutory procedure is declined with guidance", async ({ page }) => {
  const receipt = await suggested({
    title: "劳动争议",
    text: "与单位的劳动争议已申请仲裁，希望再帮忙协调。",
  });
  await openAs(page, triage, receipt.number);
  await expect(page.getByText("法定程序迹象：仲裁")).toBeVisible();
  await button(page, "按第十一条（一）处理：仲裁").click();
  const asked = form(page, "不予受理");
  await expect(asked.getByLabel("不予受理的情形")).toHaveValue("arbitration");
  await asked.getByLabel("补充说明").fill("仲裁委员会已立案。");
  await checkScreen(page, "ticket-decline");
  await button(page, "确认不予受理").click();
  await done(page, "不予受理");
  await expect(page.getByText(/请向有管辖权的仲裁机构提出.*仲裁委员会已立案/)).toBeVisible();
  const track = await asAppellant<{ guidance?: string }>(receipt, "GET", "");
  expect(track.guidance).toContain("仲裁机构");
});

test("an emergency sign stands ahead of everything else", async ({ page }) => {
  const { number } = await suggested({ title: "燃气味道", text: "楼下燃气泄漏，味道很大。" });
  await openAs(page, triage, number);
  await expect(page.getByText("紧急迹象：应由119处置的紧急诉求")).toBeVisible();
});

test("a question is answered directly, and the gate names a thin answer", async ({ page }) => {
  const receipt = await submit({ kind: "consultation", title: "租房提取怎么办" });
  await openAs(page, triage, receipt.number);
  await page.getByRole("radio", { name: /^能即时解答/ }).check();
  const asked = form(page, "即时解答");
  await asked.getByLabel("问题核实情况").fill("您咨询的是租房提取公积金的条件。");
  await asked.getByLabel("处理依据").fill("《住房公积金管理条例》第二十四条。");
  await asked.getByLabel("解决结果").fill("已处理。");
  await button(page, "确认即时解答").click();
  await expect(
    asked.getByText("“解决结果”过于简略或仅为套话，请写明具体情况").first(),
  ).toBeVisible();
  await expect(asked.getByLabel("后续建议")).toHaveAttribute("aria-invalid", "true");
  await expect(asked.getByLabel("解决结果")).toBeFocused();
  await checkScreen(page, "ticket-direct-answer");
  await asked.getByLabel("解决结果").fill("无自有住房且连续缴存满三个月可以提取。");
  await asked.getByLabel("后续建议").fill("可在手机端“租房提取”提交，无须材料。");
  await button(page, "确认即时解答").click();
  await done(page, "即时解答");
  const track = await asAppellant<{ answer?: { result?: string } }>(receipt, "GET", "");
  expect(track.answer?.result).toBe("无自有住房且连续缴存满三个月可以提取。");
});

test("unlawful content is explained and locked", async ({ page, context }) => {
  const { number } = await submit({ text: "附上商业合同，请转发给所有人。" });
  await openAs(page, triage, number);
  await page.getByRole("radio", { name: /^按特殊规则处置/ }).check();
  await page.getByRole("radio", { name: /^解释说明并归档/ }).check();
  const asked = form(page, "解释说明并归档");
  await asked.getByRole("radio", { name: "涉及商业秘密" }).check();
  await button(page, "确认解释说明并归档").click();
  await expect(asked.getByText("请向诉求人作出解释说明").first()).toBeVisible();
  await asked.getByLabel("解释说明").fill("所附合同涉及商业秘密，请勿公开传播。");
  await button(page, "确认解释说明并归档").click();
  await done(page, "解释说明并归档");
  await expect(
    page.getByText("内容已按第十一条（二）解释说明并锁定", { exact: false }),
  ).toBeVisible();
  await expect(page.getByText("请转发给所有人")).toHaveCount(0);
  await checkScreen(page, "ticket-locked");
  const other = await context.newPage();
  await openAs(other, "ta-bigdata-manager", number);
  await expect(other.getByText("附上商业合同，请转发给所有人。")).toBeVisible();
  await expect(other.getByText("您有权查看，请勿传播。", { exact: false })).toBeVisible();
});

test("what is brought again quotes the ticket before it", async ({ page }) => {
  const [earlier, again] = [await submit(), await submit()];
  await openAs(page, triage, again.number);
  await page.getByRole("radio", { name: /^按特殊规则处置/ }).check();
  await page.getByRole("radio", { name: /^引用原办结结果/ }).check();
  const asked = form(page, "引用原办结结果");
  await asked.getByLabel("原工单编号").fill(earlier.number);
  await button(page, "确认引用原办结结果").click();
  await done(page, "引用原办结结果");
});

test("a county gets it, dispatches it within its area, and the rest is not open", async ({
  page,
  context,
}) => {
  const { number } = await submit({ area: "370902" });
  await openAs(page, triage, number);
  await page.getByRole("radio", { name: /^需业务部门介入/ }).check();
  await page.getByRole("radio", { name: /^转办/ }).check();
  await pick(form(page, "转办"), "县级管理单位", "泰山区");
  const unit = await page.getByRole("combobox", { name: "县级管理单位" }).inputValue();
  await button(page, "确认转办").click();
  await done(page, "转办");
  const { responsibleUnit } = await until(async () => showTicket(triage, number));
  expect(unit).not.toBe("");
  const county = await context.newPage();
  await openAs(county, `${responsibleUnit}-manager`, number);
  await button(county, "派单").click();
  await pick(form(county, "派单"), "承办单位", "泰山区人力资源");
  await button(county, "确认派单").click();
  await done(county, "派单");
  await county.getByText(/^现在不能做的/).click();
  await expect(county.getByText("工单处于“待签收”", { exact: false }).first()).toBeVisible();
  await checkScreen(county, "ticket-county");
});

test("a ticket that another dispatched meanwhile keeps what was typed", async ({ page }) => {
  const { number } = await suggested();
  await openAs(page, triage, number);
  await button(page, "采用建议：泰安市住房公积金管理中心").click();
  await form(page, "派单").getByLabel("办理要求").fill("请在今天联系诉求人。");
  await act(triage, number, "dispatch", { unit: "ta-rsj" });
  await button(page, "确认派单").click();
  await expect(page.getByText("工单已被他人更新，已重新读取", { exact: false })).toBeVisible();
  await expect(page.getByText("现在的状态：待签收")).toBeVisible();
  await expect(page.getByText("现在不能派单。", { exact: false })).toBeVisible();
  await expect(form(page, "派单").getByLabel("办理要求")).toHaveValue("请在今天联系诉求人。");
  await expect(button(page, "确认派单")).toBeDisabled();
  await checkScreen(page, "ticket-meanwhile");
});
