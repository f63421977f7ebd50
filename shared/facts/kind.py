"""Kinds of facts: one declaration a kind, from which all else about it derives.

A kind is declared beside its model, and listed once, in `shared.facts.tables`. Its ledger file and
sheet, its table with history, its statements, its columns in a formula and in a what-if question
follow from the declaration; who may read and write it over HTTP, the registry's list says.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field

from shared.facts.belonging import PROJECTS, UNITS, Belonging
from shared.facts.columns import MAX_REFERENCE_LENGTH, Column, TableReference, model_columns


class Fact(BaseModel):
    """One row of one table."""

    model_config = ConfigDict(frozen=True, extra="forbid")


REFERENCE_LENGTH = Field(max_length=MAX_REFERENCE_LENGTH)
UnitId = Annotated[str, REFERENCE_LENGTH, TableReference(UNITS)]
ProjectId = Annotated[str, REFERENCE_LENGTH, TableReference(PROJECTS)]


class CheckedRows(Protocol):
    """The rows of a ledger that a rule checks."""

    def rows(self, *names: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Each row, from 0, whose cells in these columns could all be read."""
        ...


class Violation(NamedTuple):
    """A row that breaks a rule: the code of the finding, the row from 0, the column to look at."""

    code: str
    row: int
    column: str
    details: Mapping[str, object] = MappingProxyType({})


RowRule = Callable[[CheckedRows], Iterator[Violation]]


@dataclass(frozen=True)
class FactKind:
    """Declaration of a kind of fact.

    `name` is its table, its file in a ledger and its resource, `zh` its sheet. Of the rows with one
    `key` one is current; a kind without a key has `match`, columns by which its rows are compared
    and corrected together. An `optional` kind is not written, counted or kept where it is empty.
    `rules` check its rows. `searched` are columns in which a search looks: the name, then codes. A
    kind is never taken out of the list, only appended.
    """

    model: type[Fact]
    name: str
    zh: str
    key: tuple[str, ...] = ()
    belongs: Belonging = field(kw_only=True)
    match: tuple[str, ...] = ()
    optional: bool = False
    rules: tuple[RowRule, ...] = ()
    searched: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.searched and self.model.model_fields[self.searched[0]].default is None:
            raise ValueError(f"{self.name}: the name that is searched has to be a required column")

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns that the model declares, in its order."""
        return model_columns(self.model)

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def past_days(self) -> tuple[str, ...]:
        """The columns of days on which something has happened."""
        return tuple(column.name for column in self.columns if column.is_past)

    @property
    def match_key(self) -> tuple[str, ...]:
        """The key, or of a kind without one the columns by which its rows are compared."""
        return self.key or self.match

    @property
    def id_columns(self) -> tuple[str, ...]:
        """Columns that hold ids of an office: the kind's own, and those that it refers to."""
        own = self.key if len(self.key) == 1 else ()
        return tuple(c.name for c in self.columns if c.refers or c.name in own)
