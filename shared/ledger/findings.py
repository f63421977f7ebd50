"""Findings in a ledger: stable codes, and the one catalogue of their sentences."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from shared.facts.tables import sheet_title
from shared.ledger.sheets import replace_unwritable
from shared.plausibility.texts import CHINESE_TEXTS

FindingLevel = Literal["error", "warning"]
MAX_TOLD = 1_000  # findings of one code, sheet and column
MAX_ROWS_NAMED = 10
MAX_TOLD_LENGTH = 500  # characters of a value that is told
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
        "reading_stopped": "{why}，没有读完（至多 {most}）；请删去无关的表、空白行列后重新上传",
        "bad_encoding": "应为 UTF-8 编码的 CSV 文件",
        "bad_csv": "CSV 的引号不配对，应在本行之前补全",
        "missing_sheet": "缺少“{title}”表（{table}）",
        "no_tables": "没有一张可以导入的表，表名应为{titles}之一",
        "unnamed_sheet": "表头是“{title}”表的，表名应为“{title}”，否则内容没有导入",
        "duplicate_sheet": "“{title}”表（{table}）只能有一张",
        "no_header": "没有找到表头，应有一行列名，如“{titles}”",
        "missing_column": "缺少必填列“{title}”（{name}）",
        "duplicate_column": "与前面的“{first}”列重复，只能保留一列",
        "ragged_row": "单元格多于表头的列数，应为每个单元格都有列名",
        "unit_not_understood": "看不懂金额单位“{unit}”，应为元、千元、万元、百万元、千万元或亿元",
        "units_differ": "表头以上写有不同的金额单位（{units}），应在本列列名中写明单位",
        # cells
        "missing_value": "不能为空",
        "formula_error": "公式出错，应为正确的值或留空",
        "formula_without_value": "公式没有结果，应在 Excel 中打开、计算并保存，或改填数值",
        "format_not_understood": "单元格的格式使显示的内容与存的数不同，"
        "应改为常规格式并填写所见的内容",
        "text_too_long": "文字过长，应不超过 {most} 个字符",
        "unwritable_text": "含有看不见的控制字符，应删除后重新填写",
        "precision_lost": "数字超过 15 位，Excel 已丢失末尾数字，应把单元格设为文本后重新填写",
        "bad_id": "编号中不能有冒号和斜杠",
        "bad_money": "应为金额，如 1200、1,200.5 或 1.2亿元",
        "negative_money": "金额不能为负数",
        "money_too_large": "金额应小于 10 万亿元",
        "not_whole_yuan": "换算后不是整元，应精确到元",
        "bad_date": "应为日期，如 2022-09-15、2022/9/15、2022年9月15日，或月份 2022-09",
        "date_without_year": "缺少年份，应如 2022-09 或 2022-09-15",
        "two_dates": "应为一个日期，不能是起止两个日期",
        "ambiguous_month": (
            "可能是 {year} 年 1 月，也可能是末尾的 0 丢了的 {year} 年 10 月，"
            "应写明 {year}-01 或 {year}-10"
        ),
        "no_such_date": "没有这一天，应为实际存在的日期",
        "date_out_of_range": "日期应在 1950 年至 2199 年之间",
        "bad_count": "应为不小于 0 的整数，如 12",
        "bad_year": "应为 1950 至 2199 之间的年份，如 2022",
        "bad_percent": "应为 0 至 100 之间的百分数，如 55 或 55%",
        "bad_figure": "应为小于 1000 万亿的数，如 12345.6 或 -3.2",
        "bad_flag": "应为“是”或“否”",
        "bad_word": "应为{words}之一",
        "doubtful_word": "{why}，应为{words}之一",
        "year_differs": "列名写的是 {heading} 年，本行是 {year} 年，应一致",
        "unknown_name": "“{title}”表中没有这个名称，也没有这个编号",
        "name_not_unique": "“{title}”表中有几行是这个名称，应填写编号",
        # keys, references and rules of a row
        "duplicate_key": "与第{earlier}行重复，“{titles}”不能相同",
        "unknown_reference": "“{title}”表中没有这个编号",
        "revision_without_plan": "有“{decided}”的调整应填写计划日期或实际日期",
        "curve_with_holes": "各月累计计划应全部填写，或全部留空",
        "falling_curve": "累计计划不能少于上月的 {before} 元",
        "pause_ends_first": "应不早于停工日期 {start}",
        "fund_without_owner": "单位编号和项目编号至少填写一个",
        "outside_region": "不在本账号的辖区 {region}",
        "refers_to_void": "所引用的记录已经作废，应先撤回作废，或改正编号",
        "column_of_new_rows": "没有“{title}”列（{name}），而这些行是新的，这一列必填",
        "column_of_stored_key": "没有“{title}”列（{name}），而已存的记录靠它区分，应补上这一列",
        "column_in_use": "没有“{title}”列（{name}），而已存的记录有这一列，也没有编号可对应",
        "cells_disagree": "与{other}说的不同，那里是“{before}”",
        "rows_alike": "与第{first}行的名称和责任单位相同，分不清是哪个项目，"
        "应写不同的名称或项目代码",
        "no_mapped_sheet": "没有一张表合这个映射，表头与映射的各列应大体相同",
        "no_known_heading": "表头里没有一列认得出，应有“项目名称”、“责任单位”一类的列名",
        "beyond_mapping": "超出一份映射能写的，没有读作映射：{what}",
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
        "hidden_columns": "是隐藏的列，内容已导入，请核对",
        # rows
        "hidden_rows": "{rows}是隐藏的行，内容已导入，请核对",
        "total_rows": "{rows}是合计，只用来核对，未作为数据导入",
        "section_rows": "{rows}是分组标题，未作为数据导入",
        "note_rows": "{rows}是填表说明或签名，未作为数据导入",
        "repeated_headers": "{rows}重复了表头，未作为数据导入",
        "column_numbers": "{rows}是列的序号，未作为数据导入",
        "amount_merged": "合并单元格 {cells} 中的金额只计入第一行，请核对",
        "merged_across": "合并单元格 {cells} 跨几列，内容只作为第一列的值导入",
        # cells
        "read_as_blank": "已按空白（未知）读取",
        "invisible_characters": "已去掉看不见的字符",
        "words_as_note": "是文字不是百分数，已作为“{title}”导入，百分数留空",
        "next_day": "离午夜不到一分钟，已按次日读取",
        "last_day_of_third": "已按该旬的最后一天读取",
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
        # an office's own sheet, by a mapping
        "column_ignored": "没有导入：{why}",
        "mapped_column_absent": "映射里有这一列，表里没有，已存的内容不变",
        "units_mixed": "同一张表的金额单位不同：{columns}",
        "permit_or_milestone": "已作为手续的办结日期导入；也可在映射里改为节点“{milestone}”",
        "permit_in_parts": "这项手续分阶段（{parts}），表里没有说是哪一阶段，没有导入",
        "date_revised": "这个日期调整过，现为 {current}，没有改动；要改应作调整",
        "year_without_month": "只有年份，没有月份，没有作为日期导入",
        "bad_interval": "应为起止年月，如 2022.8-2024.6；没有导入",
        "interval_reversed": "起在止之后，没有导入",
        "prior_unknown": "不知道以前年度完成投资，开工以来的累计数没有导入",
        "cumulative_falls": "累计数少于此前的 {before} 元，没有导入",
        "months_missing": "不知道前面月份的数，算不出累计，没有导入",
        "month_not_kept": "不知道上月底的累计，当月数没有保存；补上月底的数后，由累计算出",
        "nature_of_sheet": "表里没有写性质，按表名或标题作为{nature}导入",
        "row_left_out": "按回答不是项目，没有导入",
        "sum_differs": "算得累计 {total} 元，另一栏写的是 {said} 元，已按写的导入",
        "curve_incomplete": "各月计划没有填全，没有导入",
        "sheet_beyond_mapping": "一份映射最多 {most} 张表，没有读作映射；可另存为几个文件",
        "layout_beyond_mapping": "{what}有 {count} 处，映射只记前 {most} 处；"
        "导入不受影响，按映射导出时没有其余的",
        # what can hardly be true, as it is told of a record, too
        **CHINESE_TEXTS,
        # what is stored
        "left_void": "与已作废的记录相同，保持作废，没有导入（第 {rows} 行）；要恢复请撤回作废",
        "period_closed": "所在的报告期已于 {closed} 关闭，由办公室补录，请核对",
        "columns_kept": "文件没有这些列，已存的内容不变：{titles}",
        "values_go_blank": "已存的内容将变为空白：{examples}",
        "later_correction": "此后由 {by} 于 {at} 改为“{before}”，导入将改为“{after}”",
        "later_corrections": "还有更多记录在导入之后由人改过，导入将再改",
    }
)

# Warnings of what was left where it is: nothing of it is imported.
PASSED_OVER = frozenset(
    {
        "hidden_files",
        "sheet_without_cells",
        "unread_archive",
        "unread_folder",
        "later_sheet",
        "unknown_sheet",
        "unknown_column",
        "column_without_header",
        "total_rows",
        "section_rows",
        "note_rows",
        "repeated_headers",
        "column_numbers",
    }
)

# Warnings of cells that are told once a column, since a habit writes them all.
COLUMN_WARNINGS = frozenset(
    {"read_as_blank", "time_dropped", "next_day", "last_day_of_third", "percent_rounded"}
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
    header = column and replace_unwritable(cut_value(column))
    location = replace_unwritable(cut_value(sheet)), row, header
    told = value and replace_unwritable(cut_value(value))
    return Finding(level, code, *location, told, sentence.format(**details))


def limit_findings(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, of one code, sheet and column at most 1,000; the last counts the others."""
    told: list[Finding] = []
    counts: Counter[tuple[str, str, str | None]] = Counter()
    beyond: dict[tuple[str, str, str | None], Finding] = {}
    for found in findings:
        cause = found.code, found.sheet, found.column
        counts[cause] += 1
        if counts[cause] <= MAX_TOLD:
            told.append(found)
        else:
            beyond.setdefault(cause, found)
    return told + [count_others(f, counts[cause] - MAX_TOLD) for cause, f in beyond.items()]


def count_others(first: Finding, count: int) -> Finding:
    """A finding that stands for those that are not told one by one, from `first` on."""
    sentence = f"{first.expected}（从本行起还有 {count} 处，不再逐一列出）"
    return replace(first, value=None, expected=sentence, count=count)


def redact_secret_rows(findings: list[Finding]) -> list[Finding]:
    """The findings without those that repeat cells of a secret project's row."""
    secret = {(f.sheet, f.row) for f in findings if f.code == "secret_project"}
    return [f for f in findings if f.code == "secret_project" or (f.sheet, f.row) not in secret]


def collect_findings(first: Finding, numbers: Sequence[int]) -> Finding:
    """One finding for a warning that holds in several rows of a column."""
    if len(numbers) == 1:
        return first
    return replace(first, expected=f"{first.expected}（{name_rows(numbers)}）", count=len(numbers))


def name_rows(numbers: Sequence[int]) -> str:
    """The rows of a finding, the first ten by number: `第5、9行`, `第2、3、…行等 12 行`."""
    named = "、".join(map(str, numbers[:MAX_ROWS_NAMED]))
    return f"第{named}行" + (f"等 {len(numbers)} 行" if len(numbers) > MAX_ROWS_NAMED else "")


def cut_value(value: str) -> str:
    return value if len(value) <= MAX_TOLD_LENGTH else value[:MAX_TOLD_LENGTH] + "…"


def shorten_value(value: str) -> str:
    return value if len(value) <= MAX_VALUE_LENGTH else value[:MAX_VALUE_LENGTH] + "…"
