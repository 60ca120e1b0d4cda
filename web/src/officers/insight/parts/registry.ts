// The parts of the registry as the contract names them, and their files in and out.
import type { ParameterRegistryPart, RegistryChange } from "@/generated/api";
import { data } from "@/shared/api";
import { insight } from "@/words/insight";
import { api } from "../../officer";

export type Part = ParameterRegistryPart;

export const parts = Object.keys(insight.registry.parts) as Part[];

/** By what rows are the same row: an id, or for duties all but the words. */
export const keys: Record<Part, string[]> = {
  units: ["id"],
  officers: ["id"],
  duties: ["unit", "service_item", "area", "effective_on"],
  "service-items": ["code"],
  channels: ["code"],
};

/** A part as it stands, as CSV. */
export async function fetchPart(part: Part): Promise<string> {
  const path = { part };
  const answer = await (await api()).GET("/registry/{part}", { params: { path }, parseAs: "text" });
  return data(answer);
}

/** Sends a file as it is, so that the server judges its encoding too. */
export async function sendPart(
  part: Part,
  file: Blob,
  onlyCheck: boolean,
): Promise<RegistryChange> {
  const answer = await (
    await api()
  ).PUT("/registry/{part}", {
    params: { path: { part }, query: { check: onlyCheck } },
    headers: { "content-type": "text/csv; charset=utf-8" },
    body: file as unknown as string,
    bodySerializer: (body: unknown) => body as Blob,
  });
  return data(answer);
}
