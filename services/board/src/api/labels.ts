// Words of the documents: labels of enumerations.
import { LABELS } from "@/api/generated/labels";
import { language } from "@/text/language";

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

/** The text of a word, or the word: it may be of an address, and every object knows `constructor`. */
export function lookUp(words: object, word: string): string {
  return Object.hasOwn(words, word) ? (words as Record<string, string>)[word] ?? word : word;
}
