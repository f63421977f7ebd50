// Findings of a ledger as they are listed: errors first, by sheet, those that are alike as one.
import { label } from "@/api/labels";
import type { Schemas } from "@/api/client";
import { t } from "@/text/language";

type Finding = Schemas["FindingRead"];

export interface FindingFilter {
  level: string;
  sheet: string;
  code: string;
}

/** A finding, and the rows in which the same stands in the same column. */
export interface AlikeFindings {
  first: Finding;
  rows: number[]; // of all of them, in order
}

/** The findings that a filter leaves, errors first, else in the order of the file. */
export function chosen(findings: readonly Finding[], filter: FindingFilter): Finding[] {
  const left = findings.filter(
    ({ level, sheet, code }) =>
      (!filter.level || level === filter.level) && (!filter.sheet || sheet === filter.sheet) && (!filter.code || code === filter.code),
  );
  return [...left.filter(isError), ...left.filter((finding) => !isError(finding))];
}

/** The same with those that say the same of a column put together, at the place of the first. */
export function alike(findings: readonly Finding[]): AlikeFindings[] {
  const found = new Map<string, AlikeFindings>();
  findings.forEach((finding, index) => {
    const { level, code, sheet, row, column, value, expected, count } = finding;
    const isOfOneRow = row !== null && count === 1;
    const key = isOfOneRow ? JSON.stringify([level, code, sheet, column, value, expected]) : String(index);
    const same = found.get(key);
    if (same) same.rows.push(row ?? 0);
    else found.set(key, { first: finding, rows: row === null ? [] : [row] });
  });
  return [...found.values()];
}

/** The rows of findings by number, runs as from–to. */
export function rowsText(rows: readonly number[]): string {
  const runs: number[][] = [];
  for (const index of rows) {
    const run = runs.at(-1);
    if (run?.at(-1) === index - 1) run.push(index);
    else runs.push([index]);
  }
  const shown = runs.map((run) => (run.length > 1 ? `${run[0]}–${run.at(-1)}` : String(run[0])));
  return t(`第 ${shown.join("、")} 行`, `rows ${shown.join(", ")}`);
}

/** The name of a sheet: its table's, or that of the file. */
export function sheetName(sheet: string): string {
  return sheet ? label("LedgerTable", sheet) : t("整个文件", "The whole file");
}

export function isError({ level }: Finding): boolean {
  return level === "error";
}

/** The findings as a file that spreadsheets open, for the one who filled the sheet. */
export function csvFile(findings: readonly Finding[]): Blob {
  const heads = t("级别,表,行,列,列名,现在的内容,应为,处数", "level,sheet,row,column,heading,content,expected,places").split(",");
  const lines = findings.map((finding) => [
    label("FindingLevel", finding.level),
    sheetName(finding.sheet),
    String(finding.row ?? ""),
    finding.column_letter ?? "",
    finding.column ?? "",
    finding.value ?? "",
    finding.expected,
    String(finding.count),
  ]);
  const text = [heads, ...lines].map((line) => line.map(quoted).join(",")).join("\r\n");
  return new Blob([`\ufeff${text}\r\n`], { type: "text/csv;charset=utf-8" });
}

/** A field of a CSV file; what a spreadsheet would take for a formula is a text. */
function quoted(field: string): string {
  const isFormula = /^[=+\-@\t\r]/.test(field) && !/^-?[\d.,]+$/.test(field);
  const text = isFormula ? `'${field}` : field;
  return `"${text.replaceAll('"', '""')}"`;
}

/** What makes two findings of two files the same, wherever their rows went. */
export function likeness({ level, code, sheet, column, value }: Finding): string {
  return JSON.stringify([level, code, sheet, column, value]);
}
