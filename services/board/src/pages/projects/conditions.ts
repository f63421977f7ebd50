// The filters of an address in words, for what is printed.
import { label } from "@/api/labels";
import { FILTER_NAMES, type Filter } from "@/pages/projects/question";
import type { Query } from "@/shell/route";
import { t } from "@/text/language";

const TEXTS: Record<Filter, (value: string, nameOf: (id: string) => string) => string> = {
  search: (text) => t(`查找“${text}”`, `search “${text}”`),
  unit: (id, nameOf) => t(`责任单位${nameOf(id)}`, `unit ${nameOf(id)}`),
  competent: (id, nameOf) => t(`主管单位${nameOf(id)}`, `competent unit ${nameOf(id)}`),
  nature: (word) => label("Nature", word),
  level: (word) => label("KeyLevel", word),
  program: (word) => label("ProjectRead.programs", word),
  overdue: (word) => (word === "true" ? t("逾期", "overdue") : t("未逾期", "not overdue")),
};

export function conditionTexts(query: Query, nameOf: (id: string) => string): string[] {
  return FILTER_NAMES.flatMap((name) => (query[name] ? [TEXTS[name](query[name], nameOf)] : []));
}
