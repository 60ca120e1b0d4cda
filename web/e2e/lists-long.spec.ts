// Long lists, with answers made up here: how they are read page by page, and in which order.
import type { Page, Route } from "@playwright/test";
import { asOfficer, expect, test } from "./screen";

const at = "2026-03-02T02:00:00Z";
const unit = "ta-gjj";

function item(index: number, task = "handle", minutes = index) {
  const dueAt = new Date(Date.parse("2026-03-02T00:00:00Z") + minutes * 60_000).toISOString();
  const number = `TA260302${String(index).padStart(9, "0")}`;
  const state = { state: "handling", stateName: "办理中" };
  return {
    number,
    ...state,
    task,
    taskName: task,
    kind: "help",
    subject: "guide_query",
    dueAt,
    version: 2,
  };
}

/** Answers the list's requests by `page`, and its counters by `tasks`. */
async function pretend(
  page: Page,
  tasks: Record<string, number>,
  answer: (query: URLSearchParams) => { items: object[]; next?: string },
): Promise<URLSearchParams[]> {
  const asked: URLSearchParams[] = [];
  const json = (route: Route, body: object) => route.fulfill({ json: { unit, at, ...body } });
  await page.route("**/worklist?*", (route) => {
    const query = new URL(route.request().url()).searchParams;
    asked.push(query);
    return json(route, answer(query));
  });
  await page.route("**/worklist/counts*", (route) => {
    const counted = Object.entries(tasks).map(([task, count]) => ({
      task,
      taskName: task,
      count,
      overdue: 0,
    }));
    const total = counted.reduce((sum, each) => sum + each.count, 0);
    return json(route, { total, overdue: 0, tasks: counted });
  });
  return asked;
}

test("the first fifty of ten thousand show within a second", async ({ page }) => {
  const asked = await pretend(page, { handle: 10_000 }, (query) => {
    const from = Number(query.get("cursor") ?? 0);
    const to = from + Number(query.get("limit"));
    return {
      items: Array.from({ length: to - from }, (_, index) => item(from + index)),
      next: to < 10_000 ? String(to) : undefined,
    };
  });
  await asOfficer(page, "ta-gjj-liaison", "/?tab=sign");
  await expect(page.getByRole("heading", { name: "工作列表" })).toBeVisible();
  const rows = page.locator("tr[data-row]");
  const milliseconds = await page.evaluate(async () => {
    const begun = performance.now();
    document.querySelector<HTMLAnchorElement>('a[href="#/?tab=all"]')?.click();
    while (document.querySelectorAll("tr[data-row]").length !== 50)
      await new Promise(requestAnimationFrame);
    return performance.now() - begun;
  });
  expect(milliseconds).toBeLessThan(1000);
  await expect(page.getByText("已显示50件，共10000件")).toBeVisible();
  const before = asked.length;
  await page.getByRole("button", { name: "再显示50件" }).click();
  await expect(rows).toHaveCount(100);
  await expect(
    page.getByRole("status").filter({ hasText: "已显示100件，共10000件" }),
  ).toBeVisible();
  expect(asked.length - before).toBe(1);
});

test("a tab of several tasks is one list, the earliest due first", async ({ page }) => {
  const pages: Record<string, object[][]> = {
    handle: [[item(1, "handle", 10), item(4, "handle", 40)], [], [item(6, "handle", 60)]],
    rectify: [[], [item(2, "rectify", 20), item(3, "rectify", 30)], [item(5, "rectify", 50)]],
  };
  const tasks = { handle: 3, rectify: 3 };
  const asked = await pretend(page, tasks, (query) => {
    const lists = pages[query.get("task") ?? ""] ?? [[], [], [], []];
    const index = Number(query.get("cursor") ?? 0);
    return { items: lists[index] ?? [], next: lists[index + 1] ? String(index + 1) : undefined };
  });
  await asOfficer(page, "ta-gjj-liaison", "/?tab=work");
  await expect(page.getByText("已全部显示，共6件")).toBeVisible();
  const numbers = await page.locator("tr[data-row] .number").allTextContents();
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6].map((index) => item(index).number));
  // Of a task with nothing to do, one page is read, not the whole list.
  expect(asked.filter((query) => query.get("task") === "take_part")).toHaveLength(1);
});

test("a page that fails can be asked for again, and no row is lost", async ({ page }) => {
  let failures = 1;
  await pretend(page, { handle: 60 }, (query) => {
    const from = Number(query.get("cursor") ?? 0);
    const length = from === 0 ? 50 : 10;
    return {
      items: Array.from({ length }, (_, index) => item(from + index)),
      next: from === 0 ? "50" : undefined,
    };
  });
  await page.route("**/worklist?*cursor=50*", (route) =>
    failures-- > 0
      ? route.fulfill({ status: 503, json: { title: "服务暂时不可用", detail: "请稍后重试。" } })
      : route.fallback(),
  );
  await asOfficer(page, "ta-gjj-liaison", "/?tab=all");
  await page.getByRole("button", { name: "再显示50件" }).click();
  await expect(page.getByRole("alert")).toContainText("服务暂时不可用");
  await expect(page.locator("tr[data-row]")).toHaveCount(50);
  await page.getByRole("button", { name: "重试" }).click();
  await expect(page.locator("tr[data-row]")).toHaveCount(60);
});

test("what remains is reckoned from the server's clock, in words, sign and colour", async ({
  page,
}) => {
  const rows = [item(1, "handle", 60), item(2, "handle", 150), item(3, "handle", 1000)];
  await page.clock.install();
  await pretend(page, { handle: 3 }, () => ({ items: rows }));
  await asOfficer(page, "ta-gjj-liaison", "/?tab=all");
  const cell = (index: number) => page.locator("td .remaining").nth(index);
  await expect(cell(0)).toHaveText("已超期1小时");
  await expect(cell(0).getByRole("img", { name: "超期" })).toBeVisible();
  await expect(cell(1)).toHaveText("剩余30分钟");
  await expect(cell(1).getByRole("img", { name: "临期" })).toBeVisible();
  await expect(cell(2)).toHaveText("剩余14小时40分钟");
  await expect(cell(2).getByRole("img")).toHaveCount(0);
  await page.clock.runFor(59_000);
  await expect(cell(1)).toHaveText("剩余29分钟");
});

test("the list follows when the counters move", async ({ page }) => {
  await page.clock.install();
  const tasks = { handle: 1 };
  const rows = [item(1)];
  await pretend(page, tasks, () => ({ items: rows }));
  await asOfficer(page, "ta-gjj-liaison", "/?tab=all");
  await expect(page.locator("tr[data-row]")).toHaveCount(1);
  tasks.handle = 2;
  rows.push(item(2));
  await page.clock.runFor(61_000);
  await expect(page.locator("tr[data-row]")).toHaveCount(2);
  // Who has chosen rows is not interrupted: it is said, and the list is read anew when they like.
  await page.getByLabel(`选择 ${item(1).number}`).check();
  tasks.handle = 3;
  rows.push(item(3));
  await page.clock.runFor(61_000);
  await expect(page.getByText("列表有变化。")).toBeVisible();
  await expect(page.locator("tr[data-row]")).toHaveCount(2);
  await page.getByRole("button", { name: "刷新列表" }).click();
  await expect(page.locator("tr[data-row]")).toHaveCount(3);
});
