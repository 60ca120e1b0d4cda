// The pages in Debian's Chromium, on a laptop cloud of their own. `SUQIU_PORT_BASE` uses one that
// runs already.
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

const running = process.env["SUQIU_PORT_BASE"];
const base = Number(running ?? 7300);
const state = join(tmpdir(), `suqiu-web-${process.pid}`);
process.env["SUQIU_WEB"] ??= `http://127.0.0.1:${base + 2}`;
// Workers read this file again, under a number of their own; what was set first stays.
if (!running) process.env["SUQIU_STATE"] ??= state;

// Without windows it draws the same pages in half the time.
const browsers = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 2,
  // What moves the clock comes last and alone.
  projects: [
    { name: "pages", testIgnore: /clock-/ },
    { name: "clock", testMatch: /clock-/, dependencies: ["pages"] },
  ],
  forbidOnly: true,
  // Where machines are shared a browser may starve; what needed a second try is told as flaky.
  retries: process.env["CI"] ? 1 : 0,
  reporter: [["list"]],
  use: {
    baseURL: process.env["SUQIU_WEB"],
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: { width: 1280, height: 800 },
    trace: "off",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? browsers.find(existsSync),
      args: ["--no-sandbox", "--disable-gpu"],
    },
  },
  ...(running
    ? {}
    : {
        webServer: {
          command: `../target/debug/suqiu --state ${process.env["SUQIU_STATE"]} --port-base ${base}`,
          url: `http://127.0.0.1:${base + 2}/control/health`,
          timeout: 600_000,
          stdout: "ignore",
          gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
        },
      }),
});
