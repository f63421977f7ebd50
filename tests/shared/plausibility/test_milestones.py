"""Actual dates beside those that must come first, and a start beside its permit."""

from typing import Any

import pytest

from tests.shared.plausibility.records import beside, day, doubts, figures, row

FIRST, AFTER = "before_its_predecessor", "after_its_successor"


def reached(kind: str, actual: str | None, decided: str | None = None) -> dict[str, Any]:
    return row("milestones", kind=kind, actual_on=actual, decided_on=decided)


ORDER = [
    # dates that count, date; codes with the other date
    ({"signed": "05-01"}, ("started", "05-01"), {}),
    ({"signed": "05-02"}, ("started", "05-01"), {FIRST: "05-02"}),
    ({"started": "05-01"}, ("signed", "05-01"), {}),
    ({"started": "05-01"}, ("signed", "05-02"), {AFTER: "05-01"}),
    ({"signed": "05-02"}, ("completed", "05-01"), {FIRST: "05-02"}),
    ({"signed": "05-02"}, ("in_production", "05-01"), {FIRST: "05-02"}),
    ({"in_production": "05-01"}, ("completed", "05-02"), {AFTER: "05-01"}),
    (
        {"signed": "05-03", "in_production": "05-01"},
        ("started", "05-02"),
        {FIRST: "05-03", AFTER: "05-01"},
    ),
    ({"landed": "05-02"}, ("started", "05-01"), {}),
    ({"resumed": "05-02"}, ("completed", "05-01"), {}),
    ({"signed": "05-02"}, ("landed", "05-01"), {}),
    ({"signed": "09-15"}, ("started", "05-01"), {}),  # after today: not reached
    ({"signed": "05-02"}, ("started", None), {}),
]


@pytest.mark.parametrize(("others", "record", "expected"), ORDER)
def test_the_order_of_dates(
    others: dict[str, str], record: tuple[str, str | None], expected: dict[str, str]
) -> None:
    context = beside(milestones=[reached(kind, actual) for kind, actual in others.items()])
    found = doubts("milestones", reached(*record), context)
    value = day(record[1])
    assert figures(found) == {code: (value, day(other)) for code, other in expected.items()}
    assert all(each.holds and each.column == "actual_on" for each in found)


def test_each_pair_is_a_doubt() -> None:
    context = beside(milestones=[reached("signed", "05-03"), reached("started", "05-02")])
    found = doubts("milestones", reached("completed", "05-01"), context)
    assert [each.sentence() for each in found] == [
        "竣工 2022-05-01 早于签约 2022-05-03",
        "竣工 2022-05-01 早于开工 2022-05-02",
    ]
    assert (
        found[0].sentence(english=True) == "completed on 2022-05-01 is before signed on 2022-05-03."
    )


def test_the_latest_date_of_a_kind_is_the_one_that_holds() -> None:
    rows = [reached("signed", "05-01"), reached("signed", "05-09", "05-09")]
    assert figures(doubts("milestones", reached("started", "05-08"), beside(milestones=rows))) == {
        FIRST: (day("05-08"), day("05-09"))
    }
    # A date that a later one of its kind outdoes moves nothing.
    rows = [reached("completed", "05-05"), reached("started", "05-03", "05-03")]
    assert doubts("milestones", reached("started", "05-02"), beside(milestones=rows)) == ()


def permit(granted: str | None, **more: Any) -> dict[str, Any]:
    values = {"kind": "construction_permit", "needed": True, **more}
    return row("permits", granted_on=granted, **values)


BEFORE, WITHOUT = "started_before_permit", "started_without_permit"
STARTS = [
    # permits, day of the start; code, whether it waits
    ([permit("05-02")], "05-01", BEFORE, True),
    ([permit("05-01")], "05-01", None, None),
    ([permit(None)], "05-01", WITHOUT, True),
    ([permit(None, needed=None)], "05-01", None, None),
    ([permit(None, needed=False)], "05-01", None, None),
    ([permit(None, kind="eia")], "05-01", None, None),
    ([], "05-01", None, None),
    # In parts: the first allows the start.
    ([permit("05-01", stage="1"), permit(None, stage="2")], "05-01", None, None),
    ([permit("05-03", stage="1"), permit("05-02", stage="2")], "05-01", BEFORE, True),
    ([permit("05-01", stage="1", needed=False), permit("05-02", stage="2")], "05-01", BEFORE, True),
    # Ways of granting that let works begin: told, and not held, where it is every part's.
    ([permit(None, mode="commitment")], "05-01", WITHOUT, False),
    ([permit("05-02", mode="build_then_inspect")], "05-01", BEFORE, False),
    ([permit(None, mode="tolerant")], "05-01", WITHOUT, True),
    ([permit(None, stage="1", mode="commitment"), permit(None, stage="2")], "05-01", WITHOUT, True),
    (
        [permit(None, stage="1", mode="commitment"), permit(None, stage="2", needed=None)],
        "05-01",
        WITHOUT,
        False,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("permits", "start", "code", "holds"), STARTS)
def test_a_start_beside_its_construction_permit(
    permits: list[dict[str, Any]], start: str, code: str | None, holds: bool | None
) -> None:
    found = doubts("milestones", reached("started", start), beside(permits=permits))
    assert [(each.code, each.holds) for each in found] == ([(code, holds)] if code else [])


def test_the_two_dates_of_a_start_before_its_permit() -> None:
    (found,) = doubts("milestones", reached("started", "05-01"), beside(permits=[permit("05-02")]))
    assert (found.value, found.limit) == (day("05-01"), day("05-02"))
    (found,) = doubts("milestones", reached("started", "05-01"), beside(permits=[permit(None)]))
    assert (found.value, found.limit) == (day("05-01"), None)
    assert found.document()["limit"] is None


def test_no_other_date_is_beside_the_permit() -> None:
    assert doubts("milestones", reached("completed", "05-01"), beside(permits=[permit(None)])) == ()
