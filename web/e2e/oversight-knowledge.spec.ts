// 知识库 through the pages: drafted, published by another, revised, compared, noticed (Art. 6(4),
// 7(3), 8(6), 17(4)).
import { closed } from "./city";
import { asked, goOnAs, said, unique } from "./oversight";
import { asOfficer, checkScreen, expect, test } from "./screen";

interface Entry {
  id: string;
}

async function published(title: string): Promise<string> {
  const body = "缴费成功后一个工作日内可查。未查到的，请携带缴费凭证到窗口核实。";
  const { id } = await asked<Entry>("ta-ylbzj-editor", "/knowledge", {
    kind: "question_answer",
    title,
    body,
    source: "泰医保发〔2026〕3号",
    forReview: true,
  });
  await asked("ta-bigdata-reviewer", `/knowledge/${id}/publication`, { revision: 1 });
  return id;
}

test("an editor drafts, a reviewer publishes, both through their lists", async ({ page }) => {
  const title = unique("缴费后多久能查到参保记录");
  await asOfficer(page, "ta-ylbzj-editor", "/knowledge");
  await page.getByRole("link", { name: "编写条目" }).click();
  await page.getByRole("button", { name: "提交审核" }).click();
  await expect(page.getByLabel("标题")).toBeFocused();
  await page.getByLabel("标题").fill(title);
  await page.getByLabel("类别").selectOption("政策链接");
  await page.getByLabel("内容").fill("缴费成功后一个工作日内可查。");
  await page.getByRole("button", { name: "提交审核" }).click();
  await expect(page.getByLabel("网址")).toHaveAccessibleDescription(/政策链接须填写网址/);
  await expect(page.getByLabel("网址")).toBeFocused();
  await checkScreen(page, "oversight-knowledge-new");
  await page.getByLabel("类别").selectOption("有效问答");
  await page.getByRole("button", { name: "提交审核" }).click();
  await expect(said(page, "已提交审核")).toBeVisible();
  await expect(page.getByText("待审核", { exact: true })).toBeVisible();

  const entry = new URL(page.url()).hash.slice(1);
  await goOnAs(page, "ta-bigdata-reviewer", "/knowledge");
  await expect(page.getByLabel("查看")).toHaveValue("true");
  await page.getByRole("link", { name: title }).click();
  await page.getByRole("button", { name: "退回修改" }).click();
  await page.getByLabel("退回修改的理由").fill("请注明依据文件。");
  await page.getByRole("button", { name: "退回修改" }).click();
  await expect(said(page, "已退回修改")).toBeVisible();

  await goOnAs(page, "ta-ylbzj-editor", entry);
  await expect(page.getByText("请注明依据文件。")).toBeVisible();
  await page.getByRole("button", { name: "修改", exact: true }).click();
  await expect(page.getByLabel("内容")).toHaveValue("缴费成功后一个工作日内可查。");
  await page.getByLabel("依据文件").fill("泰医保发〔2026〕3号");
  await page.getByRole("button", { name: "提交审核" }).click();
  await expect(said(page, "已提交审核")).toBeVisible();
  await goOnAs(page, "ta-bigdata-reviewer", entry);
  await page.getByRole("button", { name: "审核发布" }).click();
  await expect(said(page, "已审核发布")).toBeVisible();
  await expect(page.getByText("现行第1版")).toBeVisible();
});

test("versions are compared in words and marks", async ({ page }) => {
  const id = await published(unique("参保记录查询"));
  await asOfficer(page, "ta-ylbzj-liaison", `/knowledge/${id}`);
  await page.getByRole("button", { name: "修改", exact: true }).click();
  await page.getByLabel("内容").fill("缴费成功后即时可查。未查到的，请携带缴费凭证到窗口核实。");
  await page.getByRole("button", { name: "提交审核" }).click();
  await expect(said(page, "已提交审核")).toBeVisible();
  await asked("ta-bigdata-reviewer", `/knowledge/${id}/publication`, { revision: 2 });
  await page.reload();
  await page.getByRole("button", { name: "比较差异" }).click();
  const difference = page.getByRole("region", { name: "版本差异" });
  await expect(difference.getByRole("deletion")).toHaveText("删缴费成功后一个工作日内可查。");
  await expect(difference.getByRole("insertion")).toHaveText("增缴费成功后即时可查。");
  await expect(difference).toContainText("请携带缴费凭证到窗口核实");
  await checkScreen(page, "oversight-knowledge-difference");
});

test("a notice is given, seen first in the list, and dismissed by the reviewer", async ({
  page,
}) => {
  const title = unique("异地就医备案");
  const id = await published(title);
  await asOfficer(page, "ta-bigdata-triage", `/knowledge/${id}`);
  await page.getByLabel("原因").selectOption("政策已调整");
  await page.getByLabel("哪里需要更正").fill("三月起改为实时记账。");
  await page.getByRole("button", { name: "提出更正通知" }).click();
  await expect(said(page, "已发出更正通知")).toBeVisible();
  await expect(page.getByText("正在核实更新", { exact: true })).toBeVisible();
  await expect(page.getByText(/^(剩余|已超期)\d/)).toBeVisible();
  await expect(page.getByRole("button", { name: "驳回通知" })).toHaveCount(0);

  await goOnAs(page, "ta-bigdata-reviewer", "/knowledge");
  await page.getByLabel("查看").selectOption("全部条目");
  await page.getByLabel("所属单位").selectOption("ta-ylbzj");
  await page.getByLabel("时效").selectOption("有更正通知");
  await expect(page.getByRole("row").filter({ hasText: title })).toContainText("更新时限");
  await checkScreen(page, "oversight-knowledge");
  await page.getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
  await checkScreen(page, "oversight-knowledge-entry");
  await page.getByRole("button", { name: "驳回通知" }).click();
  await page.getByLabel("驳回的理由").fill("文件未变，条目无误。");
  await page.getByRole("button", { name: "驳回通知" }).click();
  await expect(said(page, "已驳回更正通知")).toBeVisible();
  await expect(page.getByText("文件未变，条目无误。")).toBeVisible();

  await goOnAs(page, "ta-ylbzj-editor", `/knowledge/${id}`);
  await page.getByRole("button", { name: "下架" }).click();
  await page.getByLabel("下架的理由").fill("该事项已取消。");
  await page.getByRole("button", { name: "下架" }).click();
  await expect(said(page, "已下架")).toBeVisible();
  await expect(page.getByText("曾发布的第1版（已下架）")).toBeVisible();
});

test("a unit drafts from a good answer in one step", async ({ page }) => {
  const { number } = await closed({ title: "租房提取公积金审核进度" });
  await asOfficer(page, "ta-gjj-liaison", `/knowledge/new?fromTicket=${number}`);
  await page.getByRole("button", { name: "保存草稿" }).click();
  await expect(said(page, "已保存草稿")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("租房提取公积金审核进度");
  await expect(page.getByRole("link", { name: number })).toBeVisible();
});
