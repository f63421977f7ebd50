"""Addresses and ids: the office that a question is about, and how ids are read and written in it.

A row stores the ids of its own office plain, and those of units of offices above qualified. An
address may name either; an answer has those of the office in question plain, all others qualified.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from services.registry.records.visibility import (
    ID_SEPARATOR,
    OFFICE_LENGTH,
    PLAIN_ID_START,
    QUALIFIED_PATTERN,
    Scope,
    caller_scope,
)
from shared.facts.belonging import UNITS
from shared.facts.columns import Column, ColumnType
from shared.facts.kind import FactKind
from shared.http.questions import QuestionParameters, nothing_of
from shared.http.tokens import Caller
from shared.offices import is_above, parse_id, region_prefix

LIST_SEPARATOR = sa.literal_column(r"E'\x1f'", sa.Text())  # no id has it


@dataclass(frozen=True)
class RecordQuestion:
    """A question about records, and what its caller may see of them.

    `office` is that of `shared.http.questions.Question`, whose ids are plain in the answer;
    `rows_of` the office whose rows a list has, of a region all that are in the scope.
    """

    office: str
    scope: Scope

    @property
    def values(self) -> dict[str, str | None]:
        """Parameters of a statement."""
        return {**self.scope.values, "asked": self.office, "rows_of": self.rows_of}

    @property
    def is_in_sight(self) -> bool:
        """Whether the office in question is the caller's own, below it or above it."""
        own = self.scope.office
        below = region_prefix(self.office).startswith(self.scope.region)
        return self.office == own or below or is_above(self.office, own)

    @property
    def rows_of(self) -> str | None:
        return self.office or None


def resolve_record_question(asks: QuestionParameters, who: Caller) -> RecordQuestion:
    """Resolve the parameters of a request. Raises NotFound for a region outside the caller's."""
    question = asks.resolve(who)
    return RecordQuestion(question.office, replace(caller_scope(who), region=question.region))


def narrow_question(question: RecordQuestion, region: str) -> RecordQuestion:
    """The same question about what is in a region. Raises NotFound for one out of its scope."""
    if question.scope.region.startswith(region):
        return question
    if not region.startswith(question.scope.region):
        raise nothing_of(region)
    return replace(question, scope=replace(question.scope, region=region))


# --- ids that are sent ---------------------------------------------------------------------------


def parse_address(
    kind: FactKind, columns: Mapping[str, Any], question: RecordQuestion, who: Caller
) -> dict[str, Any]:
    """Parse the ids of an address: plain, and in `office` the code of the office whose they are.

    A plain id is of the office in question, else of the caller's own.
    """
    base = question.office or who.office
    found, office = dict(columns), base
    for name in kind.id_columns:
        if isinstance(columns.get(name), str):
            office, found[name] = parse_id(columns[name], base)
    return {**found, "office": office}


def parse_filters(
    kind: FactKind, columns: Mapping[str, Any], question: RecordQuestion, who: Caller
) -> dict[str, Any]:
    """Parse the ids of filters: each plain, and in `office_of_…` the office whose it is."""
    found = dict(columns)
    for name in set(kind.id_columns) & columns.keys():
        office, found[name] = parse_id(columns[name] or "", question.office or who.office)
        found[f"office_of_{name}"] = office
        found[name] = found[name] or None
    return found


def store_references(
    kind: FactKind, values: Mapping[str, Any], office: str
) -> tuple[dict[str, Any], list[Column]]:
    """The values as a row of an office stores its references, and the columns that it may not have.

    Ids of the office are plain; of another only units of offices above may be named.
    """
    stored, refused = dict(values), []
    for column in kind.columns:
        if not column.refers or not values[column.name]:
            continue
        value = values[column.name]
        parsed = [parse_id(each, office) for each in ([value] if isinstance(value, str) else value)]
        if any(
            other != office and (column.refers != UNITS or not is_above(other, office))
            for other, _ in parsed
        ):
            refused.append(column)
            continue
        ids = [plain if other == office else f"{other}:{plain}" for other, plain in parsed]
        stored[column.name] = ids[0] if isinstance(value, str) else ids
    return stored, refused


def reference_values(kind: FactKind, values: Mapping[str, Any], office: str) -> dict[str, Any]:
    """Parameters by which the rows that stored references lead to are found."""
    found: dict[str, Any] = {}
    for column in kind.columns:
        if column.refers and column.kind is not ColumnType.words:
            pair = parse_id(values[column.name] or "", office)
            found[f"office_of_{column.name}"], found[f"id_of_{column.name}"] = pair
    return found


# --- ids that are answered -----------------------------------------------------------------------


def written_id(
    rows: sa.FromClause, kind: FactKind, column: Column, asked: sa.ColumnElement[str]
) -> sa.ColumnElement[Any]:
    """Expression of a column as an answer has it; ids are plain or qualified."""
    stored, office = rows.c[column.name], rows.c.office
    if column.name not in kind.id_columns:
        return stored
    prefix = office.concat(ID_SEPARATOR)
    if column.kind is ColumnType.words:
        between = LIST_SEPARATOR.concat(prefix)
        joined = prefix.concat(sa.func.array_to_string(stored, between))
        qualified = sa.func.string_to_array(joined, LIST_SEPARATOR)
        is_plain = (office == asked) | (sa.func.cardinality(stored) == sa.literal_column("0"))
        return sa.case((is_plain, stored), else_=qualified)
    own = sa.case((office == asked, stored), else_=prefix.concat(stored))
    if column.refers != UNITS:
        return own
    of_asked = sa.func.left(stored, OFFICE_LENGTH) == asked
    above = sa.case((of_asked, sa.func.substr(stored, PLAIN_ID_START)), else_=stored)
    return sa.case((stored.regexp_match(QUALIFIED_PATTERN), above), else_=own)
