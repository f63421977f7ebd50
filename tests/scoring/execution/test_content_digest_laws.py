"""The digest of facts knows what they say, not the order or the layout; and the first form."""

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.execution import row_order
from services.scoring.execution.content_digest import digest_as_stored, digest_facts
from services.scoring.execution.row_order import order_rows
from services.scoring.execution.sequence_digest import digest_row_sequence
from shared.facts.columns import ColumnType
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts
from tests.bench.ledgers import ledger as made_up
from tests.scoring.service.conftest import ledger

TEXTS = st.text(st.sampled_from("ab \x00项é𝕏\n"), max_size=3)
VALUES: dict[ColumnType, st.SearchStrategy[Any]] = {
    ColumnType.text: TEXTS,
    ColumnType.word: TEXTS,
    ColumnType.words: st.lists(TEXTS, max_size=2),
    ColumnType.flag: st.booleans(),
    ColumnType.day: st.dates(),
    ColumnType.yuan: st.integers(-(2**63), 2**63 - 1),
    ColumnType.year: st.integers(2021, 2023),
    ColumnType.percent: st.decimals(-999, 999, places=4),
    ColumnType.figure: st.decimals(-(10**9), 10**9, places=4),
}
TABLES = ("units", "projects", "milestones", "progress", "funds", "indicators")
Rows = list[dict[str, Any]]


@st.composite
def some_rows(draw: st.DrawFn, table: str) -> Rows:
    """Rows of a few values, so that keys and whole rows are often alike."""
    columns = {
        c.name: [c.kind.blank, *draw(st.lists(VALUES[c.kind], min_size=1, max_size=2))]
        for c in FACT_COLUMNS[table]
    }
    row = st.fixed_dictionaries({name: st.sampled_from(few) for name, few in columns.items()})
    return draw(st.lists(row, max_size=8))


@st.composite
def some_facts(draw: st.DrawFn) -> dict[str, Rows]:
    return {table: draw(some_rows(table)) for table in draw(st.sets(st.sampled_from(TABLES)))}


def in_chunks(draw: st.DrawFn, table: pa.Table) -> pa.Table:
    cut = draw(st.integers(0, table.num_rows))
    parts = [table.slice(0, cut), table.slice(cut, 0), table.slice(cut)]
    return pa.concat_tables(pa.Table.from_batches(p.to_batches(), table.schema) for p in parts)


@given(some_facts(), st.data())
def test_order_layout_and_what_is_blank_do_not_count(rows: dict[str, Rows], data: Any) -> None:
    facts, tables = Facts.from_rows(rows), {}
    for name, table in facts.tables.items():
        mixed = table.take(pa.array(data.draw(st.permutations(range(table.num_rows))), pa.int64()))
        mixed = mixed.select(data.draw(st.permutations(mixed.column_names)))
        for column, kind in (("aaa", pa.int64()), ("zzz", pa.list_(pa.string()))):
            mixed = mixed.append_column(column, pa.nulls(mixed.num_rows, kind))
        tables[name] = in_chunks(data.draw, mixed)
    empty = data.draw(st.sampled_from(["assignments", "zones"]))
    other = Facts({**tables, empty: pa.table({"project_id": pa.array([], pa.string())})})
    assert digest_facts(other) == digest_facts(facts)


@given(some_facts().filter(lambda rows: any(rows.values())), st.data())
def test_a_cell_and_a_row_count(rows: dict[str, Rows], data: Any) -> None:
    table = data.draw(st.sampled_from([name for name, found in rows.items() if found]))
    at = data.draw(st.integers(0, len(rows[table]) - 1))
    column = data.draw(st.sampled_from(FACT_COLUMNS[table]))
    row, before = rows[table][at], rows[table]
    value = data.draw(VALUES[column.kind].filter(lambda value: value != row[column.name]))
    changed = [*before[:at], {**row, column.name: value}, *before[at + 1 :]]
    others = [changed, before[:at] + before[at + 1 :], [*before, row]]
    digests = {digest_facts(Facts.from_rows({**rows, table: found})) for found in others}
    assert digest_facts(Facts.from_rows(rows)) not in digests
    assert len(digests) == len({str(sorted(map(str, found))) for found in others})


@pytest.mark.parametrize("table", TABLES)
@settings(max_examples=40)
@given(data=st.data())
def test_rows_are_in_the_order_of_key_and_values(table: str, data: Any) -> None:
    facts = Facts.from_rows({table: data.draw(some_rows(table))}).tables[table]
    columns = [*FACT_KINDS[table].key]
    columns += sorted(set(facts.column_names).difference(columns))

    def rank(row: dict[str, Any]) -> list[Any]:
        return [(row[c] is not None, row[c] if row[c] is not None else 0) for c in columns]

    assert order_rows(table, facts).in_order.to_pylist() == sorted(facts.to_pylist(), key=rank)


def test_what_does_not_fit_one_array_is_taken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = ledger("county")
    mixed = Facts(
        {n: t.take(pc.sort_indices(pc.random(t.num_rows))) for n, t in facts.tables.items()}
    )
    expected = digest_facts(facts)
    monkeypatch.setattr(row_order, "ROWS_AT_ONCE", 7)
    monkeypatch.setattr(row_order, "MAX_TEXT_BYTES", 0)
    assert digest_facts(mixed) == expected
    assert row_order.order_facts(mixed).tables["projects"].schema == facts.tables["projects"].schema


def test_many_rows_are_ordered_by_more_than_one_digit() -> None:
    facts = made_up(5_000).tables["progress"]
    mixed = facts.take(pc.sort_indices(pc.random(facts.num_rows, initializer=1)))
    by_key = facts.sort_by([("project_id", "ascending"), ("as_of", "ascending")])
    assert order_rows("progress", mixed).in_order.to_pylist() == by_key.to_pylist()


def test_one_value_has_one_digest_for_ever() -> None:
    row = {"project_id": "P1", "as_of": date(2022, 6, 30), "physical_pct": Decimal("12.5")}
    facts = Facts.from_rows({"progress": [row], "units": [{"unit_id": "U1", "name": "发改局"}]})
    of_rows = "2:91b943e31c83f92b696d61f500eabf3d33076d5e77f4747c510208cd3e91e3e7"
    of_none = "2:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest_facts(facts) == of_rows
    assert digest_facts(Facts.from_columns({})) == of_none


# --- the first form

FIRST_FORM = {
    "county": "96da7f5c75ef147c5ab6c87425e2bfdccbbf4604145d199edb14757c40b68e74",
    "small": "a4969edfb8faf1c1abe0fc5f74894ecc1b6291e6029813dd1134efb676b93148",
}


@pytest.mark.parametrize("name", FIRST_FORM)
def test_facts_have_the_first_digest_that_they_had(name: str) -> None:
    facts = ledger(name)
    assert digest_row_sequence(facts) == FIRST_FORM[name]
    assert digest_as_stored(FIRST_FORM[name], facts) == FIRST_FORM[name]
    assert digest_as_stored("2:", facts) == digest_facts(facts)


def test_a_column_and_a_table_of_later_count_in_it_once_they_hold_something() -> None:
    facts = ledger("small")

    def later(value: str | None, rows: int) -> str:
        units = facts.tables["units"]
        units = units.add_column(1, "manager", [pa.array([value] * units.num_rows, pa.string())])
        zones = pa.table({"zone_id": pa.array(["Z"] * rows, pa.string())})
        return digest_row_sequence(Facts({**facts.tables, "units": units, "zones": zones}))

    assert later(None, 0) == FIRST_FORM["small"]
    assert len({later("x", 0), later(None, 1), later(None, 0)}) == 3


def test_the_order_of_rows_counts_in_it() -> None:
    facts = ledger("small")
    units = facts.tables["units"]
    turned = units.take(pa.array(range(units.num_rows - 1, -1, -1)))
    assert digest_row_sequence(Facts({**facts.tables, "units": turned})) != FIRST_FORM["small"]
