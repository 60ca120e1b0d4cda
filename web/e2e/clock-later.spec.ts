// What only time brings about: seals (第九条; R-DP-5), overdue tickets, the supervision that follows,
// callbacks, and answers that did not arrive (第八条（四）; R-HD-12). These move the cloud's clock or let
// its messages fail, so they run after everything else, one after another.
import {
  act,
  asAppellant,
  call,
  closed,
  officerToken,
  read,
  readAll,
  signed,
  until,
  type Receipt,
} from "./city";
import { checkRecord, track, verdict } from "./public";
import { asOfficer, checkAxe, checkScreen, expect, test } from "./screen";
import { button, done, form, openAs, showTicket, tabTo } from "./ticket";
import type {
  RecordPage,
  RuleChange,
  RulesAnswer,
  SupervisionCase,
  TicketPage,
  WorklistAnswer,
} from "../src/generated/api";

const hour = 3600;

async function moves(seconds: number): Promise<void> {
  await call("POST", "/control/clock", {}, { shift_seconds: seconds });
}

/** All of the record is sealed: what seals runs by the hour. */
async function sealed(receipt: Receipt): Promise<RecordPage> {
  await moves(hour);
  return until(async () => {
    const record = await asAppellant<RecordPage>(receipt, "GET", "/record");
    return record.sealedVersion >= record.version ? record : undefined;
  }, 60);
}

/** Sealed, and the day of the seal over and drawn: the callback stands on the caller's list. */
async function drawn(receipt: Receipt): Promise<void> {
  await sealed(receipt);
  await moves(25 * hour);
  await until(async () => {
    const list = await readAll<WorklistAnswer["items"][number]>("ta-bigdata-callback", "/worklist");
    return list.some((it) => it.number === receipt.number && it.task === "call_back") || undefined;
  }, 60);
}

test.describe.configure({ mode: "serial" });

test("a callback is drawn, the agent calls, and what was found goes back to the unit", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const receipt = await closed();
  await asAppellant(receipt, "POST", "/rating", { level: 1, solved: false, aspect: "result" });
  await drawn(receipt);

  await asOfficer(page, "ta-bigdata-callback", "/?tab=callback");
  const link = page.getByRole("link", { name: receipt.number });
  await expect(link).toBeVisible();
  await checkScreen(page, "clock-callbacks");
  await link.click();
  // By keyboard alone.
  await tabTo(page, button(page, "登记回访"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "回访用语" })).toBeVisible();
  const called = page.getByRole("form");
  const reached = called.getByRole("radio", { name: "已联系上" });
  await tabTo(page, reached);
  await page.keyboard.press("Space");
  // The best comes first; one of a group is reached by the arrows.
  await tabTo(page, called.getByRole("radio", { name: "非常满意" }));
  for (let step = 0; step < 3; step += 1) await page.keyboard.press("ArrowDown");
  await expect(called.getByRole("radio", { name: "不满意", exact: true })).toBeChecked();
  const solved = called.getByRole("group", { name: /问题是否解决/ });
  await tabTo(page, solved.getByRole("radio", { name: "是" }));
  await page.keyboard.press("ArrowDown");
  await expect(solved.getByRole("radio", { name: "否" })).toBeChecked();
  await checkScreen(page, "clock-callback");
  await tabTo(page, called.locator("button[type=submit]"));
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^已完成：.*回访/)).toBeVisible();

  const ticket = await read<TicketPage>("ta-gjj-liaison", `/tickets/${receipt.number}`);
  expect(ticket.callback?.toRectify).toBe(true);
});

test("what is overdue stands on its tab and on the supervision board", async ({ page }) => {
  test.setTimeout(180_000);
  const receipt = await signed();
  await moves(9 * 24 * hour);

  await asOfficer(page, "ta-gjj-liaison", "/?tab=overdue");
  await expect(page.getByRole("link", { name: receipt.number })).toBeVisible();
  await expect(page.getByText("已超期").filter({ visible: true }).first()).toBeVisible();
  await checkScreen(page, "clock-overdue");

  // The sweep marks it within the minute, and the case follows from the mark.
  await until(async () => {
    // Many: after nine days every ticket that was left alone has one.
    const cases = await readAll<SupervisionCase>("ta-bigdata-manager", "/supervision");
    return cases.some((it) => it.ticket === receipt.number) || undefined;
  }, 120);
  await asOfficer(page, "ta-bigdata-manager", "/supervision");
  await expect(page.getByRole("link", { name: receipt.number }).first()).toBeVisible();
  await checkScreen(page, "clock-supervision");

  // The unit answers all the same: late, and on record.
  await act("ta-gjj-liaison", receipt.number, "contacts", { way: "phone", outcome: "reached" });
});

test("a change of the rules is done when every ticket was looked at", async ({ page }) => {
  test.setTimeout(180_000);
  const authorization = `Bearer ${await officerToken("ta-bigdata-admin")}`;
  const change = async () => {
    const { changes } = await read<RulesAnswer>("ta-bigdata-admin", "/rules");
    return changes.find((it) => it.change === "rulebook-2");
  };
  const reaches = (stage: RuleChange["stage"]) =>
    until(async () => ((await change())?.stage === stage ? true : undefined), 110);
  const body = { effectiveOn: "2035-01-01", parameters: { handle_days: 2 } };
  await call("PUT", "/api-console/rules/rulebooks/2", { authorization }, body);
  await reaches("measured");
  await call("POST", "/api-console/rules/changes/rulebook-2/application", { authorization });
  // After a minute, when every function has read the rules anew; queues keep real time.
  await reaches("done");

  await asOfficer(page, "ta-gjj-liaison", "/rules");
  await expect(page.getByText("规则参数第2版将于2035年01月01日起施行。")).toBeVisible();
  await expect(
    page
      .getByRole("status")
      .filter({ hasText: /^已施行，/ })
      .first(),
  ).toBeVisible();
  const second = page.getByRole("table", { name: "第2版的参数" });
  await page.getByText("查看全部参数").first().click();
  await expect(second.getByRole("row", { name: /^办结/ })).toContainText("上一版为1个工作日");
  await checkScreen(page, "clock-rules");
});

test.describe("a record that the cloud sealed", () => {
  // What goes through a service worker cannot be answered by a test.
  test.use({ serviceWorkers: "block" });

  test("is proved in the browser, and refuted as soon as one hash is another", async ({ page }) => {
    test.setTimeout(180_000);
    // Two at least, so that there is a path from the leaf to the root.
    const [receipt] = [await closed(), await closed()];
    const record = await sealed(receipt);
    expect(record.proof?.path.length).toBeGreaterThan(0);

    await track(page, receipt);
    await checkRecord(page);
    await expect(verdict(page)).toHaveText("没有被改动");
    await expect(page.getByText(`办理记录共${record.version}条，均已封存`)).toBeVisible();
    await expect(page.getByText("一步步算出了封存时的总校验值")).toBeVisible();
    await page.locator("summary", { hasText: "校验值" }).click();
    await expect(page.getByText(record.proof?.root ?? "", { exact: true })).toBeVisible();
    await checkAxe(page, "a sealed record");

    // The server goes on saying that all is well: the browser finds out by itself.
    const other = (hash: string) => (hash.startsWith("0") ? "1" : "0") + hash.slice(1);
    type Proof = NonNullable<RecordPage["proof"]>;
    const wrong: Record<string, (proof: Proof) => Partial<Proof>> = {
      "the first of the path": ({ path: [first = "", ...rest] }) => ({
        path: [other(first), ...rest],
      }),
      "the last of the path": ({ path }) => ({
        path: [...path.slice(0, -1), other(path.at(-1) ?? "")],
      }),
      "the root": ({ root }) => ({ root: other(root) }),
    };
    for (const [which, change] of Object.entries(wrong)) {
      await page.route("**/record", async (route) => {
        const response = await route.fetch();
        const said = (await response.json()) as RecordPage & { proof: Proof };
        expect(said.intact).toBe(true);
        const json = { ...said, proof: { ...said.proof, ...change(said.proof) } };
        await route.fulfill({ response, json });
      });
      await checkRecord(page);
      await expect(verdict(page), which).toHaveText("对不上");
      await expect(page.getByText("浏览器算出的总校验值与封存的不一致")).toBeVisible();
      await page.unroute("**/record");
      await checkRecord(page);
      await expect(verdict(page), `${which}, as it is`).toHaveText("没有被改动");
    }
  });
});

/** The last try at telling of an entry: before it the queue waits for hours that no clock moves. */
async function triesLast(number: string, version: number): Promise<void> {
  const { ports } = await call<{ ports: { sqs: number } }>("GET", "/control/health", {});
  const ask = async <T>(operation: string, body: unknown): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${ports.sqs}/`, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `AmazonSQS.${operation}`,
      },
      body: JSON.stringify(body),
    });
    expect(answer.status, operation).toBe(200);
    return (await answer.json()) as T;
  };
  const { QueueUrls: queues } = await ask<{ QueueUrls: string[] }>("ListQueues", {});
  const message = {
    specversion: "1.0",
    id: `${number}/${version}`,
    source: "suqiu/relay",
    type: "cn.suqiu.ticket.close",
    subject: number,
    time: new Date().toISOString(),
    data: { number, version, action: "close" },
    attempts: 5,
  };
  await ask("SendMessage", {
    QueueUrl: queues.find((url) => url.endsWith("/NotifyQueue")),
    MessageBody: JSON.stringify(message),
  });
}

test("an answer that did not arrive is delivered another way", async ({ page }) => {
  test.setTimeout(180_000);
  const fails = (failures: number) => page.request.post("/control/outbox", { data: { failures } });
  await fails(1000);
  try {
    const { number } = await closed();
    const { timeline } = await showTicket("ta-gjj-liaison", number);
    const close = timeline.find((line) => line.action === "close");
    await triesLast(number, close?.seq ?? 0);
    await until(async () => {
      const ticket = await showTicket("ta-gjj-liaison", number);
      return ticket.undelivered || undefined;
    }, 60);

    await openAs(page, "ta-gjj-liaison", number);
    await expect(page.getByText("答复未送达，须另行送达（第八条（四））。")).toBeVisible();
    await button(page, "另行送达").click();
    const asked = form(page, "另行送达");
    await button(page, "确认另行送达").click();
    await expect(asked.getByText("请选择“送达方式”")).toBeVisible();
    await asked.getByRole("radio", { name: "邮寄" }).check();
    await asked.getByLabel("送达情况").fill("已按登记地址邮寄，挂号信XA0001。");
    await checkAxe(page, "delivery another way");
    await button(page, "确认另行送达").click();
    await done(page, "另行送达");
    await expect(button(page, "另行送达")).toHaveCount(0);

    const ticket = await showTicket("ta-gjj-liaison", number);
    expect(ticket.undelivered).toBeFalsy();
    const line = ticket.timeline.find((it) => it.action === "deliver_otherwise");
    expect(line?.note).toContain("挂号信XA0001");
    expect(ticket.clocks.find((clock) => clock.clock === "delivery")?.state).toBe("stopped");
  } finally {
    await fails(0);
  }
});
