"""`bairi counties`: the units of a ledger, added up to counties and cities."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import COUNTY, Outcome, bairi, without_spaces
from tests.shared.ledger.sound_ledger import csv_folder

DAY = ("--as-of", "2022-12-25")
PLACES = {"U01": "141127", "U02": "141127", "U03": "141121", "U04": "140981", "U05": "141100"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county's ledger, had its units been in these places, and the others at Lan county."""
    folder = tmp_path_factory.mktemp("city")
    for file in COUNTY.glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        if file.name == "units.csv":
            header, *lines = text.splitlines()
            text = "\n".join([header, *map(moved, lines), ""])
        (folder / file.name).write_text(text, encoding="utf-8")
    return folder


def moved(line: str) -> str:
    unit, rest = line.split(",", 1)
    return f"{unit},{rest.rpartition(',')[0]},{PLACES.get(unit, '141127')}"


def counties(folder: Path, *more: object) -> Outcome:
    return bairi("counties", folder, *DAY, *more)


def metric_of(document: Any, code: str, metric: str) -> Any:
    units = document["groups"][0]["units"]
    return next(unit for unit in units if unit["unit_id"] == code)["metrics"][metric]


def test_counties_are_ranked_by_total_pillar_and_item(city: Path) -> None:
    outcome = counties(city)
    assert outcome.code == 0, outcome.err
    shown = without_spaces(outcome.out)
    assert "县市" in shown
    for name in ("吕梁市岚县", "吕梁市文水县", "忻州市原平市"):
        assert name in shown
    assert "比速度分项数值（名次）" in shown
    assert "不在任一县的单位，未计入：U05" in shown


def test_the_document_has_what_the_table_shows(city: Path) -> None:
    document = counties(city, "--format", "json").document
    assert [*document] == ["as_of", "scheme", "groups", "level", "nowhere"]
    assert (document["level"], document["nowhere"]) == ("county", ["U05"])
    (group,) = document["groups"]
    assert {unit["unit_id"] for unit in group["units"]} == {"141127", "141121", "140981"}
    assert sorted(unit["rank"] for unit in group["units"]) == [1, 2, 3]


def test_a_citys_terms_are_those_of_its_counties_and_its_own_units(city: Path) -> None:
    of_city = counties(city, "--level", "city", "--format", "json").document
    scored = bairi("score", city, *DAY, "--format", "json").document
    units = [unit for group in scored["groups"] for unit in group["units"]]
    for metric in ("start_rate", "investment_completion"):
        for side in ("numerator", "denominator"):
            here = sum(u["metrics"][metric][side] for u in units if u["unit_id"] != "U04")
            assert metric_of(of_city, "141100", metric)[side] == here
    assert of_city["nowhere"] == []


def test_targets_are_entered_for_the_county_itself(city: Path, tmp_path: Path) -> None:
    book = tmp_path / "book.yaml"
    book.write_text(
        """
id: by-target
zh: 按目标
source: 测试
lights: yinchuan-2025
pillars:
  - id: p
    zh: 板块
    weight: 100
    metrics: [{id: start_rate, points: {rule: proportional, full_at: target}}]
""",
        encoding="utf-8",
    )
    entered = tmp_path / "entered.csv"
    entered.write_text("kind,unit,metric,value\ntarget,141127,start_rate,0.5\n", encoding="utf-8")
    asked = ("--scheme", book, "--entered", entered)
    document = counties(city, *asked, "--format", "json").document
    totals = {unit["unit_id"]: unit["total"] for unit in document["groups"][0]["units"]}
    assert totals["141127"] is not None
    assert totals["141121"] is None

    entered.write_text("kind,unit,metric,value\ntarget,U01,start_rate,0.5\n", encoding="utf-8")
    refused = counties(city, *asked)
    assert refused.code == 2
    assert "U01" in refused.err


def test_a_ledger_that_names_no_regions_ranks_nobody_and_says_so(tmp_path: Path) -> None:
    units = "unit_id,name,kind,group\nU01,发改局,department,甲\nU02,城关镇,township,乙\n"
    outcome = counties(csv_folder(tmp_path, units=units))
    assert outcome.code == 0, outcome.err
    assert "不在任一县的单位，未计入：U01、U02" in outcome.out
