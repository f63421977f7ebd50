"""The published language: the tables of facts, and a whole ledger in columns.

One frozen model per table of the ledger; its fields, in order, are the columns. A field's title is
its Chinese header and its annotation its type, so that only the models know a column.
Money is whole yuan (`*_yuan`), dates are civil dates, `None` is unknown and never zero.

`Facts` holds a whole ledger in columns (Arrow), because the engine sums columns and a province
has millions of rows; `rows` gives one table as models, for rules that read a project at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

from shared.facts.belonging import Through
from shared.facts.columns import Column, ColumnType
from shared.facts.kind import Fact, FactKind
from shared.facts.money_and_statistics import FUNDS, INDICATORS
from shared.facts.projects import (
    MILESTONES,
    PAUSES,
    PERMITS,
    PLANS,
    PROBLEMS,
    PROGRESS,
    PROJECTS,
    UNITS,
)

if TYPE_CHECKING:
    import pyarrow as pa

# In the order of a ledger; a new kind is appended. Digests, packed imports and kept facts go by
# name, so that one more changes nothing of before.
FACT_KINDS: Mapping[str, FactKind] = {
    kind.name: kind
    for kind in (
        UNITS,
        PROJECTS,
        PLANS,
        MILESTONES,
        PROGRESS,
        PERMITS,
        FUNDS,
        PROBLEMS,
        PAUSES,
        INDICATORS,
    )
}
FACT_COLUMNS: Mapping[str, tuple[Column, ...]] = {k.name: k.columns for k in FACT_KINDS.values()}


def allowed_readers(kind: FactKind) -> tuple[str, ...]:
    """Roles that may see a kind: its own, of those of what it belongs to; none is every reader."""
    belongs = kind.belongs
    above = allowed_readers(FACT_KINDS[belongs.kind]) if isinstance(belongs, Through) else ()
    if not (belongs.readers and above):
        return belongs.readers or above
    return tuple(role for role in belongs.readers if role in above)


def sheet_title(name: str) -> str:
    """The title of the sheet of a kind; of any other sheet its own name."""
    return FACT_KINDS[name].zh if name in FACT_KINDS else name


F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class Facts:
    """A ledger in columns: every table of `FACT_KINDS`, with the columns of its model."""

    tables: Mapping[str, "pa.Table"]

    @classmethod
    def from_columns(cls, columns: Mapping[str, Mapping[str, list[Any]]]) -> Self:
        """Facts from columns by table; what is missing is blank, values are not checked."""
        return cls(
            {
                table: build_arrow_table(FACT_COLUMNS[table], columns.get(table, {}))
                for table in FACT_KINDS
            }
        )

    @classmethod
    def from_rows(cls, rows: Mapping[str, list[dict[str, Any]]]) -> Self:
        """Facts from rows by table; a key that a row lacks is blank."""
        return cls.from_columns(
            {
                table: {
                    c.name: [row.get(c.name, c.kind.blank) for row in table_rows]
                    for c in FACT_COLUMNS[table]
                }
                for table, table_rows in rows.items()
            }
        )

    @property
    def present(self) -> Mapping[str, "pa.Table"]:
        """The tables without the optional ones that are empty."""
        return {n: t for n, t in self.tables.items() if not FACT_KINDS[n].optional or t.num_rows}

    def rows(self, model: type[F]) -> list[F]:
        """One table as models, not checked again: the ledger was checked when it came in."""
        table = next(name for name, kind in FACT_KINDS.items() if kind.model is model)
        rows: list[dict[str, Any]] = self.tables[table].to_pylist()
        for name in (
            column.name for column in FACT_COLUMNS[table] if column.kind is ColumnType.words
        ):
            for row in rows:
                row[name] = tuple(row[name])
        return [model.model_construct(None, **row) for row in rows]


def build_arrow_table(columns: tuple[Column, ...], values: Mapping[str, list[Any]]) -> "pa.Table":
    """One table; a missing column is blank, which for a list is the empty list."""
    import pyarrow as pa  # not at the top: checking a ledger does without it

    length = len(next(iter(values.values()), []))
    return pa.table(
        {
            column.name: pa.array(
                values.get(column.name, [column.kind.blank] * length), column.kind.arrow
            )
            for column in columns
        }
    )


class UnknownFacts(ValueError):
    """Facts kept earlier in a table or a column that the models no longer have."""


def complete_columns(name: str, kept: "pa.Table") -> "pa.Table":
    """A table kept earlier, its columns read by name: one that was not known then is blank.

    Raises UnknownFacts.
    """
    import pyarrow as pa

    if name not in FACT_KINDS:
        raise UnknownFacts(f"模型里已没有 {name} 表 (the models no longer have the table {name})")
    columns = {column.name: column.kind for column in FACT_COLUMNS[name]}
    if unknown := [column for column in kept.column_names if column not in columns]:
        names = ", ".join(unknown)
        raise UnknownFacts(
            f"{name} 表的模型里已没有 {names} 列 (table {name} no longer has the column {names})"
        )
    empty = build_arrow_table(FACT_COLUMNS[name], {})
    for column in empty.schema:
        if column.name not in kept.column_names:
            blank = [columns[column.name].blank] * kept.num_rows
            kept = kept.append_column(column, pa.array(blank, column.type))
    return kept.select(empty.column_names).cast(empty.schema)
