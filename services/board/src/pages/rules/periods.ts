// Limits of reporting periods, in words.
import type { Schemas } from "@/api/client";
import { t } from "@/text/language";

export type Periods = Schemas["OfficeRead"]["periods"];
export type PeriodName = keyof NonNullable<Periods>;

export const periodName = (kind: PeriodName): string => (kind === "month" ? t("月报", "months") : t("半月报", "half months"));

/** A line a kind of period that has limits. */
export function limitsOf(periods: Periods | undefined): string[] {
  return (["month", "half_month"] as const).flatMap((kind) => {
    const rule = periods?.[kind];
    if (!rule) return [];
    const due = rule.due_days === null ? t("不算逾期", "never late") : t(`期末后${rule.due_days}天内报送`, `due within ${rule.due_days} days`);
    const closes = rule.closes_days === null ? t("不关闭", "never closed") : t(`${rule.closes_days}天后关闭`, `closed after ${rule.closes_days} days`);
    return [`${periodName(kind)}${t("：", ": ")}${due}${t("，", ", ")}${closes}`];
  });
}
