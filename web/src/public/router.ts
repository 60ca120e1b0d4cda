// Routes of the public pages. The home page comes with the first load, the others when they are
// opened. No address says who looks at what.
import { nextTick, ref } from "vue";
import { createRouter, createWebHashHistory } from "vue-router";
import { publicWords } from "@/words/public";
import Home from "./pages/Home.vue";

const { title } = publicWords;

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/", component: Home, meta: { title: title.home } },
    {
      path: "/search",
      component: () => import("./pages/Search.vue"),
      meta: { title: title.search },
    },
    {
      path: "/submit",
      component: () => import("./pages/Submit.vue"),
      meta: { title: title.submit },
    },
    {
      path: "/receipt",
      component: () => import("./pages/Receipt.vue"),
      meta: { title: title.receipt },
    },
    { path: "/track", component: () => import("./pages/Track.vue"), meta: { title: title.track } },
    {
      path: "/progress",
      component: () => import("./pages/Progress.vue"),
      meta: { title: title.progress },
    },
    { path: "/:rest(.*)*", redirect: "/" },
  ],
  scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
});

/** The page that could not be loaded: no network, or a newer release has taken its place. */
export const stuckAt = ref<string>();

router.onError((_error, to) => {
  stuckAt.value = to.fullPath;
});

router.afterEach(async (to, from) => {
  stuckAt.value = undefined;
  document.title = `${String(to.meta["title"])} · ${document.title.split(" · ").at(-1)}`;
  if (from.matched.length === 0) return;
  // Another page: who reads by ear or by keyboard goes on at its beginning.
  await nextTick();
  document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
});
