"""Marks of projects, marks by hand and targets in what stands beside a ranking, worked by hand."""

from fractions import Fraction as F

from services.scoring.engine.declarations import Axis
from services.scoring.engine.points.manual_entries import ManualEntries, ManualEntry
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import resolve_lights
from tests.dates import day
from tests.scoring.engine.ranked_units import a_scheme, done, entered

ON = "Thursday 2022-06-30"
MARKED = """
project_marks:
  - {id: mark, zh: 项目分, decimals: 1,
     items: [{id: a, zh: 过半, when: 2 * ytd >= plan, points: 5.5}]}
metrics:
  - {id: marked, zh: 项目得分, en: Marks, marks: mark, measure: marks, source: 测试}
  - {id: visits, zh: 现场办公, en: Visits, by_hand: true, measure: count, source: 测试}
boards:
  - {id: by_marks, zh: 项目分榜, by: marked, metric: marked, target: 5,
     places: [{red: 1, black: 1}]}
  - {id: by_visits, zh: 办公榜, by: visits, metric: visits, target: target,
     places: [{red: 1, black: 1}]}
streaks:
  - {id: seldom, zh: 少办公, by: visits, last: 1, rungs: [{id: one, months: 1, zh: 一个月},
     {id: two, months: 2, zh: 两个月}]}
"""
OFTEN = Lights(
    id="often",
    zh="办公灯",
    source="测试",
    axes=(
        Axis(
            id="often",
            zh="办公",
            subject="unit",
            metric="visits",
            applies="known(figure)",
            yellow="figure < average",
            red="figure < 2",
        ),
    ),
)
VISITS = {unit: {"visits": ManualEntry(F(n), "台账")} for unit, n in (("A", 3), ("B", 1), ("C", 5))}


def found() -> ScoringResult:
    facts = done({f"2022-0{m}-30": {"A": 60, "B": 40, "C": 80} for m in (4, 5, 6)})
    scheme = a_scheme(MARKED)
    targets = entered({"B": {"visits": F(2)}, "C": {"visits": F(4)}}).targets
    return score_facts(
        facts, scheme, resolve_lights(scheme), day(ON), ManualEntries(targets, VISITS)
    )


def test_a_board_goes_by_marks_of_projects_as_they_are_written() -> None:
    by_marks, _ = found().supplements.boards or ()
    assert [(line.unit_id, line.value) for line in by_marks.red] == [
        ("A", F(11, 2)),  # A and C share the place: 5.5 each
        ("C", F(11, 2)),
    ]
    assert [(line.unit_id, line.value, line.reason) for line in by_marks.black] == [
        ("B", F(0), "未完成目标")
    ]


def test_a_board_goes_by_marks_by_hand_and_the_targets_entered_for_them() -> None:
    _, by_visits = found().supplements.boards or ()
    assert [(line.unit_id, line.value, line.target) for line in by_visits.red] == [
        ("C", F(5), F(4))
    ]
    assert [(line.unit_id, line.value, line.target) for line in by_visits.black] == [
        ("B", F(1), F(2))
    ]


def test_marks_by_hand_are_of_the_day_alone_so_no_month_before_counts() -> None:
    (streak,) = found().supplements.streaks or ()
    assert (streak.unit_id, streak.rung.id, streak.months) == ("B", "one", [day(ON)])


def test_the_average_of_marks_by_hand_is_their_mean() -> None:
    facts = done({"2022-06-30": {"A": 60, "B": 40, "C": 80, "D": 10}})
    lights = score_facts(
        facts, a_scheme(MARKED), OFTEN, day(ON), ManualEntries({}, VISITS)
    ).supplements
    assert [(x.unit_id, x.colour, x.values["average"]) for x in lights.unit_lights] == [
        ("A", "green", F(3)),
        ("B", "red", F(3)),
        ("C", "green", F(3)),  # D has no mark, and no light
    ]
