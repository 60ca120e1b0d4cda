// Whether a record was changed, as the browser itself reckons it (RFC 6962 §2.1), with trees of every
// shape; with a seal of the cloud in clock-later.spec.ts.
import { createHash } from "node:crypto";
import type { Page } from "@playwright/test";
import { submit, type Receipt } from "./city";
import { checkRecord as check, track, verdict } from "./public";
import { checkScreen, expect, test } from "./screen";

// What goes through a service worker cannot be broken off by a test.
test.use({ serviceWorkers: "block" });

const hash = (...parts: Buffer[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
const node = (left: Buffer, right: Buffer) => hash(Buffer.of(1), left, right);
const half = (count: number) => 2 ** Math.floor(Math.log2(count - 1));

/** MTH of RFC 6962 §2.1. */
function root(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!;
  const at = half(leaves.length);
  return node(root(leaves.slice(0, at)), root(leaves.slice(at)));
}

/** PATH of RFC 6962 §2.1.1. */
function path(leaves: Buffer[], index: number): Buffer[] {
  if (leaves.length === 1) return [];
  const at = half(leaves.length);
  return index < at
    ? [...path(leaves.slice(0, at), index), root(leaves.slice(at))]
    : [...path(leaves.slice(at), index - at), root(leaves.slice(0, at))];
}

const filler = (name: string) => createHash("sha256").update(name).digest();

function sealed({ number }: Receipt, version: number, index: number, count: number) {
  const head = filler(`head ${number}`);
  const leaf = hash(Buffer.of(0), Buffer.from(`${number}\n${version}\n`), head);
  const leaves = Array.from({ length: count }, (_, at) => (at === index ? leaf : filler(`${at}`)));
  return {
    number,
    version,
    head: head.toString("hex"),
    intact: true,
    sealedVersion: version,
    said: `办理记录共${version}条，均已封存，与封存时一致，未被改动。`,
    proof: {
      version,
      sealedAt: "2026-03-02T02:00:00Z",
      root: root(leaves).toString("hex"),
      index,
      count,
      path: path(leaves, index).map((it) => it.toString("hex")),
    },
  };
}

async function answer(page: Page, body: unknown): Promise<void> {
  await page.unroute("**/record");
  await page.route("**/record", (route) => route.fulfill({ json: body }));
}

test("a record is checked with the server", async ({ page }) => {
  await track(page, await submit());
  await check(page);
  await expect(page.getByText("系统核对")).toBeVisible();
  await expect(page.getByText(/办理记录共1条/)).toBeVisible();
  await page.locator("summary", { hasText: "校验值" }).click();
  await checkScreen(page, "public-record");
});

test("the browser reckons the proof of every place in trees of every shape", async ({ page }) => {
  const receipt = await submit();
  await track(page, receipt);
  for (const count of [1, 2, 3, 5, 8, 11]) {
    for (const index of new Set([0, Math.floor(count / 2), count - 1])) {
      await answer(page, sealed(receipt, 1, index, count));
      await check(page);
      await expect(
        page.getByText("一步步算出了封存时的总校验值"),
        `${index}/${count}`,
      ).toBeVisible();
    }
  }
  await expect(verdict(page)).toHaveText("没有被改动");
  await checkScreen(page, "public-record-proved");
});

test("a root that does not follow is told, and so is a head that changed", async ({ page }) => {
  const receipt = await submit();
  await track(page, receipt);
  const good = sealed(receipt, 1, 2, 5);
  await answer(page, { ...good, proof: { ...good.proof, index: 3 } });
  await check(page);
  await expect(verdict(page)).toHaveText("对不上");
  await expect(page.getByText("没有通过")).toBeVisible();
  await checkScreen(page, "public-record-broken");
  await answer(page, { ...good, head: filler("another").toString("hex") });
  await check(page);
  await expect(page.getByText("与您上次核对时不同")).toBeVisible();
});

test("an earlier version is proved with what this browser was shown then", async ({ page }) => {
  const receipt = await submit();
  await track(page, receipt);
  const first = sealed(receipt, 1, 0, 3);
  const grown = { ...first, version: 2, head: filler("grown").toString("hex") };
  await answer(page, grown);
  await check(page);
  await expect(page.getByText("封存以后又有新的记录")).toBeVisible();
  await answer(page, first);
  await check(page);
  await answer(page, grown);
  await check(page);
  await expect(page.getByText("上次在这台设备上核对时留下的校验值")).toBeVisible();
});
