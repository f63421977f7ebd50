"""Laws of whole rule books on random ledgers: marks add up, more completed is never less."""

from collections import Counter
from datetime import date
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given

from services.scoring.execution.run import contributions_by_metric
from services.scoring.schemes.scheme_files import find_scheme
from tests.facts import facts_of
from tests.oracle.tables import Ledger
from tests.scoring.engine.result_documents import document_of, result_of
from tests.scoring.engine.results.test_laws import (
    cases,
    chances,
    law,
    only,
    reports_that_count,
    world,
)
from tests.scoring.rule_books.scheme_texts import a_book

YANAN, HEILONGJIANG = find_scheme("yanan-2017"), find_scheme("heilongjiang-2021")
MONOTONE = {
    "c1": "{rule: proportional, full_at: 0.8, cap: 1.2}",
    "c2": "{rule: best_ratio}",
    "c3": "{rule: min_max}",
    "c4": "{rule: threshold, at: 0.6}",
    "c5": "{rule: deviation, target: 0.5, step: 0.01, up: [{points: 0.2, to: 0.8}, {points: 0.1}],"
    " down: [{points: 0.3}], up_cap: 9, down_cap: 9}",
    "c6": '{rule: bands, bands: [{range: "(, 0.4]", points: 0}, {range: "(0.4, )", points: 5}]}',
    "c7": "{rule: rank_bands, bands: [{to: 1, points: 7}, {to: 3, points: 5}]}",
    "c8": "{rule: per_item, points: 3, per: 0.1, steps: whole, cap: 20}",
    "c9": "{rule: rank_steps, first: 9, less: 2}",
    "c10": "{rule: deviation, target: average, step: 0.01, up: [{points: 0.1}],"
    " down: [{points: 0.2}], floor: 0}, counts_from: 30%",
    # An average of 0 is no measure; with zero for it, weights stay when the first yuan makes one.
    "c11": "{rule: proportional, full_at: average, cap: 2}, counts_from: average,"
    " not_applicable: zero",
}
EACH = a_book(
    pillars="pillars:\n  - id: p\n    zh: 板块\n    weight: 100\n    metrics:\n"
    + "".join(f"      - {{id: {name}, points: {rule}}}\n" for name, rule in MONOTONE.items()),
    metrics="metrics:\n"
    + "".join(
        f"  - {{id: {name}, zh: 完成率, en: Completion, population: in_campaign,"
        " numerator: sum(ytd), denominator: sum(plan), source: 测试}\n"
        for name in MONOTONE
    ),
)


def points(ledger: Ledger, day: date) -> dict[tuple[str, str], Fraction]:
    """(unit, metric) → points by each of the rules."""
    groups = result_of(facts_of(ledger), day, EACH).groups
    return {
        (unit.unit_id, metric): figure.points
        for standings in groups.values()
        for unit in standings
        for metric, figure in unit.metrics.items()
    }


@law
@given(cases, chances)
def test_more_completed_never_lowers_a_units_own_points_by_any_monotone_rule(
    case: tuple[int, date], chance: Random
) -> None:
    seed, day = case
    ledger = world(seed)
    raised, own = chance.choice(reports_that_count(ledger, day))
    before = points(ledger, day)
    raised["invested_ytd_yuan"] = str(int(raised["invested_ytd_yuan"]) + chance.randint(1, 10**10))
    after = points(ledger, day)
    assert before.keys() == after.keys()
    assert all(after[key] >= before[key] for key in before if key[0] == own)


@law
@given(cases, chances)
def test_renaming_units_renames_the_ranking(case: tuple[int, date], chance: Random) -> None:
    seed, day = case
    ledger = world(seed)
    units = [unit["unit_id"] for unit in ledger["units"]]
    others = chance.sample(units, len(units))
    new = dict(zip(units, others, strict=True))
    renamed = {
        table: [
            {
                name: new.get(cell, cell) if name.endswith("unit_id") else cell
                for name, cell in row.items()
            }
            for row in rows
        ]
        for table, rows in ledger.items()
    }
    known, again = (
        {
            unit["unit_id"]: {key: unit[key] for key in ("rank", "total", "grade", "metrics")}
            for group in document_of(facts_of(of), day, HEILONGJIANG)["groups"]
            for unit in group["units"]
        }
        for of in (ledger, renamed)
    )
    assert {new[unit]: figures for unit, figures in known.items()} == again


@pytest.mark.parametrize("day", [date(2022, 6, 30), date(2022, 12, 25)])
def test_the_marks_of_projects_add_up_to_their_units_and_blocks_to_the_whole(day: date) -> None:
    ledger = world(30)
    known = {u: t.of_metric for u, t in result_of(facts_of(ledger), day, YANAN).terms.items()}
    (metric,) = [m for m in YANAN.needed_metrics if m.marks]
    added: Counter[str] = Counter()
    for _, rows in contributions_by_metric([metric], facts_of(ledger), YANAN, day):
        for row in rows:
            added[row.unit_id] += row.numerator
            items = sum((row.items or {}).values(), Fraction(0))
            assert abs(items * 100 - row.numerator) * 2 <= 1
    marks = {unit: terms[metric.id][0] for unit, terms in known.items()}
    assert any(marks.values())
    assert {unit: added[unit] for unit in marks} == marks

    projects = sorted(row["project_id"] for row in ledger["projects"])
    blocks = [only(ledger, set(projects[start::2])) for start in (0, 1)]
    sums: Counter[str] = Counter()
    for block in blocks:
        for unit, terms in result_of(facts_of(block), day, YANAN).terms.items():
            sums[unit] += terms.of_metric[metric.id][0]
    assert {unit: sums[unit] for unit in marks} == marks
