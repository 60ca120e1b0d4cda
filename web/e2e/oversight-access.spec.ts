// The table by which menus and forms are shown says what docs/access.md says.
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { access } from "../src/officers/oversight/access";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const { words } = JSON.parse(read("../src/generated/workflow.json")) as {
  words: { Role: Record<string, string> };
};
const codes = new Map(Object.entries(words.Role).map(([code, name]) => [name, code]));

/** `operation role seat` of docs/access.md; of the seats only ours, what else there is is `other`. */
function documented(): Set<string> {
  const rows = read("../../docs/access.md").matchAll(/^\| `(\w+)` \| (\S+) \| (.+?) \| /gm);
  const found = new Set<string>();
  for (const [, operation = "", role = "", places = ""] of rows) {
    if (!(operation in access)) continue;
    for (const place of places.split("、")) {
      const seat = ["managing", "holder", "any"].includes(place) ? place : "other";
      found.add(`${operation} ${codes.get(role)} ${seat}`);
    }
  }
  return found;
}

function shown(): Set<string> {
  const found = new Set<string>();
  for (const [operation, rule] of Object.entries(access)) {
    const seats = Array.isArray(rule) ? { any: rule } : rule;
    for (const [seat, roles] of Object.entries(seats))
      for (const role of roles) found.add(`${operation} ${role} ${seat}`);
  }
  return found;
}

// An auditor's `any` and a city manager's every seat but the holder's stand as one seat here.
const folded = (rows: Set<string>) =>
  new Set(
    [...rows]
      .map((row) => row.replace(/^(listKnowledge auditor) any$/, "$1 other"))
      .filter((row) => !/^(open|decide)Accountability \w+ managing$/.test(row)),
  );

test("forms and menus are shown to whom docs/access.md lets in", () => {
  expect([...folded(shown())].sort()).toEqual([...folded(documented())].sort());
});
