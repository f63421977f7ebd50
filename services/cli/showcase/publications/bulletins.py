"""Published bulletins of Chinese counties, recomputed by the engine's own functions.

Every line whose inputs are printed gets its completion rate, start rate and lead (超/欠序时), and
each is held against the published figure to its last digit. Amounts are in 亿元 and rounded
themselves: where a figure differs, the reason given first is whether some true amounts behind the
printed ones would give it. Nothing is bent to fit.
"""

import calendar
import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from importlib.resources import files

from services.cli.showcase.publications.rounding import (
    PublishedFigure,
    Span,
    divide_spans,
    do_overlap,
    format_span,
    parse_published_figure,
)
from services.scoring.engine.figures import exact_ratio, format_decimal, lead, time_progress

Record = Mapping[str, str]

REPORTS_FILE = files("services.cli.showcase.publications") / "data" / "progress_reports.csv"
DEFAULT_YEAR = (
    2023  # stands in for a blank year; at a month's end time progress is months ÷ 12 in all
)
RATE_DECIMALS, LEAD_DECIMALS = 2, 1  # of what nobody has published

# A county that plans by a curve of its own: 惠东 2022, ten points a month, 60 % at mid-year and
# 120 % at the year's end.
OWN_CURVES: Mapping[tuple[str, str], Sequence[Fraction]] = {
    ("广东惠东县", "2022"): [Fraction(month, 10) for month in range(1, 13)],
}

# What arithmetic cannot explain. These are our own remarks, by line; no source says so.
UNKNOWN_CLOCK = "我们的看法：这两行都不合 5 月末的序时，按哪一天、哪种口径计算，原文没有说"
OUR_REMARKS: Mapping[str, str] = {
    "P013": "我们的推测：计划数或完成数后来改过，比率没有跟着改",
    "P029": UNKNOWN_CLOCK,
    "P030": UNKNOWN_CLOCK,
}


class ComparisonVerdict(StrEnum):
    agrees = "agrees"
    differs = "differs"
    unpublished = "unpublished"


COMPARISON_LABELS = {
    ComparisonVerdict.agrees: "一致",
    ComparisonVerdict.differs: "不一致",
    ComparisonVerdict.unpublished: "未发布",
}


@dataclass(frozen=True)
class Comparison:
    """One figure of one line, computed and published (None where it is not), and why they differ.

    `what` is 完成率, 开工率 or 超欠序时; rates are in per cent, leads in percentage points.
    """

    row_id: str
    place: str
    scope: str
    what: str
    basis: str
    computed: str
    published: str | None
    verdict: ComparisonVerdict
    why: str = ""


def read_bulletin_lines() -> list[Record]:
    """The published lines, cells as they are written."""
    return list(csv.DictReader(REPORTS_FILE.read_text(encoding="utf-8").splitlines()))


def compare_bulletins() -> list[Comparison]:
    """Every figure that can be computed, line by line."""
    lines = read_bulletin_lines()
    return [found for line in lines for found in compare_line(line, lines)]


def compare_line(line: Record, lines: Iterable[Record]) -> Iterator[Comparison]:
    done, plan = (
        parse_published_figure(line["completed_yi"]),
        parse_published_figure(line["annual_plan_yi"]),
    )
    if done and plan:
        yield compare_completion(line, done, plan)
    if line["n_started"] and line["n_should_start"]:
        yield compare_starts(line, int(line["n_started"]), int(line["n_should_start"]))
    if line["months_elapsed"] and (line["published_rate_pct"] or (done and plan)):
        yield compare_lead(line, lines)


# --- the three figures


def compare_completion(line: Record, done: PublishedFigure, plan: PublishedFigure) -> Comparison:
    rate = 100 * require_rate(exact_ratio(done.value, plan.value))
    published = parse_published_figure(line["published_rate_pct"])
    why = ""
    if published and not published.is_printed_from(rate):
        span = scale_to_percent(divide_spans(done.span, plan.span))
        needed = format_span(scale_to_percent(divide_spans(done.span, published.span)), 2)
        why = describe_rounding(published, span) or (
            f"输入数四舍五入解释不了：真值只能在 {format_span(span, 3)} 之间；"
            f"要得发布数，计划应为 {needed} 亿元，表中为 {line['annual_plan_yi']}"
        )
    basis = f"{line['completed_yi']} ÷ {line['annual_plan_yi']} 亿元"
    return build_comparison(line, "完成率", basis, rate, published, RATE_DECIMALS, why)


def compare_starts(line: Record, started: int, due: int) -> Comparison:
    published = parse_published_figure(line["published_start_rate_pct"])
    basis = f"{started} ÷ {due} 个"
    rate = 100 * require_rate(exact_ratio(started, due))
    why = "项目数是整数，没有四舍五入可言"
    return build_comparison(line, "开工率", basis, rate, published, RATE_DECIMALS, why)


def compare_lead(line: Record, lines: Iterable[Record]) -> Comparison:
    """The lead from unrounded amounts; where amounts are missing, from the published rate."""
    rate, span, source = completion_rate(line)
    progress, clock = line_time_progress(line)
    points = lead(rate, progress)
    published = parse_published_figure(line["published_lead_pp"])
    why = ""
    if published and not published.is_printed_from(points):
        leads = (lead(span[0], progress), lead(span[1], progress))
        why = (
            describe_rounding(published, leads)
            or describe_contradiction(line, lines)
            or "与所列口径的序时不符"
        )
        why += describe_published_rate(line, progress, published)
    return build_comparison(
        line, "超欠序时", f"{source} − {clock}", points, published, LEAD_DECIMALS, why
    )


def completion_rate(line: Record) -> tuple[Fraction, Span, str]:
    """The completion that a lead starts from, where its true value lies, and what it is."""
    done, plan = (
        parse_published_figure(line["completed_yi"]),
        parse_published_figure(line["annual_plan_yi"]),
    )
    if done and plan:
        rate = require_rate(exact_ratio(done.value, plan.value))
        return rate, divide_spans(done.span, plan.span), "完成 ÷ 计划"
    published = published_rate(line)
    return published.value / 100, rate_span(published), f"发布的完成率 {line['published_rate_pct']}"


def published_rate(line: Record) -> PublishedFigure:
    found = parse_published_figure(line["published_rate_pct"])
    if found is None:
        raise ValueError(f"{line['id']} has no published rate")
    return found


def rate_span(rate: PublishedFigure) -> Span:
    return rate.span[0] / 100, rate.span[1] / 100


def line_time_progress(line: Record) -> tuple[Fraction, str]:
    """Time progress at the month's end, by the county's own curve where it has one."""
    year, month = int(line["year"] or DEFAULT_YEAR), int(line["months_elapsed"])
    day = date(year, month, calendar.monthrange(year, month)[1])
    curve = OWN_CURVES.get((line["place"], line["year"]))
    progress = time_progress(day, curve)
    clock = "自定曲线" if curve else f"{month} ÷ 12"
    return progress, f"序时 {format_decimal(100 * progress, 2)}（{clock}）"


def require_rate(value: Fraction | None) -> Fraction:
    if value is None:
        raise ValueError("a plan of 0, or 0 due, has no rate")
    return value


def scale_to_percent(span: Span) -> Span:
    return 100 * span[0], 100 * span[1]


def build_comparison(
    line: Record,
    what: str,
    basis: str,
    value: Fraction,
    published: PublishedFigure | None,
    decimals: int,
    why: str,
) -> Comparison:
    """The figure as it is printed beside the published one; the reason only where they differ."""
    verdict, told = ComparisonVerdict.unpublished, None
    if published:
        decimals, told = published.decimals, format_decimal(published.value, published.decimals)
        verdict = (
            ComparisonVerdict.agrees
            if published.is_printed_from(value)
            else ComparisonVerdict.differs
        )
    if verdict is not ComparisonVerdict.differs:
        why = ""
    elif ROUNDING_REASON not in why and line["id"] in OUR_REMARKS:
        why = f"{why}；{OUR_REMARKS[line['id']]}"
    return Comparison(
        line["id"],
        line["place"],
        line["scope"],
        what,
        basis,
        format_decimal(value, decimals) or "",
        told,
        verdict,
        why,
    )


# --- why they differ

ROUNDING_REASON = "输入数四舍五入所致"


def describe_rounding(published: PublishedFigure, span: Span) -> str:
    """The reason, if true inputs behind the rounded ones would give the published figure."""
    if not do_overlap(published.span, span):
        return ""
    return f"{ROUNDING_REASON}：真值可在 {format_span(span, 3)} 之间"


def describe_contradiction(line: Record, lines: Iterable[Record]) -> str:
    """The reason, if lines of one bulletin cannot have been held against one time progress."""
    same = [
        other
        for other in lines
        if bulletin_key(other) == bulletin_key(line)
        and other["published_rate_pct"]
        and other["published_lead_pp"]
    ]
    spans = {other["id"]: implied_progress(other) for other in same}
    own = spans[line["id"]]
    against = [other for other, span in spans.items() if not do_overlap(own, span)]
    if not against:
        return ""
    told = "、".join(f"{other} 为 {format_span(spans[other], 2)}" for other in against)
    implied = f"按发布的完成率和超欠倒推，本行序时为 {format_span(own, 2)}"
    return f"原文自相矛盾：{implied}，同一通报的 {told}"


def bulletin_key(line: Record) -> tuple[str, str, str]:
    return line["place"], line["year"], line["months_elapsed"]


def implied_progress(line: Record) -> Span:
    """Per cent: published completion rate minus published lead, with the rounding of both."""
    rate, points = published_rate(line), parse_published_figure(line["published_lead_pp"])
    if points is None:
        raise ValueError(f"{line['id']} has no published lead")
    return rate.span[0] - points.span[1], rate.span[1] - points.span[0]


def describe_published_rate(line: Record, progress: Fraction, published: PublishedFigure) -> str:
    """What the published, rounded rate would have given."""
    if not line["published_rate_pct"]:
        return ""
    rate = published_rate(line)
    points = lead(rate.value / 100, progress)
    same = "，与发布一致" if published.is_printed_from(points) else ""
    text = format_decimal(points, published.decimals)
    return f"；若用发布的完成率 {line['published_rate_pct']} 计算则为 {text}{same}"
