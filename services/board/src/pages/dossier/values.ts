// Values of a record as people read them, by the names of their columns.
import { label } from "@/api/labels";
import { percentage } from "@/pages/dossier/parts";
import { civilDate } from "@/text/dates";
import { amount, UNKNOWN } from "@/text/figures";
import { t } from "@/text/language";

const VOCABULARIES = new Map<string, Parameters<typeof label>[0]>(Object.entries({
  nature: "Nature",
  key_levels: "KeyLevel",
  programs: "ProjectRead.programs",
  mode: "PermitMode",
  source: "FundSource",
  event: "FundEvent",
  level: "ProblemLevel",
  category: "ProblemCategory",
} as const));

/** A value of a column; `nameOf` names units. */
export function valueText(column: string, value: unknown, nameOf: (id: string) => string): string {
  if (value === null || value === undefined || value === "") return UNKNOWN;
  if (Array.isArray(value)) return value.map((each) => valueText(column, each, nameOf)).join(t("、", ", ")) || UNKNOWN;
  if (typeof value === "boolean") return value ? t("是", "yes") : t("否", "no");
  if (column.endsWith("_yuan") || /^m\d\d$/.test(column)) return amount(Number(value)).text;
  if (column.endsWith("_on") || column === "on" || column === "as_of") return civilDate(String(value));
  if (column.endsWith("unit_id")) return nameOf(String(value));
  if (column.endsWith("_pct")) return percentage(String(value));
  const vocabulary = VOCABULARIES.get(column);
  return vocabulary ? label(vocabulary, String(value)) : String(value);
}
