"""Red and black boards worked by hand: places, ties, targets, force majeure, groups."""

from fractions import Fraction as F
from typing import Any

import pytest

from services.scoring.engine.honours.boards import GroupBoards
from services.scoring.engine.lights.unit_lights import UnitTargets
from services.scoring.engine.results.run_result import result_document
from services.scoring.engine.scheme.model import SchemeMistake
from tests.scoring.engine.ranked_units import a_scheme, done, result_on

ON = "Thursday 2022-03-31"
BOARD = """
boards:
  - id: quarter
    zh: 季度红黑榜
    metric: investment_completion
    target: {target}
    exceed: {exceed}
    places: [{{red: {red}, black: {black}}}]
"""


def board(
    units: dict[str, int | None],
    *,
    target: str = "0.5",
    exceed: str = "false",
    red: int = 2,
    black: int = 2,
    more: str = "",
    targets: UnitTargets | None = None,
) -> GroupBoards:
    text = BOARD.format(target=target, exceed=exceed, red=red, black=black) + more
    found = result_on(done({"2022-03-31": units}), a_scheme(text), ON, targets).supplements.boards
    assert found is not None
    (only,) = found
    return only


def who(found: GroupBoards) -> tuple[list[str], list[str]]:
    return [line.unit_id for line in found.red], [line.unit_id for line in found.black]


def beside(found: GroupBoards) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    return (
        [(line.unit_id, line.reason) for line in found.red_excluded],
        [(line.unit_id, line.reason) for line in found.black_excluded],
    )


def test_the_first_who_met_the_target_and_the_last_who_missed_it() -> None:
    found = board({"A": 90, "B": 80, "C": 70, "D": 40, "E": 30})
    assert who(found) == (["A", "B"], ["D", "E"])
    assert beside(found) == ([], [])
    assert [(line.value, line.target) for line in found.red] == [
        (F(9, 10), F(1, 2)),
        (F(8, 10), F(1, 2)),
    ]


def test_a_place_among_the_first_is_not_enough_and_not_passed_on() -> None:
    found = board({"A": 90, "B": 49, "C": 48, "D": 47})
    assert who(found) == (["A"], ["C", "D"])
    assert beside(found) == ([("B", "未完成目标")], [])
    found = board({"A": 90, "B": 80, "C": 70, "D": 50})
    assert who(found) == (["A", "B"], [])
    assert beside(found) == ([], [("C", "超过目标"), ("D", "完成目标")])


@pytest.mark.parametrize(("exceed", "expected"), [("false", ["A", "B"]), ("true", ["A"])])
def test_to_meet_a_target_exactly_is_enough_unless_it_must_be_passed(
    exceed: str, expected: list[str]
) -> None:
    found = board({"A": 51, "B": 50, "C": 50, "D": 50}, exceed=exceed, red=2)
    assert [line.unit_id for line in found.red][: len(expected)] == expected
    assert found.black == []  # what is met exactly is not missed


def test_a_tie_at_the_edge_lets_in_all_of_them() -> None:
    found = board({"A": 90, "B": 80, "C": 80, "D": 40, "E": 30, "F": 40, "G": 40}, red=2, black=2)
    assert who(found) == (["A", "B", "C"], ["D", "F", "G", "E"])
    found = board({"A": 90, "B": 80, "C": 80, "D": 40, "E": 30, "F": 40}, red=1, black=1)
    assert who(found) == (["A"], ["E"])


def test_in_a_small_group_places_meet_but_nobody_is_on_both_boards() -> None:
    found = board({"A": 90, "B": 40}, red=5, black=4)
    assert who(found) == (["A"], ["B"])
    assert beside(found) == ([("B", "未完成目标")], [("A", "超过目标")])


def test_a_target_of_each_units_own() -> None:
    targets = {"A": {"investment_completion": F(95, 100)}, "C": {"investment_completion": F(1, 10)}}
    found = board({"A": 90, "B": 80, "C": 20}, target="target", red=2, black=2, targets=targets)
    assert who(found) == ([], [])
    assert beside(found) == (
        [("A", "未完成目标"), ("B", "没有目标")],
        [("B", "没有目标"), ("C", "超过目标")],
    )


def test_a_target_in_points_means_the_same_on_a_board_and_in_a_rule() -> None:
    text = """
    boards:
      - {id: b, zh: 榜, metric: lead, target: target, places: [{red: 9, black: 9}]}
    adjustments:
      items:
        - {id: lead, weight: 10, points: {rule: threshold, at: target}}
        - id: lead_again
          points: {rule: deviation, target: target, step: 0.01, up: [{points: 1}],
                   down: [{points: 2}]}
    metrics:
      - {id: lead_again, zh: 超欠, en: Lead, population: in_campaign, measure: points,
         numerator: sum(done_parts - due_parts), denominator: sum(plan_parts), source: 测试}
    gates:
      - {id: g, zh: 门, metric: lead, at: target, best_total: 50}
    """
    # At the end of March 25 of 100 are due; A and B shall be five points ahead.
    targets = {unit: {"lead": F(5), "lead_again": F(5)} for unit in "AB"}
    facts = done({"2022-03-31": {"A": 30, "B": 29, "C": 80}})
    found = result_on(facts, a_scheme(text), ON, targets)
    (only,) = found.supplements.boards or ()
    assert who(only) == (["A"], ["B"])
    assert [(line.value, line.target) for line in only.black] == [(F(4), F(5))]
    units = {unit.unit_id: unit for unit in found.groups["g"]}
    assert {name: [*u.adjusted.items.values()] for name, u in units.items() if u.adjusted} == {
        "A": [F(10), F(0)],
        "B": [F(0), F(-2)],
        "C": [None, None],
    }
    assert [missed.reason for missed in units["B"].missed] == ["超/欠序时 4点，要求不低于 5点"]
    assert units["A"].missed == units["C"].missed == ()


def test_force_majeure_keeps_off_the_black_board_with_its_reason_and_passes_nothing_on() -> None:
    more = "    excused: [{unit_id: D, reason: 特大洪水}, {unit_id: A, reason: 用不着}]\n"
    found = board({"A": 90, "B": 45, "C": 40, "D": 30}, more=more)
    assert who(found) == (["A"], ["C"])
    assert beside(found) == ([("B", "未完成目标")], [("D", "特大洪水")])


def test_units_without_a_rank_have_no_place_and_a_metric_may_not_apply() -> None:
    text = BOARD.format(target=1, exceed="false", red=3, black=0).replace(
        "metric: investment_completion", "metric: production_rate"
    )
    found = result_on(done({"2022-03-31": {"A": 9, "B": 5}}), a_scheme(text), ON).supplements.boards
    assert found is not None
    assert beside(found[0])[0] == [("A", "指标不适用"), ("B", "指标不适用")]


def test_by_a_metric_of_which_less_is_better() -> None:
    text = """
    boards:
      - {id: b, zh: 榜, by: lag, metric: lag, target: 20, places: [{red: 2, black: 2}]}
    metrics:
      - {id: lag, zh: 落后, en: Lag, population: in_campaign, numerator: sum(plan - ytd),
         direction: lower, measure: yuan, source: 测试}
    """
    units = {"A": 85, "B": 80, "C": 79, "D": 10}
    (found,) = result_on(done({"2022-03-31": units}), a_scheme(text), ON).supplements.boards or ()
    assert who(found) == (["A", "B"], ["C", "D"])
    assert [line.reason for line in found.red] == ["超过目标", "完成目标"]


# --- 绵阳 2022


def mianyang(group: str, units: int, target: F) -> tuple[list[str], list[str]]:
    names = [f"U{n:02}" for n in range(1, units + 1)]
    by_unit = {name: 100 - n for n, name in enumerate(names)}
    facts = done({"2022-03-31": by_unit}, **dict.fromkeys(names, group))
    targets = {name: {"investment_completion": target} for name in names}
    found = result_on(facts, a_scheme("boards: mianyang-2022"), ON, targets).supplements.boards
    assert found is not None
    return who(found[0]) if found else ([], [])


@pytest.mark.parametrize(
    ("group", "first", "last"),
    [
        ("counties", 5, 4),
        ("县市区和园区", 5, 4),
        ("departments", 4, 3),
        ("部门和国企", 4, 3),
        ("others", 0, 0),
    ],
)
def test_mianyang_first_five_and_last_four_counties_first_four_and_last_three_departments(
    group: str, first: int, last: int
) -> None:
    names = [f"U{n:02}" for n in range(1, 13)]  # from 100 down to 89 per cent
    everybody_met = mianyang(group, 12, F(88, 100))
    assert everybody_met == (names[:first], [])
    everybody_missed = mianyang(group, 12, F(2))
    assert everybody_missed == ([], names[12 - last :])


def test_mianyang_wants_the_target_exceeded() -> None:
    # 99 per cent is the second unit's: it only reaches its target; the tenth at 91 misses it.
    assert mianyang("counties", 10, F(99, 100)) == (["U01"], ["U07", "U08", "U09", "U10"])


def test_groups_have_places_of_their_own() -> None:
    text = """
    boards:
      - id: b
        zh: 榜
        metric: investment_completion
        target: 0
        places: [{groups: [a], red: 1, black: 0}, {red: 2, black: 0}]
    """
    facts = done({"2022-03-31": dict.fromkeys("ABCDEF", 50)}, A="a", B="a", C="b", D="b", E="c")
    found = result_on(facts, a_scheme(text), ON).supplements.boards or ()
    assert [(of.group, len(of.red)) for of in found] == [("a", 2), ("b", 2), ("c", 1), ("g", 1)]


# --- in the document and in the file


def test_boards_in_the_document() -> None:
    text = BOARD.format(target="0.5", exceed="false", red=1, black=1)
    facts = done({"2022-03-31": {"A": 90, "B": 30}})
    found: Any = result_document(result_on(facts, a_scheme(text), ON), {"A": "甲", "B": "乙"})
    assert found["boards"] == [
        {
            "board": "quarter",
            "zh": "季度红黑榜",
            "group": "g",
            "metric": "investment_completion",
            "red": [{"unit_id": "A", "value": "0.9000", "target": "0.5000", "reason": "超过目标"}],
            "black": [
                {"unit_id": "B", "value": "0.3000", "target": "0.5000", "reason": "未完成目标"}
            ],
            "red_beside": [],
            "black_beside": [],
        }
    ]


def test_what_is_wrong_with_boards_is_told_with_its_place() -> None:
    with pytest.raises(SchemeMistake) as mistake:
        a_scheme("""
            boards:
              - {id: a, zh: 榜, metric: no_such, target: 1, places: [{red: 1, black: 1}]}
              - {id: b, zh: 榜, by: nothing, metric: lead, target: 1,
                 places: [{groups: [x, x], red: 1, black: 1}, {red: 1, black: 1},
                          {red: 2, black: 1}]}
        """)
    assert mistake.value.detail.split("\n") == [
        "mine.yaml 第 12 行第 5 列：没有名为“no_such”的指标",
        "mine.yaml 第 13 行第 5 列：没有名为“nothing”的指标",
        "mine.yaml 第 13 行第 5 列：组别“其他各组”写了两次",
        "mine.yaml 第 13 行第 5 列：组别“x”写了两次",
    ]


def test_the_shape_of_a_board_is_told_with_its_place() -> None:
    with pytest.raises(SchemeMistake) as mistake:
        a_scheme("""
            boards:
              - {id: a, zh: 榜, metric: lead, target: goal, places: [{red: 1}]}
              - {id: b, zh: 榜, metric: lead, target: 1, places: []}
        """)
    assert mistake.value.detail.split("\n") == [
        "mine.yaml 第 12 行第 42 列 boards.0.target：应为数，或 target（各单位自己的目标），"
        "写的是“goal”",
        "mine.yaml 第 12 行第 57 列 boards.0.places.0.black：缺少这一项",
        "mine.yaml 第 13 行第 53 列 boards.1.places：至少要有一项",
    ]


@pytest.mark.parametrize("target", ["nan", "infinity", "yes", "[1]", ""])
def test_a_target_is_a_number_or_the_word(target: str) -> None:
    with pytest.raises(SchemeMistake, match="应为数，或 target（各单位自己的目标）"):
        a_scheme(BOARD.format(target=target, exceed="false", red=1, black=1))


def test_an_unknown_name_is_told_with_those_that_are_known() -> None:
    with pytest.raises(SchemeMistake) as mistake:
        a_scheme("boards: mianyang")
    assert mistake.value.detail == (
        "mine.yaml 第 11 行第 9 列 boards：没有名为“mianyang”的内置方案，可用：mianyang-2022"
    )
