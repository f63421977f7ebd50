// Figures as people read them. The API computes them; here only points move in their texts, so
// nothing is ever rounded: 12345.6789万元 is the amount to the yuan.
import { t } from "@/text/language";

export const UNKNOWN = "—";
const WAN = 4; // places by which a point moves from yuan to 万元
const YI = 8; // and to 亿元

/** The text of a decimal number with its point moved to the left (right where negative). */
export function movePoint(text: string, places: number): string {
  const sign = text.startsWith("-") ? "-" : "";
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  const digits = whole + fraction;
  let at = whole.length - places;
  const padded = at <= 0 ? "0".repeat(1 - at) + digits : digits.padEnd(at, "0");
  at = at <= 0 ? 1 : at;
  const left = padded.slice(0, at).replace(/^0+(?=\d)/, "");
  const right = padded.slice(at);
  return sign + left + (right ? `.${right}` : "");
}

/** The same without zeros at its end. */
export function dropZeros(text: string): string {
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}

/** A whole number or decimal with its digits in groups of three. */
export function grouped(figure: number | string | null | undefined): string {
  if (figure === null || figure === undefined) return UNKNOWN;
  const [whole = "", fraction] = String(figure).split(".");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** A share (`0.9856`) as per cent: 98.56%. */
export function percent(share: string | null | undefined): string {
  return share === null || share === undefined ? UNKNOWN : `${movePoint(share, -2)}%`;
}

interface AmountTexts {
  text: string; // in 亿元 or 万元, whichever is shorter
  exact: string; // in yuan
}

/** An amount in yuan as it is read, and to the yuan. */
export function amount(yuan: number | null | undefined): AmountTexts {
  if (yuan === null || yuan === undefined) return { text: UNKNOWN, exact: t("未填报", "not reported") };
  const digits = String(yuan);
  const exact = `${grouped(digits)} ${t("元", "yuan")}`;
  const inYi = dropZeros(movePoint(digits, YI));
  const isRound = (inYi.split(".")[1] ?? "").length <= WAN && !inYi.startsWith("0") && !inYi.startsWith("-0");
  if (isRound) return { text: `${grouped(inYi)}${t("亿元", " ×10⁸ yuan")}`, exact };
  return { text: `${grouped(dropZeros(movePoint(digits, WAN)))}${t("万元", " ×10⁴ yuan")}`, exact };
}
