// What the console consists of: for each area its place in the menu, who sees it, and its routes.
import type { RouteRecordRaw } from "vue-router";
import { insight } from "./insight/routes";
import { oversight } from "./oversight/routes";
import { work } from "./work/routes";

export interface MenuEntry {
  path: string;
  name: string;
  /** Roles that the server lets in; everybody when absent. */
  roles?: string[];
}

export interface Area {
  name: string;
  menu: MenuEntry[];
  routes: RouteRecordRaw[];
}

export const areas: Area[] = [work, oversight, insight];
