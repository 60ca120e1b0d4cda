// Figures and reports (Art. 6(5), 15, 16): a chart, and always the table under it; what is about few is
// not shown.
import { asAppellant, closed, read, submit } from "./city";
import { expectDrawn, makeLake, state, tabTo } from "./insight";
import { asOfficer, checkScreen, expect, test } from "./screen";

// One lake for all: it is not made twice at once.
test.describe.configure({ mode: "serial" });

// Charts stand at once, so that pictures are of whole ones.
test.use({ contextOptions: { reducedMotion: "reduce" } });

const answer = {
  question: "callbacks",
  title: "回访",
  columns: [
    {
      name: "drawn",
      title: "抽取理由",
      shows: "group",
      words: { sampled: "随机抽取", dissatisfied: "评价不满意" },
    },
    { name: "callbacks", title: "回访", shows: "count" },
    { name: "reached", title: "接通", shows: "part" },
  ],
  shares: [{ title: "接通率", numerator: "reached", denominator: "callbacks" }],
  since: "2026-01-01",
  until: "2026-03-31",
  rows: [
    {
      cells: ["sampled", 40, 36],
      shares: [{ numerator: 36, denominator: 40, percent: 90, interval: [76.9, 96] }],
    },
    { cells: ["dissatisfied", { hidden: true }, { hidden: true }], shares: [null] },
  ],
  hidden: 1,
  asOf: "2026-03-31T16:00:00Z",
};

test("a question is answered by a chart and a table, with what is hidden said", async ({
  page,
}) => {
  await page.route("**/figures/callbacks?*", (route) => route.fulfill({ json: answer }));
  await asOfficer(page, "ta-bigdata-triage", "/figures?question=callbacks");
  await expectDrawn(page, /柱状图：回访，件数/);
  const table = page.getByRole("table", { name: "回访数据表" });
  const sampled = table.getByRole("row", { name: /随机抽取/ });
  await expect(sampled).toContainText("90.0%");
  await expect(sampled).toContainText("36 / 40");
  await expect(sampled).toContainText("95%置信区间 76.9%—96.0%");
  await expect(table.getByRole("row", { name: /评价不满意/ })).toContainText("*，不显示");
  await expect(page.getByText("少于5件不显示")).toBeVisible();
  // What is under the pointer is said on the canvas: no markup, which the policy would refuse.
  await page.getByRole("img", { name: /柱状图：回访/ }).hover();
  // Single appeals are for others.
  await expect(page.getByRole("button", { name: /查看工单/ })).toHaveCount(0);
  await checkScreen(page, "insight-figures");
});

const byMonth = {
  question: "on-time-by-unit",
  title: "各单位按时办结率",
  columns: [
    { name: "unit", title: "承办单位", shows: "group" },
    { name: "started_month", title: "起算月份", shows: "group" },
    { name: "unit_name", title: "单位名称", shows: "name" },
    { name: "ended", title: "已完成或到期的办理", shows: "count" },
    { name: "kept", title: "按时办结", shows: "part" },
  ],
  shares: [{ title: "按时办结率", numerator: "kept", denominator: "ended" }],
  since: "2026-01-01",
  until: "2026-03-31",
  rows: ["医疗保障局", "住房公积金管理中心", "城市管理局"].flatMap((name, unit) =>
    ["2026-01", "2026-02", "2026-03"].map((month, at) => {
      const [ended, kept] = [40 + 10 * unit + at, 30 + 10 * unit + 3 * at];
      const percent = Math.round((kept / ended) * 1000) / 10;
      const shares = [{ numerator: kept, denominator: ended, percent }];
      return { cells: [`unit-${unit}`, month, `泰安市${name}`, ended, kept], shares };
    }),
  ),
  hidden: 0,
  asOf: "2026-03-31T16:00:00Z",
};

test("shares over months are lines, and one unit is looked at alone", async ({ page }) => {
  await page.route("**/figures/on-time-by-unit?*", (route) => route.fulfill({ json: byMonth }));
  await asOfficer(page, "taishan-bigdata-manager", "/figures?question=on-time-by-unit");
  await page.getByRole("radio", { name: "按时办结率" }).check();
  await expectDrawn(page, /折线图：各单位按时办结率，按时办结率/);
  const table = page.getByRole("table", { name: "各单位按时办结率数据表" });
  // Codes that have names are left out.
  await expect(table.getByRole("columnheader")).toHaveText([
    "承办单位",
    "起算月份",
    "已完成或到期的办理",
    "按时办结",
    "按时办结率",
  ]);
  await expect(table.getByRole("row")).toHaveCount(10);
  await checkScreen(page, "insight-figures-months");
  await page.getByLabel("承办单位").selectOption({ label: "泰安市城市管理局" });
  await expect(table.getByRole("row")).toHaveCount(4);
  await expectDrawn(page, /泰安市城市管理局，共3项/);
});

test("every question can be asked, and a span that ends before it begins is told so", async ({
  page,
}) => {
  await asOfficer(page, "ta-bigdata-manager", "/figures");
  const question = page.getByLabel("统计问题");
  await expect(question.locator("option").first()).toHaveText("总体情况");
  for (const title of ["渠道分布", "各单位按时办结率", "督办", "共性问题整改前后"]) {
    await question.selectOption({ label: title });
    await expect(page.getByRole("heading", { level: 2, name: title })).toBeVisible();
  }
  await page.getByLabel("起始日期").fill("2026-12-31");
  await page.getByLabel("截止日期").fill("2026-01-01");
  await page.getByRole("button", { name: "查询" }).click();
  await expect(page.getByLabel("截止日期")).toHaveAttribute("aria-invalid", "true");
});

test("figures of the lake lead an analyst to masked tickets", async ({ page }) => {
  test.skip(state === undefined, "the lake is made in the state folder that SUQIU_STATE names");
  test.slow();
  for (let index = 0; index < 5; index += 1) {
    const receipt = await closed();
    await asAppellant(receipt, "POST", "/rating", { level: 5, solved: true });
  }
  const mine = await submit({ title: "分析库里的诉求" });
  await makeLake();

  await asOfficer(page, "ta-bigdata-analyst", "/figures?question=volumes");
  await page.getByRole("button", { name: "今年" }).click();
  await expectDrawn(page, /诉求量与总时限，件数/);
  const table = page.getByRole("table", { name: "诉求量与总时限数据表" });
  const month = mine.number.slice(2, 6);
  const row = table.getByRole("row", {
    name: new RegExp(`20${month.slice(0, 2)}-${month.slice(2)}`),
  });
  await expect(row).toContainText("%");
  await row.getByRole("button", { name: /查看工单/ }).click();
  const behind = page.getByRole("region", { name: /的工单$/ }).first();
  await expect(behind.getByRole("heading")).toBeFocused();
  // Of the city's tickets of the month 200 at most: whether ours is among them is chance.
  await expect(behind.getByRole("rowheader").first()).toHaveText(/^TA\d{6}/);
  await expect(behind).toContainText("查看单件诉求已留痕");
  // An analyst opens no ticket.
  await expect(behind.getByRole("link")).toHaveCount(0);
  await checkScreen(page, "insight-figures-behind");
});

test("a report is ordered by keyboard, made, read, and opened on paper", async ({
  page,
  context,
}) => {
  test.skip(state === undefined, "the lake is made in the state folder that SUQIU_STATE names");
  test.slow();
  await submit({ title: "使分析库有新数据" });
  await makeLake();
  await asOfficer(page, "ta-bigdata-analyst", "/reports");
  await expect(page.getByRole("heading", { name: "申请编制" })).toBeVisible();
  await tabTo(page, page.getByRole("radio", { name: "季度" }));
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("radio", { name: "年度" })).toBeChecked();
  await tabTo(page, page.getByRole("button", { name: "编制报告" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: /年度诉求分析报告/ })).toBeVisible({
    timeout: 60_000,
  });
  // The summary and twelve chapters.
  await expect(page.locator("article h2")).toHaveCount(13);
  await expectDrawn(page, /总体情况，件数/);
  await expect(page.getByRole("table", { name: "总体情况数据表" })).toBeVisible();
  await page.getByRole("navigation", { name: "章节" }).getByRole("button").nth(4).click();
  await expect(page.getByRole("heading", { name: "5. 承办单位" })).toBeFocused();
  await checkScreen(page, "insight-report");

  const paper = page.getByRole("button", { name: "打开PDF" });
  const tab = context.waitForEvent("page");
  await expect(async () => {
    await paper.click();
    await expect(page.getByRole("link", { name: /打开PDF/ })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  const url = await page.getByRole("link", { name: /打开PDF/ }).getAttribute("href");
  const pdf = await page.request.get(url ?? "");
  expect((await pdf.body()).subarray(0, 5).toString()).toBe("%PDF-");
  await (await tab).close();

  await page.getByRole("link", { name: "申请导出数据" }).click();
  await expect(page.getByLabel("报告", { exact: true })).not.toHaveValue("");
  await page.getByRole("link", { name: "返回数据导出" }).click();
  await page.goto("/officers/#/reports");
  const kept = await read<{ items: { id: string }[] }>("ta-bigdata-analyst", "/reports");
  expect(kept.items.length).toBeGreaterThan(0);
  await expect(page.getByRole("table", { name: "年度报告" })).toBeVisible();
  await checkScreen(page, "insight-reports");
});

test("a report that is not made yet is waited for, and says what to do", async ({ page }) => {
  const row = {
    id: "2026-Q1.20260401",
    period: "2026-Q1",
    periodName: "2026年第一季度",
    since: "2026-01-01",
    until: "2026-03-31",
    whole: true,
    paper: false,
  };
  await page.clock.install();
  await page.route("**/reports", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ status: 202, json: row })
      : route.continue(),
  );
  await asOfficer(page, "ta-bigdata-manager", "/reports");
  await page.getByRole("button", { name: "编制报告" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "报告正在编制" })).toBeVisible();
  await checkScreen(page, "insight-report-being-made");
  await expect(async () => {
    await page.clock.runFor(3_000);
    await expect(page.getByRole("heading", { level: 1, name: "报告还没有编成" })).toBeVisible({
      timeout: 50,
    });
  }).toPass({ intervals: [20], timeout: 40_000 });
  await expect(page.getByRole("alert")).toContainText("请联系运维人员，并告知报告期间");
  await checkScreen(page, "insight-report-not-made");
});
