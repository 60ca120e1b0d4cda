// Reconciliation and audit: what is missing, who did what.
import { revealed } from "./insight";
import { asOfficer, checkScreen, expect, test } from "./screen";

test("a day's counts of the channels, those that were not sent too", async ({ page }) => {
  await asOfficer(page, "ta-bigdata-triage", "/reconciliations");
  const table = page.getByRole("table", { name: /各渠道对账/ });
  await expect(table.getByRole("row", { name: /移动端/ })).toBeVisible();
  await expect(page.getByRole("status")).toContainText(/已报送\d+个渠道/);
  const day = await page.getByLabel("日期").inputValue();
  await page.getByRole("button", { name: "前一日" }).click();
  await expect(page.getByLabel("日期")).not.toHaveValue(day);
  await page.getByLabel("日期").fill("2999-01-01");
  await page.getByRole("button", { name: "查看", exact: true }).click();
  await expect(page.getByLabel("日期")).toHaveAttribute("aria-invalid", "true");
});

test("what a channel took in without a ticket is listed", async ({ page }) => {
  // Counts come from channel systems, by signed requests: here as the contract shows one.
  const day = "2026-03-02";
  const sent = { day, comparedAt: "2026-03-02T16:05:00Z" };
  await page.route("**/reconciliations?day=*", (route) =>
    route.fulfill({
      json: {
        day,
        channels: [
          {
            channel: "mobile",
            name: "移动端",
            reconciliation: {
              ...sent,
              count: 3,
              listed: 3,
              received: 1,
              difference: 2,
              missing: ["M-20260302-000019"],
              otherDay: [{ id: "M-20260302-000020", day: "2026-03-03" }],
            },
          },
          {
            channel: "pc",
            name: "PC端",
            reconciliation: {
              ...sent,
              count: 1,
              listed: 1,
              received: 1,
              difference: 0,
              missing: [],
              otherDay: [],
            },
          },
          { channel: "tv", name: "电视端" },
        ],
      },
    }),
  );
  await asOfficer(page, "ta-bigdata-auditor", `/reconciliations?day=${day}`);
  await expect(page.getByRole("status")).toContainText(
    "已报送2个渠道，其中一致1个、有差异1个；未报送1个。",
  );
  const mobile = page.getByRole("row", { name: /移动端/ });
  await expect(mobile).toContainText("有差异");
  await expect(mobile).toContainText("M-20260302-000019");
  await expect(page.getByRole("row", { name: /电视端/ })).toContainText("未报送");
  await checkScreen(page, "insight-reconciliations");
});

test("an auditor reads a ticket's whole record, and who looked at its appellant", async ({
  page,
}) => {
  const { number } = await revealed();
  await asOfficer(page, "ta-bigdata-auditor", "/audit");
  await page.getByLabel("诉求编号").fill(number.toLowerCase());
  await page.keyboard.press("Enter");
  const record = page.getByRole("table", { name: "办理记录" });
  await expect(record.getByRole("row")).toHaveCount(5);
  await expect(record.getByRole("row", { name: /提交诉求/ })).toContainText("移动端");
  const reveal = record.getByRole("row", { name: /查看个人信息/ });
  await expect(reveal).toContainText("泰安市住房公积金管理中心 ta-gjj-liaison");
  await expect(reveal).toContainText("联系诉求人");
  await expect(page.getByText(`cargo run -- verify --ticket ${number}`)).toBeVisible();
  await checkScreen(page, "insight-audit");
  await page.getByLabel("只看").selectOption({ label: "查看个人信息（1）" });
  await expect(record.getByRole("row")).toHaveCount(2);

  await page.getByLabel("诉求编号").fill("TA260302K7QM3XPAH");
  await page.getByRole("button", { name: "查询" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(record).toHaveCount(0);
});
