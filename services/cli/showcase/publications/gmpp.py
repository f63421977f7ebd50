"""The UK Government Major Projects Portfolio 2019-2021 as ledgers, one for each report year.

What is published, and what it becomes:

- every row a project (`2021-001`, in the order of the file), also one without a name;
- the department, in capitals, the unit (MoJ and MOJ are one),
  `UNKNOWN_DEPARTMENT` where it is blank; the
  category a program;
- whole-life cost → total investment, the year's baseline → plan, the year's forecast → completed
  investment on 31 December. A forecast is not investment done, and the row's note says so;
- start and end → milestones `started` and `completed`, planned on the date, and actual on it once
  it has come by 31 December;
- nature: `new` when it starts in the report year or later, else `continuing`. A project whose
  start is not published counts as continuing, so that its money counts; as it has no milestone
  `started`, the scheme's start rate leaves it out.

The financial year of a report is treated as the calendar year. The `_yuan` columns hold whole
**pounds**, exactly. What is blank or withheld stays blank.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.cli.showcase.publications.gmpp_portfolio import (
    DATA_FOLDER,
    NOTE_TEXTS,
    POUNDS_PER_MILLION,
    PublishedPortfolio,
    PublishedRow,
    read_portfolio,
)
from services.cli.showcase.publications.gmpp_variances import (
    VARIANCE_LABELS,
    VarianceVerdict,
    compute_variances,
)
from services.scoring.engine.figures import exact_ratio, format_decimal
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import parse_document, resolve_lights
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from shared.ledger.reader import LedgerReading, read_ledger
from shared.ledger.writer import write_ledger
from shared.reference import region_codes

REPORT_YEARS = (2019, 2020, 2021)
UNKNOWN_DEPARTMENT = "UNKNOWN"
NAMELESS_PROJECT = "（未公布名称）"
FORECAST_NOTE = "预测数，非完成数；金额单位为英镑"
NO_FORECAST_NOTE = "未公布预测数"

DEPARTMENT_NAMES: Mapping[str, str] = {
    "BEIS": "商业、能源和产业战略部",
    "CO": "内阁办公厅",
    "DCMS": "数字、文化、媒体和体育部",
    "DEFRA": "环境、食品和乡村事务部",
    "DEFRA & DFT": "环境部与交通部（联合）",
    "DFE": "教育部",
    "DFID": "国际发展部",
    "DFT": "交通部",
    "DHSC": "卫生和社会保障部",
    "DWP": "就业和养老金部",
    "FCDO": "外交、联邦和发展部",
    "FCO": "外交和联邦事务部",
    "HMLR": "土地登记局",
    "HMRC": "税务海关总署",
    "HMT": "财政部",
    "HO": "内政部",
    "MHCLG": "住房、社区和地方政府部",
    "MOD": "国防部",
    "MOJ": "司法部",
    "NCA": "国家打击犯罪局",
    "ONS": "国家统计局",
    UNKNOWN_DEPARTMENT: "未知部门",
}

# --- the ledger of a year


def year_end(year: int) -> date:
    """The last day of the report year."""
    return date(year, 12, 31)


def build_ledger(portfolio: PublishedPortfolio, year: int) -> Facts:
    """The ledger of one report year; figures in `_yuan` columns are pounds."""
    rows = portfolio.of_year(year)
    by_id = {f"{year}-{at:03}": row for at, row in enumerate(rows, start=1)}
    units = sorted({row.department or UNKNOWN_DEPARTMENT for row in rows})
    tables: dict[str, list[dict[str, Any]]] = {
        "units": [unit_row(code) for code in units],
        "projects": [project_row(project_id, row) for project_id, row in by_id.items()],
        "plans": [
            {"project_id": of, "year": year, "planned_yuan": whole_pounds(row.baseline)}
            for of, row in by_id.items()
        ],
        "milestones": [found for of, row in by_id.items() for found in milestone_rows(of, row)],
        "progress": [progress_row(project_id, row) for project_id, row in by_id.items()],
    }
    return Facts.from_rows(tables)


def whole_pounds(amount: Decimal | None) -> int | None:
    """Million pounds as pounds; below a pound half up, which a note tells of."""
    return (
        None
        if amount is None
        else int((amount * POUNDS_PER_MILLION).to_integral_value(ROUND_HALF_UP))
    )


def unit_row(code: str) -> dict[str, Any]:
    name = DEPARTMENT_NAMES.get(code, code)
    return {"unit_id": code, "name": name, "kind": "department", "group": "departments"}


def project_row(project_id: str, row: PublishedRow) -> dict[str, Any]:
    is_new = row.starts_on is not None and row.starts_on.year >= row.year
    return {
        "project_id": project_id,
        "name": row.name or NAMELESS_PROJECT,
        "unit_id": row.department or UNKNOWN_DEPARTMENT,
        "nature": "new" if is_new else "continuing",
        "key_levels": (),
        "programs": (row.category,) if row.category else (),
        "total_investment_yuan": whole_pounds(row.whole_life),
    }


def milestone_rows(project_id: str, row: PublishedRow) -> Iterator[dict[str, Any]]:
    for kind, on in (("started", row.starts_on), ("completed", row.ends_on)):
        if on:
            actual = on if on <= year_end(row.year) else None
            yield {"project_id": project_id, "kind": kind, "planned_on": on, "actual_on": actual}


def progress_row(project_id: str, row: PublishedRow) -> dict[str, Any]:
    amount = whole_pounds(row.forecast)
    note = NO_FORECAST_NOTE if amount is None else FORECAST_NOTE
    on = year_end(row.year)
    return {"project_id": project_id, "as_of": on, "invested_ytd_yuan": amount, "note": note}


# --- how it is scored


def read_gmpp_scheme() -> Scheme:
    """The comparison of departments, `data/gmpp.yaml`."""
    return parse_document(
        (DATA_FOLDER / "gmpp.yaml").read_text(encoding="utf-8"), Scheme, "gmpp.yaml"
    )


def build_gmpp_preset() -> Lights:
    """The scheme's lights without 入库: Britain has no such milestone, so all would be red."""
    lights = resolve_lights(read_gmpp_scheme())
    axes = tuple(axis for axis in lights.axes if axis.id != "pooling")
    return lights.model_copy(update={"axes": axes})


# --- for people

COLOUR_LABELS = {"green": "绿", "yellow": "黄", "red": "红", "none": "不适用"}
SHOWN_METRICS = ("dated_start_rate", "investment_completion", "near_baseline")


def show_gmpp_report(console: Console, out: Path) -> None:
    """Writes the three ledgers under `out`, reads and checks them again, scores what was read."""
    portfolio = read_portfolio()
    show_dirty_cells(console, portfolio)
    ledgers = {year: round_trip_year(portfolio, year, out) for year in REPORT_YEARS}
    show_ledgers(console, ledgers, out)
    results = {
        year: score_facts(
            reading.accepted(), read_gmpp_scheme(), build_gmpp_preset(), year_end(year)
        )
        for year, reading in ledgers.items()
    }
    show_department_ranking(console, results[REPORT_YEARS[-1]], ledgers[REPORT_YEARS[-1]].facts)
    for year, found in results.items():
        best = found.groups["departments"][:3]
        top = "，".join(f"{s.rank} {s.unit_id} {format_decimal(s.total, 2)}" for s in best)
        lights = Counter(light.overall for light in found.lights)
        colours = "，".join(f"{zh} {lights[colour]}" for colour, zh in COLOUR_LABELS.items())
        console.print(f"  {year}：前列 {top}；项目灯（不含入库） {colours}")
    show_variances(console, portfolio)


def round_trip_year(portfolio: PublishedPortfolio, year: int, out: Path) -> LedgerReading:
    """The year's ledger as a CSV folder under `out`, read and checked again."""
    folder = out / f"uk-gmpp-{year}"
    write_ledger(build_ledger(portfolio, year), folder)
    return read_ledger(folder, region_codes())


def show_dirty_cells(console: Console, portfolio: PublishedPortfolio) -> None:
    table = Table(
        title=f"英国政府重大项目组合：读入 {len(portfolio.rows)} 行", title_justify="left"
    )
    table.add_column("脏数据（逐格报告，一行不丢）")
    table.add_column("处", justify="right")
    table.add_column("例")
    kinds = Counter(note.kind for note in portfolio.notes)
    for kind, zh in NOTE_TEXTS.items():
        if kinds[kind]:
            first = next(note for note in portfolio.notes if note.kind == kind)
            says = f"“{first.value[:40]}”" if first.value else "空白"
            table.add_row(zh, str(kinds[kind]), escape(f"第{first.row}行 {first.column} {says}"))
    console.print(table)


def show_ledgers(console: Console, ledgers: Mapping[int, LedgerReading], out: Path) -> None:
    console.print(f"[bold]写出台账再读回[/]（{out}/uk-gmpp-年份，金额为英镑）")
    for year, reading in ledgers.items():
        counts, checked = (
            reading.counts,
            f"错误 {len(reading.errors)}，提醒 {len(reading.warnings)}",
        )
        held = f"单位 {counts['units']}，项目 {counts['projects']}，节点 {counts['milestones']}"
        console.print(f"  {year}：{held}；{checked}")


def show_department_ranking(console: Console, found: ScoringResult, facts: Facts) -> None:
    table = Table(
        title=f"{found.as_of.year} 年部门排名（{read_gmpp_scheme().zh}）", title_justify="left"
    )
    for header in ("名次", "部门", "", "项目", "开工率", "预测÷基线", "贴近基线", "总分"):
        table.add_column(header, justify="left" if header in ("部门", "") else "right")
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    for standing in found.groups["departments"]:
        terms = found.terms[standing.unit_id]
        table.add_row(
            str(standing.rank or "—"),
            standing.unit_id,
            names[standing.unit_id],
            str(terms.live_projects),
            *(format_metric_share(terms, metric) for metric in SHOWN_METRICS),
            format_decimal(standing.total, 2) or "—",
        )
    console.print(table)


def format_metric_share(terms: UnitTerms, metric: str) -> str:
    numerator, denominator = terms.of_metric[metric]
    value = exact_ratio(numerator, denominator or 0)
    return "不适用" if value is None else f"{format_decimal(100 * value, 1)} %"


def show_variances(console: Console, portfolio: PublishedPortfolio) -> None:
    found = compute_variances(portfolio)
    tally = Counter(variance.verdict for variance in found)
    said = "，".join(f"{zh} {tally[verdict]}" for verdict, zh in VARIANCE_LABELS.items())
    console.print(f"[bold]公布的偏差率逐行复算[/]（{len(found)} 行）：{said}")
    for variance in found:
        if variance.verdict is VarianceVerdict.differs:
            figures = f"算得 {variance.computed}，公布 {variance.published}"
            console.print(
                f"  第{variance.row}行 {escape(variance.name)}：{figures}；{variance.why}"
            )
