// Texts of several parts (records, answers, interim plans) as labelled lines, in the order of the
// contract.
import { fieldsOf, labelOf } from "./forms";

export interface TextPart {
  name: string;
  label: string;
  text: string;
}

export function partsOf(whole: "record" | "answer" | "interim", given: object): TextPart[] {
  const names = Object.keys(fieldsOf("close")[whole]?.fields ?? {});
  const texts = given as Record<string, string | undefined>;
  return names.map((name) => ({
    name,
    label: labelOf("close", `/${whole}/${name}`),
    text: texts[name] ?? "",
  }));
}
