// What the pages weigh and how long a long list takes, on a laptop cloud that is running:
//
//     cargo run -- --state /tmp/measured --port-base 7400 --no-demo
//     SUQIU_STATE=/tmp/measured SUQIU_PORT_BASE=7400 node e2e/measure.mjs [tickets]
//
// It brings tickets in as the channel `window`, then opens the public page and the desk's work list
// in a browser that keeps nothing.
import { createHash, createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";

const base = Number(process.env.SUQIU_PORT_BASE ?? 3000);
const web = `http://127.0.0.1:${base + 2}`;
const tickets = Number(process.argv[2] ?? 10_000);
const desk = "ta-approval-triage";
const keys = JSON.parse(readFileSync(join(process.env.SUQIU_STATE ?? "../.state", "keys.json")));
const secret = Buffer.from(keys.channel_secrets.window[0], "base64");

/** A file of appeals, signed as channel systems do. */
async function bring(lines) {
  const body = lines.map((line) => JSON.stringify(line)).join("\n");
  const [timestamp, nonce] = [
    String(Math.floor(Date.now() / 1000)),
    randomBytes(16).toString("hex"),
  ];
  const digest = createHash("sha256").update(body).digest("hex");
  const text = ["v1", "POST", "/appeals/batch", "", timestamp, nonce, "", digest].join("\n");
  const answer = await fetch(`http://127.0.0.1:${base}/appeals/batch`, {
    method: "POST",
    headers: {
      "content-type": "application/x-ndjson",
      "suqiu-channel": "window",
      "suqiu-timestamp": timestamp,
      "suqiu-nonce": nonce,
      "suqiu-signature": `v1=${createHmac("sha256", secret).update(text).digest("hex")}`,
    },
    body,
  });
  const said = await answer.json();
  if (!answer.ok || said.refused)
    throw new Error(`${answer.status} ${JSON.stringify(said).slice(0, 300)}`);
}

const appeal = (index) => ({
  externalId: `measured-${index}`,
  kind: "help",
  subject: "service_item",
  title: `公积金提取审核之${index}`,
  text: `租房提取公积金一直显示审核中，这是第${index}件。`,
  appellant: { kind: "person", name: "张例三", phone: "13800000001" },
  replyBy: "sms",
});

const began = Date.now();
for (let from = 0; from < tickets; from += 250) {
  const size = Math.min(250, tickets - from);
  await bring(Array.from({ length: size }, (_, index) => appeal(from + index)));
  process.stdout.write(`\rbringing   ${from + size}/${tickets}`);
}
console.log(`  (${((Date.now() - began) / 1000).toFixed(0)} s)`);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});

/** Opens `url` in a browser that keeps nothing; gives the milliseconds until `seen`, and the bytes. */
async function opens(url, seen, prepare = async () => {}) {
  const context = await browser.newContext({ locale: "zh-CN" });
  const page = await context.newPage();
  await prepare(page);
  const client = await context.newCDPSession(page);
  await client.send("Network.enable");
  const bytes = { script: 0, all: 0 };
  const kinds = new Map();
  client.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
  client.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    bytes.all += encodedDataLength;
    if (kinds.get(requestId) === "Script") bytes.script += encodedDataLength;
  });
  const start = Date.now();
  await page.goto(url);
  await seen(page);
  const milliseconds = Date.now() - start;
  await page.waitForLoadState("networkidle");
  await context.close();
  return { milliseconds, bytes };
}

async function best(times, ...opening) {
  const runs = [];
  for (let run = 0; run < times; run += 1) runs.push(await opens(...opening));
  return runs.sort((a, b) => a.milliseconds - b.milliseconds)[Math.floor(times / 2)];
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const home = await best(5, `${web}/`, (page) => page.getByRole("heading", { level: 1 }).waitFor());
console.log(
  `public page, first load      ${kilobytes(home.bytes.all)} in all, ${kilobytes(home.bytes.script)} of script, ${home.milliseconds} ms`,
);

const form = new URLSearchParams({ username: desk });
const { access_token: token } = await (
  await fetch(`${web}/issuer/token`, { method: "POST", body: form })
).json();
const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
const session = JSON.stringify({ token, expiresAt: claims.exp, claims });
const signedIn = (page) =>
  page.addInitScript((value) => sessionStorage.setItem("suqiu.officer.session", value), session);
const list = await best(
  5,
  `${web}/officers/#/`,
  (page) => page.locator("tbody tr").nth(20).waitFor(),
  signedIn,
);
console.log(
  `work list of ${tickets} tickets  ${list.milliseconds} ms to its rows, ${kilobytes(list.bytes.all)} in all`,
);
await browser.close();
