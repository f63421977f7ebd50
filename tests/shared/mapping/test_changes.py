"""Changes of facts by a part of a ledger, and taking them back."""

from datetime import date
from typing import Any

import pytest

from shared.facts.packed_facts import LedgerPart
from shared.facts.tables import Facts
from shared.mapping.changes import ChangedSince, compare_part, merge_part, undo_part
from shared.mapping.records import Row

DAY = date(2022, 9, 30)


def facts(**tables: list[Row]) -> Facts:
    return Facts.from_rows(tables)


def part(table: str, columns: tuple[str, ...], *rows: tuple[Any, ...]) -> LedgerPart:
    made = [dict(zip(columns, row, strict=True)) for row in rows]
    headers = {table: {name: name for name in columns}}
    return LedgerPart(facts(**{table: made}), headers, {table: [*range(5, 5 + len(rows))]})


def said(row: Row) -> Row:
    return {name: value for name, value in row.items() if value not in (None, [])}


def rows_of(found: Facts, table: str) -> list[Row]:
    return [said(row) for row in found.tables[table].to_pylist()]


PLANS = facts(
    plans=[
        {"project_id": "P001", "year": 2022, "planned_yuan": 60, "prior_invested_yuan": 5},
        {"project_id": "P002", "year": 2022, "planned_yuan": 40},
    ]
)
KEY = ("project_id", "year", "planned_yuan")


def test_an_absent_column_stays_and_a_blank_goes_blank() -> None:
    merged = merge_part(part("plans", KEY, ("P001", 2022, None), ("P003", 2022, 7)), PLANS)
    assert rows_of(merged, "plans") == [
        {"project_id": "P001", "year": 2022, "prior_invested_yuan": 5},
        {"project_id": "P002", "year": 2022, "planned_yuan": 40},
        {"project_id": "P003", "year": 2022, "planned_yuan": 7},
    ]


def test_changes_are_told_by_record_and_value() -> None:
    coming = part("plans", KEY, ("P001", 2022, 70), ("P003", 2022, 7))
    (found,) = compare_part(coming, PLANS)
    assert found.new == [("P003", 2022)]
    assert found.not_mentioned == []
    assert (found.changed_records, found.unchanged) == (1, 0)
    (value,) = found.changed
    assert (value.row, value.key, value.column) == (5, ("P001", 2022), "planned_yuan")
    assert (value.before, value.after) == ("0.006万元", "0.007万元")


def test_rows_without_a_key_replace_those_of_their_match() -> None:
    fund: Row = {"project_id": "P001", "source": "bank_loan", "event": "paid", "on": DAY}
    stored = facts(funds=[{**fund, "amount_yuan": 1}, {**fund, "amount_yuan": 2}])
    columns = ("unit_id", "project_id", "source", "event", "amount_yuan", "on")
    coming = part("funds", columns, (None, "P001", "bank_loan", "paid", 5, DAY))
    merged = merge_part(coming, stored)
    assert [row["amount_yuan"] for row in rows_of(merged, "funds")] == [5]


def test_undo_leaves_what_others_wrote_meanwhile() -> None:
    after = merge_part(part("plans", KEY, ("P001", 2022, 70), ("P003", 2022, 7)), PLANS)
    now = merge_part(part("plans", KEY, ("P002", 2022, 41)), after)
    undone = undo_part(PLANS, after, now)
    amounts = {row["project_id"]: row["planned_yuan"] for row in rows_of(undone, "plans")}
    assert amounts == {"P001": 60, "P002": 41}


def test_undo_is_refused_where_a_record_of_the_import_was_changed_since() -> None:
    after = merge_part(part("plans", KEY, ("P001", 2022, 70)), PLANS)
    now = merge_part(part("plans", KEY, ("P001", 2022, 71)), after)
    with pytest.raises(ChangedSince) as caught:
        undo_part(PLANS, after, now)
    assert caught.value.keys == {"plans": [("P001", 2022)]}
