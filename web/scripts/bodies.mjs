// What the forms of the ticket page ask for, drawn from the contract: of each action on a ticket its
// path, its name and the shape of its body, so that no form holds a copy of what the server checks.
//
//     node scripts/bodies.mjs            writes src/generated/bodies.json
//     node scripts/bodies.mjs --check    fails where it is not what the contract says
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { load } from "js-yaml";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = at("../src/generated/bodies.json");
const contract = load(readFileSync(at("../../infra/openapi.yaml"), "utf8"));
const { words } = JSON.parse(readFileSync(at("../src/generated/workflow.json"), "utf8"));

const kept = ["minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "format"];

/** The last name of a reference, such as `UnitId`. */
const named = (schema) => schema.$ref?.split("/").at(-1);

function resolved(schema) {
  const all = schema.allOf?.map(resolved) ?? [];
  const referred = named(schema);
  const base = referred ? resolved(contract.components.schemas[referred]) : {};
  return Object.assign({}, ...all, base, schema);
}

/** The vocabulary with terms for the codes, the smallest of them; it may lack some, but not most. */
function vocabularyOf(codes) {
  const known = (terms) => codes.filter((code) => code in terms).length;
  const all = Object.entries(words).map(([name, terms]) => ({
    name,
    known: known(terms),
    size: Object.keys(terms).length,
  }));
  const [best] = all.sort((a, b) => b.known - a.known || a.size - b.size);
  return best.known * 2 > codes.length ? best.name : undefined;
}

function shapeOf(schema) {
  const full = resolved(schema);
  const shape = { type: full.type ?? "object" };
  if (named(schema) === "UnitId") shape.of = "UnitId";
  for (const key of kept) if (full[key] !== undefined) shape[key] = full[key];
  if (full.enum) {
    shape.enum = full.enum.filter((code) => code !== null);
    const vocabulary = vocabularyOf(shape.enum);
    if (vocabulary) shape.vocabulary = vocabulary;
  }
  if (shape.type === "object") {
    shape.required = full.required ?? [];
    const fields = Object.entries(full.properties ?? {});
    shape.fields = Object.fromEntries(fields.map(([name, field]) => [name, shapeOf(field)]));
  }
  if (shape.type === "array") shape.items = shapeOf(full.items);
  return shape;
}

function operationOf(path, { operationId, summary, requestBody }) {
  const schema = requestBody?.content?.["application/json"]?.schema ?? { type: "object" };
  return [operationId, { path, summary, body: shapeOf(schema) }];
}

const onTickets = Object.entries(contract.paths).filter(
  ([path, item]) => path.startsWith("/tickets/{number}/") && item.post,
);
const bodies = Object.fromEntries(onTickets.map(([path, item]) => operationOf(path, item.post)));
const text = `${JSON.stringify(bodies, null, 1)}\n`;

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error(
      "src/generated/bodies.json is not what the contract says: node scripts/bodies.mjs",
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
}
