"""The bench itself: its two queries say the same, and its report can be made. No times here."""

from io import StringIO

import pytest
from rich.console import Console

from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts
from tests.bench.__main__ import show, show_month_ends
from tests.bench.imports import CHANGED, EVERY, revised
from tests.bench.ledgers import ledger
from tests.bench.limits import Limit, limits
from tests.bench.measurements import month_ends_of_lights, pairs
from tests.bench.pandas_user import text
from tests.bench.separate_process import measured
from tests.bench.whole_pass import one_pass

SMALL = 200


@pytest.fixture(scope="module")
def facts() -> Facts:
    return ledger(SMALL)


def test_the_ledger_has_every_table_with_its_columns_and_rows(facts: Facts) -> None:
    for name, table in facts.tables.items():
        assert [field.name for field in table.schema] == [c.name for c in FACT_COLUMNS[name]]
        assert [field.type for field in table.schema] == [c.kind.arrow for c in FACT_COLUMNS[name]]
        assert table.num_rows > 0 or FACT_KINDS[name].optional
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


def test_a_user_of_pandas_writes_the_same_document(facts: Facts) -> None:
    assert text(facts).encode() == one_pass(facts)


def test_the_report_can_be_made_and_read() -> None:
    found = measured(SMALL, rounds=1)
    shown = StringIO()
    console = Console(width=160, file=shown)
    show(console, [found])
    show_month_ends(console, month_ends_of_lights(ledger(9)))
    assert found.report.projects == SMALL
    assert {"compile", "terms and lights", "document"} < found.report.whole.keys()
    assert all(took > 0 for took in found.report.whole.values())
    assert all(megabytes > 0 for megabytes in found.memory.values())
    assert [limit.what for limit in limits([found])] == [
        "metric query, compiled ÷ by hand",
        "whole pass, pandas ÷ ours",
        "ranking anew ÷ whole pass",
        "ranking from kept terms ÷ whole pass",
        "ranking counties ÷ whole pass",
        "peak memory, MB",
        "whole pass ÷ that of a tenth",
    ]
    assert "whole pass, pandas ÷ ours" in shown.getvalue()


def test_a_limit_is_met_from_its_own_side() -> None:
    assert Limit(500, "a share", 1.15, 1.15).holds
    assert not Limit(500, "a share", 1.16, 1.15).holds
    assert Limit(500, "as fast", 1.5, 1.5, at_least=True).holds
    assert not Limit(500, "as fast", 1.4, 1.5, at_least=True).holds


def test_the_ledger_of_corrections_differs_in_one_row_of_a_hundred(facts: Facts) -> None:
    for name, column in CHANGED.items():
        assert column not in FACT_KINDS[name].key
        given, changed = facts.tables[name], revised(facts.tables[name], column)
        pairs = zip(given.to_pylist(), changed.to_pylist(), strict=True)
        assert [n for n, (one, other) in enumerate(pairs) if one != other] == [
            *range(0, given.num_rows, EVERY)
        ]
