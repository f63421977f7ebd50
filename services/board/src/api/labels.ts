// Words of the documents: labels of enumerations and titles of properties.
import { LABELS } from "@/api/generated/labels";
import { TITLES } from "@/api/generated/titles";
import { language } from "@/text/language";

export type Titled = keyof typeof TITLES; // a schema whose properties have titles here
type Vocabulary = keyof typeof LABELS;

/** The label of a word of an enumeration; a word that the documents do not know stays as it is. */
export function label(vocabulary: Vocabulary, word: string | null | undefined): string {
  if (word === null || word === undefined) return "—";
  if (language.value === "en") return word.replaceAll("_", " ");
  return lookUp(LABELS[vocabulary], word);
}

/** The words of an enumeration with their labels, for the choices of a form. */
export function choices(vocabulary: Vocabulary): { word: string; label: string }[] {
  return Object.keys(LABELS[vocabulary]).map((word) => ({ word, label: label(vocabulary, word) }));
}

/** The title of a property of a schema. */
export function title(property: string, schema: Titled): string {
  if (language.value === "en") return property.replaceAll("_", " ");
  return lookUp(TITLES[schema], property);
}

// A word may be of an address, and every object knows what a `constructor` is.
function lookUp(words: object, word: string): string {
  return Object.hasOwn(words, word) ? (words as Record<string, string>)[word] ?? word : word;
}
