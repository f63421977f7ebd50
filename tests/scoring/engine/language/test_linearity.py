"""How metrics depend on an amount: read off the texts, and so for every amount."""

import pytest

from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.declarations import Metric, NamedFact
from services.scoring.engine.language.linearity import INDEPENDENT, LINEAR, NONLINEAR, Dependence

CATALOGUE = {fact.id: fact for fact in NAMED_FACTS}
OWN = {
    "half_done": NamedFact(id="half_done", zh="过半", text="2 * ytd >= plan"),
    "counted": NamedFact(
        id="counted", zh="笔数", over="progress", text="count()", where="invested_ytd_yuan > 5"
    ),
    "twice": NamedFact(id="twice", zh="两倍", text="2 * ytd - (ytd if started else 0)"),
}
DECLARED = {**CATALOGUE, **OWN}
INVESTED = Dependence(DECLARED, "progress", "invested_ytd_yuan")
METRIC = {metric.id: metric for metric in METRICS}


def a_metric(
    numerator: str, denominator: str = "", population: str = "", over: str = "projects"
) -> Metric:
    return Metric(
        id="m",
        zh="甲",
        en="M",
        numerator=numerator,
        denominator=denominator,
        population=population,
        over=over,
        source="测试",
    )


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (METRIC["investment_completion"], LINEAR),
        (METRIC["industrial_investment_share"], LINEAR),
        (METRIC["start_rate"], INDEPENDENT),
        (METRIC["major_projects"], INDEPENDENT),
        (METRIC["fund_arrival"], INDEPENDENT),
        (a_metric("count(half_done)"), NONLINEAR),
        (a_metric("count()", population="half_done"), NONLINEAR),
        (a_metric("sum(ytd * ytd)"), NONLINEAR),
        (a_metric("sum(3 * ytd + plan)"), LINEAR),
        (a_metric("sum(plan)", "sum(twice)"), LINEAR),
        (a_metric("sum(plan if half_done else 0)"), NONLINEAR),
        (a_metric("sum(counted)"), NONLINEAR),
        (a_metric("sum(invested_ytd_yuan)", over="progress"), LINEAR),
        (a_metric("count(known(invested_ytd_yuan))", over="progress"), INDEPENDENT),
        (a_metric("count(known(reported_ytd))"), INDEPENDENT),
        (a_metric("sum(or_else(reported_ytd, 7))"), LINEAR),
        (a_metric("sum(-ytd)"), LINEAR),
    ],
)
def test_what_depends_on_the_investment_reported(metric: Metric, expected: int) -> None:
    assert INVESTED.metric_degree(metric) == expected


def test_another_amount_is_another_question() -> None:
    funds = Dependence(DECLARED, "funds", "amount_yuan")
    assert funds.metric_degree(METRIC["fund_arrival"]) == LINEAR
    assert funds.metric_degree(METRIC["central_budget_won"]) == LINEAR
    assert funds.metric_degree(METRIC["investment_completion"]) == INDEPENDENT


def test_a_metric_by_hand_depends_on_nothing() -> None:
    by_hand = Metric(id="m", zh="甲", en="M", by_hand=True, source="测试")
    assert INVESTED.metric_degree(by_hand) == INDEPENDENT
