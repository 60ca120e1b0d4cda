import "element-plus/dist/index.css";
import "@/shared/theme.css";
import "@/officers/officers.css";
import "@/shared/large";
import ElementPlus from "element-plus";
import zhCn from "element-plus/es/locale/lang/zh-cn";
import { createApp } from "vue";
import { isReturning } from "@/shared/session";
import App from "./App.vue";
import { finish } from "./officer";
import { router } from "./router";

async function start(): Promise<void> {
  const back = isReturning() ? await finish() : undefined;
  const app = createApp(App).use(router).use(ElementPlus, { locale: zhCn });
  if (back) await router.replace(back);
  app.mount("#app");
}

void start();
