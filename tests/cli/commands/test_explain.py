"""Every figure down to its rows: the parts add up to the whole, exactly."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.language.symbols import PROJECTS_TABLE
from services.scoring.schemes.scheme_files import find_scheme
from tests.cli.runner import COUNTY, county

DAY, EARLIER = "2022-12-25", "2022-09-30"
SCHEME = find_scheme("lanxian-2022")
UNITS = [line.split(",")[0] for line in (COUNTY / "units.csv").read_text("utf-8").split()[1:]]
EACH = pytest.mark.parametrize(
    ("unit", "day"), [*((unit, DAY) for unit in UNITS), ("U01", EARLIER), ("U09", EARLIER)]
)


def explained(unit: str, day: str) -> Any:
    arguments = "--as-of", day, "--unit", unit, "--format", "json"
    return county("explain", *arguments).document


def standing(unit: str, day: str) -> Any:
    document = county("score", "--as-of", day, "--format", "json").document
    return next(u for group in document["groups"] for u in group["units"] if u["unit_id"] == unit)


def exact(figure: Any) -> Fraction:
    return Fraction(figure["points_exact"] or 0)


@EACH
@pytest.mark.laws
def test_projects_add_up_to_numerator_and_denominator(unit: str, day: str) -> None:
    metrics = explained(unit, day)["metrics"]
    assert [*metrics] == [metric.id for metric in SCHEME.scored_metrics]
    for metric in metrics.values():
        rows, others = metric["projects"], metric["denominator_of_others"]
        assert sum(row["numerator"] for row in rows) == metric["numerator"]
        if metric["denominator"] is not None:
            assert sum(row["denominator"] for row in rows) + others == metric["denominator"]


@EACH
@pytest.mark.laws
def test_metrics_add_up_to_pillars_and_pillars_to_the_total(unit: str, day: str) -> None:
    document = explained(unit, day)
    for pillar in SCHEME.pillars:
        metrics = [document["metrics"][scored.id] for scored in pillar.metrics]
        assert sum(map(exact, metrics)) == exact(document["pillars"][pillar.id])
    total = sum(map(exact, document["pillars"].values()), Fraction(0))
    if document["rank"] is None:
        assert document["total"] is None
        assert total == 0
    else:
        assert document["total"] == half_up(total, SCHEME.decimals)


def half_up(value: Fraction, decimals: int) -> str:
    """Exact enough to round: no total of a hundred points needs thirty digits."""
    quotient = Decimal(value.numerator) / Decimal(value.denominator)
    return str(quotient.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


@EACH
@pytest.mark.laws
def test_what_is_explained_is_what_was_scored(unit: str, day: str) -> None:
    document, scored = explained(unit, day), standing(unit, day)
    assert {key: document[key] for key in ("unit_id", "name", "rank", "total")} == {
        key: scored[key] for key in ("unit_id", "name", "rank", "total")
    }
    for part in ("pillars", "metrics"):
        for name, figures in scored[part].items():
            assert {key: document[part][name][key] for key in figures} == figures


@EACH
@pytest.mark.laws
def test_every_project_of_a_unit_is_counted_or_left_out_with_the_reason(
    unit: str, day: str
) -> None:
    metrics = explained(unit, day)["metrics"]
    over_projects = [metric for metric in SCHEME.scored_metrics if metric.over == PROJECTS_TABLE]
    told = set()
    for metric in over_projects:
        counted, left_out = metrics[metric.id]["projects"], metrics[metric.id]["left_out"]
        ids = [row["project_id"] for row in counted + left_out]
        assert len(set(ids)) == len(ids)
        assert all(row["reason"] for row in left_out)
        told.add(frozenset(ids))
    assert len(told) == 1


def test_of_all_divides_by_what_every_unit_adds() -> None:
    shares = [m for m in SCHEME.scored_metrics if m.of_all]
    assert shares
    for metric in shares:
        found = [explained(unit, DAY)["metrics"][metric.id] for unit in UNITS]
        own = [metric["denominator"] - metric["denominator_of_others"] for metric in found]
        assert {metric["denominator"] for metric in found} == {sum(own)}


def test_one_metric_is_explained_alone_and_its_figures_stay_the_same() -> None:
    arguments = "--as-of", DAY, "--unit", "U01", "--metric", "fund_arrival"
    document = county("explain", *arguments, "--format", "json").document
    whole = explained("U01", DAY)
    assert document == {**whole, "metrics": {"fund_arrival": whole["metrics"]["fund_arrival"]}}


@pytest.mark.parametrize(
    "metric", [m.id for m in METRICS if m.id not in {of.id for of in SCHEME.scored_metrics}]
)
def test_a_metric_beside_the_schemes_is_explained_when_asked_for(metric: str) -> None:
    arguments = "--as-of", DAY, "--unit", "U01", "--metric", metric, "--format", "json"
    document = county("explain", *arguments).document
    ((name, found),) = document["metrics"].items()
    assert name == metric
    assert (found["points"], found["rank"]) == (None, None)
    assert sum(row["numerator"] for row in found["projects"]) == found["numerator"]
    if found["denominator"] is not None:
        assert sum(row["denominator"] for row in found["projects"]) == found["denominator"]
    whole = explained("U01", DAY)
    assert {**document, "metrics": whole["metrics"]} == whole


def test_people_see_a_metric_that_only_lights_look_at(tmp_path: Path) -> None:
    scheme = tmp_path / "own.yaml"
    scheme.write_text(
        "id: own\nzh: 自\nsource: 测试\nlights: tianjin-2022\npillars:\n"
        "  - {id: p, zh: 板块, weight: 100,"
        " metrics: [{id: start_rate, points: {rule: proportional}}]}\n",
        encoding="utf-8",
    )
    metric = "investment_growth_on_last_year"
    arguments = "--as-of", DAY, "--unit", "U01", "--scheme", scheme, "--metric", metric
    outcome = county("explain", *arguments)
    shown = ["不计分", "│   投资增速", "sum(ytd - ytd_last_year)", "│      │ 合计"]
    assert [text for text in shown if text not in outcome.out] == []
    found = county("explain", *arguments, "--format", "json").document["metrics"][metric]
    assert sum(row["numerator"] for row in found["projects"]) == found["numerator"] > 0


def test_people_see_the_figures_their_rows_and_the_reasons() -> None:
    arguments = "--as-of", DAY, "--unit", "U01", "--metric", "fund_arrival"
    outcome = county("explain", *arguments)
    shown = [
        "发展和改革局　第 1 名　总分 81.47　截至 2022-12-25",
        "│   招商资金到位率 │ 9.42% │ 1,130,000,000 │ 12,000,000,000 │",
        "│      │ 合计                          │ 1,130,000,000 │ 12,000,000,000 │",
        "未计入的原因",
    ]
    assert outcome.code == 0
    assert [text for text in shown if text not in outcome.out] == []


def test_without_a_metric_people_see_all_of_them() -> None:
    outcome = county("explain", "--as-of", DAY, "--unit", "U01")
    assert [metric.zh for metric in SCHEME.scored_metrics if metric.zh not in outcome.out] == []
