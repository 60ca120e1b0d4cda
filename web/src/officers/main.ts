import "@/shared/theme.css";
import "@/officers/officers.css";
import "@/shared/large";
import { createApp } from "vue";
import { isReturning } from "@/shared/session";
import App from "./App.vue";
import { finish } from "./officer";
import { router } from "./router";

async function start(): Promise<void> {
  const back = isReturning() ? await finish() : undefined;
  const app = createApp(App).use(router);
  if (back) await router.replace(back);
  app.mount("#app");
}

void start();
