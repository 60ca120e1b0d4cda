// What the specs of the public pages share. All persons are invented.
import { randomBytes } from "node:crypto";
import { deflateSync, crc32 } from "node:zlib";
import type { Page } from "@playwright/test";
import { call, officerToken, until, type Receipt } from "./city";

/** Fills in what a person must say; name and telephone come with the sign-in. */
export async function write(page: Page, text: string): Promise<void> {
  await page.getByRole("radio", { name: /^求助/ }).check();
  await page.getByRole("radio", { name: "政务服务事项办理" }).check();
  await page.getByLabel("说说是什么事").fill(text);
}

export const send = (page: Page) => page.getByRole("button", { name: "提交", exact: true });

/** Number and code from the receipt in view. */
export async function receiptOn(page: Page): Promise<Receipt> {
  await page.getByRole("heading", { name: "已收到您的诉求" }).waitFor();
  const [number, queryCode] = await page.locator(".slip .value").allInnerTexts();
  return { number: number ?? "", queryCode: queryCode ?? "" };
}

/** Opens the progress of an appeal as somebody who has the receipt only. */
export async function track(page: Page, { number, queryCode }: Receipt): Promise<void> {
  await page.goto("/#/track");
  await page.getByLabel("诉求编号").fill(number);
  await page.getByLabel("查询码").fill(queryCode);
  await page.getByRole("button", { name: "查询", exact: true }).click();
  await page.getByRole("heading", { name: "办理进度" }).waitFor();
}

/**
 * The issuer stands at another port than pages in the making: its answers are handed over. Nothing is
 * done where the origins are one.
 */
export async function reachIssuer(page: Page): Promise<void> {
  const { appellants } = (await (await page.request.get("/config.json")).json()) as {
    appellants: { issuer: string };
  };
  const web = process.env["SUQIU_WEB"] ?? "";
  if (new URL(appellants.issuer).origin === new URL(web).origin) return;
  await page.route(`${appellants.issuer}/**`, async (route) => {
    if (route.request().isNavigationRequest()) return route.continue();
    const response = await route.fetch();
    const headers = { ...response.headers(), "access-control-allow-origin": "*" };
    return route.fulfill({ response, headers });
  });
}

/** Asks for the check of the record on the page of the progress, and waits for the server's answer. */
export async function checkRecord(page: Page): Promise<void> {
  const answered = page.waitForResponse("**/record");
  await page.getByRole("button", { name: "现在核对" }).click();
  await answered;
}

/** What the check came to, in large type. */
export const verdict = (page: Page) => page.locator(".verdict");

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A picture of noise, `side` pixels wide and high, that nobody sent before. */
export function picture(side: number, name = "现场照片.png") {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Array.from({ length: side }, () =>
    Buffer.concat([Buffer.of(0), randomBytes(side * 3)]),
  );
  const buffer = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
  return { name, mimeType: "image/png", buffer };
}

/** An entry of the knowledge base that the search finds. */
export async function published(title: string, body: string): Promise<void> {
  const as = async (officer: string) => ({
    authorization: `Bearer ${await officerToken(officer)}`,
  });
  const entry = await call<{ id: string; draft: { revision: number } }>(
    "POST",
    "/api-console/knowledge",
    await as("ta-ylbzj-editor"),
    { kind: "question_answer", title, body, source: "泰医保发〔2026〕3号", forReview: true },
  );
  await call(
    "POST",
    `/api-console/knowledge/${entry.id}/publication`,
    await as("ta-bigdata-reviewer"),
    { revision: entry.draft.revision },
  );
  await until(async () => {
    const found = await call<{ items: { id: string }[] }>(
      "POST",
      "/api-public/knowledge-searches",
      {},
      { text: title, limit: 10 },
    );
    return found.items.find((it) => it.id === entry.id);
  }, 100);
}
