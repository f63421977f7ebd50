// Words of the documents: labels of enumerations and titles of properties.
import { LABELS } from "@/api/generated/labels";
import { TITLES } from "@/api/generated/titles";
import { language } from "@/text/language";

type Vocabulary = keyof typeof LABELS;

/** The label of a word of an enumeration; a word that the documents do not know stays as it is. */
export function label(vocabulary: Vocabulary, word: string | null | undefined): string {
  if (word === null || word === undefined) return "—";
  if (language.value === "en") return word.replaceAll("_", " ");
  return (LABELS[vocabulary] as Record<string, string>)[word] ?? word;
}

/** The words of an enumeration with their labels, for the choices of a form. */
export function choices(vocabulary: Vocabulary): { word: string; label: string }[] {
  return Object.keys(LABELS[vocabulary]).map((word) => ({ word, label: label(vocabulary, word) }));
}

/** The title of a property, of a schema where it has one of its own there. */
export function title(property: string, schema = ""): string {
  if (language.value === "en") return property.replaceAll("_", " ");
  const titles = TITLES as Record<string, string>;
  return titles[`${schema}.${property}`] ?? titles[property] ?? property;
}
