"""The bench itself: its two queries say the same, and its report can be made. No times here."""

from pathlib import Path

import pytest
from rich.console import Console

from shared.facts import COLUMNS, Facts
from shared.ledger.check import KEYS
from tests.bench.__main__ import show, show_month_ends
from tests.bench.apart import keep, kept
from tests.bench.imports import CHANGED, EVERY, revised
from tests.bench.ledgers import ledger
from tests.bench.measuring import month_ends_of_lights, pairs, report_on

SMALL = 200


@pytest.fixture(scope="module")
def facts() -> Facts:
    return ledger(SMALL)


def test_the_ledger_has_every_table_with_its_columns_and_rows(facts: Facts) -> None:
    for name, table in facts.tables.items():
        assert [field.name for field in table.schema] == [c.name for c in COLUMNS[name]]
        assert [field.type for field in table.schema] == [c.kind.arrow for c in COLUMNS[name]]
        assert table.num_rows > 0
    assert facts.tables["progress"].num_rows == 12 * SMALL
    assert facts.tables["permits"].num_rows == 8 * SMALL
    assert 6 * SMALL <= facts.tables["milestones"].num_rows <= 8 * SMALL
    assert len(set(facts.tables["units"]["group"].to_pylist())) == 3


def test_the_same_size_gives_the_same_ledger(facts: Facts) -> None:
    again = ledger(SMALL)
    assert all(table.equals(again.tables[name]) for name, table in facts.tables.items())


def test_the_compiled_query_and_the_one_by_hand_agree(facts: Facts) -> None:
    compiled, by_hand = pairs(facts, rounds=1, again=True)  # raises where they do not
    assert len(compiled) == len(by_hand) == 1


def test_the_report_can_be_made_and_read(facts: Facts, tmp_path: Path) -> None:
    keep(facts, tmp_path)
    report = report_on(kept(tmp_path), rounds=1)
    console = Console(width=160, record=True, quiet=True)
    show(console, [report])
    show_month_ends(console, month_ends_of_lights(ledger(9)))
    assert report.projects == SMALL
    assert {"compile", "terms", "lights", "document"} < report.whole.keys()
    assert all(took > 0 for took in report.whole.values())


def test_the_ledger_of_corrections_differs_in_one_row_of_a_hundred(facts: Facts) -> None:
    for name, column in CHANGED.items():
        assert column not in KEYS.get(name, ())
        given, changed = facts.tables[name], revised(facts.tables[name], column)
        pairs = zip(given.to_pylist(), changed.to_pylist(), strict=True)
        assert [n for n, (one, other) in enumerate(pairs) if one != other] == [
            *range(0, given.num_rows, EVERY)
        ]
