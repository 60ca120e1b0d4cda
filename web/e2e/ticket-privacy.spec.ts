// What is masked, what is shown for a purpose and on record, and files.
import { act, asAppellant, signed, until } from "./city";
import { asOfficer, checkScreen, expect, test } from "./screen";
import { button, openAs, showTicket, submitWith } from "./ticket";

const liaison = "ta-gjj-liaison";

test("personal data is shown for a purpose, on record first, and taken away again", async ({
  page,
}) => {
  await page.clock.install();
  const receipt = await signed({ text: "我叫张例三，电话13800000001，请帮忙查询审核进度。" });
  await openAs(page, liaison, receipt.number);
  await expect(page.getByText("13800000001")).toHaveCount(0);
  await button(page, "查看个人信息").click();
  const dialog = page.getByRole("dialog", { name: "查看个人信息" });
  await expect(dialog).toContainText("不能删除");
  await expect(button(dialog, "记录并查看")).toBeDisabled();
  await dialog.getByRole("radio", { name: "督办核查" }).check();
  await button(dialog, "记录并查看").click();
  // A unit looks to handle, and for nothing else: the server says so.
  await expect(dialog.getByRole("alert")).toContainText("用途限于");
  await dialog.getByRole("radio", { name: "联系诉求人" }).check();
  await checkScreen(page, "ticket-reveal-asked");
  await button(dialog, "记录并查看").click();
  const shown = page.getByRole("region", { name: "个人信息（明文）" });
  await expect(shown).toContainText("13800000001");
  await expect(shown).toContainText("张例三");
  await expect(shown).toContainText("我叫张例三");
  await checkScreen(page, "ticket-revealed");
  await expect(page.getByRole("region", { name: "办理时间线" })).toContainText("联系诉求人");
  await page.clock.runFor(121_000);
  await expect(shown).toHaveCount(0);
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
  );
  expect(kept).not.toContain("张例三");
  const track = await asAppellant<{ timeline: { text: string }[] }>(receipt, "GET", "");
  expect(track.timeline.at(-1)?.text).toContain("查看了您的联系方式");
  // The version that was seen goes on: what follows is not refused as changed.
  await button(page, "联系用户").click();
  const asked = page.getByRole("form", { name: "联系用户" });
  await asked.getByRole("radio", { name: "电话" }).check();
  await asked.getByRole("radio", { name: "已联系上" }).check();
  await button(page, "确认联系用户").click();
  await expect(page.getByText("已完成：联系用户。")).toBeVisible();
});

test("images, sound and film are shown, files are linked, the rest is named only", async ({
  page,
}) => {
  test.slow();
  const { number } = await submitWith([
    "photo-gps.jpg",
    "voice.wav",
    "video-gps.mp4",
    "document.pdf",
    "liar-program.jpg",
  ]);
  await openAs(page, "ta-bigdata-triage", number);
  const files = page.getByRole("region", { name: "附件" });
  await expect(files.getByRole("listitem")).toHaveCount(5);
  await expect(files.getByText(/^办理用副本已去除位置等信息：/).first()).toBeVisible();
  await expect(files.getByText(/^已隔离，不能打开：/)).toBeVisible();
  await expect(files.getByRole("button")).toHaveCount(4);
  await button(files, "播放：录音1").click();
  const sound = files.locator("audio");
  await until(async () =>
    (await sound.evaluate((it: HTMLAudioElement) => it.readyState)) > 0 ? true : undefined,
  );
  await button(files, "获取下载链接：文件1").click();
  const link = files.getByRole("link", { name: /^打开或下载/ });
  await expect(link).toBeFocused();
  const answer = await page.request.get((await link.getAttribute("href")) ?? "");
  expect(answer.status()).toBe(200);
  await checkScreen(page, "ticket-attachments");
  await button(files, "查看图片：图片1").click();
  const viewer = page.getByRole("dialog", { name: "图片查看" });
  const image = viewer.getByRole("img", { name: "诉求人提交的图片1" });
  await until(async () =>
    (await image.evaluate((it: HTMLImageElement) => it.naturalWidth)) > 0 ? true : undefined,
  );
  await button(viewer, "放大").click();
  await expect(viewer.getByText("150%")).toBeVisible();
  await button(viewer, "旋转90度").click();
  await checkScreen(page, "ticket-image");
  await page.keyboard.press("Escape");
  await expect(viewer).toHaveCount(0);
});

test("the timeline turns around, and says by which article", async ({ page }) => {
  const { number } = await signed();
  await act(liaison, number, "contacts", { way: "phone", outcome: "reached", note: "已核实。" });
  await openAs(page, liaison, number);
  const lines = page.getByRole("region", { name: "办理时间线" }).getByRole("listitem");
  await expect(lines.first()).toContainText("联系用户");
  await expect(lines.first()).toContainText("第十三条（一）");
  await button(page, "从旧到新").click();
  await expect(lines.first()).toContainText("提交诉求");
});

test("a ticket that is none of theirs is not found", async ({ page }) => {
  const { number } = await signed();
  await asOfficer(page, "ta-rsj-liaison", `/tickets/${number}`);
  await expect(page.getByRole("alert")).toContainText("没有找到");
  await checkScreen(page, "ticket-not-found");
  expect((await showTicket(liaison, number)).state).toBe("handling");
});
