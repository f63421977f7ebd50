"""Which records a caller may see, and which were known at a moment: conditions for `WHERE`."""

from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.registry.tables import RECORD_TABLES, region_expression
from shared.http.tokens import Caller, Role

# Whose a row is that names no project.
ANSWERING_UNIT = MappingProxyType({"funds": "unit_id", "problems": "handler_unit_id"})


class ScopeValues(NamedTuple):
    """A scope as values of SQL."""

    region: sa.ColumnElement[str]
    unit_id: sa.ColumnElement[Any]
    authority_unit_id: sa.ColumnElement[Any]


# The scope of a statement that is made once, for every caller: its values come as parameters.
SCOPE_PARAMETERS = ScopeValues(
    sa.bindparam("scope_region", type_=sa.Text()),
    sa.bindparam("scope_unit", type_=sa.Text()),
    sa.bindparam("scope_authority", type_=sa.Text()),
)


def text_or_null(value: str | None) -> sa.ColumnElement[Any]:
    return sa.null() if value is None else sa.literal(value, sa.Text())


@dataclass(frozen=True)
class Scope:
    """A region, by the prefix of its code, and within it one unit, or all of them.

    `authority_unit_id` is an approval bureau's: the permits that it grants, and nothing else but
    which projects there are for them to be of.
    """

    region: str = ""
    unit_id: str | None = None
    authority_unit_id: str | None = None

    @property
    def values(self) -> dict[str, str | None]:
        """What the parameters of `SCOPE_PARAMETERS` stand for."""
        return {
            "scope_region": self.region,
            "scope_unit": self.unit_id,
            "scope_authority": self.authority_unit_id,
        }

    @property
    def literal(self) -> ScopeValues:
        return ScopeValues(
            text_or_null(self.region),
            text_or_null(self.unit_id),
            text_or_null(self.authority_unit_id),
        )


EVERYTHING = Scope()


def caller_scope(who: Caller) -> Scope:
    """What a caller may see; routes say by role of which kinds of facts."""
    if who.role is Role.approval:
        return Scope(who.region, authority_unit_id=who.only_unit)
    return Scope(who.region, who.only_unit)


def narrow_scope(scope: Scope, region: str) -> Scope | None:
    """The part of a scope within a region; None when they have nothing in common."""
    if region.startswith(scope.region):
        return replace(scope, region=region)
    return scope if scope.region.startswith(region) else None


def validity_condition(name: str, at: datetime | None = None) -> sa.ColumnElement[bool]:
    """The rows that are current, or were at a moment."""
    rows = RECORD_TABLES[name].c
    if at is None:
        return rows.superseded_at.is_(None)
    return (rows.recorded_at <= at) & (rows.superseded_at.is_(None) | (rows.superseded_at > at))


def scope_condition(name: str, scope: Scope, at: datetime | None = None) -> sa.ColumnElement[bool]:
    """The rows of a scope, by the projects and units that were current, or known at a moment."""
    if scope == EVERYTHING:
        return sa.true()
    return sa.or_(*visibility_conditions(name, RECORD_TABLES[name], scope.literal, at))


def visibility_conditions(
    name: str,
    table: sa.FromClause,
    whose: ScopeValues = SCOPE_PARAMETERS,
    at: datetime | None = None,
) -> list[sa.ColumnElement[bool]]:
    """How a row of what has the columns of the table may be of a scope; each row in one way only.

    They are told apart so that the database can go each way by an index of its own.
    """
    rows = table.c
    if name in ("units", "projects"):
        return [
            region_expression(table).startswith(whose.region) & unit_condition(rows.unit_id, whose)
        ]
    may = authority_condition(name, rows, whose)
    if name == "indicators":  # of the region as a whole, whoever's unit the caller is of
        return [may & region_expression(table).startswith(whose.region)]
    of_project = may & rows.project_id.in_(visible_keys_query("projects", whose, at))
    if name not in ANSWERING_UNIT:
        return [of_project]
    unit, alone = rows[ANSWERING_UNIT[name]], may & rows.project_id.is_(None)
    in_region = rows.recorded_for.startswith(whose.region) & whose.unit_id.is_(None)
    return [
        of_project,
        alone & unit.in_(visible_keys_query("units", whose, at)),
        alone & unit.is_(None) & in_region,
    ]


def authority_condition(name: str, rows: Any, whose: ScopeValues) -> sa.ColumnElement[bool]:
    """Of an approval bureau are the permits that it grants, of others all."""
    for_others = whose.authority_unit_id.is_(None)
    if name != "permits":
        return for_others
    ours: sa.ColumnElement[bool] = rows.authority_unit_id == whose.authority_unit_id
    return for_others | ours


def unit_condition(unit: sa.ColumnElement[str], whose: ScopeValues) -> sa.ColumnElement[bool]:
    return whose.unit_id.is_(None) | (unit == whose.unit_id)


def visible_keys_query(name: str, whose: ScopeValues, at: datetime | None) -> sa.Select[tuple[str]]:
    """The keys of the units or projects of a scope."""
    (seen,) = visibility_conditions(name, RECORD_TABLES[name], whose, at)
    key = RECORD_TABLES[name].c["unit_id" if name == "units" else "project_id"]
    return sa.select(key).where(validity_condition(name, at), seen)
