// What only time brings about: overdue tickets, the supervision that follows, and callbacks. These
// move the cloud's clock, so they run after everything else, one after another.
import { act, asAppellant, call, closed, read, signed, until, type Receipt } from "./city";
import { asOfficer, checkScreen, expect, test } from "./screen";
import { button } from "./ticket";
import type { RecordPage, TicketPage, WorklistAnswer } from "../src/generated/api";

const hour = 3600;

async function moves(seconds: number): Promise<void> {
  await call("POST", "/control/clock", {}, { shift_seconds: seconds });
}

/** Sealed, and the day of the seal over and drawn: the callback stands on the caller's list. */
async function drawn(receipt: Receipt): Promise<void> {
  await moves(hour);
  await until(async () => {
    const record = await asAppellant<RecordPage>(receipt, "GET", "/record");
    return record.sealedVersion >= record.version || undefined;
  }, 60);
  await moves(25 * hour);
  await until(async () => {
    const list = await read<WorklistAnswer>(
      "ta-bigdata-callback",
      "/worklist?task=call_back&limit=100",
    );
    return list.items.some((item) => item.number === receipt.number) || undefined;
  }, 60);
}

test.describe.configure({ mode: "serial" });

test("a callback is drawn, the agent calls, and what was found goes back to the unit", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const receipt = await closed();
  await asAppellant(receipt, "POST", "/rating", { level: 1, solved: false, aspect: "result" });
  await drawn(receipt);

  await asOfficer(page, "ta-bigdata-callback", "/?tab=callback");
  const link = page.getByRole("link", { name: receipt.number });
  await expect(link).toBeVisible();
  await checkScreen(page, "clock-callbacks");
  await link.click();
  await button(page, "登记回访").click();
  await expect(page.getByRole("heading", { name: "回访用语" })).toBeVisible();
  const called = page.getByRole("form");
  await called.getByRole("radio", { name: "已联系上" }).check();
  await called.getByRole("radio", { name: "不满意", exact: true }).check();
  const solved = called.getByRole("group", { name: /问题是否解决/ });
  await solved.getByRole("radio", { name: "否" }).check();
  await checkScreen(page, "clock-callback");
  await called.locator("button[type=submit]").click();
  await expect(page.getByText(/^已完成：.*回访/)).toBeVisible();

  const ticket = await read<TicketPage>("ta-gjj-liaison", `/tickets/${receipt.number}`);
  expect(ticket.callback?.toRectify).toBe(true);
});

test("what is overdue stands on its tab and on the supervision board", async ({ page }) => {
  test.setTimeout(180_000);
  const receipt = await signed();
  await moves(9 * 24 * hour);

  await asOfficer(page, "ta-gjj-liaison", "/?tab=overdue");
  await expect(page.getByRole("link", { name: receipt.number })).toBeVisible();
  await expect(page.getByText("已超期").filter({ visible: true }).first()).toBeVisible();
  await checkScreen(page, "clock-overdue");

  // The sweep marks it within the minute, and the case follows from the mark.
  await until(async () => {
    const { items } = await read<{ items: { ticket?: string }[] }>(
      "ta-bigdata-manager",
      "/supervision",
    );
    return items.some((item) => item.ticket === receipt.number) || undefined;
  }, 120);
  await asOfficer(page, "ta-bigdata-manager", "/supervision");
  await expect(page.getByRole("link", { name: receipt.number }).first()).toBeVisible();
  await checkScreen(page, "clock-supervision");

  // The unit answers all the same: late, and on record.
  await act("ta-gjj-liaison", receipt.number, "contacts", { way: "phone", outcome: "reached" });
});
