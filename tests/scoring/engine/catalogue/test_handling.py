"""Problems, permits, funds and pauses as figures, worked by hand on the days around each date."""

import pytest

from tests.builders import Row, a_fund, a_pause, a_permit, a_problem
from tests.scoring.engine.catalogue.metric_terms import Terms, terms


def test_problems_closed_and_solved_on_site_of_those_raised() -> None:
    problems = [
        a_problem("Q1", raised_on="2021-03-01", closed_on="2022-06-30"),
        a_problem("Q2", raised_on="2022-06-30", resolved_on="2022-06-30", solved_on_site=True),
        a_problem("Q3", raised_on="2022-01-01", solved_on_site=True),  # when, nobody says
        a_problem("Q4", raised_on=None, closed_on="2022-01-01"),
        a_problem("Q5", raised_on="2022-07-01"),
        a_problem("Q6", project_id=None, raised_on="2022-01-01", closed_on="2022-01-02"),
    ]
    days = "Wednesday 2022-06-29", "Thursday 2022-06-30", "Friday 2022-07-01"
    closed = terms("problem_closing_rate", *days, problems=problems)
    on_site = terms("solved_on_site_rate", *days, problems=problems)
    assert [*closed.values()] == [(0, 2), (1, 3), (1, 4)]
    assert [*on_site.values()] == [(0, 2), (1, 3), (1, 4)]


@pytest.mark.parametrize(
    ("permit", "expected"),
    [
        ({"due_on": "2022-06-30", "granted_on": "2022-06-20"}, (10, 1)),
        ({"due_on": "2022-06-10", "granted_on": "2022-06-30"}, (-20, 1)),
        ({"due_on": "2022-07-30", "granted_on": "2022-07-01"}, (0, 0)),  # not yet granted
        ({"due_on": "2022-01-10", "granted_on": "2022-01-01"}, (9, 1)),
        ({"due_on": "2022-01-10", "granted_on": "2021-12-31"}, (0, 0)),  # of last year
        ({"due_on": None, "granted_on": "2022-06-20"}, (0, 0)),
        ({"due_on": "2022-06-30", "granted_on": "2022-06-20", "applied_on": None}, (0, 0)),
        ({"due_on": "2022-06-30", "granted_on": "2022-06-20", "needed": None}, (0, 0)),
    ],
)
def test_days_saved_are_from_applied_to_due_less_from_applied_to_granted(
    permit: Row, expected: Terms
) -> None:
    on = "Thursday 2022-06-30"
    permits = [a_permit(**{"applied_on": "2021-12-01", **permit})]
    assert terms("permit_days_saved", on, permits=permits) == {on: expected}


def test_funds_paid_of_those_arrived_are_of_every_source_and_year() -> None:
    funds = [
        a_fund(100, event="arrived", on="2019-05-01", unit_id="U01", source="bank_loan"),
        a_fund(60, event="arrived", on="2022-06-30", project_id="P001"),
        a_fund(30, event="paid", on="2022-06-30", project_id="P001"),
        a_fund(None, event="arrived", on="2022-01-01", project_id="P001"),
        a_fund(9, event="approved", on="2022-01-01", project_id="P001"),
        a_fund(9, event="paid", on=None, project_id="P001"),
    ]
    found = terms("fund_paid_rate", "Wednesday 2022-06-29", "Thursday 2022-06-30", funds=funds)
    assert [*found.values()] == [(0, 100), (30, 160)]


@pytest.mark.parametrize(
    ("pause", "on", "days"),
    [
        (a_pause("2022-06-30"), "Wednesday 2022-06-29", 0),
        (a_pause("2022-06-30"), "Thursday 2022-06-30", 1),  # the first day counts
        (a_pause("2022-06-01", "2022-06-30"), "Sunday 2022-07-31", 30),  # and the last
        (a_pause("2022-06-01", "2022-08-31"), "Thursday 2022-06-30", 30),
        (a_pause("2021-06-01"), "Monday 2022-01-03", 3),  # of this year
        (a_pause("2021-06-01", "2021-12-31"), "Monday 2022-01-03", 0),
        (a_pause("2021-12-01", "2022-01-01"), "Monday 2022-01-03", 1),
        (a_pause("2022-06-01", approved=False), "Thursday 2022-06-30", 0),
        (a_pause("2022-06-01", approved=None), "Thursday 2022-06-30", 0),
    ],
)
def test_days_stopped_are_of_approved_pauses_in_the_year(pause: Row, on: str, days: int) -> None:
    assert terms("days_stopped", on, pauses=[pause]) == {on: (days, None)}
