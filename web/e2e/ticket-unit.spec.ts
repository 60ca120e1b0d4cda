// A unit's day: sign, call, answer, close; what is refused; what is kept.
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { act, asAppellant, goodClosing, signed, submit } from "./city";
import { published } from "./public";
import { checkScreen, expect, test } from "./screen";
import { button, done, form, openAs, showTicket, tabTo, writeClosing } from "./ticket";

const liaison = "ta-gjj-liaison";

async function dispatched(fields: Record<string, unknown> = {}) {
  const receipt = await submit(fields);
  await act("ta-bigdata-triage", receipt.number, "dispatch", { unit: "ta-gjj" });
  return receipt;
}

/** Counts what a person presses with mouse or finger. */
async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const counted = window as unknown as { clicks: number };
    counted.clicks = 0;
    addEventListener("pointerdown", () => (counted.clicks += 1), { capture: true });
  });
  return () => page.evaluate(() => (window as unknown as { clicks: number }).clicks);
}

test("sign, read, answer and close take fewer than six clicks", async ({ page }) => {
  const receipt = await dispatched();
  const clicks = await countClicks(page);
  await openAs(page, liaison, receipt.number);
  await button(page, "签收").click();
  await done(page, "签收");
  await button(page, "办结").click();
  const asked = form(page, "办结");
  // Two choices of the contact, then only typing: everything else stands as it usually is.
  await asked.getByRole("radio", { name: "电话" }).check();
  await asked.getByRole("radio", { name: "已联系上" }).check();
  await writeClosing(asked);
  await button(page, "确认办结").click();
  await done(page, "办结");
  // Opened from the list with one more.
  expect((await clicks()) + 1).toBeLessThanOrEqual(6);
  expect((await clicks()) + 1 - 2, "without the contact").toBeLessThan(6);
  expect((await showTicket(liaison, receipt.number)).state).toBe("closed");
  await expect(page.getByText("已于今日审核通过，并向您登记的银行卡发起划款。")).toBeVisible();
  await checkScreen(page, "ticket-closed");
  const track = await asAppellant<{ answer?: unknown }>(receipt, "GET", "");
  expect(track.answer).toBeTruthy();
});

test("the whole of it by keyboard alone", async ({ page }) => {
  const { number } = await dispatched();
  await openAs(page, liaison, number);
  const press = (key: string) => page.keyboard.press(key);
  await tabTo(page, button(page, "签收"));
  await press("Enter");
  await done(page, "签收");
  await tabTo(page, button(page, "办结"));
  await press("Enter");
  const asked = form(page, "办结");
  await expect(asked.getByRole("radio", { name: "电话" })).toBeFocused();
  await press("Space");
  await press("Tab");
  await press("Space");
  await expect(asked.getByRole("radio", { name: "已联系上" })).toBeChecked();
  const texts = [...Object.values(goodClosing.record), ...Object.values(goodClosing.answer)];
  const labels = [
    ...["调查过程", "事实认定", "法律依据", "解决措施", "救济途径"],
    ...["问题核实情况", "处理依据", "解决结果", "后续建议"],
  ];
  for (const [at, label] of labels.entries()) {
    await tabTo(page, asked.getByLabel(label));
    await page.keyboard.type(texts[at] ?? "");
  }
  await tabTo(page, button(page, "确认办结"));
  await press("Enter");
  await done(page, "办结");
  expect((await showTicket(liaison, number)).state).toBe("closed");
});

test("the gate is live, and a refusal stands at its field", async ({ page }) => {
  const { number } = await signed();
  await openAs(page, liaison, number);
  await button(page, "办结").click();
  const asked = form(page, "办结");
  const gate = asked.getByRole("region", { name: /^办结条件/ });
  await expect(gate.getByText("联系用户记录：未满足")).toBeAttached();
  await expect(gate.getByText("没有待审批的申请：已满足")).toBeAttached();
  await asked.getByRole("radio", { name: "电话" }).check();
  await asked.getByRole("radio", { name: "已联系上" }).check();
  await expect(gate.getByText("联系用户记录：已满足")).toBeAttached();
  await writeClosing(asked);
  await expect(gate.getByText("处理记录五要素：已满足")).toBeAttached();
  await expect(gate.getByText("答复四要素：已满足")).toBeAttached();
  await asked.getByText("诉求人将看到的内容").click();
  await checkScreen(page, "ticket-compose");
  await asked.getByLabel("处理依据").fill("依法处理");
  await button(page, "确认办结").click();
  const basis = asked.getByLabel("处理依据");
  await expect(basis).toBeFocused();
  await expect(basis).toHaveAttribute("aria-invalid", "true");
  await expect(basis).toHaveAccessibleDescription(/过于简略或仅为套话/);
  await expect(gate.getByText("答复不敷衍：未满足")).toBeAttached();
  await checkScreen(page, "ticket-refused");
});

test("an answer rests on an entry of the knowledge base", async ({ page }) => {
  // What is published is found once the index was built anew.
  test.setTimeout(180_000);
  const key = `租房提取材料${randomUUID().slice(0, 6)}`;
  await published(`${key}，需要哪些？`, "无自有住房的职工租房提取，线上办理无须材料。");
  const { number } = await signed({ title: key });
  await openAs(page, liaison, number);
  await button(page, "办结").click();
  const asked = form(page, "办结");
  await asked.getByRole("radio", { name: "电话" }).check();
  await asked.getByRole("radio", { name: "已联系上" }).check();
  await writeClosing(asked);
  await button(asked, "查找").click();
  await asked.getByRole("checkbox", { name: new RegExp(key) }).check();
  await asked.getByText("条目内容").first().click();
  await checkScreen(page, "ticket-knowledge");
  await button(page, "确认办结").click();
  await done(page, "办结");
  await expect(page.getByRole("heading", { name: "引用的知识库条目" })).toBeVisible();
  const { knowledge } = await showTicket(liaison, number);
  expect(knowledge?.[0]?.title).toContain(key);
});

test("what cannot be solved now says why, what is done meanwhile, and when it is looked at again", async ({
  page,
}) => {
  const { number } = await signed();
  await openAs(page, liaison, number);
  await button(page, "办结").click();
  const asked = form(page, "办结");
  await asked.getByRole("radio", { name: "电话" }).check();
  await asked.getByRole("radio", { name: "无人接听" }).check();
  await writeClosing(asked);
  await asked.getByRole("radio", { name: "暂无法解决" }).check();
  await asked.getByLabel("暂无法解决的原因").fill("上级接口尚未开放。");
  await button(page, "确认办结").click();
  await expect(asked.getByText("请填写“复核日期”").first()).toBeVisible();
  await asked.getByLabel("阶段性方案或替代服务").fill("可到窗口人工办理。");
  const { receivedAt } = await showTicket(liaison, number);
  const later = new Date(new Date(receivedAt).getTime() + 30 * 86_400_000);
  await asked.getByLabel("复核日期").fill(later.toISOString().slice(0, 10));
  await button(page, "确认办结").click();
  await done(page, "办结");
  await expect(page.getByRole("heading", { name: "阶段性方案" })).toBeVisible();
});

test("what was typed is there after the page was left, and gone once it is sent", async ({
  page,
}) => {
  const { number } = await signed();
  await openAs(page, liaison, number);
  await button(page, "联系用户").click();
  await form(page, "联系用户").getByLabel("联系情况").fill("约定下午回电。");
  await page.reload();
  await button(page, "联系用户 有未提交的内容").click();
  const asked = form(page, "联系用户");
  await expect(asked.getByLabel("联系情况")).toHaveValue("约定下午回电。");
  await button(page, "确认联系用户").click();
  await expect(
    asked.getByText("请选择“方式”").or(asked.getByText("请选择“联系方式”")),
  ).toBeVisible();
  await asked.getByRole("radio", { name: "短信" }).check();
  await asked.getByRole("radio", { name: "已联系上" }).check();
  await button(page, "确认联系用户").click();
  await done(page, "联系用户");
  await button(page, "办结").click();
  await expect(page.getByText("本次办理已登记联系1次。")).toBeVisible();
  await button(page, "联系用户").click();
  await expect(form(page, "联系用户").getByLabel("联系情况")).toHaveValue("");
  const kept = await page.evaluate(() =>
    Object.keys(localStorage).filter((key) => key.endsWith(".record_contact")),
  );
  expect(kept).toEqual([]);
});

test("a ticket that changed meanwhile is read anew, and the answer is sent on", async ({
  page,
}) => {
  const { number } = await signed();
  await openAs(page, liaison, number);
  await button(page, "办结").click();
  const asked = form(page, "办结");
  await asked.getByRole("radio", { name: "电话" }).check();
  await asked.getByRole("radio", { name: "已联系上" }).check();
  await writeClosing(asked);
  await act(liaison, number, "contacts", { way: "phone", outcome: "no_answer" });
  await button(page, "确认办结").click();
  const note = page.getByRole("alert").filter({ hasText: "工单已被他人更新" });
  await expect(note).toContainText("联系用户");
  await expect(asked.getByLabel("解决结果")).not.toHaveValue("");
  await button(page, "确认办结").click();
  await done(page, "办结");
});
