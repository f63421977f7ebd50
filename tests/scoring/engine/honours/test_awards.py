"""Awards worked by hand: candidates, requirements, the first few, and those that stay off."""

from fractions import Fraction as F

import pytest

from services.scoring.engine.results.run_result import result_document
from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.schemes.scheme_files import parse_document
from tests.builders import a_ledger, a_pause, a_plan, a_project, a_unit
from tests.scoring.engine.honours.award_results import award
from tests.scoring.engine.ranked_units import HEAD, a_scheme, done, result_on

HUIDONG = "awards: huidong-2022"
ON = "Saturday 2022-09-10"  # in the third quarter, which began on 1 July


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
    found = result_document(result_on(a_ledger(), a_scheme(HUIDONG), ON), {"U01": "单位"})["awards"]
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
    scheme = parse_document(HEAD + more, Scheme, "mine.yaml")
    found = result_document(result_on(done({"2022-06-30": {"A": 50}}), scheme, ON), {"A": "甲"})
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
    assert result_document(result, {"A": "甲", "B": "乙"})["awards"] == [
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
