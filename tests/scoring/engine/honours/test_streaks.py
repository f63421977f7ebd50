"""Streaks worked by hand: among the last for months in a row, 永丰's ten, ties and small groups."""

from datetime import date

import pytest

from services.scoring.engine.honours.streaks import UnitStreak
from services.scoring.engine.results.run_result import result_document
from services.scoring.engine.scheme.model import SchemeMistake
from shared.facts.tables import Facts
from tests.scoring.engine.ranked_units import a_scheme, done, result_on

LAST_TWO = """
streaks:
  - id: behind
    zh: 连续居后两名
    last: 2
    rungs:
      - {id: explain, months: 2, zh: 向县政府说明}
      - {id: explain_higher, months: 3, zh: 向县委说明}
"""


def streaks(facts: Facts, on: str, text: str = LAST_TWO) -> dict[str, UnitStreak]:
    found = result_on(facts, a_scheme(text), on).supplements.streaks
    assert found is not None
    return {streak.unit_id: streak for streak in found}


def rungs(facts: Facts, on: str, text: str = LAST_TWO) -> dict[str, tuple[str, int]]:
    """Unit → the rung it has come to, and months in a row."""
    found = streaks(facts, on, text)
    return {unit: (streak.rung.id, len(streak.months)) for unit, streak in found.items()}


# Four units; who is behind: C and D in January, B and D in February, and C and D since March.
COURSE = done(
    {
        "2022-01-31": {"A": 9, "B": 8, "C": 2, "D": 1},
        "2022-02-28": {"A": 20, "B": 10, "C": 19, "D": 9},
        "2022-03-31": {"A": 30, "B": 29, "C": 20, "D": 10},
        "2022-04-30": {"A": 40, "B": 39, "C": 21, "D": 11},
        "2022-05-31": {"A": 50, "B": 49, "C": 22, "D": 48},
    }
)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("Monday 2022-01-31", {}),  # one month; December had no total
        ("Sunday 2022-02-27", {}),
        ("Monday 2022-02-28", {"D": ("explain", 2)}),
        ("Wednesday 2022-03-30", {"D": ("explain", 2)}),  # March has not ended
        ("Thursday 2022-03-31", {"D": ("explain_higher", 3)}),  # C begins anew
        ("Saturday 2022-04-30", {"C": ("explain", 2), "D": ("explain_higher", 4)}),
        ("Tuesday 2022-05-31", {"C": ("explain_higher", 3), "D": ("explain_higher", 5)}),
        # In June nothing is reported, so May's order stays.
        ("Thursday 2022-06-30", {"C": ("explain_higher", 4), "D": ("explain_higher", 6)}),
    ],
)
def test_months_in_a_row_back_from_the_last_month_end(
    on: str, expected: dict[str, tuple[str, int]]
) -> None:
    assert rungs(COURSE, on) == expected


def test_the_months_are_told_last_one_first() -> None:
    found = streaks(COURSE, "Saturday 2022-04-30")
    assert list(found["C"].months) == [date(2022, 4, 30), date(2022, 3, 31)]


def test_a_group_of_no_more_than_so_many_has_no_such_last() -> None:
    course = {"2022-01-31": {"A": 2, "B": 1}, "2022-02-28": {"A": 2, "B": 1}}
    on = "Monday 2022-02-28"
    assert rungs(done(course), on) == {}
    wider = {end: {**of, "C": 3} for end, of in course.items()}
    assert rungs(done(wider), on) == {"A": ("explain", 2), "B": ("explain", 2)}


def test_the_first_for_months_in_a_row() -> None:
    first = LAST_TWO.replace("last: 2", "first: 1")
    assert rungs(COURSE, "Monday 2022-02-28", first) == {"A": ("explain", 2)}
    assert rungs(COURSE, "Tuesday 2022-05-31", first) == {"A": ("explain_higher", 5)}
    two = LAST_TWO.replace("last: 2", "first: 2")
    # A and C in February, A and B in March and April, A and B in May.
    assert rungs(COURSE, "Tuesday 2022-05-31", two) == {
        "A": ("explain_higher", 5),
        "B": ("explain_higher", 3),
    }


@pytest.mark.parametrize("ends", ["", "first: 1\n    last: 2"])
def test_a_streak_is_of_one_end(ends: str) -> None:
    with pytest.raises(SchemeMistake) as mistake:
        a_scheme(LAST_TWO.replace("last: 2", ends))
    assert "streaks.0：last（后几名）、first（前几名）写一个，且只写一个" in mistake.value.detail


def test_groups_are_looked_at_apart_and_may_be_chosen() -> None:
    ends = ("2022-01-31", "2022-02-28")
    course = {end: {unit: n for n, unit in enumerate("ABCDEF")} for end in ends}
    groups = {"A": "x", "B": "x", "C": "x", "D": "y", "E": "y", "F": "y"}
    on = "Monday 2022-02-28"
    assert [*rungs(done(course, **groups), on)] == ["A", "B", "D", "E"]
    chosen = LAST_TWO.replace("    last: 2\n", "    last: 2\n    groups: [y]\n")
    assert [*rungs(done(course, **groups), on, chosen)] == ["D", "E"]


def test_a_tie_at_the_edge_is_among_the_last() -> None:
    course = {end: {"A": 5, "B": 1, "C": 3, "D": 3} for end in ("2022-01-31", "2022-02-28")}
    assert [*rungs(done(course), "Monday 2022-02-28")] == ["B", "C", "D"]


def test_by_a_metric() -> None:
    by_starts = LAST_TWO.replace("    last: 2\n", "    last: 2\n    by: time_progress\n")
    # Time progress is the same for all, so all are among the last of it.
    assert [*rungs(COURSE, "Monday 2022-02-28", by_starts)] == ["A", "B", "C", "D"]


# --- 永丰 2022


def test_yongfeng_two_months_in_the_last_ten_then_three() -> None:
    units = {f"U{n:02}": n for n in range(1, 13)}  # twelve: the first two are out of it
    course = {"2022-01-31": units, "2022-02-28": units, "2022-03-31": units}
    facts, text = done(course), "streaks: yongfeng-2022"
    last_ten = [f"U{n:02}" for n in range(1, 11)]
    one = rungs(facts, "Monday 2022-01-31", text)
    two = rungs(facts, "Monday 2022-02-28", text)
    three = rungs(facts, "Thursday 2022-03-31", text)
    assert one == {}
    assert two == dict.fromkeys(last_ten, ("explain_to_government", 2))
    assert three == dict.fromkeys(last_ten, ("explain_to_party_committee", 3))


# --- in the document and in the file


def test_streaks_in_the_document() -> None:
    result = result_on(COURSE, a_scheme(LAST_TWO), "Monday 2022-02-28")
    names = {unit: unit for unit in "ABCD"}
    assert result_document(result, names)["streaks"] == [
        {
            "streak": "behind",
            "rung": "explain",
            "zh": "向县政府说明",
            "group": "g",
            "unit_id": "D",
            "months": ["2022-02-28", "2022-01-31"],
        }
    ]
    none = result_on(COURSE, a_scheme(LAST_TWO), "Monday 2022-01-31")
    assert result_document(none, names)["streaks"] == []


def test_what_is_wrong_with_streaks_is_told_with_its_place() -> None:
    with pytest.raises(SchemeMistake) as mistake:
        a_scheme("""
            streaks:
              - {id: a, zh: 连, by: nothing, last: 1, rungs: [{id: r, months: 1, zh: 说明}]}
              - {id: b, zh: 连, last: 1,
                 rungs: [{id: r, months: 3, zh: 说明}, {id: s, months: 3, zh: 说明}]}
        """)
    assert mistake.value.detail.split("\n") == [
        "mine.yaml 第 12 行第 5 列：没有名为“nothing”的指标",
        "mine.yaml 第 13 行第 5 列：rungs 的月数应一级比一级多",
    ]
    with pytest.raises(SchemeMistake) as mistake:
        a_scheme("""
            streaks:
              - {id: a, zh: 连, last: -1, rungs: [{id: r, months: 13, zh: 说明}]}
        """)
    assert mistake.value.detail.split("\n") == [
        "mine.yaml 第 12 行第 26 列 streaks.0.last：应不小于 0，写的是“-1”",
        "mine.yaml 第 12 行第 54 列 streaks.0.rungs.0.months：应不大于 12，写的是“13”",
    ]
