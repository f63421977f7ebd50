"""The portfolio by list, program, sector, unit, region or nature (HA-1, YQ-1, XY-2, HA-7, XY-6).

A line is queried as a unit is: its projects are put under it, and the terms of metrics follow. Of
lists that overlap, a project's first list is queried, then its second, and so on; terms add up. The
total queries every project once.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import exact_ratio, format_decimal
from services.scoring.engine.overview.sectors import Sector, parse_sector
from shared.facts.tables import Facts
from shared.facts.words import FundEvent, FundSource, KeyLevel, Nature, OpenWord, Program, Word

PortfolioRow = Mapping[str, Any]
LineSelector = Callable[[PortfolioRow], Sequence[str]]  # a project → the lines that it is on
TOTAL_LINE = "total"
NO_LINE = ""  # on no list, without a code
NO_PROJECT = "-"  # funds of a unit that name no project
FUND_EVENTS = (FundEvent.approved, FundEvent.arrived)
LINE_METRIC_IDS = (
    "projects_held",
    "start_rate",
    "completions",
    "total_investment",
    "investment_done",
    "investment_completion",
)


class Grouping(OpenWord):
    """What the lines of a portfolio are."""

    level = "level", "重点名单"
    program = "program", "专项"
    sector = "sector", "行业"
    unit = "unit", "责任单位"
    competent_unit = "competent_unit", "主管单位"
    region = "region", "行政区划"
    nature = "nature", "建设性质"


def build_funds_metric(source: FundSource, event: FundEvent) -> Metric:
    return Metric(
        id=f"{source}_{event}",
        zh=f"本年{event.label}{source.label}资金",
        en=f"Funds {event} this year: {source}",
        over="funds",
        population=f'source == "{source}" and event == "{event}" and year_start <= on <= day',
        numerator="sum(amount_yuan)",
        measure="yuan",
        source="HA-7",
    )


LINE_METRICS = (
    *(metric for metric in METRICS if metric.id in LINE_METRIC_IDS),
    *(build_funds_metric(source, event) for source in FundSource for event in FUND_EVENTS),
)

# --- the lines of a project


def build_line_selector(by: Grouping) -> LineSelector:
    match by:
        case Grouping.level:
            return lambda project: project["key_levels"] or [NO_LINE]
        case Grouping.program:
            return lambda project: project["programs"] or [NO_LINE]
        case Grouping.sector:
            return lambda project: [parse_sector(project["industry_code"])]
        case Grouping.unit:
            return lambda project: [project["unit_id"]]
        case Grouping.competent_unit:
            return lambda project: [project["competent_unit_id"] or NO_LINE]
        case Grouping.region:
            return lambda project: [project["region_code"] or NO_LINE]
        case Grouping.nature:
            return lambda project: [project["nature"]]


PROJECT_COLUMNS = (
    *("unit_id", "competent_unit_id", "region_code", "nature"),
    *("key_levels", "programs", "industry_code"),
)


def ledgers_by_line(
    facts: Facts, lines: Callable[[PortfolioRow], Sequence[str]], *, by_unit: bool
) -> Iterator[Facts]:
    """A ledger per round: each project under its first line, then under its second, …"""
    projects = facts.tables["projects"]
    on = [list(dict.fromkeys(lines(row))) for row in projects.select(PROJECT_COLUMNS).to_pylist()]
    for n in range(max(map(len, on), default=0) or 1):
        indexes = [index for index, of in enumerate(on) if len(of) > n]
        names = [on[index][n] for index in indexes]
        taken = projects.take(pa.array(indexes, pa.int64()))
        yield build_line_ledger(
            facts, replace_unit_ids(taken, names), first=n == 0, by_unit=by_unit
        )


def build_line_ledger(facts: Facts, projects: pa.Table, *, first: bool, by_unit: bool) -> Facts:
    """The ledger of these projects, whose units are lines; funds count for their project's line.

    Those that name a unit alone have a line of their own; where lines are units, theirs.
    """
    funds = facts.tables["funds"]
    owners = zip(funds["project_id"].to_pylist(), funds["unit_id"].to_pylist(), strict=True)
    if not by_unit:
        counted = [None if project else NO_PROJECT for project, _ in owners]
        funds = replace_unit_ids(funds, counted)
    if not first:
        funds = funds.filter(funds["project_id"].is_valid())
    names = {*projects["unit_id"].to_pylist(), *funds["unit_id"].to_pylist()} - {None}
    units = Facts.from_columns({"units": {"unit_id": sorted(names)}}).tables["units"]
    return Facts({**facts.tables, "projects": projects, "funds": funds, "units": units})


def replace_unit_ids(table: pa.Table, units: list[str | None] | list[str]) -> pa.Table:
    index = table.schema.get_field_index("unit_id")
    return table.set_column(index, "unit_id", pa.array(units, pa.string()))


def select_total_line(_: PortfolioRow) -> Sequence[str]:
    """The one line that every project is on."""
    return [TOTAL_LINE]


# --- the figures of a line


@dataclass(frozen=True)
class LineTerms:
    """The terms of a line, `METRIC n` and `METRIC d`; a missing one is 0."""

    id: str
    terms: Counter[str]

    @property
    def is_empty(self) -> bool:
        return not any(self.terms.values())


def build_lines(rows: Iterable[PortfolioRow]) -> list[LineTerms]:
    """The lines of the rows of the queries."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        found[row["unit_id"]].update({name: n for name, n in row.items() if name != "unit_id"})
    return [LineTerms(name, terms) for name, terms in found.items()]


def sum_lines(lines: Iterable[LineTerms]) -> LineTerms:
    """The sum of lines that do not overlap."""
    terms: Counter[str] = Counter()
    for line in lines:
        terms.update(line.terms)
    return LineTerms(TOTAL_LINE, terms)


LINE_VOCABULARIES: Mapping[Grouping, type[Word]] = {
    Grouping.level: KeyLevel,
    Grouping.program: Program,
    Grouping.sector: Sector,
    Grouping.nature: Nature,
}
OVERLAPPING = (Grouping.level, Grouping.program)  # a project may be on several of their lines
NO_LINE_LABELS = {
    Grouping.level: "未列入",
    Grouping.program: "无专项",
    Grouping.sector: "未填行业",
    Grouping.competent_unit: "未填主管单位",
    Grouping.region: "未填区划",
}


def line_label(line: str, by: Grouping, names: Mapping[str, str]) -> str:
    """The name of a line for people; `names` are those of units or regions. Unknown words stay."""
    if line == NO_PROJECT:
        return "未落到项目"
    if line == NO_LINE:
        return NO_LINE_LABELS[by]
    words = LINE_VOCABULARIES[by].labels() if by in LINE_VOCABULARIES else names
    return words.get(line, line)


def order_lines(lines: Sequence[LineTerms], by: Grouping) -> list[LineTerms]:
    """The lines that are not empty, in their order."""
    by_id = {line.id: line for line in lines if not line.is_empty}
    return [by_id[line] for line in order_line_ids(by_id, by)]


def order_line_ids(lines: Iterable[str], by: Grouping) -> list[str]:
    """The lines in the order of the vocabulary, then of names; projects on no line come last."""
    words = [*LINE_VOCABULARIES[by].labels()] if by in LINE_VOCABULARIES else []

    def sort_key(line: str) -> tuple[bool, int, str]:
        known = words.index(line) if line in words else len(words)
        return line in (NO_LINE, NO_PROJECT), known, line

    return sorted(lines, key=sort_key)


def line_document(line: LineTerms, name: str) -> dict[str, Any]:
    """A line's figures: rates with four decimals, None where the divisor is 0."""
    terms = line.terms
    done, planned = terms["investment_completion n"], terms["investment_completion d"]
    working, campaign = terms["start_rate n"], terms["start_rate d"]
    return {
        "id": line.id,
        "name": name,
        "projects": terms["projects_held n"],
        "in_campaign": campaign,
        "working": working,
        "start_rate": format_decimal(exact_ratio(working, campaign), 4),
        "completed_projects": terms["completions n"],
        "total_investment_yuan": terms["total_investment n"],
        "invested_ytd_yuan": terms["investment_done n"],
        "invested_of_plan_yuan": done,
        "planned_yuan": planned,
        "share_of_plan": format_decimal(exact_ratio(done, planned), 4),
        "funds": {
            str(source): {f"{event}_yuan": terms[f"{source}_{event} n"] for event in FUND_EVENTS}
            for source in FundSource
        },
    }


def portfolio_document(
    by: Grouping, lines: Sequence[LineTerms], total: LineTerms, names: Mapping[str, str]
) -> dict[str, Any]:
    """The lines, and all projects once; `overlapping` where a project may be on several lines."""
    documents = [
        line_document(line, line_label(line.id, by, names)) for line in order_lines(lines, by)
    ]
    return {
        "by": str(by),
        "overlapping": by in OVERLAPPING,
        "lines": documents,
        "total": line_document(total, "合计"),
    }
