import "@/shared/theme.css";
import "@/public/public.css";
import "@/shared/large";
import { createApp } from "vue";
import { isReturning } from "@/shared/session";
import App from "./App.vue";
import { finish } from "./appellant";
import { layout } from "./layout";
import { router } from "./router";

async function start(): Promise<void> {
  const back = isReturning() ? await finish() : undefined;
  const app = createApp(App).use(router);
  if (back) await router.replace(back);
  if (layout === "tv") (await import("./spatial")).steerByArrows(router);
  app.mount("#app");
  // Without it the pages work all the same, with a network.
  if (import.meta.env.PROD && "serviceWorker" in navigator) keepShell().catch(() => undefined);
}

/** Keeps what the pages are made of, so that an appeal can be written without a network. */
async function keepShell(): Promise<void> {
  await navigator.serviceWorker.register("/sw.js");
  const { active } = await navigator.serviceWorker.ready;
  await import("./pages/Submit.vue");
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  active?.postMessage(loaded);
}

void start();
