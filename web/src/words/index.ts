// Every word that a person reads stands in this folder, by area; terms of the regulation come from
// the domain's own vocabulary.
import { columnClasses, words as vocabularies } from "@/generated/workflow.json";

export type Vocabulary = keyof typeof vocabularies;

/** The statutory term of a code, or the code where there is none. */
export function term(vocabulary: Vocabulary, code: string | undefined): string {
  const words: Record<string, string> = vocabularies[vocabulary];
  return code === undefined ? "" : (words[code] ?? code);
}

/** Codes and terms of a vocabulary, in the regulation's order. */
export function terms(vocabulary: Vocabulary): { code: string; name: string }[] {
  return Object.entries(vocabularies[vocabulary]).map(([code, name]) => ({ code, name }));
}

/** The class of what stands in an export's column (分级分类, Art. 16). */
export function columnClass(column: string): string {
  const classes: Record<string, string> = columnClasses;
  return term("DataClass", classes[column]);
}
