"""The plans of the sample county and the monthly reports of its works."""

import calendar
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from services.cli.showcase.sample.courses import YEAR
from services.cli.showcase.sample.dates import ProjectDates
from services.cli.showcase.sample.money import ProjectAmounts, round_to_step
from services.cli.showcase.sample.roster import RosterEntry
from shared.facts.projects import Pause, Plan, Progress
from shared.facts.words import MilestoneKind, Nature

# What is going on until so many percent are built.
WORK_STAGES = (
    (0, "合成数据：办理开工前手续"),
    (12, "合成数据：场地平整、围挡"),
    (30, "合成数据：基础施工"),
    (55, "合成数据：主体施工"),
    (75, "合成数据：主体封顶，二次结构"),
    (92, "合成数据：设备安装"),
    (99, "合成数据：附属工程收尾"),
    (100, "合成数据：已竣工"),
)
STOPPED_NOTE = "合成数据：停工"
PREPARING_NOTE = "合成数据：开展前期工作"
# Before its end the campaign asks once more: how far December has come by then.
CLOSING_REPORT, DECEMBER_DAYS = date(YEAR, 12, 20), 31
PREPARED_MONTHS = (3, 6, 9, 12)  # projects in preparation report by the quarter, and no amounts
LAST_YEAR_SHARE = 40  # percent of prior investment that was last year's plan


def build_plans(entry: RosterEntry, money: ProjectAmounts) -> Iterator[Plan]:
    """This year's plan, and last year's of a continuing project."""
    if money.planned is None:
        return
    if money.prior:
        last_year = round_to_step(money.prior * LAST_YEAR_SHARE // 100)
        yield Plan(project_id=entry.project_id, year=YEAR - 1, planned_yuan=last_year)
    months = {f"m{month:02}": amount for month, amount in enumerate(money.curve, start=1)}
    yield Plan.model_validate(
        {
            "project_id": entry.project_id,
            "year": YEAR,
            "planned_yuan": money.planned,
            "prior_invested_yuan": money.prior,
            **months,
        }
    )


def build_progress(
    entry: RosterEntry, dates: ProjectDates, money: ProjectAmounts
) -> Iterator[Progress]:
    """A report for the end of every month until a project is given up."""
    given_up = dates.actual(MilestoneKind.terminated) or date.max
    for month, amount in enumerate(money.completed, start=1):
        as_of = date(YEAR, month, calendar.monthrange(YEAR, month)[1])
        if as_of > given_up:
            return
        if money.planned is not None:
            if month == CLOSING_REPORT.month:
                before = money.completed[month - 2]
                yield build_report(
                    entry, dates, money, CLOSING_REPORT, closing_amount(before, amount)
                )
            yield build_report(entry, dates, money, as_of, amount)
        elif entry.cohort.nature is Nature.preliminary and month in PREPARED_MONTHS:
            yield Progress(project_id=entry.project_id, as_of=as_of, note=PREPARING_NOTE)


def closing_amount(before: int, after: int) -> int:
    """The amount on the day of the closing report, between two month ends."""
    return round_to_step(before + (after - before) * CLOSING_REPORT.day // DECEMBER_DAYS)


def build_report(
    entry: RosterEntry, dates: ProjectDates, money: ProjectAmounts, as_of: date, amount: int
) -> Progress:
    """The report of a project for a day: amount, physical progress, note."""
    completed_on = dates.actual(MilestoneKind.completed)
    built = min(99, ((money.prior or 0) + amount) * 100 // money.total)
    if completed_on and completed_on <= as_of:
        built = 100
    note = next(note for most, note in WORK_STAGES if built <= most)
    stop = entry.cohort.stop
    if stop and stop.from_on <= as_of <= (stop.to_on or date.max):
        note = STOPPED_NOTE
    return Progress(
        project_id=entry.project_id,
        as_of=as_of,
        invested_ytd_yuan=amount,
        physical_pct=Decimal(built),
        note=note,
    )


def build_pauses(entry: RosterEntry) -> Iterator[Pause]:
    """The pause of a project that has one."""
    if stop := entry.cohort.stop:
        yield Pause(
            project_id=entry.project_id,
            from_on=stop.from_on,
            to_on=stop.to_on,
            reason=stop.reason,
            approved=stop.approved,
        )
