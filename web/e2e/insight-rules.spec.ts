// The rules (R-RULE-1, R-CAL-1): everybody reads them; an administrator has a change measured, and
// carries it out. What is changed here no other test comes to: a far year, a version of 2035.
import type { RulesAnswer } from "../src/generated/api";
import { read, until } from "./city";
import { cityDay, tabTo } from "./insight";
import { asOfficer, checkScreen, expect, test } from "./screen";
import type { Locator, Page } from "@playwright/test";

const administrator = "ta-bigdata-admin";

// A part of the rules is changed by one change at a time.
test.describe.configure({ mode: "serial" });

const row = (page: Page, title: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title }) });

/** Whatever an earlier run has carried out is done. */
async function free(change: string): Promise<void> {
  await until(async () => {
    const { changes } = await read<RulesAnswer>(administrator, "/rules");
    return changes.every((it) => it.change !== change || it.stage !== "moving") || undefined;
  }, 100);
}

const isFocused = (it: Locator) => it.evaluate((node) => node === window.document.activeElement);

/** Presses on the day that has the focus until it is `wanted`, whatever it was. */
async function turn(day: Locator, wanted: string): Promise<void> {
  for (let press = 0; press < 3; press += 1) {
    await expect(day).toBeFocused();
    if ((await day.getAttribute("aria-label"))?.includes(`，${wanted}，`)) return;
    await day.page().keyboard.press("Space");
  }
}

test("every officer reads the rules and the calendar, and changes neither", async ({ page }) => {
  await asOfficer(page, "ta-gjj-liaison", "/rules");
  await expect(page.getByRole("heading", { name: "规则参数第1版" })).toBeVisible();
  await expect(page.getByText("现行", { exact: true })).toBeVisible();
  const parameters = page.getByRole("table", { name: "第1版的参数" });
  await expect(parameters.getByRole("row", { name: /^办结/ })).toContainText("1个工作日");
  await expect(page.getByText("上午08:30—12:00，下午14:00—17:30")).toBeVisible();

  await page.getByLabel("年份").selectOption("2026年");
  await expect(page.getByText("国办发明电〔2025〕7号")).toBeVisible();
  const february = page.getByRole("table", { name: "2026年2月" });
  await expect(february.getByRole("cell", { name: "16日 放假休息" })).toBeVisible();
  await expect(february.getByRole("cell", { name: "14日 调休上班" })).toBeVisible();
  await expect(february.getByRole("cell", { name: "8日 周末" })).toBeVisible();
  await expect(february.getByRole("cell", { name: "9", exact: true })).toBeVisible();
  await checkScreen(page, "insight-rules");
  await expect(page.getByRole("heading", { name: "变更", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "修改日历" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "修改规则参数" })).toHaveCount(0);
});

test("a notice is proposed by keyboard alone, measured, and carried out", async ({ page }) => {
  test.setTimeout(240_000);
  const year = Number((await cityDay()).slice(0, 4)) + 2;
  const document = `国办发明电〔${year - 1}〕${Date.now() % 1000}号`;
  await free(`calendar-${year}`);
  await asOfficer(page, administrator, "/rules");
  await tabTo(page, page.getByRole("button", { name: "修改日历" }));
  await page.keyboard.press("Enter");
  const form = page.getByRole("form", { name: "修改日历" });
  await expect(form.getByRole("heading", { name: "修改日历" })).toBeFocused();

  const years = form.getByLabel("年份");
  await tabTo(page, years);
  await years.press("End");
  await expect(years).toHaveValue(String(year));
  const january = form.getByRole("grid", { name: `${year}年1月` });
  const first = january.getByRole("button", { name: /^1月1日 / });
  await tabTo(page, first);
  await turn(first, "放假休息");
  // By the arrows to the first Sunday, which is to be worked.
  const sunday = january.getByRole("button", { name: /星期日/ }).first();
  for (let day = 1; day < 7 && !(await isFocused(sunday)); day += 1)
    await page.keyboard.press("ArrowRight");
  await turn(sunday, "调休上班");
  await expect(sunday).toHaveAccessibleName(/^1月\d日 星期日，调休上班，改为休息$/);
  const pairs = form.getByRole("definition");
  await expect(pairs.nth(0)).toContainText("1月1日");
  await expect(pairs.nth(1)).toContainText("星期日");

  const number = form.getByLabel("文号");
  await tabTo(page, number);
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  const published = form.getByLabel("放假安排通知已发布");
  await tabTo(page, published);
  if (!(await published.isChecked())) await page.keyboard.press("Space");
  await checkScreen(page, "insight-rules-calendar");
  const measure = form.getByRole("button", { name: "测算影响" });
  await tabTo(page, measure);
  await page.keyboard.press("Enter");
  // A published notice has a number: the focus goes to where it is missing.
  await expect(number).toBeFocused();
  await expect(number).toHaveAttribute("aria-invalid", "true");
  await page.keyboard.type(document);
  await tabTo(page, measure);
  await page.keyboard.press("Enter");

  const change = row(page, `${year}年工作日历`);
  await expect(change.getByRole("heading", { level: 3 })).toBeFocused();
  await expect(change.getByRole("status")).toHaveText(/测算完成，尚未施行/, { timeout: 60_000 });
  await expect(change).toContainText(`依据${document}，${administrator}于`);
  // What is proposed, and what it would do.
  await expect(change.getByRole("definition").first()).toContainText("1月1日");
  await expect(change.getByRole("definition").last()).toHaveText(/^\d+件$/);
  await checkScreen(page, "insight-rules-measured");
  // It stands there for whoever comes later.
  await page.reload();
  await tabTo(page, change.getByRole("button", { name: `施行${year}年工作日历` }));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: `施行${year}年工作日历` });
  await expect(dialog.getByRole("definition").first()).toHaveText(/^\d+件$/);
  await checkScreen(page, "insight-rules-confirm");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(change.getByRole("button")).toBeFocused();
  await page.keyboard.press("Enter");
  await tabTo(page, dialog.getByRole("button", { name: "确认施行" }));
  await page.keyboard.press("Enter");
  await expect(change.getByRole("heading", { level: 3 })).toBeFocused();
  await expect(change.getByRole("status")).toContainText("已施行，正在重新计算期限");
  await checkScreen(page, "insight-rules-moving");

  await page.locator("#calendar-year").selectOption(`${year}年`);
  await expect(page.getByText(document).last()).toBeVisible();
  await expect(page.getByText("已发布", { exact: true })).toBeVisible();
  const cell = page
    .getByRole("table", { name: `${year}年1月` })
    .getByRole("cell", { name: "1日 放假休息", exact: true });
  await expect(cell).toBeVisible();
});

test("a wrong number is told at its field, and a far version is only measured", async ({
  page,
}) => {
  test.setTimeout(120_000);
  await free("rulebook-2");
  await asOfficer(page, administrator, "/rules");
  await page.getByRole("button", { name: "修改规则参数" }).click();
  const form = page.getByRole("form", { name: "修改规则参数" });
  const handle = form.getByLabel("办结", { exact: true });
  const measure = form.getByRole("button", { name: "测算影响" });
  await form.getByLabel("变更方式").selectOption("更正第1版");
  await expect(form.getByText("施行日不在今天之后")).toBeVisible();
  await form.getByLabel("变更方式").selectOption("新增第2版");
  await handle.fill("0");
  await measure.click();
  // What cannot be sent is told first.
  await expect(form.getByLabel("施行日")).toBeFocused();
  await expect(form.getByLabel("施行日")).toHaveAccessibleDescription("请选择日期。");
  await form.getByLabel("施行日").fill("2035-01-01");
  await measure.click();
  await expect(handle).toBeFocused();
  await expect(handle).toHaveAttribute("aria-invalid", "true");
  await expect(handle).toHaveAccessibleDescription(/办结应在1至60之间，现为0/);
  await checkScreen(page, "insight-rules-rulebook");

  await handle.fill("2");
  await expect(form.getByText("办结：1个工作日 → 2个工作日")).toBeVisible();
  await measure.click();
  const change = row(page, "规则参数第2版");
  await expect(change.getByRole("status")).toHaveText(/测算完成，尚未施行/, { timeout: 60_000 });
  await expect(change).toContainText("办结：1个工作日 → 2个工作日");
  await expect(change.getByRole("button", { name: "施行规则参数第2版" })).toBeVisible();
  // Nothing has changed yet.
  const { rulebooks } = await read<RulesAnswer>(administrator, "/rules");
  expect(rulebooks.map(({ version }) => version)).toEqual([1]);
});

test("a change that is being carried out is not proposed again", async ({ page }) => {
  // As the contract has it; what really moves takes the other tests a minute.
  await page.route("**/rules/calendars/*", (route) =>
    route.fulfill({
      status: 409,
      contentType: "application/problem+json",
      json: {
        type: "https://example.com/problems/rule-change-not-open",
        title: "规则变更现在不能这样办理",
        status: 409,
        detail: "该变更已施行，正在重新计算有关诉求的期限，完成后方可再次变更。",
      },
    }),
  );
  await asOfficer(page, administrator, "/rules");
  await page.getByRole("button", { name: "修改日历" }).click();
  await page.getByRole("button", { name: "测算影响" }).click();
  await expect(page.getByRole("alert")).toContainText("完成后方可再次变更");
  await page.getByRole("button", { name: "取消" }).click();
  await expect(page.getByRole("button", { name: "修改日历" })).toBeFocused();
});
