"""Findings in a ledger: stable codes, and the one catalogue of their sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from shared.facts.tables import sheet_title
from shared.ledger.sheets import replace_unwritable

FindingLevel = Literal["error", "warning"]
MAX_VALUE_LENGTH = 60  # characters of a value that a message repeats


@dataclass(frozen=True)
class Finding:
    """One finding at one location of the ledger, for a person to act on.

    `sheet` is the name of the table (or of the file that is none), `row` counts from 1 as the
    person sees it and is None for a whole sheet, `column` is the header as it stands in the file,
    `value` what is written there, `expected` a Chinese sentence. `code` never changes. `count` is
    the number of sheets, rows, columns or cells that it tells of; the location is the first's.
    """

    level: FindingLevel
    code: str
    sheet: str
    row: int | None
    column: str | None
    value: str | None
    expected: str
    count: int = 1

    def __str__(self) -> str:
        row = f"第{self.row}行" if self.row else ""
        column = f"“{self.column}”栏" if self.column else ""
        value = f"“{shorten_value(self.value)}”" if self.value else ""
        parts = (sheet_title(self.sheet), row + column + value, self.expected)
        return "：".join(part for part in parts if part)


class LedgerRejected(Exception):
    """The ledger has errors; nothing of it was taken over."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(f) for f in self.findings if f.level == "error"))


FINDING_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        # files and sheets
        "unreadable_file": "{why}",
        "sheet_too_large": "有内容的单元格远至 {cell}（最多 {columns} 列，且不得过大），"
        "应删除数据以外的行和列后保存",
        "bad_encoding": "应为 UTF-8 编码的 CSV 文件",
        "bad_csv": "CSV 的引号不配对，应在本行之前补全",
        "missing_sheet": "缺少“{title}”表（{table}）",
        "duplicate_sheet": "“{title}”表（{table}）只能有一张",
        "no_header": "没有找到表头，应有一行列名，如“{titles}”",
        "missing_column": "缺少必填列“{title}”（{name}）",
        "duplicate_column": "与前面的“{first}”列重复，只能保留一列",
        "ragged_row": "单元格多于表头的列数，应为每个单元格都有列名",
        # cells
        "missing_value": "不能为空",
        "formula_error": "公式出错，应为正确的值或留空",
        "text_too_long": "文字过长，应不超过 {most} 个字符",
        "unwritable_text": "含有看不见的控制字符，应删除后重新填写",
        "precision_lost": "数字超过 15 位，Excel 已丢失末尾数字，应把单元格设为文本后重新填写",
        "bad_id": "编号中不能有冒号和斜杠",
        "bad_money": "应为金额，如 1200、1,200.5 或 1.2亿元",
        "negative_money": "金额不能为负数",
        "money_too_large": "金额应小于 10 万亿元",
        "not_whole_yuan": "换算后不是整元，应精确到元",
        "bad_date": "应为日期，如 2022-09-15、2022/9/15、2022年9月15日，或月份 2022-09",
        "no_such_date": "没有这一天，应为实际存在的日期",
        "date_out_of_range": "日期应在 1950 年至 2199 年之间",
        "bad_count": "应为不小于 0 的整数，如 12",
        "bad_year": "应为 1950 至 2199 之间的年份，如 2022",
        "bad_percent": "应为 0 至 100 之间的百分数，如 55 或 55%",
        "bad_figure": "应为小于 1000 万亿的数，如 12345.6 或 -3.2",
        "bad_flag": "应为“是”或“否”",
        "bad_word": "应为{words}之一",
        # keys, references and rules of a row
        "duplicate_key": "与第{earlier}行重复，“{titles}”不能相同",
        "unknown_reference": "“{title}”表中没有这个编号",
        "revision_without_plan": "有“{decided}”的调整应填写计划日期或实际日期",
        "curve_with_holes": "各月累计计划应全部填写，或全部留空",
        "falling_curve": "累计计划不能少于上月的 {before} 元",
        "pause_ends_first": "应不早于停工日期 {start}",
        "fund_without_owner": "单位编号和项目编号至少填写一个",
        "secret_project": "涉密项目不得进入本系统，应删除本行",
    }
)

FINDING_WARNINGS: Mapping[str, str] = MappingProxyType(
    {
        # files and sheets
        "gb18030": "不是 UTF-8 编码，已按 GB18030 读取，请核对文字",
        "hidden_files": "是隐藏文件、锁定文件或系统文件，没有读取",
        "hidden_sheet_imported": "是隐藏的表，已导入，请核对",
        "sheet_without_cells": "是图表或宏表，没有单元格，未导入",
        "unread_archive": "压缩包中的压缩包没有读取，应解压后放入",
        "unread_folder": "子文件夹没有读取",
        "later_sheet": "本版本尚不读取这张表，内容未导入",
        "unknown_sheet": "不是台账中的表，内容未导入",
        "unknown_column": "不是台账中的列，内容未导入",
        "column_without_header": "没有列名，内容未导入",
        "unit_assumed": "没有写明金额单位，已按元读取",
        # cells
        "read_as_blank": "已按空白（未知）读取",
        "time_dropped": "已舍去时刻，只保留日期",
        "percent_rounded": "已四舍五入到四位小数",
        "percent_over_100": "超过 100%，请核对",
        "percent_fraction": "已按 {percent}% 读取，如为 {hundredfold}% 请改写",
        # totals, codes and rules of a row
        "total_mismatch": "与各行之和不符，各行之和为 {total} 元，本行为 {written} 元",
        "bad_national_code": "应为国家项目代码，如 2111-522323-04-01-342068",
        "national_code_check": "项目代码的校验码不符，请核对",
        "bad_credit_code": "应为 18 位统一社会信用代码",
        "credit_code_check": "统一社会信用代码的校验码不符，请核对",
        "bad_region": "应为 6 位、9 位或 12 位行政区划代码",
        "unknown_region": "行政区划代码表（GB/T 2260）中没有前六位 {region}",
        "curve_end_differs": "与年度计划投资 {planned} 元不一致",
        "fund_not_counted": "没有金额或日期，本行不计入",
    }
)


def build_finding(
    code: str,
    sheet: str,
    row: int | None = None,
    column: str | None = None,
    value: str | None = None,
    **details: object,
) -> Finding:
    """A finding from the catalogue; `details` fill its sentence."""
    level: FindingLevel = "error" if code in FINDING_ERRORS else "warning"
    sentence = FINDING_ERRORS.get(code) or FINDING_WARNINGS[code]
    location = replace_unwritable(sheet), row, column and replace_unwritable(column)
    return Finding(
        level, code, *location, value and replace_unwritable(value), sentence.format(**details)
    )


def shorten_value(value: str) -> str:
    return value if len(value) <= MAX_VALUE_LENGTH else value[:MAX_VALUE_LENGTH] + "…"
