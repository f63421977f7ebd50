"""Red month ends: what an office would have sent about progress."""

import pytest

from services.notifier.rules.replay import light_month_ends
from shared.facts.projects import Pause
from tests.dates import day, said
from tests.notifier.rules.office import dossier, over_a_period, pause

FIRST, LAST = "Saturday 2022-01-01", "Friday 2023-06-30"
SEPTEMBER, OCTOBER = "Friday 2022-09-30", "Monday 2022-10-31"
NOVEMBER, DECEMBER = "Wednesday 2022-11-30", "Saturday 2022-12-31"
JANUARY, APRIL = "Tuesday 2023-01-31", "Sunday 2023-04-30"


@pytest.mark.parametrize(
    ("red", "paused", "expected"),
    [
        ([SEPTEMBER], [], [f"{SEPTEMBER} supervision"]),
        (
            [SEPTEMBER, OCTOBER, NOVEMBER],
            [],
            [f"{SEPTEMBER} supervision", f"{OCTOBER} yellow_card"],
        ),
        # broken by a month end that is not red, and by one inside an approved pause
        ([SEPTEMBER, NOVEMBER], [], [f"{SEPTEMBER} supervision", f"{NOVEMBER} supervision"]),
        (
            [SEPTEMBER, OCTOBER, NOVEMBER],
            [pause("Thursday 2022-10-20", "Saturday 2022-11-05")],
            [f"{SEPTEMBER} supervision", f"{NOVEMBER} supervision"],
        ),
        (
            [SEPTEMBER, OCTOBER],
            [pause("Monday 2022-10-10", "Thursday 2022-10-20")],
            [f"{SEPTEMBER} supervision", f"{OCTOBER} yellow_card"],
        ),
        # a pause from the day after holds the letter up for as long as the episode lasts
        (
            [OCTOBER, NOVEMBER],
            [pause("Tuesday 2022-11-01", "Sunday 2022-11-20")],
            [f"{OCTOBER} supervision", f"{NOVEMBER} yellow_card"],
        ),
        (
            [DECEMBER],
            [pause("Sunday 2023-01-01", "Sunday 2023-01-15")],
            ["Monday 2023-01-16 supervision"],
        ),
        ([DECEMBER], [pause("Sunday 2023-01-01", "Monday 2023-01-30")], []),
        # broken by the year's end; free days move the letter behind them
        (
            [NOVEMBER, DECEMBER, JANUARY],
            [],
            [
                f"{NOVEMBER} supervision",
                "Tuesday 2023-01-03 yellow_card",
                f"{JANUARY} supervision",
            ],
        ),
        ([DECEMBER, JANUARY], [], ["Tuesday 2023-01-03 supervision", f"{JANUARY} supervision"]),
        ([APRIL], [], ["Thursday 2023-05-04 supervision"]),
    ],
)
def test_a_red_episode_gets_a_supervision_and_then_a_yellow_card(
    red: list[str], paused: list[Pause], expected: list[str]
) -> None:
    sent = over_a_period(dossier(red=red, pauses=paused), FIRST, LAST)
    assert sent == [f"{letter} progress" for letter in expected]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("Friday 2022-12-30", ["Friday 2022-12-30 supervision", "Tuesday 2023-01-03 yellow_card"]),
        ("Sunday 2023-01-01", ["Tuesday 2023-01-03 yellow_card"]),
        ("Monday 2023-01-30", ["Monday 2023-01-30 yellow_card"]),
        ("Tuesday 2023-01-31", []),
    ],
)
def test_a_letter_of_december_is_due_until_30_january(first: str, expected: list[str]) -> None:
    sent = over_a_period(dossier(red=[NOVEMBER, DECEMBER]), first, LAST)
    assert sent == [f"{letter} progress" for letter in expected]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Monday 2023-01-30", "Tuesday 2023-02-28", ("Monday 2022-01-31", "Tuesday 2023-02-28")),
        ("Tuesday 2023-01-31", "Monday 2023-02-27", ("Tuesday 2023-01-31",) * 2),
        ("Thursday 2022-09-15", "Sunday 2022-12-25", ("Monday 2022-01-31", "Wednesday 2022-11-30")),
    ],
)
def test_lights_are_asked_for_month_ends_from_the_year_of_the_first_episode(
    first: str, last: str, expected: tuple[str, str]
) -> None:
    asked = light_month_ends(day(first), day(last))
    assert (said(asked[0]), said(asked[-1])) == expected
