"""Visibility of records to a caller, and validity at a moment: conditions for `WHERE`."""

from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.registry.tables import RECORD_TABLES, region_expression
from shared.http.tokens import Caller, Role

# Column of the unit that a row without a project belongs to.
ANSWERING_UNIT = MappingProxyType({"funds": "unit_id", "problems": "handler_unit_id"})


class ScopeValues(NamedTuple):
    """A scope as values of SQL."""

    region: sa.ColumnElement[str]
    unit_id: sa.ColumnElement[Any]
    authority_unit_id: sa.ColumnElement[Any]


# Scope of a statement that is built once, for every caller: its values come as parameters.
SCOPE_PARAMETERS = ScopeValues(
    sa.bindparam("scope_region", type_=sa.Text()),
    sa.bindparam("scope_unit", type_=sa.Text()),
    sa.bindparam("scope_authority", type_=sa.Text()),
)


def text_or_null(value: str | None) -> sa.ColumnElement[Any]:
    return sa.null() if value is None else sa.literal(value, sa.Text())


@dataclass(frozen=True)
class Scope:
    """Records that a caller may see: of a region, by its code's prefix, and of one unit or all.

    `authority_unit_id` is set for an approval bureau, which sees the permits that it grants, and
    of the rest only the projects that permits may be of.
    """

    region: str = ""
    unit_id: str | None = None
    authority_unit_id: str | None = None

    @property
    def values(self) -> dict[str, str | None]:
        """Values of `SCOPE_PARAMETERS`."""
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
    """Build the scope of a caller; which kinds of facts it may read, routes say by role."""
    if who.role is Role.approval:
        return Scope(who.region, authority_unit_id=who.only_unit)
    return Scope(who.region, who.only_unit)


def narrow_scope(scope: Scope, region: str) -> Scope | None:
    """Restrict a scope to a region; None when they have nothing in common."""
    if region.startswith(scope.region):
        return replace(scope, region=region)
    return scope if scope.region.startswith(region) else None


def validity_condition(name: str, known_at: datetime | None = None) -> sa.ColumnElement[bool]:
    """Condition for rows that are current, or were at a moment."""
    rows = RECORD_TABLES[name].c
    if known_at is None:
        return rows.superseded_at.is_(None)
    return (rows.recorded_at <= known_at) & (
        rows.superseded_at.is_(None) | (rows.superseded_at > known_at)
    )


def scope_condition(
    name: str, scope: Scope, known_at: datetime | None = None
) -> sa.ColumnElement[bool]:
    """Condition for rows of a scope, by the projects and units current or known at a moment."""
    if scope == EVERYTHING:
        return sa.true()
    return sa.or_(*visibility_conditions(name, RECORD_TABLES[name], scope.literal, known_at))


def visibility_conditions(
    name: str,
    table: sa.FromClause,
    scope: ScopeValues = SCOPE_PARAMETERS,
    known_at: datetime | None = None,
) -> list[sa.ColumnElement[bool]]:
    """Conditions by which rows are of a scope; no row meets two of them.

    `table` is anything that has the columns of the record table. The conditions are apart so that
    the database can use an index of its own for each.
    """
    rows = table.c
    if name in ("units", "projects"):
        return [
            region_expression(table).startswith(scope.region) & unit_condition(rows.unit_id, scope)
        ]
    may = authority_condition(name, rows, scope)
    if name == "indicators":  # of the whole region, whatever the caller's unit
        return [may & region_expression(table).startswith(scope.region)]
    of_project = may & rows.project_id.in_(visible_keys_query("projects", scope, known_at))
    if name not in ANSWERING_UNIT:
        return [of_project]
    unit, alone = rows[ANSWERING_UNIT[name]], may & rows.project_id.is_(None)
    in_region = rows.recorded_for.startswith(scope.region) & scope.unit_id.is_(None)
    return [
        of_project,
        alone & unit.in_(visible_keys_query("units", scope, known_at)),
        alone & unit.is_(None) & in_region,
    ]


def authority_condition(name: str, rows: Any, scope: ScopeValues) -> sa.ColumnElement[bool]:
    """Condition for the records that an approval bureau may see: the permits that it grants."""
    for_others = scope.authority_unit_id.is_(None)
    if name != "permits":
        return for_others
    ours: sa.ColumnElement[bool] = rows.authority_unit_id == scope.authority_unit_id
    return for_others | ours


def unit_condition(unit: sa.ColumnElement[str], scope: ScopeValues) -> sa.ColumnElement[bool]:
    return scope.unit_id.is_(None) | (unit == scope.unit_id)


def visible_keys_query(
    name: str, scope: ScopeValues, known_at: datetime | None
) -> sa.Select[tuple[str]]:
    """Query of the keys of the units or projects of a scope."""
    (visible,) = visibility_conditions(name, RECORD_TABLES[name], scope, known_at)
    key = RECORD_TABLES[name].c["unit_id" if name == "units" else "project_id"]
    return sa.select(key).where(validity_condition(name, known_at), visible)
