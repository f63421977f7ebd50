"""Named facts over a project's rows as tables: what is picked, counted, summed of them."""

from datetime import date
from typing import Any

import pytest

from services.scoring.execution.duckdb import open_query_runner
from tests.builders import a_fund, a_ledger, a_milestone, a_project
from tests.scoring.engine.language.queries import answer


def rows_answer(text: str, milestones: list[dict[str, Any]], where: str = "") -> Any:
    ledger = a_ledger(projects=[a_project()], milestones=milestones)
    with open_query_runner(ledger) as run:
        return answer(run, text, over="milestones", where=where)


def planned(on: str | None, decided: str | None = None, kind: str = "started") -> dict[str, Any]:
    return a_milestone(kind, planned_on=on, decided_on=decided)


MAY, JUNE, JULY = date(2022, 5, 1), date(2022, 6, 1), date(2022, 7, 1)
REVISED = [
    planned("2022-06-01", "2022-02-02"),
    planned("2022-07-01"),  # the original: nobody decided it
    planned("2022-05-01", "2022-03-03"),
    planned(None, "2022-04-04"),  # carries an actual date only
]


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("last(planned_on, decided_on)", "", MAY),
        ("first(planned_on, decided_on)", "", JULY),
        ("latest(planned_on)", "", JULY),
        ("last(planned_on, planned_on)", "", JULY),
        ("first(planned_on, planned_on)", "", MAY),
        ("last(planned_on, decided_on)", "not decided_on > day - 200", JUNE),
        ("last(planned_on, decided_on)", "decided_on <= year_start", None),
        ("first(planned_on, decided_on)", "known(decided_on)", JUNE),
        ("latest(planned_on)", "kind == 'signed'", None),
        ("latest(actual_on)", "", None),
        ("last(kind, decided_on)", "", "started"),
        ("last(planned_on - year_start, decided_on)", "", 120),
        ("count()", "", 4),
        ("count(known(planned_on))", "", 3),
        ("count()", "kind == 'signed'", 0),
        ("sum(planned_on - year_start)", "", 120 + 151 + 181),
        ("count() - 2 * count(known(decided_on))", "", -2),
    ],
)
def test_picks(text: str, where: str, expected: Any) -> None:
    assert rows_answer(text, REVISED, where) == expected
    assert rows_answer(text, REVISED[::-1], where) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("last(planned_on, decided_on)", None),
        ("first(planned_on, decided_on)", None),
        ("latest(planned_on)", None),
        ("count()", 0),
        ("sum(planned_on - year_start)", 0),
    ],
)
def test_picks_from_no_rows(text: str, expected: int | None) -> None:
    assert rows_answer(text, []) == expected


def test_a_flag_picked_from_no_rows_is_no_and_not_of_it_yes() -> None:
    with open_query_runner(a_ledger(projects=[a_project()])) as run:
        assert answer(run, "last(approved, from_on)", over="pauses") is False


@pytest.mark.parametrize(
    ("text", "expected"), [("last(amount_yuan, on)", 7), ("first(amount_yuan, on)", 5)]
)
@pytest.mark.parametrize("on", [None, "2022-02-02"])
def test_which_of_rows_that_tie_is_picked_does_not_hang_on_their_order(
    text: str, expected: int, on: str | None
) -> None:
    tied = [a_fund(yuan, project_id="P001", on=on) for yuan in (6, 7, 5)]
    for funds in (tied, tied[::-1]):
        with open_query_runner(a_ledger(projects=[a_project()], funds=funds)) as run:
            assert answer(run, text, over="funds") == expected
