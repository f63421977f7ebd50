"""Days on which something has happened, beside today."""

from datetime import date

import pytest

from shared.facts.columns import ColumnType
from shared.facts.tables import FACT_KINDS
from shared.plausibility.days import coming_end
from shared.plausibility.thresholds import PlausibilityThresholds
from tests.shared.plausibility.records import TODAY, beside, day, doubts, figures, row

PAST = {
    ("milestones", "actual_on"),
    ("progress", "as_of"),
    ("permits", "applied_on"),
    ("permits", "granted_on"),
    ("funds", "on"),
    ("problems", "raised_on"),
    ("problems", "resolved_on"),
    ("problems", "closed_on"),
}
# Planned, decided, due; works may stand still from a day to come; a target is of a period to come.
ANY = {
    ("milestones", "planned_on"),
    ("milestones", "decided_on"),
    ("permits", "due_on"),
    ("problems", "due_on"),
    ("pauses", "from_on"),
    ("pauses", "to_on"),
    ("indicators", "period"),
}


def test_every_day_says_by_its_declaration_whether_it_has_been() -> None:
    days = {
        (name, column.name): column.is_past
        for name, kind in FACT_KINDS.items()
        for column in kind.columns
        if column.kind is ColumnType.day
    }
    assert days == dict.fromkeys(PAST, True) | dict.fromkeys(ANY, False)


@pytest.mark.parametrize(("table", "column"), sorted(PAST))
def test_nothing_has_happened_after_today(table: str, column: str) -> None:
    tomorrow = date(2022, 9, 15)
    blank = row(table, as_of="01-31") if table == "progress" else row(table)
    assert doubts(table, {**blank, column: TODAY}, beside()) == ()
    (found,) = doubts(table, {**blank, column: tomorrow}, beside())
    assert (found.code, found.table, found.column) == ("date_in_future", table, column)
    assert (found.value, found.limit, found.holds) == (tomorrow, TODAY, True)


@pytest.mark.parametrize(("table", "column"), sorted(ANY))
def test_what_is_planned_may_be_to_come(table: str, column: str) -> None:
    assert doubts(table, {**row(table), column: date(2030, 1, 1)}, beside()) == ()


REPORTS = [
    # today, day of the report, whether it may be
    ("09-25", "09-30", True),
    ("09-24", "09-30", False),
    ("09-26", "09-29", False),
    ("09-29", "09-30", True),
    ("09-30", "09-30", True),
    ("09-30", "10-10", False),
    ("09-15", "09-20", True),
    ("09-14", "09-20", False),
    ("09-05", "09-10", True),
    ("09-04", "09-10", False),
    ("09-18", "09-30", False),  # not the coming one
    ("12-26", "12-31", True),
    ("2020-02-24", "2020-02-29", True),
    ("2021-02-24", "2021-02-28", True),
    ("02-23", "02-28", True),
    ("02-22", "02-28", False),
    ("09-30", "10-31", False),
    ("09-30", "2023-09-30", False),
]


@pytest.mark.parametrize(("today", "as_of", "is_fine"), REPORTS)
def test_a_report_may_be_of_the_end_that_comes_within_five_days(
    today: str, as_of: str, is_fine: bool
) -> None:
    now = day(today)
    assert now
    found = doubts("progress", row("progress", as_of=as_of), beside(), today=now)
    assert figures(found) == ({} if is_fine else {"date_in_future": (day(as_of), now)})


def test_only_a_report_may_be_of_a_day_to_come() -> None:
    record = row("milestones", kind="started", actual_on="09-30")
    (found,) = doubts("milestones", record, beside(), today=date(2022, 9, 29))
    assert found.code == "date_in_future"


def test_an_office_says_how_many_days_before() -> None:
    record = row("progress", as_of="09-30")
    for days, codes in ((0, ["date_in_future"]), (1, [])):
        own = PlausibilityThresholds(days_before_period_end=days)
        found = doubts("progress", record, beside(), own, date(2022, 9, 29))
        assert [each.code for each in found] == codes


@pytest.mark.parametrize(
    ("today", "end"),
    [
        ("09-09", "09-10"),
        ("09-10", "09-20"),
        ("09-20", "09-30"),
        ("09-30", "10-10"),
        ("12-31", "2023-01-10"),
    ],
)
def test_the_coming_end(today: str, end: str) -> None:
    now = day(today)
    assert now
    assert coming_end(now) == day(end)
