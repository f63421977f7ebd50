"""Awards worked by hand: candidates, requirements, the first few, and those that stay off."""

from fractions import Fraction as F
from typing import Any

import pytest

from services.scoring.engine.results import Result, document
from services.scoring.engine.scheme import Scheme, SchemeMistake
from services.scoring.schemes.reading import parse
from shared.facts import Facts
from tests.builders import a_ledger, a_milestone, a_pause, a_plan, a_project, a_report, a_unit
from tests.scoring.ranked_units import HEAD, a_scheme, done, result_on

HUIDONG = "awards: huidong-2022"
ON = "Saturday 2022-09-10"  # in the third quarter, which began on 1 July
Told = dict[str, tuple[str, ...]]


def award(result: Result, name: str) -> tuple[list[str], Told]:
    """Who has an award, best first; and of the other candidates why not."""
    given = next(given for given in result.beside.awards if given.award.id == name)
    others = {found.subject_id: found.reasons for found in given.others}
    return [found.subject_id for found in given.winners], others


# --- 惠东 2022: starts and completions of the quarter


def dated(kind: str, planned: str | None, actual: str | None, **given: Any) -> Facts:
    later = given.pop("later", None)
    milestones = [a_milestone(kind, planned_on=planned, actual_on=actual)]
    if later:
        milestones.append(a_milestone(kind, planned_on=later, decided_on="2022-06-01"))
    return a_ledger(projects=[a_project(**given)], milestones=milestones)


NOT_IN_QUARTER, NOT_IN_TIME = "未达到：本季度内{}", "未达到：不晚于原计划{}日期"


@pytest.mark.parametrize(("kind", "zh"), [("started", "开工"), ("completed", "竣工")])
@pytest.mark.parametrize(
    ("planned", "actual", "later", "expected"),
    [
        ("2022-07-01", "2022-07-01", None, "has it"),
        ("2022-09-10", "2022-07-01", None, "has it"),
        ("2022-12-31", "2022-09-10", None, "has it"),  # ahead of a plan for the next quarter
        ("2022-08-01", "2022-08-02", None, [NOT_IN_TIME]),
        ("2022-08-01", "2022-08-02", "2022-08-10", [NOT_IN_TIME]),  # moved; the first plan counts
        (None, "2022-08-02", None, [NOT_IN_TIME]),  # by which plan, nobody knows
        ("2022-08-01", None, None, [NOT_IN_QUARTER, NOT_IN_TIME]),
        ("2022-08-01", "2022-09-11", None, [NOT_IN_QUARTER, NOT_IN_TIME]),  # not yet known
        ("2022-07-01", "2022-06-30", None, [NOT_IN_QUARTER]),  # of the quarter before
        ("2022-06-30", None, None, "no candidate"),
        ("2022-06-30", "2022-06-30", None, "no candidate"),
        ("2022-09-11", None, None, "no candidate"),  # not planned yet
    ],
)
def test_start_and_completion_awards(
    kind: str, zh: str, planned: str | None, actual: str | None, later: str | None, expected: Any
) -> None:
    found = result_on(dated(kind, planned, actual, later=later), a_scheme(HUIDONG), ON)
    winners, others = award(found, "start_award" if kind == "started" else "completion_award")
    if expected == "has it":
        assert (winners, others) == (["P001"], {})
    elif expected == "no candidate":
        assert (winners, others) == ([], {})
    else:
        assert (winners, others) == ([], {"P001": tuple(said.format(zh) for said in expected)})


def test_an_original_plan_that_was_decided_later_is_not_there_yet() -> None:
    milestones = [
        a_milestone("started", actual_on="2022-08-02"),
        a_milestone("started", planned_on="2022-08-31", decided_on="2022-09-11"),
    ]
    facts = a_ledger(projects=[a_project()], milestones=milestones)
    days = (ON, "Sunday 2022-09-11")
    found = [award(result_on(facts, a_scheme(HUIDONG), on), "start_award")[0] for on in days]
    assert found == [[], ["P001"]]


def test_only_new_projects_can_earn_the_start_award() -> None:
    facts = dated("started", "2022-08-01", "2022-08-01", nature="continuing")
    assert award(result_on(facts, a_scheme(HUIDONG), ON), "start_award") == ([], {})


def test_the_quarter_is_that_of_the_day() -> None:
    facts = dated("started", "2022-10-01", "2022-09-30")
    days = ("Friday 2022-09-30", "Saturday 2022-10-01", "Saturday 2022-12-31")
    found = [award(result_on(facts, a_scheme(HUIDONG), on), "start_award")[0] for on in days]
    assert found == [["P001"], [], []]


# --- 惠东 2022: progress


def test_progress_award_by_figure_with_reasons() -> None:
    on = "Thursday 2022-06-30"
    names = [f"P{n}" for n in range(1, 7)]
    reports = {"P1": 50, "P2": 70, "P3": 49, "P4": 90, "P6": 99}
    facts = a_ledger(
        projects=[a_project(name) for name in names],
        plans=[a_plan(100, name) for name in names if name != "P6"],
        milestones=[a_milestone("started", name, actual_on="2022-01-10") for name in names],
        progress=[a_report("2022-06-30", ytd, name) for name, ytd in reports.items()],
        pauses=[a_pause("2022-06-30", project_id="P4")],
    )
    assert award(result_on(facts, a_scheme(HUIDONG), on), "progress_award") == (
        ["P2", "P1"],
        {
            "P3": ("未达到：投资进度不低于序时进度",),
            "P4": ("未达到：不在停工中",),
            "P5": ("未达到：本年已填报完成投资", "未达到：投资进度不低于序时进度"),
        },
    )


def test_progress_award_is_for_what_is_under_construction_with_a_plan() -> None:
    on = "Thursday 2022-06-30"
    begun = a_milestone("started", actual_on="2022-01-10")
    for milestones, plan, expected in (
        ([begun], 100, ["P001"]),
        ([], 100, []),
        ([begun, a_milestone("completed", actual_on="2022-06-30")], 100, []),
        ([begun], 0, []),
    ):
        facts = a_ledger(
            projects=[a_project()],
            plans=[a_plan(plan)],
            milestones=milestones,
            progress=[a_report("2022-06-30", 60)],
        )
        found = award(result_on(facts, a_scheme(HUIDONG), on), "progress_award")
        assert found == (expected, {})


def test_progress_award_is_for_the_first_twenty_two() -> None:
    names = [f"P{n:02}" for n in range(23)]
    facts = a_ledger(
        projects=[a_project(name) for name in names],
        plans=[a_plan(100, name) for name in names],
        milestones=[a_milestone("started", name, actual_on="2022-01-10") for name in names],
        progress=[a_report("2022-06-30", 90 - n, name) for n, name in enumerate(names)],
    )
    found = award(result_on(facts, a_scheme(HUIDONG), "Thursday 2022-06-30"), "progress_award")
    assert found == (names[:22], {"P22": ("名次在前 22 名以外",)})


# --- awards of one's own


FIRST_TWO = """
awards:
  - id: fast
    zh: 进度奖
    candidates: plan > 0
    requires: [{zh: 过半, text: figure >= 0.5}]
    figure: {numerator: ytd, denominator: plan}
    first: 2
"""


def test_the_first_few_with_all_that_tie() -> None:
    on = "Thursday 2022-06-30"
    four = {"A": 90, "B": 80, "C": 80, "D": 60, "E": 10}
    assert award(result_on(done({"2022-06-30": four}), a_scheme(FIRST_TWO), on), "fast") == (
        ["P-A", "P-B", "P-C"],
        {"P-D": ("名次在前 2 名以外",), "P-E": ("未达到：过半",)},
    )


def test_without_a_figure_to_compare_nobody_is_among_the_first() -> None:
    text = FIRST_TWO.replace("candidates: plan > 0", "candidates: in_campaign").replace(
        "figure >= 0.5", "not figure < 0.5"
    )
    facts = a_ledger(projects=[a_project()], plans=[a_plan(0)])
    found = result_on(facts, a_scheme(text), "Thursday 2022-06-30")
    assert award(found, "fast") == ([], {"P001": ("没有可比的数值",)})


FOR_UNITS = """
awards:
  - id: unit_award
    zh: 单位奖
    subject: unit
    metric: investment_completion
    groups: [g]
    candidates: known(target)
    requires: [{zh: 完成目标, text: figure >= target}, {zh: 高于平均, text: figure > average}]
    first: 1
"""


def test_an_award_for_units_by_metric_target_and_average() -> None:
    units = {"A": 90, "B": 80, "C": 50, "D": 40, "E": 99, "X": 100}
    targets = {unit: {"investment_completion": F(4, 10)} for unit in "ABCDX"}
    # The average of all six is 459 of 600, 0.765.
    facts = done({"2022-06-30": units}, X="x")
    found = result_on(facts, a_scheme(FOR_UNITS), "Thursday 2022-06-30", targets)
    assert award(found, "unit_award") == (
        ["A"],
        {
            "B": ("名次在前 1 名以外",),
            "C": ("未达到：高于平均",),
            "D": ("未达到：高于平均",),
        },
    )


def test_of_a_metric_of_which_less_is_better_the_least_is_first() -> None:
    text = """
    awards:
      - {id: quiet, zh: 少停工, subject: unit, metric: days_stopped, first: 1}
    """
    facts = a_ledger(
        units=[a_unit("A"), a_unit("B")],
        projects=[a_project("P1", unit_id="A"), a_project("P2", unit_id="B")],
        plans=[a_plan(100, "P1"), a_plan(100, "P2")],
        pauses=[a_pause("2022-06-30", project_id="P1")],
    )
    found = result_on(facts, a_scheme(text), "Thursday 2022-06-30")
    assert award(found, "quiet") == (["B"], {"A": ("名次在前 1 名以外",)})


# --- what is not there


def test_service_and_clearance_awards_say_so_and_stay_off() -> None:
    found = document(result_on(a_ledger(), a_scheme(HUIDONG), ON), {"U01": "单位"})["awards"]
    assert [given["award"] for given in found] == [
        "start_award",
        "progress_award",
        "completion_award",
        "service_award",
        "clearance_award",
    ]
    assert found[3:] == [
        {
            "award": "service_award",
            "zh": "服务奖",
            "subject": "unit",
            "off": "需要调度履职记录，尚未登记，本奖项暂不评",
        },
        {
            "award": "clearance_award",
            "zh": "征拆奖",
            "subject": "unit",
            "off": "需要征地拆迁台账，尚未登记，本奖项暂不评",
        },
    ]


def test_a_metric_that_needs_what_is_not_there_leaves_its_weight_to_the_others() -> None:
    more = "      - {id: clearance_rate, points: {rule: proportional}}\n"
    scheme = parse(HEAD + more, Scheme, "mine.yaml")
    found = document(result_on(done({"2022-06-30": {"A": 50}}), scheme, ON), {"A": "甲"})
    (unit,) = found["groups"][0]["units"]
    assert unit["total"] == "50.00"
    assert unit["metrics"]["clearance_rate"]["points"] is None
    assert found["off"] == [
        {"id": "clearance_rate", "zh": "征拆完成率", "reason": "需要征地拆迁台账，尚未登记"}
    ]


# --- in the document and in the file


def test_an_award_in_the_document() -> None:
    facts = done({"2022-06-30": {"A": 90, "B": 10}})
    result = result_on(facts, a_scheme(FIRST_TWO), "Thursday 2022-06-30")
    assert document(result, {"A": "甲", "B": "乙"})["awards"] == [
        {
            "award": "fast",
            "zh": "进度奖",
            "subject": "project",
            "requires": ["过半"],
            "winners": [{"project_id": "P-A", "unit_id": "A", "figure": "0.9000"}],
            "others": [
                {
                    "project_id": "P-B",
                    "unit_id": "B",
                    "figure": "0.1000",
                    "reasons": ["未达到：过半"],
                }
            ],
        }
    ]


def test_what_is_wrong_with_awards_is_told_with_its_place() -> None:
    with pytest.raises(SchemeMistake) as mistake:
        a_scheme("""
            awards:
              - {id: a, zh: 奖, candidates: is_knew}
              - {id: b, zh: 奖, candidates: is_new, requires: [{zh: 快, text: ytd}]}
              - {id: c, zh: 奖, subject: unit, metric: no_such, candidates: figure > plan}
        """)
    told = mistake.value.detail
    assert "mine.yaml 第 12 行第 5 列：奖项 a 的 candidates，第 1 个字符：没有名为“is_knew”" in told
    assert (
        "mine.yaml 第 13 行第 5 列：奖项 b 的 requires，第 1 个字符：这里要是非，写的是数" in told
    )
    assert "mine.yaml 第 14 行第 5 列：没有名为“no_such”的指标" in told
    assert "mine.yaml 第 14 行第 5 列：奖项 c 的 candidates，第 10 个字符：没有名为“plan”" in told


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{id: a, zh: 奖}", "项目的奖项要写明 candidates"),
        ("{id: a, zh: 奖, subject: unit}", "subject 为 unit 的奖项要写明 metric"),
        (
            "{id: a, zh: 奖, candidates: is_new, metric: lead}",
            "figure 只用于项目的奖项，metric、groups 只用于 subject 为 unit 的奖项",
        ),
        ("{id: a, zh: 奖, candidates: is_new, first: 3}", "写了 first 就要写明 figure，先后按它排"),
        ("{id: a, zh: 奖, needs: clearances}", "应为 clearance 或 duties，写的是“clearances”"),
    ],
)
def test_an_award_that_says_too_little_or_too_much(written: str, expected: str) -> None:
    with pytest.raises(SchemeMistake) as mistake:
        a_scheme(f"awards:\n  - {written}\n")
    assert mistake.value.detail.endswith(f"：{expected}")
