"""Known ledgers, from which sheets are invented: what a sheet says is then known cell by cell."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from shared.facts.tables import Facts
from shared.mapping.periods import Period
from shared.mapping.records import Row

YEAR = 2022
UNITS = ("住建局", "交通局", "水利局", "教育局", "卫健局", "城关镇", "东沟镇", "经济开发区")
PLACES = (
    "东区",
    "城北",
    "滨河",
    "高铁新城",
    "老城",
    "南山",
    "西苑",
    "北湖",
    "云峰",
    "石门",
    "青龙",
    "白沙",
)
WORKS = (
    "学校",
    "水厂",
    "公路",
    "医院",
    "产业园",
    "污水处理厂",
    "棚户区改造",
    "仓储物流园",
    "变电站",
)
PROBLEMS = ("征地未完成", "用地手续未批复", "资金缺口较大", "管线迁改滞后")
NOTES = ("主体已完工，正在进行二次结构施工", "路基完成一半", "正在办理前期手续", "设备安装调试")
NATURES = ("new", "continuing", "preliminary")


@dataclass(frozen=True)
class KnownProject:
    """All that is known of a project; `done` are the amounts completed by the ends of months."""

    project_id: str
    name: str
    code: str
    unit_id: str
    competent_unit_id: str
    owner: str
    nature: str
    total: int
    planned: int
    prior: int
    done: dict[int, int]
    percent: int
    note: str
    problem: str | None
    start: tuple[date, date | None]
    end: tuple[date, date | None]
    permits: dict[str, date]


@dataclass(frozen=True)
class KnownLedger:
    """Units by id, projects, and the last month that was reported."""

    units: dict[str, str]
    projects: tuple[KnownProject, ...]
    month: int

    @property
    def as_of(self) -> date:
        return month_end(self.month)


def month_end(month: int, year: int = YEAR) -> date:
    end = Period(year, month).end(None)
    assert end
    return end


def invent_ledger(random: Random) -> KnownLedger:
    month = random.randint(3, 12)
    names = random.sample(UNITS, random.randint(3, len(UNITS)))
    units = {f"U{i:02}": name for i, name in enumerate(names, 1)}
    places = [(place, work) for place in PLACES for work in WORKS]
    chosen = random.sample(places, random.randint(5, 14))
    projects = tuple(
        invent_project(random, f"P{i:03}", f"{place}{work}", list(units), month)
        for i, (place, work) in enumerate(chosen, 1)
    )
    return KnownLedger(units, projects, month)


def invent_project(
    random: Random, key: str, name: str, units: list[str], month: int
) -> KnownProject:
    total = random.randint(300, 90_000) * 100_000
    planned, done, sum_done = total // random.randint(2, 5) // 10_000 * 10_000, {}, 0
    for each in range(1, month + 1):
        sum_done += random.randint(0, planned // 12 // 10_000) * 10_000
        done[each] = sum_done
    start = date(YEAR, random.randint(1, 8), random.randint(1, 28))
    end = month_end(random.randint(1, 12), YEAR + 1)
    has_started = start <= month_end(month) and random.random() < 0.8
    granted = {k: date(YEAR - 1, random.randint(1, 12), 15) for k in ("initiation", "site", "eia")}
    return KnownProject(
        key,
        name,
        f"2201-141127-04-01-{random.randint(100_000, 999_999)}",
        random.choice(units),
        random.choice(units),
        f"{name[:2]}建设投资有限公司",
        random.choice(NATURES),
        total,
        planned,
        random.randint(0, total // 4 // 10_000) * 10_000,
        done,
        random.randint(1, 99) if has_started else 0,
        random.choice(NOTES),
        random.choice((None, None, *PROBLEMS)),
        (start, start if has_started else None),
        (end, None),
        granted,
    )


def store(ledger: KnownLedger, projects: list[KnownProject]) -> Facts:
    """What an office has stored before the sheet comes: units, and some projects with names."""
    unit_rows = [
        {"unit_id": key, "name": name, "kind": "department", "group": "部门"}
        for key, name in ledger.units.items()
    ]
    rows: list[Row] = [
        {
            "project_id": p.project_id,
            "name": p.name,
            "national_code": p.code,
            "unit_id": p.unit_id,
            "nature": p.nature,
        }
        for p in projects
    ]
    return Facts.from_rows({"units": unit_rows, "projects": rows})


def known_value(project: KnownProject, meaning: str, month: int) -> Any:
    """The value of the ledger that a cell of this meaning has to become; see `expected_rows`."""
    kind = dict(part.split("=") for part in meaning.split(";")[1:] if "=" in part).get("kind", "")
    dates = {"started": project.start, "completed": project.end}
    match meaning.split(";")[0]:
        case "milestones.planned_on":
            return dates[kind][0]
        case "milestones.actual_on":
            return dates[kind][1]
        case "permits.granted_on":
            return project.permits[kind]
        case "milestones.period":
            return project.start[0], project.end[0]
        case "progress.invested_ytd_yuan":
            return project.done.get(month)
    plain = {
        "projects.name": project.name,
        "projects.national_code": project.code,
        "projects.unit_id": project.unit_id,
        "projects.competent_unit_id": project.competent_unit_id,
        "projects.owner_name": project.owner,
        "projects.nature": project.nature,
        "projects.total_investment_yuan": project.total,
        "plans.planned_yuan": project.planned,
        "plans.prior_invested_yuan": project.prior,
        "progress.physical_pct": project.percent,
        "progress.note": project.note,
        "problems.summary": project.problem,
    }
    return plain[meaning.split(";")[0]]
