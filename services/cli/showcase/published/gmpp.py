"""The UK Government Major Projects Portfolio 2019-2021 as ledgers, one for each report year.

What is published, and what it becomes:

- every row a project (`2021-001`, in the order of the file), also one without a name;
- the department, in capitals, the unit (MoJ and MOJ are one), `UNKNOWN` where it is blank; the
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

from services.cli.showcase.published.gmpp_portfolio import (
    DATA,
    NOTES,
    POUNDS,
    Portfolio,
    Row,
    read_portfolio,
)
from services.cli.showcase.published.gmpp_variances import VERDICTS, Verdict, variances
from services.scoring.engine.figures import printed, share
from services.scoring.engine.ranking.unit_terms import Terms
from services.scoring.engine.results.run_result import Result
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import score
from services.scoring.schemes.scheme_files import lights_of, parse
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from shared.ledger.reader import Reading, read_ledger
from shared.ledger.writer import write_ledger
from shared.reference import regions

YEARS = (2019, 2020, 2021)
UNKNOWN = "UNKNOWN"
NAMELESS = "（未公布名称）"
IS_FORECAST = "预测数，非完成数；金额单位为英镑"
NO_FORECAST = "未公布预测数"

DEPARTMENTS: Mapping[str, str] = {
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
    UNKNOWN: "未知部门",
}

# --- the ledger of a year


def as_of(year: int) -> date:
    """The last day of the report year."""
    return date(year, 12, 31)


def ledger(portfolio: Portfolio, year: int) -> Facts:
    """The ledger of one report year; figures in `_yuan` columns are pounds."""
    rows = portfolio.of_year(year)
    by_id = {f"{year}-{at:03}": row for at, row in enumerate(rows, start=1)}
    units = sorted({row.department or UNKNOWN for row in rows})
    tables: dict[str, list[dict[str, Any]]] = {
        "units": [unit(code) for code in units],
        "projects": [project(project_id, row) for project_id, row in by_id.items()],
        "plans": [
            {"project_id": of, "year": year, "planned_yuan": whole_pounds(row.baseline)}
            for of, row in by_id.items()
        ],
        "milestones": [found for of, row in by_id.items() for found in milestones(of, row)],
        "progress": [progress(project_id, row) for project_id, row in by_id.items()],
    }
    return Facts.from_rows(tables)


def whole_pounds(amount: Decimal | None) -> int | None:
    """Million pounds as pounds; below a pound half up, which a note tells of."""
    return None if amount is None else int((amount * POUNDS).to_integral_value(ROUND_HALF_UP))


def unit(code: str) -> dict[str, Any]:
    name = DEPARTMENTS.get(code, code)
    return {"unit_id": code, "name": name, "kind": "department", "group": "departments"}


def project(project_id: str, row: Row) -> dict[str, Any]:
    is_new = row.starts_on is not None and row.starts_on.year >= row.year
    return {
        "project_id": project_id,
        "name": row.name or NAMELESS,
        "unit_id": row.department or UNKNOWN,
        "nature": "new" if is_new else "continuing",
        "key_levels": (),
        "programs": (row.category,) if row.category else (),
        "total_investment_yuan": whole_pounds(row.whole_life),
    }


def milestones(project_id: str, row: Row) -> Iterator[dict[str, Any]]:
    for kind, on in (("started", row.starts_on), ("completed", row.ends_on)):
        if on:
            actual = on if on <= as_of(row.year) else None
            yield {"project_id": project_id, "kind": kind, "planned_on": on, "actual_on": actual}


def progress(project_id: str, row: Row) -> dict[str, Any]:
    amount = whole_pounds(row.forecast)
    note = NO_FORECAST if amount is None else IS_FORECAST
    on = as_of(row.year)
    return {"project_id": project_id, "as_of": on, "invested_ytd_yuan": amount, "note": note}


# --- how it is scored


def scheme() -> Scheme:
    """The comparison of departments, `data/gmpp.yaml`."""
    return parse((DATA / "gmpp.yaml").read_text(encoding="utf-8"), Scheme, "gmpp.yaml")


def preset() -> Lights:
    """The scheme's lights without 入库: Britain has no such milestone, so all would be red."""
    lights = lights_of(scheme())
    axes = tuple(axis for axis in lights.axes if axis.id != "pooling")
    return lights.model_copy(update={"axes": axes})


# --- for people

COLOURS = {"green": "绿", "yellow": "黄", "red": "红", "none": "不适用"}
SHOWN = ("dated_start_rate", "investment_completion", "near_baseline")


def report(console: Console, out: Path) -> None:
    """Writes the three ledgers under `out`, reads and checks them again, scores what was read."""
    portfolio = read_portfolio()
    told_rows(console, portfolio)
    ledgers = {year: written(portfolio, year, out) for year in YEARS}
    told_ledgers(console, ledgers, out)
    results = {
        year: score(reading.accepted(), scheme(), preset(), as_of(year))
        for year, reading in ledgers.items()
    }
    told_ranking(console, results[YEARS[-1]], ledgers[YEARS[-1]].facts)
    for year, found in results.items():
        best = found.groups["departments"][:3]
        top = "，".join(f"{s.rank} {s.unit_id} {printed(s.total, 2)}" for s in best)
        lights = Counter(light.overall for light in found.lights)
        colours = "，".join(f"{zh} {lights[colour]}" for colour, zh in COLOURS.items())
        console.print(f"  {year}：前列 {top}；项目灯（不含入库） {colours}")
    told_variances(console, portfolio)


def written(portfolio: Portfolio, year: int, out: Path) -> Reading:
    """The year's ledger as a CSV folder under `out`, read and checked again."""
    folder = out / f"uk-gmpp-{year}"
    write_ledger(ledger(portfolio, year), folder)
    return read_ledger(folder, regions())


def told_rows(console: Console, portfolio: Portfolio) -> None:
    table = Table(
        title=f"英国政府重大项目组合：读入 {len(portfolio.rows)} 行", title_justify="left"
    )
    table.add_column("脏数据（逐格报告，一行不丢）")
    table.add_column("处", justify="right")
    table.add_column("例")
    kinds = Counter(note.kind for note in portfolio.notes)
    for kind, zh in NOTES.items():
        if kinds[kind]:
            first = next(note for note in portfolio.notes if note.kind == kind)
            says = f"“{first.value[:40]}”" if first.value else "空白"
            table.add_row(zh, str(kinds[kind]), escape(f"第{first.row}行 {first.column} {says}"))
    console.print(table)


def told_ledgers(console: Console, ledgers: Mapping[int, Reading], out: Path) -> None:
    console.print(f"[bold]写出台账再读回[/]（{out}/uk-gmpp-年份，金额为英镑）")
    for year, reading in ledgers.items():
        counts, checked = (
            reading.counts,
            f"错误 {len(reading.errors)}，提醒 {len(reading.warnings)}",
        )
        held = f"单位 {counts['units']}，项目 {counts['projects']}，节点 {counts['milestones']}"
        console.print(f"  {year}：{held}；{checked}")


def told_ranking(console: Console, found: Result, facts: Facts) -> None:
    table = Table(title=f"{found.as_of.year} 年部门排名（{scheme().zh}）", title_justify="left")
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
            *(percent(terms, metric) for metric in SHOWN),
            printed(standing.total, 2) or "—",
        )
    console.print(table)


def percent(terms: Terms, metric: str) -> str:
    numerator, denominator = terms.of_metric[metric]
    value = share(numerator, denominator or 0)
    return "不适用" if value is None else f"{printed(100 * value, 1)} %"


def told_variances(console: Console, portfolio: Portfolio) -> None:
    found = variances(portfolio)
    tally = Counter(variance.verdict for variance in found)
    said = "，".join(f"{zh} {tally[verdict]}" for verdict, zh in VERDICTS.items())
    console.print(f"[bold]公布的偏差率逐行复算[/]（{len(found)} 行）：{said}")
    for variance in found:
        if variance.verdict is Verdict.differs:
            figures = f"算得 {variance.computed}，公布 {variance.published}"
            console.print(
                f"  第{variance.row}行 {escape(variance.name)}：{figures}；{variance.why}"
            )
