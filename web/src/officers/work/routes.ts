import { lists } from "@/words/lists";
import type { Area } from "../areas";
import { listReaders } from "./lists/readers";

export const work: Area = {
  name: lists.area,
  menu: [{ path: "/", name: lists.list, roles: listReaders }],
  routes: [
    { path: "/", component: () => import("./lists/Home.vue"), meta: { title: lists.start } },
    {
      path: "/tickets/:number",
      component: () => import("./ticket/TicketPage.vue"),
      meta: { title: lists.ticket },
    },
  ],
};
