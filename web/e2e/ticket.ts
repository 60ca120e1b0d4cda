// What the specs of the ticket page share.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import type { Locator, Page } from "@playwright/test";
import type { TicketPage, UploadGrant } from "../src/generated/api";
import { appellantToken, call, read, submit, until, type Receipt } from "./city";
import { asOfficer, expect } from "./screen";

/** Opens a ticket as an officer. */
export async function openAs(page: Page, officer: string, number: string): Promise<void> {
  await asOfficer(page, officer, `/tickets/${number}`);
  await page.getByRole("heading", { name: "现在可以办理" }).waitFor();
}

export const button = (page: Page | Locator, name: string) =>
  page.getByRole("button", { name, exact: true });

/** The form of an action. */
export const form = (page: Page, name: string) => page.getByRole("form", { name, exact: true });

/** Waits until an action is said to be done. */
export const done = (page: Page, name: string) => page.getByText(`已完成：${name}。`).waitFor();

export const showTicket = (officer: string, number: string) =>
  read<TicketPage>(officer, `/tickets/${number}`);

/** The day so many days after a ticket came in, as date fields and the contract write it. */
export async function dayAfter(officer: string, number: string, days: number): Promise<string> {
  const { receivedAt } = await showTicket(officer, number);
  return new Date(new Date(receivedAt).getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Finds a unit by a part of its name, in a field that takes one or several. */
export async function pick(within: Locator, field: string, typed: string): Promise<void> {
  const box = within.getByRole("combobox", { name: field });
  await box.fill(typed);
  await within.getByRole("option").filter({ hasText: typed }).first().waitFor();
  await box.press("Enter");
}

/** Fills in the nine parts of a closing. */
export async function writeClosing(within: Locator): Promise<void> {
  const parts = {
    调查过程: "电话核实并调取业务系统记录。",
    事实认定: "材料已齐，审核排队未推进。",
    法律依据: "《住房公积金管理条例》第二十四条。",
    解决措施: "当日加急审核并发起划款。",
    救济途径: "对处理结果有异议的，可依法申请行政复议。",
    问题核实情况: "经核实，您于11月提交的租房提取申请材料齐全，因排队未及时审核。",
    处理依据: "《住房公积金管理条例》第二十四条规定，租房可以提取。",
    解决结果: "已于今日审核通过，并向您登记的银行卡发起划款。",
    后续建议: "请留意到账短信，三日未到账可到公积金服务大厅2号窗口查询。",
  };
  for (const [label, text] of Object.entries(parts)) await within.getByLabel(label).fill(text);
}

const types: Record<string, string> = {
  ".jpg": "image/jpeg",
  ".wav": "audio/wav",
  ".mp4": "video/mp4",
  ".pdf": "application/pdf",
};

/** Uploads sample files of `events/media` as somebody who signed in, and submits an appeal with them. */
export async function submitWith(files: string[]): Promise<Receipt> {
  const headers = {
    "suqiu-channel": "mobile",
    authorization: `Bearer ${await appellantToken("demo-zhang")}`,
  };
  const attachments = [];
  for (const file of files) {
    const bytes = readFileSync(`../events/media/${file}`);
    const contentType = types[extname(file)] ?? "";
    const sha256 = createHash("sha256").update(bytes).digest("base64");
    const wish = { contentType, sizeBytes: bytes.length, sha256 };
    const grant = await call<UploadGrant>("POST", "/api-public/uploads", headers, wish);
    const body = new FormData();
    for (const [name, value] of Object.entries(grant.fields)) body.append(name, value);
    body.append("file", new Blob([bytes]), file);
    const answer = await fetch(grant.url, { method: "POST", body });
    expect(answer.status, `upload of ${file}`).toBeLessThan(300);
    attachments.push(grant.uploadId);
  }
  const receipt = await submit({ attachments });
  // Inspected one by one, by a function that a queue drives.
  await until(async () => {
    const ticket = await showTicket("ta-bigdata-triage", receipt.number);
    return ticket.attachments.every((it) => it.state !== "granted") ? true : undefined;
  }, 60);
  return receipt;
}

/** A ticket about which the system has made its suggestions. */
export async function suggested(fields: Record<string, unknown> = {}): Promise<Receipt> {
  const receipt = await submit(fields);
  await until(async () => {
    const ticket = await showTicket("ta-bigdata-triage", receipt.number);
    return ticket.suggestion ? true : undefined;
  }, 60);
  return receipt;
}

/** Goes on by the tabulator until `wanted` has the focus. */
export async function tabTo(page: Page, wanted: Locator, most = 80): Promise<void> {
  for (let at = 0; at < most; at += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the focus does not come to ${String(wanted)}`);
}
