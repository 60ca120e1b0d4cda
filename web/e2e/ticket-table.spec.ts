// The page's one table of actions and operations, held to the workflow and to the contract: nothing
// that an officer may do is without its form, and no form is older than the contract.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { groups, performedBy } from "../src/officers/work/ticket/actions";

interface Rule {
  action: string;
  by: string[];
}
const { rules } = JSON.parse(readFileSync("src/generated/workflow.json", "utf8")) as {
  rules: Rule[];
};
const bodies = JSON.parse(readFileSync("src/generated/bodies.json", "utf8")) as Record<
  string,
  unknown
>;
const outside = ["appellant", "channel_system", "system"];

test("every action of officers has its operation", () => {
  const open = rules.filter((rule) => rule.by.some((role) => !outside.includes(role)));
  const missing = open.map((rule) => rule.action).filter((action) => !(action in performedBy));
  expect(missing).toEqual([]);
});

test("no action is in the table that officers do not have", () => {
  const actions = new Set(rules.map((rule) => rule.action));
  expect(Object.keys(performedBy).filter((action) => !actions.has(action))).toEqual([]);
});

test("every operation on a ticket performs an action", () => {
  expect(Object.keys(bodies).sort()).toEqual([...new Set(Object.values(performedBy))].sort());
});

test("every action is offered somewhere on the page", () => {
  // Beside the appellant, not among the actions.
  const elsewhere = ["reveal"];
  const offered = [...Object.values(groups).flat(), ...elsewhere];
  expect(offered.sort()).toEqual(Object.keys(performedBy).sort());
});

test("the shapes of the forms are the contract's", () => {
  execFileSync("node", ["scripts/bodies.mjs", "--check"]);
});
