// Work lists: what stands on them, what remains, and that the counters say what the lists hold.
import { act, readAll, submit } from "./city";
import { dispatched, row, showAll } from "./lists";
import { asOfficer, checkScreen, expect, test } from "./screen";
import type { WorklistAnswer } from "../src/generated/api";

test("the triage officer sees what was submitted, and what remains", async ({ page }) => {
  const { number } = await submit({ kind: "complaint", subject: "guide_query" });
  await asOfficer(page, "ta-bigdata-triage");
  await expect(page.getByRole("link", { name: /^待分拣/ })).toHaveAttribute("aria-current", "page");
  await expect(page.locator("tr[data-row]").first()).toBeVisible();
  await checkScreen(page, "lists-triage");
  await showAll(page);
  const mine = row(page, number);
  await expect(mine).toContainText("投诉");
  await expect(mine).toContainText("办事指南查询");
  await expect(mine).toContainText(/剩余\d+(天|小时|分钟)/);
  await expect(mine).toContainText(/\d{4}-\d{2}-\d{2} 24:00/);
  await expect(mine.getByRole("link", { name: number })).toHaveAttribute(
    "href",
    `#/tickets/${number}`,
  );
});

test("the counters say how many rows the lists hold", async ({ page }) => {
  const [first, , third] = await dispatched("ta-gs", 4);
  await act("ta-gs-liaison", first?.number ?? "", "sign", {});
  await act("ta-gs-liaison", third?.number ?? "", "sign", {});
  const rows = await readAll<WorklistAnswer["items"][number]>("ta-gs-liaison", "/worklist");

  await asOfficer(page, "ta-gs-liaison", "/?tab=all");
  const tabs: [string, string[] | undefined][] = [
    ["待签收", ["sign", "co_sign"]],
    ["在办", ["handle", "await_supplement", "rectify", "coordinate", "give_opinion", "take_part"]],
    ["全部", undefined],
  ];
  for (const [name, tasks] of tabs) {
    const count = rows.filter((each) => !tasks || tasks.includes(each.task)).length;
    const tab = page.getByRole("navigation", { name: "工作列表" }).getByRole("link", { name });
    await expect(tab).toHaveText(`${name} ${count}`);
    await tab.click();
    await showAll(page);
    await expect(page.getByText(`已全部显示，共${count}件`)).toBeVisible();
    await expect(page.locator("tr[data-row]")).toHaveCount(count);
  }

  await page.getByRole("button", { name: /^办理中 \d/ }).click();
  await showAll(page);
  const handled = rows.filter((each) => each.task === "handle").length;
  await expect(page.locator("tr[data-row]")).toHaveCount(handled);
  await expect(row(page, first?.number ?? "")).toContainText("办理中");
});

test("what chooses among the loaded rows says so, and hides nothing in silence", async ({
  page,
}) => {
  await dispatched("ta-wjw", 2);
  await asOfficer(page, "ta-wjw-liaison", "/?tab=sign");
  await showAll(page);
  const all = await page.locator("tr[data-row]").count();
  await page.getByLabel("诉求类型").selectOption({ label: "求助" });
  const left = await page.locator("tr[data-row]").count();
  expect(left).toBeLessThan(all);
  await expect(page.getByText(`已加载的${all}件中，符合筛选的${left}件`)).toBeVisible();
  await expect(page).toHaveURL(/kind=help/);
  await page.getByRole("button", { name: "清除筛选" }).click();
  await expect(page.locator("tr[data-row]")).toHaveCount(all);
});

test("the overdue tab asks the server, and is empty where nothing is late", async ({ page }) => {
  const asked = page.waitForRequest((it) => it.url().includes("/worklist?"));
  await asOfficer(page, "dongping-csgl-liaison", "/?tab=overdue");
  expect(new URL((await asked).url()).searchParams.get("overdue")).toBe("true");
  await expect(page.getByText("没有超期的工单。")).toBeVisible();
  await checkScreen(page, "lists-overdue");
});

test("a saved filter is there after reloading, and can be renamed and deleted", async ({
  page,
}) => {
  await asOfficer(page, "ta-zjj-liaison", "/?tab=work");
  await page.getByLabel("诉求类型").selectOption({ label: "投诉" });
  await page.getByRole("button", { name: "办理中" }).click();
  await page.getByRole("button", { name: "保存当前筛选" }).click();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByText("请填写名称")).toBeVisible();
  await expect(page.getByLabel("名称")).toBeFocused();
  await page.getByLabel("名称").fill("投诉件");
  await page.getByRole("button", { name: "保存", exact: true }).click();

  await page.getByRole("link", { name: /^全部/ }).click();
  await page.reload();
  await page.getByRole("button", { name: "投诉件" }).click();
  await expect(page).toHaveURL(/tab=work&task=handle&kind=complaint/);
  await expect(page.getByLabel("诉求类型")).toHaveValue("complaint");
  await expect(page.getByRole("button", { name: /^办理中/ })).toHaveAttribute(
    "aria-pressed",
    "true",
  );

  await page.getByRole("button", { name: "管理" }).click();
  await page.getByLabel("“投诉件”的名称").fill("在办投诉");
  await page.getByRole("button", { name: "改名" }).click();
  await expect(page.getByText("已改名")).toBeVisible();
  await checkScreen(page, "lists-saved");
  await page.getByRole("button", { name: "删除“在办投诉”" }).click();
  await page.getByRole("button", { name: "关闭" }).click();
  await expect(page.getByRole("button", { name: "在办投诉" })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("heading", { name: "工作列表" })).toBeVisible();
  await expect(page.getByRole("button", { name: "管理" })).toHaveCount(0);
});

test("auditors choose a unit, and can do nothing to its tickets", async ({ page }) => {
  const [receipt] = await dispatched("ta-swj", 1);
  await asOfficer(page, "ta-bigdata-auditor");
  await expect(page.getByText("请先选择要查看的单位。")).toBeVisible();
  await checkScreen(page, "lists-auditor-unit");
  await page.getByLabel("查看单位").selectOption({ label: "泰安市税务局" });
  await expect(page).toHaveURL(/unit=ta-swj/);
  await page.getByRole("link", { name: /^待签收/ }).click();
  await showAll(page);
  await expect(row(page, receipt?.number ?? "")).toBeVisible();
  await expect(page).toHaveURL(/unit=ta-swj/);
  await expect(page.getByRole("checkbox", { name: /选择/ })).toHaveCount(0);
  await checkScreen(page, "lists-auditor");
});

test("callback agents begin at the callbacks, other roles at their areas", async ({ page }) => {
  await asOfficer(page, "ta-bigdata-callback");
  await expect(page.getByRole("link", { name: /^回访/ })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("button", { name: /^待回访/ })).toBeVisible();
});

test("who has no work list begins at the ways into their areas", async ({ page }) => {
  await asOfficer(page, "ta-bigdata-analyst");
  await expect(page.getByRole("heading", { name: "刘样清，您好" })).toBeVisible();
  await expect(page.getByRole("main").getByRole("link").first()).toBeVisible();
  await checkScreen(page, "lists-start");
});

test("a ticket is opened by its number", async ({ page }) => {
  const { number } = await submit();
  await asOfficer(page, "ta-bigdata-triage");
  await page.getByRole("button", { name: "打开工单" }).click();
  await expect(page.getByText("请输入诉求编号", { exact: true })).toBeVisible();
  await expect(page.getByLabel("诉求编号")).toBeFocused();
  await page.getByLabel("诉求编号").fill(` ${number.toLowerCase()} `);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`#/tickets/${number}$`));
});
