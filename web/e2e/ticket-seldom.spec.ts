// Actions that are seldom needed, each on its form: a county that handles a ticket itself (第七条（一）),
// joint handling raised to the government (第六条（六）), rectifications that were deferred, verified or
// sent back (第十二条), what could not be solved looked at again (第十三条（六）), and personal data erased
// (第十六条; R-DP-4). Answers delivered another way are in clock-later.spec.ts.
import { randomUUID } from "node:crypto";
import { act, asAppellant, goodClosing, signed, submit, type Receipt } from "./city";
import { checkAxe, expect, test } from "./screen";
import { button, dayAfter, done, form, openAs, showTicket } from "./ticket";

const liaison = "ta-gjj-liaison";
const triage = "ta-bigdata-triage";
const manager = "ta-bigdata-manager";
const contact = { way: "phone", outcome: "reached" };

const actionsOf = async (officer: string, number: string) =>
  (await showTicket(officer, number)).timeline.map((line) => line.action);

/** A ticket whose unit reported a deferred rectification done. */
async function rectified(): Promise<Receipt> {
  const receipt = await signed();
  await act(liaison, receipt.number, "deferral", {
    measures: "改造对账接口。",
    responsible: "信息科科长",
    reason: "须走招标程序。",
    until: await dayAfter(liaison, receipt.number, 40),
  });
  await act(triage, receipt.number, "deferral-approval", {});
  await act(liaison, receipt.number, "close", { ...goodClosing, contact });
  return receipt;
}

test("a county takes a ticket on itself with one click", async ({ page }) => {
  const { number } = await submit({ area: "370902" });
  await act(triage, number, "transfer", { unit: "taishan-bigdata" });
  await openAs(page, "taishan-bigdata-manager", number);
  await button(page, "自行办理").click();
  await done(page, "自行办理");
  const ticket = await showTicket("taishan-bigdata-manager", number);
  expect([ticket.state, ticket.responsibleUnit]).toEqual(["handling", "taishan-bigdata"]);
  // It goes on as any unit would.
  await expect(button(page, "办结")).toBeVisible();
  expect(ticket.clocks.find((clock) => clock.clock === "county")?.state).toBe("stopped");
});

test("joint handling is raised to the government, once", async ({ page }) => {
  const { number } = await submit();
  await act(triage, number, "joint-handling", {
    cause: "cross_unit",
    members: ["ta-gjj", "ta-rsj"],
    reason: "两部门职责交叉。",
  });
  await openAs(page, manager, number);
  await expect(page.getByText("尚未提请市政府专题研究")).toBeVisible();
  await button(page, "提请市政府专题研究").click();
  const asked = form(page, "提请市政府专题研究");
  await button(page, "确认提请市政府专题研究").click();
  await expect(asked.getByLabel("理由")).toBeFocused();
  await expect(asked.getByLabel("理由")).toHaveAttribute("aria-invalid", "true");
  await asked.getByLabel("理由").fill("涉及市级政策调整。");
  await checkAxe(page, "raise to the government");
  await button(page, "确认提请市政府专题研究").click();
  await done(page, "提请市政府专题研究");
  await expect(page.getByText("已提请市政府专题研究")).toBeVisible();
  await expect(button(page, "提请市政府专题研究")).toHaveCount(0);
  const { state, joint } = await showTicket(manager, number);
  expect([state, joint?.raised]).toEqual(["joint", true]);
});

test("a deferred rectification is verified", async ({ page }) => {
  const { number } = await rectified();
  await openAs(page, triage, number);
  await button(page, "核实整改").click();
  const asked = form(page, "核实整改");
  await button(page, "确认核实整改").click();
  await expect(asked.getByLabel("核实情况")).toBeFocused();
  await asked.getByLabel("核实情况").fill("现场核实，接口已上线。");
  await checkAxe(page, "verify a rectification");
  await button(page, "确认核实整改").click();
  await done(page, "核实整改");
  // Nothing is left to verify, and the page does not offer it.
  await expect(button(page, "核实整改")).toHaveCount(0);
  await expect(button(page, "整改不到位退办")).toHaveCount(0);
  const { state, clocks } = await showTicket(triage, number);
  expect([state, clocks.find((clock) => clock.clock === "verify")?.state]).toEqual([
    "closed",
    "stopped",
  ]);
  expect(await actionsOf(triage, number)).toContain("verify_rectification");
});

test("a rectification that was not done goes back to the unit", async ({ page, context }) => {
  const receipt = await rectified();
  await openAs(page, triage, receipt.number);
  await button(page, "整改不到位退办").click();
  const asked = form(page, "整改不到位退办");
  await button(page, "确认整改不到位退办").click();
  await expect(asked.getByLabel("整改不到位的情况")).toBeFocused();
  await asked.getByLabel("整改不到位的情况").fill("接口仍未上线，抽查三笔均未到账。");
  await checkAxe(page, "send a rectification back");
  await button(page, "确认整改不到位退办").click();
  await done(page, "整改不到位退办");
  const { state, clocks } = await showTicket(triage, receipt.number);
  expect([state, clocks.findLast((clock) => clock.clock === "handle")?.state]).toEqual([
    "handling",
    "running",
  ]);
  expect(await actionsOf(triage, receipt.number)).toContain("send_back");
  // The unit reads why, and handles on; the appellant sees it too.
  const unit = await context.newPage();
  await openAs(unit, liaison, receipt.number);
  await expect(unit.getByText("接口仍未上线，抽查三笔均未到账。")).toBeVisible();
  await expect(button(unit, "办结")).toBeVisible();
  const track = await asAppellant<{ state: string }>(receipt, "GET", "");
  expect(track.state).toBe("handling");
});

test("what could not be solved is looked at again, and leaves the register", async ({ page }) => {
  const { number } = await signed();
  await act(liaison, number, "close", {
    ...goodClosing,
    contact,
    outcome: "cannot_solve_now",
    interim: {
      reason: "须上级部门开放接口。",
      plan: "每周人工核对并告知。",
      reviewOn: await dayAfter(liaison, number, 20),
    },
  });
  const nextOn = await dayAfter(liaison, number, 50);
  await openAs(page, liaison, number);
  await button(page, "复核暂无法解决事项").click();
  const asked = form(page, "复核暂无法解决事项");
  await button(page, "确认复核暂无法解决事项").click();
  await expect(asked.getByLabel("复核情况")).toBeFocused();
  await asked.getByLabel("复核情况").fill("上级接口仍未开放。");
  await asked.getByLabel("下次复核日期").fill(nextOn);
  await checkAxe(page, "review what was not solved");
  await button(page, "确认复核暂无法解决事项").click();
  await done(page, "复核暂无法解决事项");
  expect((await showTicket(liaison, number)).reviewOn).toBe(nextOn);
  // The next time it is solved: without another date it is off the register.
  await button(page, "复核暂无法解决事项").click();
  await expect(asked.getByLabel("复核情况")).toHaveValue("");
  await asked.getByLabel("复核情况").fill("接口已开放，问题解决。");
  await button(page, "确认复核暂无法解决事项").click();
  await expect(button(page, "复核暂无法解决事项")).toHaveCount(0);
  await done(page, "复核暂无法解决事项");
  const { reviewOn, state } = await showTicket(liaison, number);
  expect([reviewOn, state]).toEqual([undefined, "closed"]);
  const reviews = (await actionsOf(liaison, number)).filter((it) => it === "review_unsolved");
  expect(reviews).toHaveLength(2);
});

test("personal data is erased for good, once all appeals of a person are over", async ({
  page,
}) => {
  // A person of whom no other test knows.
  const account = `erased-${randomUUID()}`;
  const appellant = { kind: "person", name: "庚辰甫", phone: "13866660009" };
  const receipt = await submit({ appellant }, account);
  const other = await submit({ appellant }, account);
  await act(triage, receipt.number, "decline", { ground: "petition" });
  await openAs(page, manager, receipt.number);
  await button(page, "删除个人信息").click();
  const asked = form(page, "删除个人信息");
  const confirm = button(page, "确认删除个人信息");
  await expect(confirm).toBeDisabled();
  await asked.getByRole("radio", { name: "本人申请删除" }).check();
  await asked.getByLabel("理由和依据").fill("诉求人书面申请删除，已核验身份。");
  await expect(confirm).toBeDisabled();
  await asked.getByRole("checkbox", { name: /^删除后不能恢复/ }).check();
  await checkAxe(page, "erase");
  await confirm.click();
  // Not while another appeal of theirs is open, which is named.
  await expect(asked.getByRole("alert")).toContainText(other.number);
  expect(await actionsOf(manager, receipt.number)).not.toContain("erase");

  await act(triage, other.number, "decline", { ground: "petition" });
  await confirm.click();
  await done(page, "删除个人信息");
  await expect(button(page, "删除个人信息")).toHaveCount(0);
  for (const { number } of [receipt, other]) {
    expect(await actionsOf(manager, number)).toContain("erase");
    await expect(act(triage, number, "reveals", { purpose: "triage" })).rejects.toThrow(
      "已依法删除",
    );
  }
  const track = await asAppellant<{ timeline: { text: string }[] }>(receipt, "GET", "");
  expect(JSON.stringify(track.timeline)).toContain("本人申请删除");
});
