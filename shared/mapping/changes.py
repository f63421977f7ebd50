"""Changes that a part of a ledger makes to facts: what is new, changed, unchanged, not mentioned.

Here they are of facts in memory, for the command line; the registry compares in its database. The
same rules hold: an absent column leaves what is stored, rows without a key go by their match.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.facts.belonging import PROJECTS
from shared.facts.columns import Column, ColumnType
from shared.facts.packed_facts import LedgerPart
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts
from shared.mapping.records import Key, Row

Rows = dict[Key, list[Row]]


class ChangedSince(Exception):
    """Records of an import that something else has changed since, by table."""

    def __init__(self, keys: Mapping[str, Sequence[Key]]) -> None:
        self.keys = keys
        super().__init__(", ".join(keys))


@dataclass(frozen=True)
class ValueChange:
    """A value that changes, for people; `row` is that of the file."""

    row: int | None
    key: Key
    column: str
    title: str
    before: str
    after: str


@dataclass(frozen=True)
class TableChanges:
    """What changes in one table: keys that are new, values that change, counts of the others.

    `not_mentioned` are stored projects that the file leaves out.
    """

    table: str
    new: Sequence[Key]
    changed: Sequence[ValueChange]
    changed_records: int
    unchanged: int
    not_mentioned: Sequence[Key]


def compare_part(part: LedgerPart, stored: Facts) -> list[TableChanges]:
    """The changes that a part makes to stored facts, by table."""
    merged = merge_part(part, stored)
    return [compare_table(name, part, stored, merged) for name in part.tables]


def compare_table(name: str, part: LedgerPart, stored: Facts, merged: Facts) -> TableChanges:
    before, after = group_rows(name, stored), group_rows(name, merged)
    numbers = row_numbers(name, part)
    new, changed = list[Key](), list[ValueChange]()
    records = unchanged = 0
    for key in numbers:
        if key not in before:
            new.append(key)
        elif same_rows(before[key], after[key]):
            unchanged += 1
        else:
            records += 1
            changed += value_changes(name, key, before[key], after[key], numbers[key])
    left = [key for key in before if key not in numbers] if name == PROJECTS else []
    return TableChanges(name, new, changed, records, unchanged, left)


def value_changes(
    name: str, key: Key, before: Sequence[Row], after: Sequence[Row], row: int | None
) -> Iterator[ValueChange]:
    """The values of a record that differ; of rows without a key each that comes or goes."""
    for column in FACT_COLUMNS[name]:
        olds, news = [r[column.name] for r in before], [r[column.name] for r in after]
        if olds != news:
            texts = (
                "、".join(show_value(column, value) for value in side) for side in (olds, news)
            )
            yield ValueChange(row, key, column.name, column.title, *texts)


def show_value(column: Column, value: Any) -> str:
    """A value for people: words by their labels, amounts in 万元."""
    if value is None or value == []:
        return ""
    labels = column.words.labels() if column.words else {}
    match column.kind:
        case ColumnType.words:
            return "、".join(labels.get(word, word) for word in value)
        case ColumnType.yuan:
            whole, rest = divmod(value, 10_000)
            return f"{whole:,}" + (f".{rest:04}".rstrip("0") if rest else "") + "万元"
        case ColumnType.flag:
            return "是" if value else "否"
        case _:
            return labels.get(value, str(value))


def group_rows(name: str, facts: Facts) -> Rows:
    """The rows of a table by key, or by what they are compared by."""
    parts, found = FACT_KINDS[name].match_key, Rows()
    for row in facts.tables[name].to_pylist():
        found.setdefault(tuple(row[part] for part in parts), []).append(row)
    return found


def row_numbers(name: str, part: LedgerPart) -> dict[Key, int | None]:
    parts, found = FACT_KINDS[name].match_key, dict[Key, int | None]()
    for index, row in enumerate(part.facts.tables[name].to_pylist()):
        found.setdefault(tuple(row[p] for p in parts), part.number(name, index))
    return found


def same_rows(one: Sequence[Row], other: Sequence[Row]) -> bool:
    return one == other or sorted(map(repr, one)) == sorted(map(repr, other))


def merge_part(part: LedgerPart, stored: Facts) -> Facts:
    """The facts after a part is merged into them: records in their place, new ones at the end."""
    tables = dict(stored.tables)
    for name in part.tables:
        rows = group_rows(name, stored)
        absent = part.absent(name) if FACT_KINDS[name].key else ()
        for key, coming in group_rows(name, part.facts).items():
            kept = {c: rows[key][0][c] for c in absent} if key in rows else {}
            said = {c: row[c] for row in coming for c in absent if row[c] not in (None, [])}
            rows[key] = [row | kept | said for row in coming]
        tables[name] = build_table(name, rows)
    return Facts(tables)


def build_table(name: str, rows: Rows) -> Any:
    flat = [row for group in rows.values() for row in group]
    return Facts.from_rows({name: flat}).tables[name]


def undo_part(before: Facts, after: Facts, now: Facts) -> Facts:
    """Take back what made `after` of `before`, from the facts of now. Raises ChangedSince."""
    tables, conflicts = dict(now.tables), dict[str, list[Key]]()
    for name in FACT_KINDS:
        old, new, rows = (group_rows(name, facts) for facts in (before, after, now))
        touched = [
            key for key in {**old, **new} if not same_rows(old.get(key, []), new.get(key, []))
        ]
        changed = [key for key in touched if not same_rows(new.get(key, []), rows.get(key, []))]
        if changed:
            conflicts[name] = changed
        for key in touched:
            if key in old:
                rows[key] = old[key]
            else:
                rows.pop(key, None)
        if touched:
            tables[name] = build_table(name, rows)
    if conflicts:
        raise ChangedSince(conflicts)
    return Facts(tables)
