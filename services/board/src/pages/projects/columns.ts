// Columns of the list: those of a ledger that people look for, in its order.
import { ref, watchEffect } from "vue";

import type { Schemas } from "@/api/client";
import { t } from "@/text/language";

export type ColumnId =
  "name" | "light" | "unit" | "competent" | "nature" | "levels" | "programs" | "total" | "contract" | "code" | "owner" | "industry" | "id";

export interface Column {
  id: ColumnId;
  title: () => string;
  width: number; // rem, at least
  grows?: number; // its part of the room that is left
  isNumber?: boolean;
  order?: Schemas["ProjectOrder"]; // the order that its header asks for
}

export const COLUMNS: readonly Column[] = [
  { id: "name", title: () => t("项目名称", "Project"), width: 15, grows: 3, order: "name" },
  { id: "light", title: () => t("总灯", "Light"), width: 5.2 },
  { id: "unit", title: () => t("责任单位", "Unit"), width: 9.5, grows: 1.5 },
  { id: "competent", title: () => t("主管单位", "Competent unit"), width: 9.5, grows: 1.5 },
  { id: "nature", title: () => t("性质", "Nature"), width: 4.5 },
  { id: "levels", title: () => t("级别", "Levels"), width: 6.5, grows: 0.7 },
  { id: "programs", title: () => t("专项", "Programs"), width: 8, grows: 1.2 },
  { id: "total", title: () => t("总投资", "Total investment"), width: 10.5, isNumber: true, order: "total_investment" },
  { id: "contract", title: () => t("合同金额", "Contract"), width: 10.5, isNumber: true },
  { id: "code", title: () => t("项目代码", "National code"), width: 13.5 },
  { id: "owner", title: () => t("建设单位", "Owner"), width: 10, grows: 1.5 },
  { id: "industry", title: () => t("行业代码", "Industry"), width: 5.5 },
  { id: "id", title: () => t("项目编号", "Project id"), width: 7.5 },
];
const USUAL = ["light", "unit", "competent", "nature", "levels", "total"];
const KEY = "bairi.projects.columns";

/** What is chosen on this device; the name always stands first. */
export const keptColumns = ref<string[]>(localStorage.getItem(KEY)?.split(",") ?? USUAL);

watchEffect(() => {
  localStorage.setItem(KEY, keptColumns.value.join(","));
});

/** The columns of an address (`columns=unit,total`), else those of the device. */
export function columnsOf(said: string | undefined): Column[] {
  const chosen = said?.split(",") ?? keptColumns.value;
  return COLUMNS.filter(({ id }) => id === "name" || chosen.includes(id));
}
