import { oversight as words } from "@/words/oversight";
import type { Area } from "../areas";
import { rolesOf } from "./roles";

export const oversight: Area = {
  name: words.oversight,
  menu: [
    { path: "/supervision", name: words.board, roles: rolesOf("listCases") },
    { path: "/restrictions", name: words.restrictions, roles: rolesOf("listRestrictions") },
    { path: "/problem-groups", name: words.commonProblems, roles: rolesOf("listGroups") },
    { path: "/knowledge", name: words.knowledge, roles: rolesOf("listKnowledge") },
    { path: "/accountability", name: words.accountability, roles: rolesOf("listAccountability") },
  ],
  routes: [
    {
      path: "/supervision",
      component: () => import("./supervision/Board.vue"),
      meta: { title: words.board },
    },
    {
      path: "/supervision/new",
      component: () => import("./supervision/NewCase.vue"),
      meta: { title: words.openCase },
    },
    {
      path: "/supervision/:case",
      component: () => import("./supervision/CasePage.vue"),
      meta: { title: words.case },
    },
    {
      path: "/restrictions",
      component: () => import("./supervision/Restrictions.vue"),
      meta: { title: words.restrictions },
    },
    {
      path: "/problem-groups",
      component: () => import("./groups/Groups.vue"),
      meta: { title: words.commonProblems },
    },
    {
      path: "/problem-groups/new",
      component: () => import("./groups/NewGroup.vue"),
      meta: { title: words.newGroup },
    },
    {
      path: "/problem-groups/:group",
      component: () => import("./groups/GroupPage.vue"),
      meta: { title: words.group },
    },
    {
      path: "/knowledge",
      component: () => import("./knowledge/KnowledgeList.vue"),
      meta: { title: words.knowledge },
    },
    {
      path: "/knowledge/new",
      component: () => import("./knowledge/NewEntry.vue"),
      meta: { title: words.newEntry },
    },
    {
      path: "/knowledge/:entry",
      component: () => import("./knowledge/EntryPage.vue"),
      meta: { title: words.entry },
    },
    {
      path: "/accountability",
      component: () => import("./accountability/Accountability.vue"),
      meta: { title: words.accountability },
    },
  ],
};
