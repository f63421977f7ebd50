// Reports that wait: what they are about, and how many there are.
import { ref } from "vue";

import { useAnswer } from "@/api/answer";
import { client, type Schemas } from "@/api/client";
import { label } from "@/api/labels";
import { hasRole } from "@/session/roles";
import { signedIn } from "@/session/token";
import { civilDate } from "@/text/dates";
import { t } from "@/text/language";

export type Report = Schemas["ReportRead"];

const decided = ref(0); // how often something of them was decided here

/** The reports of whoever is signed in have changed. */
export function tellDecided(): void {
  decided.value++;
}

/** Whether who is signed in sees reports. */
export const seesReports = () => hasRole("office", "unit", "leader", "field", "inspector");

/** The numbers of reports by state; asked anew on another page, and when one was decided. */
export function useReportTotals(about: () => unknown) {
  return useAnswer(() => {
    void [about(), decided.value, signedIn.value];
    return seesReports() ? client.GET("/registry/v1/reports", { params: { query: { state: "waiting", totals: true, limit: 1 } } }) : null;
  });
}

/** What a report is about, beside its project: `进度 截至2022年9月30日`. */
export function aboutReport({ kind, record }: Report): string {
  const said = (name: string) => (typeof record[name] === "string" ? record[name] : null);
  const name = label("ReportedKind", kind);
  if (kind === "progress") return t(`${name} 截至${civilDate(said("as_of"))}`, `${name} as of ${civilDate(said("as_of"))}`);
  if (kind === "milestones") return `${name} ${label("MilestoneKind", said("kind"))}`;
  if (kind === "permits") return `${name} ${label("PermitRead.kind", said("kind"))}`;
  if (kind === "funds") return `${name} ${label("FundSource", said("source"))} ${label("FundEvent", said("event"))}`;
  return `${name} ${said("summary") ?? said("problem_id") ?? ""}`;
}
