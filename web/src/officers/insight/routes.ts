import { insight as words } from "@/words/insight";
import type { Area } from "../areas";

// As docs/access.md has it; the server decides anyway.
const readsFigures = [
  "triage_officer",
  "city_manager",
  "county_manager",
  "responsible_leader",
  "analyst",
  "auditor",
];
const { menu } = words;

export const insight: Area = {
  name: menu.area,
  menu: [
    { path: "/figures", name: menu.figures, roles: readsFigures },
    { path: "/reports", name: menu.reports, roles: readsFigures },
    { path: "/exports", name: menu.exports, roles: readsFigures },
    { path: "/registry", name: menu.registry, roles: ["administrator", "auditor"] },
    { path: "/rules", name: menu.rules },
    {
      path: "/reconciliations",
      name: menu.reconciliations,
      roles: ["triage_officer", "city_manager", "administrator", "auditor"],
    },
    { path: "/audit", name: menu.audit, roles: ["auditor"] },
  ],
  routes: [
    {
      path: "/figures",
      component: () => import("./pages/FiguresPage.vue"),
      meta: { title: menu.figures },
    },
    {
      path: "/reports",
      component: () => import("./pages/ReportsPage.vue"),
      meta: { title: menu.reports },
    },
    {
      path: "/reports/:report",
      component: () => import("./pages/ReportPage.vue"),
      meta: { title: menu.report },
    },
    {
      path: "/exports",
      component: () => import("./pages/ExportsPage.vue"),
      meta: { title: menu.exports },
    },
    {
      path: "/exports/new",
      component: () => import("./pages/NewExportPage.vue"),
      meta: { title: menu.newExport },
    },
    {
      path: "/registry",
      component: () => import("./pages/RegistryPage.vue"),
      meta: { title: menu.registry },
    },
    {
      path: "/registry/:part(units|officers|duties|service-items|channels)",
      component: () => import("./pages/RegistryPartPage.vue"),
      meta: { title: menu.registry },
    },
    {
      path: "/rules",
      component: () => import("./pages/RulesPage.vue"),
      meta: { title: menu.rules },
    },
    {
      path: "/reconciliations",
      component: () => import("./pages/ReconciliationsPage.vue"),
      meta: { title: menu.reconciliations },
    },
    {
      path: "/audit",
      component: () => import("./pages/AuditPage.vue"),
      meta: { title: menu.audit },
    },
  ],
};
