"""Published bulletins of Chinese counties, recomputed by the engine's own functions.

Every line whose inputs are printed gets its completion rate, start rate and lead (超/欠序时), and
each is held against the published figure to its last digit. Amounts are in 亿元 and rounded
themselves: where a figure differs, the reason given first is whether some true amounts behind the
printed ones would give it. Nothing is bent to fit.
"""

import calendar
import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from importlib.resources import files

from rich.console import Console
from rich.table import Table

from services.cli.showcase.published.rounding import (
    Figure,
    Span,
    between,
    figure,
    overlap,
    quotient,
)
from services.scoring.engine.figures import lead, printed, share, time_progress

Record = Mapping[str, str]

DATA = files("services.cli.showcase.published") / "data" / "progress_reports.csv"
ANY_YEAR = 2023  # stands in for a blank year; at a month's end time progress is months ÷ 12 in all
RATE_DECIMALS, LEAD_DECIMALS = 2, 1  # of what nobody has published

# A county that plans by a curve of its own: 惠东 2022, ten points a month, 60 % at mid-year and
# 120 % at the year's end.
CURVES: Mapping[tuple[str, str], Sequence[Fraction]] = {
    ("广东惠东县", "2022"): [Fraction(month, 10) for month in range(1, 13)],
}

# What arithmetic cannot explain. These are our own remarks, by line; no source says so.
UNKNOWN_CLOCK = "我们的看法：这两行都不合 5 月末的序时，按哪一天、哪种口径计算，原文没有说"
OUR_REMARKS: Mapping[str, str] = {
    "P013": "我们的推测：计划数或完成数后来改过，比率没有跟着改",
    "P029": UNKNOWN_CLOCK,
    "P030": UNKNOWN_CLOCK,
}


class Verdict(StrEnum):
    agrees = "agrees"
    differs = "differs"
    unpublished = "unpublished"


VERDICTS = {Verdict.agrees: "一致", Verdict.differs: "不一致", Verdict.unpublished: "未发布"}


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
    verdict: Verdict
    why: str = ""


def bulletin_lines() -> list[Record]:
    """The published lines, cells as they are written."""
    return list(csv.DictReader(DATA.read_text(encoding="utf-8").splitlines()))


def checked_bulletins() -> list[Comparison]:
    """Every figure that can be computed, line by line."""
    lines = bulletin_lines()
    return [found for line in lines for found in checked(line, lines)]


def checked(line: Record, lines: Iterable[Record]) -> Iterator[Comparison]:
    done, plan = figure(line["completed_yi"]), figure(line["annual_plan_yi"])
    if done and plan:
        yield completion(line, done, plan)
    if line["n_started"] and line["n_should_start"]:
        yield starts(line, int(line["n_started"]), int(line["n_should_start"]))
    if line["months_elapsed"] and (line["published_rate_pct"] or (done and plan)):
        yield ahead(line, lines)


# --- the three figures


def completion(line: Record, done: Figure, plan: Figure) -> Comparison:
    rate = 100 * known(share(done.value, plan.value))
    published = figure(line["published_rate_pct"])
    why = ""
    if published and not published.is_printed_from(rate):
        span = in_percent(quotient(done.span, plan.span))
        needed = between(in_percent(quotient(done.span, published.span)), 2)
        why = by_rounding(published, span) or (
            f"输入数四舍五入解释不了：真值只能在 {between(span, 3)} 之间；"
            f"要得发布数，计划应为 {needed} 亿元，表中为 {line['annual_plan_yi']}"
        )
    basis = f"{line['completed_yi']} ÷ {line['annual_plan_yi']} 亿元"
    return compared(line, "完成率", basis, rate, published, RATE_DECIMALS, why)


def starts(line: Record, started: int, due: int) -> Comparison:
    published = figure(line["published_start_rate_pct"])
    basis = f"{started} ÷ {due} 个"
    rate = 100 * known(share(started, due))
    why = "项目数是整数，没有四舍五入可言"
    return compared(line, "开工率", basis, rate, published, RATE_DECIMALS, why)


def ahead(line: Record, lines: Iterable[Record]) -> Comparison:
    """The lead from unrounded amounts; where amounts are missing, from the published rate."""
    rate, span, source = rate_of(line)
    progress, clock = progress_of(line)
    points = lead(rate, progress)
    published = figure(line["published_lead_pp"])
    why = ""
    if published and not published.is_printed_from(points):
        leads = (lead(span[0], progress), lead(span[1], progress))
        why = by_rounding(published, leads) or contradiction(line, lines) or "与所列口径的序时不符"
        why += from_published_rate(line, progress, published)
    return compared(line, "超欠序时", f"{source} − {clock}", points, published, LEAD_DECIMALS, why)


def rate_of(line: Record) -> tuple[Fraction, Span, str]:
    """The completion that a lead starts from, where its true value lies, and what it is."""
    done, plan = figure(line["completed_yi"]), figure(line["annual_plan_yi"])
    if done and plan:
        rate = known(share(done.value, plan.value))
        return rate, quotient(done.span, plan.span), "完成 ÷ 计划"
    published = published_rate(line)
    return published.value / 100, rate_span(published), f"发布的完成率 {line['published_rate_pct']}"


def published_rate(line: Record) -> Figure:
    found = figure(line["published_rate_pct"])
    if found is None:
        raise ValueError(f"{line['id']} has no published rate")
    return found


def rate_span(rate: Figure) -> Span:
    return rate.span[0] / 100, rate.span[1] / 100


def progress_of(line: Record) -> tuple[Fraction, str]:
    """Time progress at the month's end, by the county's own curve where it has one."""
    year, month = int(line["year"] or ANY_YEAR), int(line["months_elapsed"])
    day = date(year, month, calendar.monthrange(year, month)[1])
    curve = CURVES.get((line["place"], line["year"]))
    progress = time_progress(day, curve)
    clock = "自定曲线" if curve else f"{month} ÷ 12"
    return progress, f"序时 {printed(100 * progress, 2)}（{clock}）"


def known(value: Fraction | None) -> Fraction:
    if value is None:
        raise ValueError("a plan of 0, or 0 due, has no rate")
    return value


def in_percent(span: Span) -> Span:
    return 100 * span[0], 100 * span[1]


def compared(
    line: Record,
    what: str,
    basis: str,
    value: Fraction,
    published: Figure | None,
    decimals: int,
    why: str,
) -> Comparison:
    """The figure as it is printed beside the published one; the reason only where they differ."""
    verdict, told = Verdict.unpublished, None
    if published:
        decimals, told = published.decimals, printed(published.value, published.decimals)
        verdict = Verdict.agrees if published.is_printed_from(value) else Verdict.differs
    if verdict is not Verdict.differs:
        why = ""
    elif ROUNDING not in why and line["id"] in OUR_REMARKS:
        why = f"{why}；{OUR_REMARKS[line['id']]}"
    return Comparison(
        line["id"],
        line["place"],
        line["scope"],
        what,
        basis,
        printed(value, decimals) or "",
        told,
        verdict,
        why,
    )


# --- why they differ

ROUNDING = "输入数四舍五入所致"


def by_rounding(published: Figure, span: Span) -> str:
    """The reason, if true inputs behind the rounded ones would give the published figure."""
    if not overlap(published.span, span):
        return ""
    return f"{ROUNDING}：真值可在 {between(span, 3)} 之间"


def contradiction(line: Record, lines: Iterable[Record]) -> str:
    """The reason, if lines of one bulletin cannot have been held against one time progress."""
    same = [
        other
        for other in lines
        if bulletin(other) == bulletin(line)
        and other["published_rate_pct"]
        and other["published_lead_pp"]
    ]
    spans = {other["id"]: implied_progress(other) for other in same}
    own = spans[line["id"]]
    against = [other for other, span in spans.items() if not overlap(own, span)]
    if not against:
        return ""
    told = "、".join(f"{other} 为 {between(spans[other], 2)}" for other in against)
    return (
        f"原文自相矛盾：按发布的完成率和超欠倒推，本行序时为 {between(own, 2)}，同一通报的 {told}"
    )


def bulletin(line: Record) -> tuple[str, str, str]:
    return line["place"], line["year"], line["months_elapsed"]


def implied_progress(line: Record) -> Span:
    """Per cent: published completion rate minus published lead, with the rounding of both."""
    rate, points = published_rate(line), figure(line["published_lead_pp"])
    if points is None:
        raise ValueError(f"{line['id']} has no published lead")
    return rate.span[0] - points.span[1], rate.span[1] - points.span[0]


def from_published_rate(line: Record, progress: Fraction, published: Figure) -> str:
    """What the published, rounded rate would have given."""
    if not line["published_rate_pct"]:
        return ""
    rate = published_rate(line)
    points = lead(rate.value / 100, progress)
    same = "，与发布一致" if published.is_printed_from(points) else ""
    text = printed(points, published.decimals)
    return f"；若用发布的完成率 {line['published_rate_pct']} 计算则为 {text}{same}"


# --- for people


def counts(comparisons: Iterable[Comparison]) -> Counter[tuple[str, Verdict]]:
    """How many of each figure agree, differ, or have nothing published."""
    return Counter((found.what, found.verdict) for found in comparisons)


def report(console: Console) -> None:
    """The figures that were published, those that differ with the reason, and the counts."""
    comparisons = checked_bulletins()
    tally = counts(comparisons)
    table = Table(title="公开通报复算：逐项与发布数核对到末位", title_justify="left")
    for header in ("行", "地方", "范围", "项", "依据", "算得", "发布", "结论"):
        table.add_column(header, justify="right" if header in ("算得", "发布") else "left")
    for found in comparisons:
        if found.published is not None:
            colour = "red" if found.verdict is Verdict.differs else "green"
            verdict = f"[{colour}]{VERDICTS[found.verdict]}[/]"
            told = (found.what, found.basis, found.computed, found.published, verdict)
            table.add_row(found.row_id, found.place, found.scope, *told)
    console.print(table)

    console.print("[bold]不一致的原因[/]")
    for found in comparisons:
        if found.verdict is Verdict.differs:
            console.print(f"  {found.row_id} {found.what}：{found.why}")

    console.print(f"[bold]合计[/]（{len(bulletin_lines())} 行通报）")
    for what in dict.fromkeys(found.what for found in comparisons):
        said = "，".join(f"{zh} {tally[what, verdict]}" for verdict, zh in VERDICTS.items())
        console.print(f"  {what}：{said}")
