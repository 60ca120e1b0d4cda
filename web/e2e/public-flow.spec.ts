// From a question to a rating, as a person goes through it.
import { act, asAppellant, call, goodClosing, submit, until } from "./city";
import { picture, published, receiptOn, send, track, write } from "./public";
import { asAccount, checkScreen, expect, test } from "./screen";

const supplement = {
  items: [
    { what: "银行扣款回单", why: "核对入账时间", how: "拍照上传" },
    { what: "租房合同编号", why: "核对房屋", how: "写在说明里" },
  ],
};

test("search finds an answer before anything is submitted", async ({ page }) => {
  test.setTimeout(180_000);
  const key = `灵活就业参保${Date.now() % 100000}号问题`;
  await published(`${key}，缴费后多久能查到？`, "缴费成功后一个工作日内可查。");
  await page.goto("/#/");
  await checkScreen(page, "public-home");
  await page.getByRole("searchbox").fill(key);
  await page.getByRole("button", { name: "搜索" }).click();
  const entry = page.getByRole("listitem").filter({ hasText: key });
  await expect(entry.getByRole("heading")).toContainText("多久能查到");
  await entry.getByText("看全文").click();
  await expect(entry).toContainText("泰医保发〔2026〕3号");
  await checkScreen(page, "public-search");
  expect(page.url()).not.toContain(encodeURIComponent(key));

  // The same while an appeal is being written; what was looked for is already there.
  await page.getByRole("button", { name: "把这个问题提交给我们" }).click();
  await expect(page.getByLabel("说说是什么事")).toHaveValue(key);
  await expect(page.getByRole("region", { name: "看看是不是已经有答案" })).toContainText(key);
  await checkScreen(page, "public-submit-suggestions");
});

test("nothing is found: it says so and leads on", async ({ page }) => {
  await page.goto("/#/");
  await page.getByRole("searchbox").fill("qzxwv");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "没有找到相关的答案" })).toBeVisible();
  await checkScreen(page, "public-search-none");
});

test("submit, supplement, answer, not solved", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-write"]);
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 390, height: 844 });
  await asAccount(page, "demo-zhang", "/submit");
  await checkScreen(page, "public-submit");
  await write(page, "租房提取公积金一直显示审核中，已经三天，请帮忙查询。");
  await send(page).click();
  const receipt = await receiptOn(page);
  expect(receipt.number).toMatch(/^TA\d{6}/);
  await page.getByRole("button", { name: /^复制 ?诉求编号/ }).click();
  await expect(page.getByRole("button", { name: /^已复制/ })).toBeVisible();
  await checkScreen(page, "public-receipt");
  await page.getByRole("button", { name: "看办理进度" }).click();
  await expect(page.getByText("待审核派单")).toBeVisible();
  await expect(page.getByRole("heading", { name: "期限是怎么算的" })).toBeVisible();
  expect(page.url()).not.toContain(receipt.number);

  await act("ta-bigdata-triage", receipt.number, "dispatch", { unit: "ta-gjj" });
  await act("ta-gjj-liaison", receipt.number, "sign", {});
  await act("ta-gjj-liaison", receipt.number, "supplement", supplement);
  await page.getByRole("button", { name: "刷新" }).click();
  await expect(page.getByRole("heading", { name: "需要您补充材料" })).toBeVisible();
  await expect(page.getByText("暂停计时").first()).toBeVisible();
  await expect(page.getByText(/^请在 .+ 前补齐。/)).toBeVisible();
  await expect(page.getByText("应在此前办结")).toHaveCount(0);
  const [first, second] = [1, 2].map((item) => page.getByRole("form", { name: `第${item}项` }));
  await first!.getByRole("button", { name: "提交这一项" }).click();
  await expect(first!.getByText("请写几句说明，或者上传附件。")).toBeVisible();
  await first!.locator("input[type=file]").setInputFiles(picture(20, "回单.png"));
  await expect(first!.getByText("已上传")).toBeVisible();
  await checkScreen(page, "public-supplement");
  await first!.getByRole("button", { name: "提交这一项" }).click();
  await expect(page.getByText("第1项已提交。")).toBeVisible();
  await expect(first!).toHaveCount(0);
  await second!.getByLabel("说明").fill("合同编号 ZF-0001。");
  await second!.getByRole("button", { name: "提交这一项" }).click();
  await expect(page.getByText("补充材料（已结束）")).toBeVisible();
  await expect(page.getByText("1个附件")).toBeVisible();

  await act("ta-gjj-liaison", receipt.number, "contacts", { way: "phone", outcome: "reached" });
  await act("ta-gjj-liaison", receipt.number, "close", goodClosing);
  await page.getByRole("button", { name: "刷新" }).click();
  await expect(page.getByText(goodClosing.answer.result)).toBeVisible();
  await page.getByRole("button", { name: "提交评价" }).click();
  await expect(page.getByRole("radio", { name: "非常满意", exact: true })).toBeFocused();
  await page.getByRole("radio", { name: "不满意", exact: true }).check();
  await page.getByRole("radio", { name: "没有解决" }).check();
  await page.getByRole("radio", { name: "对办理结果不满意" }).check();
  await page.getByLabel("想说的话").fill("还是没有到账。");
  await checkScreen(page, "public-rate");
  await page.getByRole("button", { name: "提交评价" }).click();
  await expect(page.getByRole("heading", { name: "您的评价" })).toBeVisible();
  await expect(page.getByText("没有解决").first()).toBeVisible();
  const said = await asAppellant<{ rating: unknown }>(receipt, "GET", "");
  expect(said.rating).toEqual({ level: 2, solved: false, aspect: "result" });
  await checkScreen(page, "public-progress-rated");
});

test("the days of a limit are told one by one", async ({ page }) => {
  await track(page, await submit());
  await page.locator("summary", { hasText: "逐日计算" }).first().click();
  const days = page.getByRole("table").first();
  await expect(days.getByRole("row")).not.toHaveCount(1);
  await expect(days).toContainText("起算之日，不计");
  await checkScreen(page, "public-progress");
});

test("an appeal is withdrawn after a second question", async ({ page }) => {
  const receipt = await submit();
  await track(page, receipt);
  await page.getByRole("button", { name: "我要撤回" }).click();
  await expect(page.getByLabel("撤回原因")).toBeFocused();
  await page.getByLabel("撤回原因").fill("问题已自行解决。");
  await checkScreen(page, "public-withdraw");
  await page.getByRole("button", { name: "确认撤回" }).click();
  await expect(page.getByText("您已撤回诉求，办理终止。")).toBeVisible();
  await expect(page.getByRole("button", { name: "我要撤回" })).toHaveCount(0);
  expect((await asAppellant<{ state: string }>(receipt, "GET", "")).state).toBe("closed");
});

test("a wrong code says what to do, and nothing is lost", async ({ page }) => {
  const { number } = await submit();
  await page.goto("/#/track");
  await page.getByRole("button", { name: "查询", exact: true }).click();
  await expect(page.getByLabel("诉求编号")).toBeFocused();
  await page.getByLabel("诉求编号").fill(number);
  await page.getByLabel("查询码").fill("00000-00000");
  await page.getByRole("button", { name: "查询", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("诉求编号或查询码不正确");
  await expect(page.getByLabel("诉求编号")).toHaveValue(number);
  await checkScreen(page, "public-track-wrong");
});

test("who signed in needs no code for an appeal of their own", async ({ page }) => {
  const { number } = await submit({}, "demo-li");
  await asAccount(page, "demo-li", "/track");
  await page.getByLabel("诉求编号").fill(number.toLowerCase());
  await page.getByRole("button", { name: "查询", exact: true }).click();
  await expect(page.getByText(number)).toBeVisible();
});

test("an emergency in the text is answered with the number to call", async ({ page }) => {
  test.setTimeout(180_000);
  // A new city has its first search index after a minute.
  await until(
    () =>
      call("POST", "/api-public/knowledge-searches", {}, { text: "着火" }).catch(() => undefined),
    120,
  );
  await asAccount(page, "demo-zhang", "/submit");
  await write(page, "楼道着火了，消防通道打不开。");
  // While it is typed.
  await expect(page.getByRole("alert").filter({ hasText: "请立即拨打119" })).toBeVisible();
  await send(page).click();
  await receiptOn(page);
  await expect(page.getByRole("alert")).toContainText("119");
  await expect(page.getByRole("link", { name: "立即拨打 119" })).toHaveAttribute("href", "tel:119");
  await checkScreen(page, "public-receipt-emergency");
});

test("guidance stands in place of an answer", async ({ page }) => {
  const receipt = await submit();
  await act("ta-bigdata-triage", receipt.number, "decline", { ground: "arbitration" });
  await track(page, receipt);
  await expect(page.getByRole("heading", { name: "您应当这样办" })).toBeVisible();
  await expect(page.getByText("这件事没有交给单位办理")).toBeVisible();
  await expect(page.getByText("不予受理：属于仲裁的范围。")).toBeVisible();
  await expect(page.getByRole("list", { name: "办理步骤" })).toHaveCount(0);
  await checkScreen(page, "public-progress-declined");
});

test("an address with nothing to show leads back", async ({ page }) => {
  await page.goto("/#/progress");
  await expect(page.getByRole("heading", { name: "查进度" })).toBeVisible();
  await expect(page.getByText("请先输入要查的诉求编号和查询码。")).toBeVisible();
  await page.goto("/#/receipt");
  await expect(page.getByRole("heading", { name: "这里没有可以显示的回执。" })).toBeVisible();
  await checkScreen(page, "public-receipt-none");
});
