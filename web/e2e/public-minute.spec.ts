// An appeal is submitted in under a minute (R-UX-1): the whole way on a telephone, from the home page
// through the sign-in to the receipt, at the pace of a person who reads before each step.
import type { Locator, Page } from "@playwright/test";
import { asAppellant } from "./city";
import { reachIssuer, receiptOn } from "./public";
import { expect, test } from "./screen";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

/** Reads for a second, then puts the finger there. */
async function reads(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  await page.waitForTimeout(1000);
  await wanted.tap();
}

test("a person submits on a telephone in under a minute", async ({ page }) => {
  // What takes longer is told by its seconds.
  test.setTimeout(120_000);
  await reachIssuer(page);
  const text =
    "上周三在公积金大厅办了租房提取，系统一直显示审核中，过了五个工作日还没到账，打电话没人接，请帮忙查一下卡在哪里、几时能到账。";
  const began = Date.now();
  await page.goto("/#/");
  await reads(page, page.getByRole("link", { name: /^提诉求 ?咨询/ }));
  await reads(page, page.getByRole("button", { name: "用统一身份认证登录" }));
  await reads(page, page.getByRole("button", { name: "李范四" }));
  await reads(page, page.getByRole("radio", { name: /^求助/ }));
  await reads(page, page.getByRole("radio", { name: "政务服务事项办理" }));
  const story = page.getByLabel("说说是什么事");
  await reads(page, story);
  const typing = Date.now();
  await page.keyboard.type(text, { delay: 60 });
  const typed = Date.now() - typing;
  await expect(story).toHaveValue(text);
  // Name and telephone came with the sign-in.
  await expect(page.getByLabel("姓名")).toHaveValue("李范四");
  await expect(page.getByLabel("联系电话")).toHaveValue("13800000002");
  await reads(page, page.getByRole("radio", { name: /^电话/ }));
  await reads(page, page.getByRole("button", { name: "提交", exact: true }));
  const receipt = await receiptOn(page);
  const seconds = (Date.now() - began) / 1000;

  const rest = seconds - typed / 1000;
  console.log(
    `submitted in ${seconds.toFixed(1)} s: ${[...text].length} characters in ${(typed / 1000).toFixed(1)} s, all the rest ${rest.toFixed(1)} s`,
  );
  expect(seconds).toBeLessThan(60);
  expect(receipt.number).toMatch(/^TA\d{6}/);
  const { state } = await asAppellant<{ state: string }>(receipt, "GET", "");
  expect(state).toBe("received");
});
