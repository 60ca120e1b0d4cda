// Forms from the contract: what a body consists of (`generated/bodies.json`), what was typed so far,
// and the body that is sent.
import bodies from "@/generated/bodies.json";
import workflow from "@/generated/workflow.json";
import { term, type Vocabulary } from "@/words";
import { ticket as words } from "@/words/ticket";
import type { OpenAction } from "@/generated/api";
import { isOfficerAction, performedBy, type Operation } from "./actions";

export interface Shape {
  type: string;
  /** What a string names, such as `UnitId`. */
  of?: string;
  format?: string;
  enum?: string[];
  vocabulary?: Vocabulary;
  maxLength?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  required?: string[];
  fields?: Record<string, Shape>;
  items?: Shape;
}

export interface Body {
  path: string;
  summary: string;
  body: Shape;
}

/** What was typed so far: empty texts and lists stand for nothing. */
export type Draft = Record<string, unknown>;

/** What is wrong with a field, at its JSON pointer. */
export interface Fault {
  pointer: string;
  detail: string;
}

export const bodyOf = (operation: Operation): Body =>
  (bodies as Record<Operation, Body>)[operation];
export const fieldsOf = (operation: Operation): Record<string, Shape> =>
  bodyOf(operation).body.fields ?? {};

/** What an action is called: where several are one form, as the contract calls that. */
export function nameOf({ action, name }: OpenAction): string {
  if (!isOfficerAction(action)) return name;
  const operation = performedBy[action];
  const sharing = Object.values(performedBy).filter((each) => each === operation);
  return sharing.length > 1 ? bodyOf(operation).summary : name;
}

/** The shape at a pointer such as `/record/facts`. */
export function shapeAt(operation: Operation, pointer: string): Shape {
  let shape = bodyOf(operation).body;
  for (const name of pointer.split("/").slice(1)) {
    const inner = /^\d+$/.test(name) ? shape.items : shape.fields?.[name];
    shape = inner ?? { type: "string" };
  }
  return shape;
}

export function labelOf(operation: Operation, pointer: string): string {
  const plain = pointer.replaceAll(/\/\d+/g, "");
  const name = plain.split("/").at(-1) ?? "";
  return words.labelsOf[`${operation}${plain}`] ?? words.labels[name] ?? name;
}

export function codeName(shape: Shape, code: string): string {
  return words.codes[code] ?? (shape.vocabulary ? term(shape.vocabulary, code) : code);
}

/** The empty draft of a shape. */
export function emptyOf(shape: Shape): unknown {
  if (shape.type === "object") {
    const fields = Object.entries(shape.fields ?? {});
    return Object.fromEntries(fields.map(([name, field]) => [name, emptyOf(field)]));
  }
  if (shape.type === "array") return [];
  return shape.type === "string" && !shape.enum ? "" : undefined;
}

/** What is sent of a draft: nothing of what is empty. */
export function sendable(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (shape.type === "object") {
    const given = value as Draft;
    const fields = Object.entries(shape.fields ?? {}).map(
      ([name, field]) => [name, sendable(field, given[name])] as const,
    );
    const kept = fields.filter(([, each]) => each !== undefined);
    return kept.length > 0 ? Object.fromEntries(kept) : undefined;
  }
  if (shape.type === "array") {
    const items = shape.items ?? { type: "string" };
    // An item that nobody filled in still has its place, so that pointers of the answer fit.
    const list = (value as unknown[]).map(
      (each) => sendable(items, each) ?? (items.fields ? {} : ""),
    );
    return list.length > 0 ? list : undefined;
  }
  if (shape.type === "string") return String(value).trim() === "" ? undefined : String(value);
  if (shape.type === "integer") return value === "" ? undefined : Number(value);
  return value;
}

const isChoice = (shape: Shape): boolean =>
  Boolean(shape.enum) || shape.of === "UnitId" || shape.items?.of === "UnitId";

/** What the contract requires and `value` lacks. */
export function faultsOf(operation: Operation, shape: Shape, value: unknown, at = ""): Fault[] {
  if (shape.type !== "object") return [];
  const given = (value ?? {}) as Draft;
  const required = new Set(shape.required ?? []);
  return Object.entries(shape.fields ?? {}).flatMap(([name, field]) => {
    const pointer = `${at}/${name}`;
    const inner = given[name];
    if (inner === undefined && required.has(name)) {
      const label = labelOf(operation, pointer);
      const say = isChoice(field) ? words.fields.missingChoice : words.fields.missing;
      return [{ pointer, detail: say(label) }];
    }
    return inner === undefined ? [] : faultsOf(operation, field, inner, pointer);
  });
}

export type Need = keyof typeof workflow.words.Need;

/** Of which fields a need of the workflow speaks: they are marked while an action names it. */
const spokenOf: Partial<Record<Need, readonly string[]>> = {
  resolving_unit: ["unit"],
  county_unit: ["unit"],
  explanation: ["explanation"],
  earlier_ticket: ["earlier"],
  guidance: ["guidance"],
  erasure_ground: ["ground", "reason"],
  opinion: ["opinion"],
  open_co_handling: ["unit"],
  reason: ["reason"],
  members: ["members"],
  meeting: ["metOn", "minutes"],
  conclusion: ["conclusion"],
  return_reason: ["reason", "ground", "suggested"],
  extension_reason: ["days", "reason"],
  rectification_plan: ["measures", "responsible", "reason", "until"],
  supplement_list: ["items"],
  review_finding: ["finding"],
};

/** The code of a need, which the server names by its term. */
export function needCode(name: string): Need | undefined {
  const found = Object.entries(workflow.words.Need).find(([, word]) => word === name);
  return found?.[0] as Need | undefined;
}

/** Fields that must be filled in: by the contract, or by what the action needs. */
export function neededFields(operation: Operation, needs: readonly string[]): Set<string> {
  const spoken = needs.flatMap((name) => {
    const code = needCode(name);
    return code ? (spokenOf[code] ?? []) : [];
  });
  return new Set([...(bodyOf(operation).body.required ?? []), ...spoken]);
}
