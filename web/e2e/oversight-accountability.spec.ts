// 问责 through the page: opened by one, decided by another, read by the auditor (Art. 19).
import { goOnAs, said, unique } from "./oversight";
import { asOfficer, checkScreen, expect, test } from "./screen";

test("a manager puts on record, another decides", async ({ page }) => {
  const facts = unique("两次以不属本单位职责为由拒绝签收，均与职责清单不符");
  await asOfficer(page, "ta-bigdata-manager", "/accountability");
  await page.getByRole("button", { name: "登记问责记录" }).click();
  await expect(page.getByLabel("单位")).toBeFocused();
  await page.getByRole("button", { name: "登记在案" }).click();
  await expect(page.getByLabel("单位")).toHaveAccessibleDescription("请填写此项。");
  await page.getByLabel("单位").selectOption("ta-csgl");
  await page.getByLabel("人员账号").fill("ta-csgl-liaison");
  await page.getByLabel("行为").selectOption("推诿扯皮");
  await page.getByLabel("事实和证据").fill(facts);
  await checkScreen(page, "oversight-accountability-open");
  await page.getByRole("button", { name: "登记在案" }).click();
  await expect(said(page, "已登记问责记录")).toBeVisible();
  const own = page.getByRole("article").filter({ hasText: facts });
  await expect(own).toContainText("由登记人以外的市级管理员作出决定");

  await goOnAs(page, "ta-approval-manager", "/accountability");
  const record = page.getByRole("article").filter({ hasText: facts });
  await record.getByRole("button", { name: "作出决定" }).click();
  await expect(record.getByLabel("处理决定")).toBeFocused();
  await record.getByLabel("处理决定").selectOption("责令整改");
  await record.getByLabel("决定的理由").fill("情况属实，限期改正。");
  await record.getByRole("button", { name: "作出决定" }).click();
  await expect(said(page, "作出决定")).toBeVisible();
  await expect(record).toContainText("责令整改");
  await expect(record.getByRole("button")).toHaveCount(0);

  await goOnAs(page, "ta-bigdata-auditor", "/accountability");
  await page.getByLabel("状态").selectOption("已决定");
  await expect(page.getByRole("article").filter({ hasText: facts })).toContainText("责令整改");
  await expect(page.getByRole("button", { name: "登记问责记录" })).toHaveCount(0);
  await checkScreen(page, "oversight-accountability");
});
