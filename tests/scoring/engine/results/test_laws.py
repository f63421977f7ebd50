"""Laws: what holds of every ledger, on random ones drawn by hypothesis, five as one."""

from collections import Counter
from datetime import date
from functools import cache
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.language.compiler import terms_query
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.execution.duckdb import open_query_runner
from shared.facts.columns import ColumnType
from shared.facts.tables import FACT_COLUMNS
from tests.facts import facts_of
from tests.oracle.facts import dossiers, is_live, plan
from tests.oracle.tables import Ledger, Row
from tests.scoring.engine.combined_ledgers import together
from tests.scoring.engine.result_documents import LANXIAN, document_of, result_of

DAYS = ("2022-02-28", "2022-09-30", "2022-12-25")
AT_ONCE = 5  # a case is five ledgers, so that eight examples see forty
cases = st.tuples(
    st.integers(0, 5).map(lambda n: n * AT_ONCE), st.sampled_from(DAYS).map(date.fromisoformat)
)
law = settings(max_examples=8, deadline=None)
chances = st.integers(0, 10_000).map(Random)
SIZE = "total_investment_yuan"  # compared to fixed thresholds, so it does not scale


def world(seed: int) -> Ledger:
    return together(range(seed, seed + AT_ONCE))


@cache
def known_result(seed: int, day: date) -> ScoringResult:
    return result_of(facts_of(world(seed)), day)


@cache
def known_document(seed: int, day: date) -> dict[str, Any]:
    return document_of(facts_of(world(seed)), day)


def live_units(result: ScoringResult) -> list[str]:
    return sorted(unit for unit, terms in result.terms.items() if terms.live_projects)


# --- what changes nothing


@law
@given(cases, chances)
def test_the_order_of_rows_changes_nothing(case: tuple[int, date], chance: Random) -> None:
    seed, day = case
    ledger = world(seed)
    for rows in ledger.values():
        chance.shuffle(rows)
    assert document_of(facts_of(ledger), day) == known_document(seed, day)


@law
@given(cases, chances)
def test_what_is_dated_later_changes_nothing(case: tuple[int, date], chance: Random) -> None:
    seed, day = case
    ledger = world(seed)
    later = date(day.year + 1, 1, 17).isoformat()
    for project in chance.sample(ledger["projects"], 15):
        own = {"project_id": project["project_id"]}
        for kind in ("terminated", "started", "resumed", "pooled", "in_production", "signed"):
            dates = {"planned_on": later, "actual_on": later, "decided_on": later}
            ledger["milestones"].append({**own, "kind": kind, **dates})
        moved = {"planned_on": "2022-01-01", "decided_on": later}
        ledger["milestones"].append({**own, "kind": "completed", **moved})
        ledger["progress"].append({**own, "as_of": later, "invested_ytd_yuan": "7777777"})
        ledger["plans"] = [
            *(row for row in ledger["plans"] if row != {**row, **own, "year": "2031"}),
            {**own, "year": "2031", "planned_yuan": "1"},
        ]
        ledger["pauses"].append({**own, "from_on": later, "to_on": "", "approved": "true"})
        won = {"source": "central_budget", "event": "approved", "amount_yuan": "1", "on": later}
        came = {"source": "attracted", "event": "arrived", "amount_yuan": "1", "on": later}
        ledger["funds"] += [{**own, **won}, {**own, **came}]
    assert document_of(facts_of(ledger), day) == known_document(seed, day)


@law
@given(cases, chances)
def test_a_project_in_no_population_changes_nothing(case: tuple[int, date], chance: Random) -> None:
    seed, day = case
    units = live_units(known_result(seed, day))
    if not units:
        return
    ledger = world(seed)
    idle = {"project_id": "P900", "unit_id": chance.choice(units), "nature": "reserve"}
    ledger["projects"].append({**idle, "name": "储备", "contract_yuan": "5", SIZE: "1000000000000"})
    ledger["plans"].append({"project_id": "P900", "year": str(day.year), "planned_yuan": "5"})
    ledger["permits"].append({"project_id": "P900", "kind": "eia", "needed": "true"})
    ledger["milestones"].append(
        {"project_id": "P900", "kind": "initiated", "actual_on": "2021-01-01"}
    )
    assert document_of(facts_of(ledger), day) == known_document(seed, day)


@law
@given(cases, chances)
def test_a_terminated_project_leaves_no_trace(case: tuple[int, date], chance: Random) -> None:
    seed, day = case
    ledger = world(seed)
    gone = chance.choice(ledger["projects"])["project_id"]
    without = {
        table: [row for row in rows if row.get("project_id") != gone]
        for table, rows in ledger.items()
    }
    ended = {"project_id": gone, "kind": "terminated", "actual_on": day.isoformat()}
    ledger["milestones"].append({**ended, "decided_on": "2020-01-01"})
    assert document_of(facts_of(ledger), day) == document_of(facts_of(without), day)


@law
@given(cases, st.integers(2, 1000))
def test_scaling_money_other_than_sizes_leaves_points_and_lights_as_they_are(
    case: tuple[int, date], factor: int
) -> None:
    seed, day = case
    scaled = result_of(facts_of(times(world(seed), factor)), day)
    known = known_result(seed, day)
    assert scaled.groups == known.groups
    assert scaled.lights == known.lights


def times(ledger: Ledger, factor: int) -> Ledger:
    return {
        table: [row_times(table, row, factor) for row in rows] for table, rows in ledger.items()
    }


def row_times(table: str, row: Row, factor: int) -> Row:
    money = {c.name for c in FACT_COLUMNS[table] if c.kind is ColumnType.yuan and c.name != SIZE}
    return {
        name: str(int(cell) * factor) if cell and name in money else cell
        for name, cell in row.items()
    }


@law
@given(cases, chances)
def test_the_light_of_a_project_hangs_on_no_other_project(
    case: tuple[int, date], chance: Random
) -> None:
    seed, day = case
    ledger = world(seed)
    kept = {row["project_id"] for row in chance.sample(ledger["projects"], 15)}
    found = result_of(facts_of(only(ledger, kept)), day).lights
    known = known_result(seed, day).lights
    assert list(found) == [light for light in known if light.project_id in kept]


def only(ledger: Ledger, projects: set[str]) -> Ledger:
    """The ledger with these projects and their rows; all units, no funds without a project."""
    kept = {
        table: [row for row in rows if row.get("project_id") in projects]
        for table, rows in ledger.items()
    }
    return {**kept, "units": ledger["units"]}


# --- what moves one way


@law
@given(cases, chances, st.integers(1, 10**10))
def test_more_completed_never_lowers_the_points_of_investment_completion(
    case: tuple[int, date], chance: Random, more: int
) -> None:
    seed, day = case
    ledger = world(seed)
    raised, unit = chance.choice(reports_that_count(ledger, day))
    raised["invested_ytd_yuan"] = str(int(raised["invested_ytd_yuan"]) + more)
    known, result = known_result(seed, day), result_of(facts_of(ledger), day)
    assert completed(result, unit) == completed(known, unit) + more
    after, before = completion_points(result), completion_points(known)
    assert after.keys() == before.keys()
    assert all(after[unit] >= before[unit] for unit in before)


def reports_that_count(ledger: Ledger, day: date) -> list[tuple[Row, str]]:
    """The reports that a project's completion is read from on a day, each with its unit."""
    units = {}
    for dossier in dossiers(ledger):
        if dossier.counts_in_n and is_live(dossier, day) and plan(dossier, day) is not None:
            units[dossier.project_id] = dossier.unit_id
    first, last = f"{day.year}-01-01", day.isoformat()
    latest: dict[str, Row] = {}
    for row in ledger["progress"]:
        if (
            row["project_id"] in units
            and row["invested_ytd_yuan"]
            and first <= row["as_of"] <= last
        ):
            other = latest.setdefault(row["project_id"], row)
            latest[row["project_id"]] = max(row, other, key=lambda report: report["as_of"])
    return [(row, units[project]) for project, row in latest.items()]


def completed(result: ScoringResult, unit: str) -> int:
    return result.terms[unit].of_metric["investment_completion"][0]


def completion_points(result: ScoringResult) -> dict[str, Any]:
    return {
        unit.unit_id: unit.metrics["investment_completion"].points
        for standings in result.groups.values()
        for unit in standings
        if "investment_completion" in unit.metrics
    }


# --- what adds up


@law
@given(cases)
def test_points_lie_between_0_and_their_weight_and_all_weights_make_100(
    case: tuple[int, date],
) -> None:
    for standings in known_result(*case).groups.values():
        for unit in standings:
            if unit.rank is None:
                assert (unit.total, unit.pillars, unit.metrics) == (None, {}, {})
                continue
            for figures in (unit.pillars, unit.metrics):
                assert all(0 <= figure.points <= figure.weight for figure in figures.values())
                assert sum(figure.weight for figure in figures.values()) == 100
            points = sum(figure.points for figure in unit.pillars.values())
            assert points == sum(figure.points for figure in unit.metrics.values())
            assert unit.total is not None
            assert abs(points - unit.total) * 200 <= 1


@law
@given(cases, chances)
def test_the_terms_of_blocks_of_projects_add_up_to_those_of_the_whole(
    case: tuple[int, date], chance: Random
) -> None:
    seed, day = case
    ledger = world(seed)
    projects = {row["project_id"] for row in ledger["projects"]}
    half = set(chance.sample(sorted(projects), len(projects) // 2))
    one, other = only(ledger, half), only(ledger, projects - half)
    one["funds"] += [row for row in ledger["funds"] if not row["project_id"]]
    added: Counter[tuple[str, str]] = Counter()
    for block in (one, other):
        added.update(terms(block, day))
    assert dict(added) == terms(ledger, day)


def terms(ledger: Ledger, day: date) -> dict[tuple[str, str], int]:
    """(unit, term) → value, as the query answers them."""
    with open_query_runner(facts_of(ledger)) as run:
        rows = run(terms_query(LANXIAN.scored_metrics, LANXIAN.facts_by_id), day)
    return {
        (row["unit_id"], term): value
        for row in rows
        for term, value in row.items()
        if term != "unit_id"
    }
