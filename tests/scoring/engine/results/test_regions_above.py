"""Ranks above the county: stored terms of units added up, as if the places had been the units."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.engine.points.manual_entries import ManualEntries, ManualEntry
from services.scoring.engine.ranking.ranking import rank_units
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.results.regions_above import (
    RanksNoPlaces,
    RegionLevel,
    RunUnits,
    build_region_terms,
    region_at_level,
    units_outside_level,
)
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.blocks import split_into_blocks
from services.scoring.execution.run import compute_unit_terms, score_facts
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from tests.facts import facts_of
from tests.oracle.tables import Ledger
from tests.scoring.engine.result_documents import LANXIAN
from tests.scoring.engine.results.test_laws import cases, chances, law, world
from tests.scoring.rule_books.scheme_texts import METRICS, a_book, a_unit

COUNTIES = ("141121", "141127", "141181", "140981", "140981104")
CITY = {"lanxian": LANXIAN, "yanan": find_scheme("yanan-2017")}
LEVELS: tuple[RegionLevel, ...] = (RegionLevel.county, RegionLevel.city)

# --- where a unit is


@pytest.mark.parametrize(
    ("region", "county", "city"),
    [
        ("141127", "141127", "141100"),
        ("141127100", "141127", "141100"),
        ("141127100203", "141127", "141100"),
        ("141100", None, "141100"),
        ("1411", None, "141100"),
        ("140000", None, None),
        ("14", None, None),
        ("", None, None),
    ],
)
def test_a_region_lies_in_a_county_and_a_city_unless_it_is_wider(
    region: str, county: str | None, city: str | None
) -> None:
    assert (
        region_at_level(region, RegionLevel.county),
        region_at_level(region, RegionLevel.city),
    ) == (
        county,
        city,
    )


# --- by hand

SHARE = "  - {id: share, zh: 占比, en: Share, numerator: count(), denominator: count(),"
BOOK = a_book(
    pillars="""
pillars:
  - id: p
    zh: 板块
    weight: 100
    metrics:
      - {id: a, weight: 60, points: {rule: proportional}}
      - {id: share, weight: 40, points: {rule: best_ratio}}
adjustments:
  zh: 加减分
  items: [{id: accidents, points: {rule: per_item, points: -1}}]
""",
    metrics=f"{METRICS}{SHARE} of_all: true, source: 测试}}\n",
)


def terms(*units: UnitTerms) -> dict[str, UnitTerms]:
    return {unit.unit_id: unit for unit in units}


def a_run(region: str = "1411", **regions: str | None) -> RunUnits:
    """Three units: of 10, 20 and 0 projects, by a, by their share of 30, and with accidents."""
    units = terms(
        a_unit("U01", "townships", 10, a=(5, 10), share=(10, 30), accidents=(2, 1)),
        a_unit("U02", "departments", 20, a=(20, 20), share=(20, 30)),
        a_unit("U03", "townships", 0, a=(0, 0), share=(0, 30)),
    )
    return RunUnits(region, units, regions)


def test_the_terms_of_a_county_are_the_sums_of_its_units() -> None:
    run = a_run(U01="141127", U02="141127100", U03="141121")
    of_county = build_region_terms([run], RegionLevel.county, BOOK)
    assert [*of_county] == ["141121", "141127"]
    lan = of_county["141127"]
    assert (lan.unit_id, lan.group, lan.live_projects) == ("141127", "county", 30)
    assert lan.of_metric == {"a": (25, 30), "share": (30, 30), "accidents": (0, 0)}
    assert of_county["141121"].live_projects == 0
    (group,) = rank_units(of_county.values(), BOOK).values()
    assert [(s.unit_id, s.rank, s.total) for s in group] == [
        ("141127", 1, Fraction(90)),
        ("141121", None, None),
    ]


def test_the_terms_of_a_city_are_the_sums_of_its_counties() -> None:
    run = a_run(region="14", U01="141127", U02="141121", U03="140981")
    of_city = build_region_terms([run], RegionLevel.city, BOOK)
    assert {code: place.of_metric["a"] for code, place in of_city.items()} == {
        "140900": (0, 0),
        "141100": (25, 30),
    }


def test_runs_of_counties_are_added_with_the_denominators_of_all() -> None:
    """U01 stands in both, and is not the same."""
    lan = RunUnits("141127", terms(a_unit("U01", a=(1, 2), share=(3, 3))), {"U01": None})
    wen = RunUnits("141121", terms(a_unit("U01", a=(2, 2), share=(9, 9))), {})
    of_county = build_region_terms([lan, wen], RegionLevel.county, BOOK)
    assert {code: dict(place.of_metric) for code, place in of_county.items()} == {
        "141121": {"a": (2, 2), "share": (9, 12), "accidents": (0, 0)},
        "141127": {"a": (1, 2), "share": (3, 12), "accidents": (0, 0)},
    }
    (city,) = build_region_terms([lan, wen], RegionLevel.city, BOOK).values()
    assert (city.live_projects, city.of_metric["share"]) == (2, (12, 12))


def test_a_unit_of_a_wider_region_is_nowhere_but_counts_among_all() -> None:
    run = a_run(U01="141127", U02="141100", U03=None)
    assert units_outside_level([run], RegionLevel.county) == ["U02", "U03"]
    assert units_outside_level([run], RegionLevel.city) == []
    (county,) = build_region_terms([run], RegionLevel.county, BOOK).values()
    assert county.of_metric["share"] == (10, 30)


def test_a_unit_of_no_known_region_is_where_its_run_was() -> None:
    assert [*build_region_terms([a_run("141127")], RegionLevel.county, BOOK)] == ["141127"]
    assert [*build_region_terms([a_run("14")], RegionLevel.county, BOOK)] == []


def test_what_is_entered_by_hand_has_to_be_entered_for_the_county_itself() -> None:
    run = a_run(U01="141127", U02="141127", U03="141121")
    mark = ManualEntry(Fraction(3, 2), "督查通报", "张三")
    entered = ManualEntries(marks={"141127": {"accidents": mark}})
    of_county = build_region_terms([run], RegionLevel.county, BOOK, entered)
    assert of_county["141127"].of_metric["accidents"] == (3, 2)
    assert of_county["141121"].of_metric["accidents"] == (0, 0)


def test_a_scheme_that_tells_groups_apart_has_to_know_this_one() -> None:
    run = a_run(U01="141127", U02="141127", U03="141121")
    with pytest.raises(
        RanksNoPlaces, match="只有 townships、zones；要给县、市排名，组别里须有 city"
    ):
        build_region_terms([run], RegionLevel.city, a_book("groups: [townships, zones]"))
    assert build_region_terms([run], RegionLevel.city, a_book("groups: [townships, city]"))


# --- laws


def placed(ledger: Ledger, chance: Random) -> Mapping[str, str]:
    """Every unit in a county: unit → county."""
    for unit in ledger["units"]:
        unit["region_code"] = chance.choice(COUNTIES)
    return {unit["unit_id"]: unit["region_code"] for unit in ledger["units"]}


def run_of(facts: Facts, scheme: Scheme, day: date, region: str = "14") -> RunUnits:
    regions = {unit.unit_id: unit.region_code for unit in facts.rows(Unit)}
    return RunUnits(region, compute_unit_terms(facts, scheme, resolve_lights(scheme), day), regions)


def with_places_as_units(ledger: Ledger, places: Mapping[str, str], group: str) -> Facts:
    """The same ledger, had the counties or cities been its units all the time."""
    return facts_of(
        {
            table: [
                row | ({"unit_id": places[row["unit_id"]]} if row.get("unit_id") else {})
                for row in rows
            ]
            for table, rows in ledger.items()
            if table != "units"
        }
        | {
            "units": [
                {"unit_id": code, "name": code, "kind": "county", "group": group}
                for code in sorted(set(places.values()))
            ]
        }
    )


@law
@given(cases, chances, st.sampled_from([*CITY]), st.sampled_from(LEVELS))
def test_places_from_stored_terms_rank_as_a_ledger_whose_units_they_are(
    case: tuple[int, date], chance: Random, name: str, level: RegionLevel
) -> None:
    seed, day = case
    ledger, scheme = world(seed), CITY[name]
    codes = placed(ledger, chance)
    run = run_of(facts_of(ledger), scheme, day)
    found = build_region_terms([run], level, scheme)

    places = {unit: region_at_level(code, level) or "" for unit, code in codes.items()}
    whole = with_places_as_units(ledger, places, level)
    expected = score_facts(whole, scheme, resolve_lights(scheme), day)
    assert found == expected.terms
    assert rank_units(found.values(), scheme) == expected.groups


@law
@given(cases, chances)
def test_runs_of_every_county_add_up_to_the_run_of_all_of_them(
    case: tuple[int, date], chance: Random
) -> None:
    """Where no row of one county names a unit of another, which no run of a county sees."""
    seed, day = case
    ledger = world(seed)
    placed(ledger, chance)
    for fund in ledger["funds"]:
        if fund["project_id"]:
            fund["unit_id"] = ""
    facts = facts_of(ledger)
    whole = build_region_terms([run_of(facts, LANXIAN, day)], RegionLevel.county, LANXIAN)
    parts = [run_of(block, LANXIAN, day) for block in split_into_blocks(facts, 1)]
    assert len(parts) > 1
    assert build_region_terms(parts, RegionLevel.county, LANXIAN) == whole
