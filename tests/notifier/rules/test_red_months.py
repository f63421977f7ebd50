"""Red month ends: what an office would have sent about progress."""

import pytest

from services.notifier.rules.replay import light_month_ends, replay_letters
from shared.calendar import ONE_DAY
from shared.facts.projects import Pause
from tests.dates import day, said
from tests.notifier.rules.office import CALENDAR, USUAL, dossier, over_a_period, pause, sweep

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


@pytest.mark.parametrize(
    ("corrected", "on", "expected"),
    [
        # a month before turns red, too: still the same episode, and its second month end is there
        (["Wednesday 2022-08-31", SEPTEMBER], "Monday 2022-10-10", ["yellow_card"]),
        # the first month turns out not to have been red, after both letters of the episode
        ([OCTOBER], "Wednesday 2022-11-30", []),
        ([OCTOBER, NOVEMBER], "Wednesday 2022-11-30", []),
        # an episode that shares no month end with it is another one
        ([NOVEMBER], "Wednesday 2022-11-30", ["supervision"]),
        ([NOVEMBER, DECEMBER], "Tuesday 2023-01-03", ["yellow_card"]),
    ],
)
def test_an_episode_that_a_correction_moved_counts_from_where_its_letters_do(
    corrected: list[str], on: str, expected: list[str]
) -> None:
    red = [SEPTEMBER] if on == "Monday 2022-10-10" else [SEPTEMBER, OCTOBER]
    issued = replay_letters([dossier(red=red)], USUAL, CALENDAR, day(SEPTEMBER), day(on) - ONE_DAY)
    found = sweep(dossier(red=corrected), issued, [day(on)])[len(issued) :]
    assert [letter.kind for letter in found] == expected
    for letter in found:
        overlaps = letter.trigger_on == day(SEPTEMBER)
        first = day(SEPTEMBER) if overlaps else min(map(day, corrected))
        assert letter.counted_from == first
