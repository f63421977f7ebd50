// Dates in civil form, moments as the clocks of Beijing show them.
import { t } from "@/text/language";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const BEIJING = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai",
  dateStyle: "short",
  timeStyle: "short",
});

/** A day (`2026-11-29`) in civil form: 2026年11月29日, 29 Nov 2026. */
export function civilDate(day: string | null | undefined): string {
  if (!day) return t("未定", "not set");
  const [year = "", month = "", date = ""] = day.split("-");
  return t(`${year}年${bare(month)}月${bare(date)}日`, `${bare(date)} ${MONTHS[Number(month) - 1]} ${year}`);
}

/** A moment (RFC 3339) as day and time in Beijing. */
export function civilMoment(moment: string | null | undefined): string {
  if (!moment) return "";
  const [day = "", time = ""] = BEIJING.format(new Date(moment)).split(" ");
  return `${civilDate(day)} ${time}`;
}

/** Today in Beijing, as the API writes it: for the field of a form, never for a rule. */
export function todayInBeijing(): string {
  return BEIJING.format(new Date()).split(" ")[0] ?? "";
}

function bare(number: string): string {
  return number.replace(/^0/, "");
}
