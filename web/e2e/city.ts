// The demonstration city, acted on through its APIs: what a test needs to be there before a person
// opens a page. All persons are invented.
import { randomUUID } from "node:crypto";

const web = process.env["SUQIU_WEB"] ?? "";

async function form(path: string, fields: Record<string, string>): Promise<string> {
  const answer = await fetch(web + path, { method: "POST", body: new URLSearchParams(fields) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** The token of an officer of `local/demo/officers.json`. */
export const officerToken = (username: string) => form("/issuer/token", { username });

/** The token of an appellant's account. */
export const appellantToken = (account: string) => form("/issuer/token", { account });

export interface Receipt {
  number: string;
  queryCode: string;
}

export async function call<T>(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<T> {
  const answer = await fetch(web + path, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

const appeal = {
  kind: "help",
  subject: "service_item",
  title: "公积金提取审核",
  text: "租房提取公积金一直显示审核中，已经三天，请帮忙查询。",
  appellant: { kind: "person", name: "张例三", phone: "13800000001" },
  replyBy: "sms",
};

/** Submits as somebody who signed in on the page `channel`. */
export async function submit(
  fields: Partial<typeof appeal> & Record<string, unknown> = {},
  account = "demo-zhang",
  channel = "mobile",
): Promise<Receipt> {
  return call(
    "POST",
    "/api-public/appeals",
    {
      "suqiu-channel": channel,
      "idempotency-key": randomUUID(),
      authorization: `Bearer ${await appellantToken(account)}`,
    },
    { ...appeal, ...fields },
  );
}

/** One step of the workflow, `path` as in the contract: `act("ta-bigdata-triage", n, "dispatch", {unit: "ta-gjj"})`. */
export async function act(
  officer: string,
  number: string,
  path: string,
  body: unknown,
): Promise<void> {
  await call(
    "POST",
    `/api-console/tickets/${number}/${path}`,
    {
      authorization: `Bearer ${await officerToken(officer)}`,
    },
    body,
  );
}

/** Reads what an officer may read. */
export async function read<T>(officer: string, path: string): Promise<T> {
  return call("GET", `/api-console${path}`, {
    authorization: `Bearer ${await officerToken(officer)}`,
  });
}

/** The whole of a list that comes in pages. */
export async function readAll<T>(officer: string, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams(cursor === undefined ? {} : { cursor });
    const page = await read<{ items: T[]; next?: string }>(officer, `${path}?${query.toString()}`);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}

/** As an appellant with number and code. */
export async function asAppellant<T>(
  { number, queryCode }: Receipt,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  return call(method, `/api-public/appeals/${number}${path}`, { "query-code": queryCode }, body);
}

/** Waits until `look` gives something. */
export async function until<T>(look: () => Promise<T | undefined>, seconds = 20): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error("it did not come about");
    await new Promise((done) => setTimeout(done, 200));
  }
}

export const goodClosing = {
  record: {
    investigation: "电话核实并调取业务记录。",
    facts: "材料已齐，审核排队。",
    legalBasis: "住房公积金管理条例。",
    measures: "已加急审核并到账。",
    remedies: "可依法申请行政复议。",
  },
  answer: {
    verification: "经核实，您的申请材料齐全。",
    basis: "依据住房公积金管理条例办理。",
    result: "已于今日审核通过并发起划款。",
    advice: "请留意到账短信，如有问题可到窗口办理。",
  },
};

/** A ticket that the unit `ta-gjj` has signed. */
export async function signed(fields: Record<string, unknown> = {}): Promise<Receipt> {
  const receipt = await submit(fields);
  await act("ta-bigdata-triage", receipt.number, "dispatch", { unit: "ta-gjj" });
  await act("ta-gjj-liaison", receipt.number, "sign", {});
  return receipt;
}

/** A ticket that the unit `ta-gjj` has answered. */
export async function closed(fields: Record<string, unknown> = {}): Promise<Receipt> {
  const receipt = await signed(fields);
  await act("ta-gjj-liaison", receipt.number, "contacts", { way: "phone", outcome: "reached" });
  await act("ta-gjj-liaison", receipt.number, "close", goodClosing);
  return receipt;
}
