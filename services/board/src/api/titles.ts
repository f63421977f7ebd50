// Titles of properties, as the documents have them; apart from the labels, which every page needs.
import { TITLES } from "@/api/generated/titles";
import { lookUp } from "@/api/labels";
import { language } from "@/text/language";

export type Titled = keyof typeof TITLES; // a schema whose properties have titles here

/** The title of a property of a schema. */
export function title(property: string, schema: Titled): string {
  if (language.value === "en") return property.replaceAll("_", " ");
  return lookUp(TITLES[schema], property);
}
