// What a unit asks for and who decides: returns, extensions, deferrals, supplements, co-handling.
import { act, asAppellant, goodClosing, signed, submit } from "./city";
import { asOfficer, checkScreen, expect, test } from "./screen";
import { button, done, form, openAs, pick, showTicket } from "./ticket";

const liaison = "ta-gjj-liaison";
const triage = "ta-bigdata-triage";

test("a return is asked for and refused", async ({ page, context }) => {
  const { number } = await signed();
  await openAs(page, liaison, number);
  await button(page, "申请退回").click();
  const asked = form(page, "申请退回");
  await asked.getByRole("radio", { name: "属其他单位职责" }).check();
  await asked.getByLabel("职责依据").fill("市级部门“三定”规定。");
  await pick(asked, "建议承办单位", "泰安市人力资源");
  await asked.getByLabel("说明").fill("属养老保险关系转移。");
  await button(page, "确认申请退回").click();
  await done(page, "申请退回");
  await expect(page.getByRole("heading", { name: "退回申请待审批" })).toBeVisible();

  const desk = await context.newPage();
  await openAs(desk, triage, number);
  await expect(desk.getByText("泰安市人力资源和社会保障局").first()).toBeVisible();
  await checkScreen(desk, "ticket-pending");
  await button(desk, "不同意退回").click();
  await button(desk, "确认不同意退回").click();
  await expect(form(desk, "不同意退回").getByText("请写明理由或情况").first()).toBeVisible();
  await form(desk, "不同意退回").getByLabel("不同意的理由").fill("职责清单已明确由贵单位承办。");
  await button(desk, "确认不同意退回").click();
  await done(desk, "不同意退回");
  const ticket = await showTicket(liaison, number);
  expect([ticket.pending, ticket.responsibleUnit]).toEqual([undefined, "ta-gjj"]);
});

test("a return is asked for and accepted: the unit sees the ticket no more", async ({
  page,
  context,
}) => {
  const { number } = await signed();
  await act(liaison, number, "return", {
    reason: "other_duty",
    ground: "市级部门“三定”规定。",
    suggested: "ta-rsj",
  });
  await openAs(page, triage, number);
  await button(page, "同意退回").click();
  await button(page, "确认同意退回").click();
  await done(page, "同意退回");
  await expect(page.getByRole("group", { name: "分类处置（第十条）" })).toBeVisible();
  expect((await showTicket(triage, number)).state).toBe("received");
  const unit = await context.newPage();
  await asOfficer(unit, liaison, `/tickets/${number}`);
  await expect(unit.getByRole("alert")).toContainText("没有找到");
});

test("an extension shows the new date before it is asked, and is granted", async ({
  page,
  context,
}) => {
  const { number } = await signed();
  const { extensionForm } = await showTicket(liaison, number);
  await openAs(page, liaison, number);
  await button(page, "申请延期").click();
  const asked = form(page, "申请延期");
  await expect(asked.getByText(/新的期限：\d{4}-\d{2}-\d{2} 24:00/)).toHaveCount(
    extensionForm?.choices.length ?? 0,
  );
  await button(page, "确认申请延期").click();
  await expect(asked.getByRole("radio", { name: /^1个工作日/ })).toBeFocused();
  await asked.getByRole("radio", { name: /^2个工作日/ }).check();
  await asked.getByLabel("理由").fill("须调取三年缴费数据。");
  await checkScreen(page, "ticket-extension");
  await button(page, "确认申请延期").click();
  await done(page, "申请延期");
  const wanted = extensionForm?.choices.find((choice) => choice.days === 2)?.dueAt;

  const desk = await context.newPage();
  await openAs(desk, triage, number);
  await expect(desk.getByText("批准后的办理期限")).toBeVisible();
  await button(desk, "批准延期").click();
  await button(desk, "确认批准延期").click();
  await done(desk, "批准延期");
  const { clocks } = await showTicket(liaison, number);
  expect(clocks.find((clock) => clock.clock === "handle")?.dueAt).toBe(wanted);
  // The receipt tells of it, day by day.
  await desk.getByRole("region", { name: "期限" }).getByText("办理", { exact: true }).click();
  await expect(desk.getByRole("table", { name: "办理逐日计算" })).toBeVisible();
  await checkScreen(desk, "ticket-receipt");
});

test("a deferral is asked for with measures, person and date, and granted", async ({
  page,
  context,
}) => {
  const { number } = await signed();
  await openAs(page, liaison, number);
  await button(page, "申请延期整改").click();
  const asked = form(page, "申请延期整改");
  await asked.getByLabel("整改措施").fill("改造对账接口。");
  await asked.getByLabel("责任人").fill("信息科科长");
  await asked.getByLabel("客观原因").fill("须走招标程序。");
  const { receivedAt } = await showTicket(liaison, number);
  const until = new Date(new Date(receivedAt).getTime() + 60 * 86_400_000);
  await asked.getByLabel("完成时限").fill(until.toISOString().slice(0, 10));
  await button(page, "确认申请延期整改").click();
  await done(page, "申请延期整改");
  const desk = await context.newPage();
  await openAs(desk, triage, number);
  await expect(
    desk.getByText("改造对账接口；责任人：信息科科长；须走招标程序", { exact: false }).first(),
  ).toBeVisible();
  await button(desk, "批准延期整改").click();
  await button(desk, "确认批准延期整改").click();
  await done(desk, "批准延期整改");
  expect((await showTicket(liaison, number)).state).toBe("rectifying");
});

test("supplements are asked for once, answered, and ended", async ({ page }) => {
  const receipt = await signed();
  await openAs(page, liaison, receipt.number);
  await button(page, "一次性告知补充").click();
  const asked = form(page, "一次性告知补充");
  const first = asked.getByRole("group", { name: "第1项" });
  await first.getByLabel("材料名称").fill("租赁合同");
  await first.getByLabel("需要的原因").fill("核对租期");
  await button(asked, "增加一项").click();
  const second = asked.getByRole("group", { name: "第2项" });
  await expect(second.getByLabel("材料名称")).toBeFocused();
  await second.getByLabel("材料名称").fill("银行扣款回单");
  await second.getByLabel("需要的原因").fill("核对入账时间");
  await second.getByLabel("提交方式").fill("拍照上传");
  await button(page, "确认一次性告知补充").click();
  await expect(first.getByLabel("提交方式")).toBeFocused();
  await first.getByLabel("提交方式").fill("拍照上传");
  await checkScreen(page, "ticket-supplement-form");
  await button(page, "确认一次性告知补充").click();
  await done(page, "一次性告知补充");
  await asAppellant(receipt, "POST", "/supplement", { items: [1], text: "合同如附件所述。" });
  await page.reload();
  const list = page.getByRole("table", { name: "一次性告知的补充材料" });
  await expect(list.getByRole("row", { name: /租赁合同/ })).toContainText("已补充");
  await expect(list.getByRole("row", { name: /银行扣款回单/ })).toContainText("未补充");
  await expect(page.getByText("合同如附件所述。").first()).toBeVisible();
  await checkScreen(page, "ticket-supplement");
  await button(page, "结束补充").click();
  await form(page, "结束补充").getByLabel("备注").fill("诉求人来电表示无其他材料。");
  await button(page, "确认结束补充").click();
  await done(page, "结束补充");
  expect((await showTicket(liaison, receipt.number)).state).toBe("handling");
});

test("a co-handler signs and gives its opinion; another is released", async ({ page, context }) => {
  const { number } = await submit();
  await act(triage, number, "dispatch", { unit: "ta-gjj", coHandlers: ["ta-rsj"] });
  await act(liaison, number, "sign", {});
  await openAs(page, "ta-rsj-liaison", number);
  await button(page, "协办签收").click();
  await done(page, "协办签收");
  await button(page, "出具协办意见").click();
  await form(page, "出具协办意见").getByLabel("协办意见").fill("参保数据核对无误。");
  await button(page, "确认出具协办意见").click();
  await done(page, "出具协办意见");
  await expect(page.getByRole("table", { name: "协办单位及意见" })).toContainText(
    "参保数据核对无误。",
  );
  await checkScreen(page, "ticket-co-handler");

  const desk = await context.newPage();
  await openAs(desk, triage, number);
  await button(desk, "指定协办单位").click();
  await pick(form(desk, "指定协办单位"), "协办单位", "泰安市公安局");
  await button(desk, "确认指定协办单位").click();
  await done(desk, "指定协办单位");
  await button(desk, "免除协办").click();
  const release = form(desk, "免除协办");
  await pick(release, "免除的协办单位", "泰安市公安局");
  await release.getByLabel("理由").fill("经核实与该单位无关。");
  await button(desk, "确认免除协办").click();
  await done(desk, "免除协办");
  await expect(desk.getByRole("row", { name: /泰安市公安局/ })).toContainText("已免除");
});

test("a dissatisfied rating is contested, verified, and the ticket opened again", async ({
  page,
  context,
}) => {
  const receipt = await signed();
  const contact = { way: "phone", outcome: "reached" };
  await act(liaison, receipt.number, "close", { ...goodClosing, contact });
  await asAppellant(receipt, "POST", "/rating", { level: 1, solved: false, aspect: "result" });
  await openAs(page, liaison, receipt.number);
  await expect(page.getByText("非常不满意")).toBeVisible();
  await button(page, "申诉评价").click();
  await form(page, "申诉评价").getByLabel("申诉理由及佐证").fill("已按时办结，附通话记录编号。");
  await button(page, "确认申诉评价").click();
  await done(page, "申诉评价");
  const desk = await context.newPage();
  await openAs(desk, triage, receipt.number);
  await button(desk, "核实评价").click();
  const asked = form(desk, "核实评价");
  await asked.getByRole("radio", { name: "问题属实" }).check();
  await asked.getByLabel("核实情况").fill("经电话核实，款项未到账。");
  await button(desk, "确认核实评价").click();
  await done(desk, "核实评价");
  await expect(desk.getByText("已核实：问题属实")).toBeVisible();
  await checkScreen(desk, "ticket-rated");
  await button(desk, "重办").click();
  await form(desk, "重办").getByLabel("理由").fill("经核实，款项未到账。");
  await button(desk, "确认重办").click();
  await done(desk, "重办");
  expect((await showTicket(triage, receipt.number)).state).toBe("received");
});
