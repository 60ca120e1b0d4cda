// 共性问题 through the pages: gathered, analysed, rectified, verified (Art. 8(5), 15).
import { closed, read, signed } from "./city";
import { asked, goOnAs, said, unique } from "./oversight";
import { asOfficer, checkScreen, expect, test } from "./screen";

test("two tickets become a group, the unit plans and completes, the manager verifies", async ({
  page,
}) => {
  test.slow();
  const title = unique("租房提取公积金审核慢");
  const [first, second, third] = [await closed(), await signed(), await signed()];
  await asOfficer(page, "ta-bigdata-triage", "/problem-groups");
  await page.getByRole("link", { name: "登记问题组" }).click();
  await page.getByRole("textbox", { name: "问题" }).first().fill(title);
  await page.getByLabel("责任单位").selectOption("ta-gjj");
  await page.getByLabel("工单").fill(`${first.number}\nTA123`);
  await page.getByRole("button", { name: "确认为问题组" }).click();
  await expect(page.getByLabel("工单")).toHaveAccessibleDescription(/TA123：.*编号不正确/);
  await expect(page.getByLabel("工单")).toBeFocused();
  await checkScreen(page, "oversight-new-group");
  await page.getByLabel("工单").fill(`${first.number}，${second.number}`);
  await page.getByRole("button", { name: "确认为问题组" }).click();
  await expect(said(page, "已确认问题组")).toBeVisible();
  await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
  await expect(page.getByText("组内现有2件诉求")).toBeVisible();
  const id = page.url().split("/").at(-1) ?? "";

  await page.getByLabel("归入更多工单").fill(third.number);
  await page.getByRole("button", { name: "归入问题组" }).click();
  await expect(page.getByText("组内现有3件诉求")).toBeVisible();
  await page.getByRole("button", { name: `移出 ${third.number}` }).click();
  await expect(page.getByLabel(`移出${third.number}的理由`)).toBeFocused();
  await page.keyboard.type("属另一事项。");
  await page.getByRole("button", { name: "移出", exact: true }).click();
  await expect(said(page, "已移出工单")).toBeVisible();
  await expect(page.getByText("组内现有2件诉求")).toBeVisible();

  await goOnAs(page, "ta-gjj-liaison", `/problem-groups/${id}`);
  await expect(page.getByLabel("归入更多工单")).toHaveCount(0);
  await page.getByRole("button", { name: "提交分析和措施" }).click();
  await expect(page.getByLabel("根源分析")).toBeFocused();
  await page.getByLabel("根源分析").fill("两个系统之间每日只同步一次。");
  await page.getByLabel("整改措施").fill("改为实时同步。");
  const { dueAt } = await read<{ dueAt: string }>("ta-gjj-liaison", `/problem-groups/${id}`);
  await page.getByLabel("完成时限").fill("2000-01-01");
  await page.getByRole("button", { name: "提交分析和措施" }).click();
  await expect(page.getByLabel("完成时限")).toHaveAccessibleDescription(/整改期限应为今日或者以后/);
  await page.getByLabel("完成时限").fill(dueAt.slice(0, 10));
  await page.getByRole("button", { name: "提交分析和措施" }).click();
  await expect(said(page, "已提交根源分析和整改措施")).toBeVisible();
  await page.getByLabel("情况说明").fill("已改为实时同步。");
  await page.getByRole("button", { name: "报告整改完成" }).click();
  await expect(said(page, "已报告整改完成")).toBeVisible();

  await goOnAs(page, "ta-bigdata-manager", `/problem-groups/${id}`);
  await page.getByLabel("情况说明").fill("抽查十件，当日均可查到。");
  await page.getByRole("button", { name: "整改见效" }).click();
  await expect(said(page, "整改见效")).toBeVisible();
  const effect = page.getByRole("table").filter({ hasText: "整改完成之前90天" });
  await expect(effect.getByRole("row", { name: /整改前/ })).toContainText("2");
  await checkScreen(page, "oversight-group");
});

test("groups are listed by stage", async ({ page }) => {
  const title = unique("取号系统排队过长");
  const { number } = await signed();
  await asked("ta-bigdata-triage", "/problem-groups", {
    title,
    unit: "ta-gjj",
    tickets: [number],
  });
  await asOfficer(page, "ta-gjj-leader", "/problem-groups");
  await expect(page.getByRole("row").filter({ hasText: title })).toContainText("待根源分析");
  await expect(page.getByRole("link", { name: "登记问题组" })).toHaveCount(0);
  await checkScreen(page, "oversight-groups");
  const stages = page.getByRole("list", { name: "问题组阶段" });
  await stages.getByRole("button", { name: "整改见效" }).click();
  await expect(page.getByRole("row").filter({ hasText: title })).toHaveCount(0);
  await stages.getByRole("button", { name: "待根源分析" }).click();
  await page.getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
});

test("a suggestion is confirmed with the tickets that were chosen", async ({ page }) => {
  const title = unique("自助机打印失败");
  const [first, second] = [await signed(), await signed()];
  // Suggestions are made once a day; here of tickets that are there.
  await page.route("**/api-console/problem-candidates", (route) =>
    route.fulfill({
      json: {
        madeAt: "2026-03-02T01:00:00Z",
        items: [
          {
            title,
            area: "370902",
            size: 2,
            tickets: [
              { number: first.number, likeness: 100 },
              { number: second.number, likeness: 86 },
            ],
          },
        ],
      },
    }),
  );
  await asOfficer(page, "ta-bigdata-triage", "/problem-groups");
  await page.getByRole("link", { name: "可能的共性问题" }).click();
  await page.getByText(title).click();
  await expect(page.getByText("相似86%")).toBeVisible();
  await expect(page.getByLabel("区域")).toHaveValue("370902");
  await checkScreen(page, "oversight-candidates");
  await page.getByRole("checkbox", { name: second.number }).uncheck();
  await expect(page.getByText("已选1件")).toBeVisible();
  await page.getByLabel("责任单位").selectOption("ta-gjj");
  await page.getByRole("button", { name: "确认为问题组" }).click();
  await expect(said(page, "已确认问题组")).toBeVisible();
  await expect(page.getByRole("link", { name: first.number })).toBeVisible();
  await expect(page.getByRole("link", { name: second.number })).toHaveCount(0);
});
