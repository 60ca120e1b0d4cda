// Routes by area; each area's pages are loaded when they are first opened.
import { createRouter, createWebHashHistory } from "vue-router";
import { frame } from "@/words/frame";
import { areas } from "./areas";
import { isSignedIn } from "./officer";
import SignIn from "./pages/SignIn.vue";

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/sign-in", component: SignIn, meta: { title: frame.signIn, open: true } },
    ...areas.flatMap((area) => area.routes),
    { path: "/:rest(.*)*", redirect: "/" },
  ],
  // Another page begins at its top; the same page with other filters stays where it is.
  scrollBehavior: (to, from, kept) => kept ?? (to.path === from.path ? false : { top: 0 }),
});

router.beforeEach((to) => {
  if (to.path === "/sign-in") return isSignedIn.value ? String(to.query["back"] ?? "/") : true;
  return isSignedIn.value ? true : { path: "/sign-in", query: { back: to.fullPath } };
});
router.afterEach((to) => {
  document.title = `${String(to.meta["title"] ?? "")} · ${frame.desk}`;
});
