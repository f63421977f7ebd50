"""Official figures against their targets and last year's, worked by hand; and the proxy."""

from datetime import date
from decimal import Decimal
from fractions import Fraction as F
from typing import Any

import pytest

from services.scoring.engine.overview.indicators import (
    PROXY_SOURCE,
    RegionIndicator,
    indicators_document,
    period_year_before,
)
from services.scoring.execution.content_digest import digest_facts
from services.scoring.execution.indicators import compute_region_indicators
from shared.facts.tables import Facts
from tests.builders import a_ledger, a_milestone, a_project, a_report, a_unit

COUNTY = "990101"
INVESTMENT, GROWTH = "fixed_asset_investment", "fixed_asset_growth"
DAY = date(2022, 9, 30)


def a_figure(indicator: str, period: str, value: object, region: str = COUNTY) -> dict[str, Any]:
    return {
        "region_code": region,
        "period": date.fromisoformat(period),
        "indicator": indicator,
        "value": value,
        "source": f"统计局 {period}",
    }


def county(*figures: dict[str, Any]) -> Facts:
    """A pooled project with 30 yuan by August and 50 by December, one that is not pooled."""
    return a_ledger(
        units=[
            a_unit("U01", region_code=COUNTY),
            a_unit("U02", region_code=f"{COUNTY}100"),
            a_unit("U03"),
        ],
        projects=[a_project(f"P{n}", unit_id=f"U0{n}") for n in (1, 2, 3)]
        + [a_project("P4", unit_id="U01")],
        milestones=[a_milestone("pooled", p, actual_on="2022-03-01") for p in ("P1", "P2", "P3")],
        progress=[
            *(a_report("2022-08-31", 15, p) for p in ("P1", "P2", "P3", "P4")),
            a_report("2022-12-31", 35, "P1"),
        ],
        indicators=[*figures],
    )


def found(*figures: dict[str, Any], on: date = DAY) -> dict[str, RegionIndicator]:
    return {one.indicator: one for one in compute_region_indicators(county(*figures), on)}


def test_an_amount_grows_by_per_cent_and_has_a_share_of_its_target() -> None:
    one = found(
        a_figure(INVESTMENT, "2021-09-30", 8_000),
        a_figure(INVESTMENT, "2021-12-31", 12_000),
        a_figure(INVESTMENT, "2022-06-30", 5_000),
        a_figure(INVESTMENT, "2022-09-30", 10_000),
        a_figure(INVESTMENT, "2022-12-31", 14_000),
        a_figure(f"{INVESTMENT}_target", "2022-06-30", 6_000),
        a_figure(f"{INVESTMENT}_target", "2022-12-31", 15_000),
    )[INVESTMENT]
    assert (one.period, one.value, one.source) == (DAY, F(10_000), "统计局 2022-09-30")
    assert (one.growth, one.target, one.target_on) == (F(25), F(15_000), date(2022, 12, 31))
    assert (one.completion, one.is_proxy) == (F(2, 3), False)


def test_what_is_per_cent_grows_by_points_and_is_no_share_of_its_target() -> None:
    one = found(
        a_figure(GROWTH, "2021-09-30", Decimal("25.3")),
        a_figure(GROWTH, "2022-09-30", Decimal("22.8")),
        a_figure(f"{GROWTH}_target", "2022-12-31", 20),
    )[GROWTH]
    assert (one.growth, one.target, one.completion) == (F("-2.5"), F(20), None)


def test_growth_from_nothing_and_without_last_years_is_unknown() -> None:
    both = found(
        a_figure("visitors", "2021-09-30", 0),
        a_figure("visitors", "2022-09-30", 10),
        a_figure("beds", "2022-09-30", 10),
    )
    assert [both[name].growth for name in ("visitors", "beds")] == [None, None]


def test_without_the_official_figure_the_proxy_is_labelled() -> None:
    other_year = a_figure(INVESTMENT, "2021-12-31", 9)
    target = a_figure(f"{INVESTMENT}_target", "2022-12-31", 60)
    one = found(other_year, target)[INVESTMENT]
    # 15 of P1 and of P2, a township's of the county; P3's unit has no region, P4 is not pooled.
    assert (one.value, one.period, one.is_proxy, one.source) == (F(30), DAY, True, PROXY_SOURCE)
    assert (one.growth, one.completion) == (None, F(1, 2))
    assert found(on=date(2022, 12, 31))[INVESTMENT].value == 50


@pytest.mark.parametrize("day", ["2022-05-31", "2023-01-31"])
def test_a_figure_is_of_its_own_year_and_not_before_its_period(day: str) -> None:
    one = found(a_figure(INVESTMENT, "2022-06-30", 5_000), on=date.fromisoformat(day))
    assert one[INVESTMENT].is_proxy


def test_the_official_figure_of_a_county_replaces_its_proxy_and_no_others() -> None:
    facts = county(a_figure(INVESTMENT, "2022-06-30", 5, region="990102"))
    assert [(r.region_code, r.is_proxy) for r in compute_region_indicators(facts, DAY)] == [
        (COUNTY, True),
        ("990102", False),
    ]


@pytest.mark.parametrize(
    ("period", "before"),
    [("2022-02-28", "2021-02-28"), ("2021-02-28", "2020-02-29"), ("2024-02-29", "2023-02-28"),
     ("2022-09-15", "2021-09-15")],
)  # fmt: skip
def test_last_years_period_ends_with_the_same_month(period: str, before: str) -> None:
    assert period_year_before(date.fromisoformat(period)) == date.fromisoformat(before)


def test_the_document_has_texts_and_names() -> None:
    made = indicators_document(
        compute_region_indicators(county(a_figure("visitors", "2022-06-30", 3)), DAY), DAY
    )
    proxy, visitors = made["indicators"]
    assert (made["as_of"], proxy["name"], proxy["value"]) == (
        "2022-09-30",
        "固定资产投资",
        "30.0000",
    )
    assert (visitors["name"], visitors["growth"], visitors["is_proxy"]) == ("visitors", None, False)


def test_a_ledger_without_the_table_has_the_digest_of_before() -> None:
    facts = county()
    nine = Facts({name: table for name, table in facts.tables.items() if name != "indicators"})
    assert digest_facts(facts) == digest_facts(nine)
    assert digest_facts(county(a_figure("visitors", "2022-06-30", 3))) != digest_facts(nine)
