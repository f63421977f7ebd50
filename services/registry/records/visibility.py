"""Visibility of records to a caller, and validity at a moment: conditions for `WHERE`.

What a row belongs to, its kind declares (`shared.facts.belonging`); a caller sees what belongs to
its region, or in it to its unit. Ids are of an office, so they are compared in pairs.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple, assert_never

import sqlalchemy as sa

from services.registry.tables import METADATA, RECORD_TABLES, SCHEMA, region_expression
from shared.facts.belonging import (
    PROJECT_ID,
    PROJECTS,
    UNIT_ID,
    UNITS,
    Belonging,
    OfAnyProject,
    OfOffice,
    OfProject,
    OfProjectOrUnit,
    OfRegion,
    OfUnit,
    Through,
)
from shared.facts.tables import FACT_KINDS
from shared.http.tokens import Caller, Role
from shared.offices import region_prefix

Condition = sa.ColumnElement[bool]
VOIDS = METADATA.tables[f"{SCHEMA}.voids"]
VOIDED_RECORDS = METADATA.tables[f"{SCHEMA}.voided_records"]
ID_SEPARATOR = sa.literal_column("':'", sa.Text())
QUALIFIED_PATTERN = sa.literal_column("'^[0-9]{6}:'", sa.Text())
OFFICE_LENGTH = sa.literal_column("6", sa.Integer())
PLAIN_ID_START = sa.literal_column("8", sa.Integer())
ZERO = sa.literal_column("0", sa.Integer())


class Including(Enum):
    """What stands beside the current records where a history is asked for."""

    voided = "voided"


KnownMoment = datetime | Including | None  # None is now


class ScopeValues(NamedTuple):
    """A scope as values of SQL."""

    region: sa.ColumnElement[str]
    office: sa.ColumnElement[str]
    role: sa.ColumnElement[str]
    unit_id: sa.ColumnElement[Any]
    authority_unit_id: sa.ColumnElement[Any]


# Scope of a statement that is built once, for every caller: its values come as parameters.
SCOPE_PARAMETERS = ScopeValues(
    sa.bindparam("scope_region", type_=sa.Text()),
    sa.bindparam("scope_office", type_=sa.Text()),
    sa.bindparam("scope_role", type_=sa.Text()),
    sa.bindparam("scope_unit", type_=sa.Text()),
    sa.bindparam("scope_authority", type_=sa.Text()),
)


def text_or_null(value: str | None) -> sa.ColumnElement[Any]:
    return sa.null() if value is None else sa.literal(value, sa.Text())


@dataclass(frozen=True)
class Scope:
    """Records that a caller may see: of a region, by its code's prefix, and of one unit or all.

    `office` is the caller's, whose unit it is. `authority_unit_id` is set for an approval bureau,
    which sees the permits that it grants, and of the rest only the projects that permits may be of.
    """

    region: str = ""
    unit_id: str | None = None
    authority_unit_id: str | None = None
    office: str = ""
    role: Role = Role.office

    @property
    def values(self) -> dict[str, str | None]:
        """Values of `SCOPE_PARAMETERS`."""
        return {
            "scope_region": self.region,
            "scope_office": self.office,
            "scope_role": self.role,
            "scope_unit": self.unit_id,
            "scope_authority": self.authority_unit_id,
        }

    def covers(self, office: str) -> bool:
        """Whether all of an office is in it; of no office, whether everything is."""
        if self.unit_id is not None or self.authority_unit_id is not None:
            return False
        return region_prefix(office).startswith(self.region)

    @property
    def literal(self) -> ScopeValues:
        return ScopeValues(
            text_or_null(self.region),
            text_or_null(self.office),
            text_or_null(self.role),
            text_or_null(self.unit_id),
            text_or_null(self.authority_unit_id),
        )


def caller_scope(who: Caller) -> Scope:
    """Build the scope of a caller; which kinds of facts it may read, routes say by role."""
    scope = Scope(who.region, office=who.office, role=who.role)
    if who.role is Role.approval:
        return replace(scope, authority_unit_id=who.only_unit)
    return replace(scope, unit_id=who.only_unit)


def validity_condition(table: sa.FromClause, known_at: datetime | None = None) -> Condition:
    """Condition for rows that are current, or were at a moment."""
    rows = table.c
    if known_at is None:
        return rows.superseded_at.is_(None)
    return (rows.recorded_at <= known_at) & (
        rows.superseded_at.is_(None) | (rows.superseded_at > known_at)
    )


def is_void(name: str, table: sa.FromClause) -> Condition:
    """Condition for versions of a kind that were voided, which nobody took back."""
    void = VOIDED_RECORDS.alias(f"void_{name}")
    query = sa.select(void.c.version).join(VOIDS, VOIDS.c.id == void.c.void_id)
    return query.where(
        void.c.kind == sa.literal_column(f"'{name}'"),
        void.c.version == table.c.version,
        VOIDS.c.taken_back_at.is_(None),
    ).exists()


def known_condition(name: str, table: sa.FromClause, known_at: KnownMoment) -> Condition:
    """Condition for rows of a kind that are current, were at a moment, or were until a void."""
    if isinstance(known_at, Including):
        return validity_condition(table) | is_void(name, table)
    return validity_condition(table, known_at)


def scope_condition(name: str, scope: Scope, known_at: KnownMoment = None) -> Condition:
    """Condition for rows of a scope, by the projects and units current or known at a moment."""
    return sa.or_(*visibility_conditions(name, RECORD_TABLES[name], scope.literal, known_at))


def visibility_conditions(
    name: str,
    table: sa.FromClause,
    scope: ScopeValues = SCOPE_PARAMETERS,
    known_at: KnownMoment = None,
) -> list[Condition]:
    """Conditions by which rows are of a scope; no row meets two of them.

    `table` is anything that has the columns of the record table. The conditions are apart so that
    the database can use an index of its own for each.
    """
    belongs = FACT_KINDS[name].belongs
    may = sa.and_(sa.true(), *role_conditions(belongs, table, scope))
    return [may & each for each in belonging_conditions(belongs, table, scope, known_at)]


def belonging_conditions(
    belongs: Belonging, table: sa.FromClause, scope: ScopeValues, known_at: KnownMoment
) -> list[Condition]:
    """Conditions by what a row belongs to."""
    rows = table.c
    match belongs:
        case OfRegion(unit=unit):
            in_region = region_expression(table).startswith(scope.region)
            if unit is None:
                return [in_region]
            return [in_region & unit_condition(rows.office, rows[unit], scope)]
        case OfOffice():
            return [of_office(table, scope)]
        case OfUnit():
            return [is_visible(UNITS, rows.office, rows[UNIT_ID], scope, known_at)]
        case OfProject():
            return [is_visible(PROJECTS, rows.office, rows[PROJECT_ID], scope, known_at)]
        case OfProjectOrUnit(unit=name):
            project, unit_column = rows[PROJECT_ID], rows[name]
            alone = project.is_(None)
            return [
                is_visible(PROJECTS, rows.office, project, scope, known_at),
                alone & is_visible(UNITS, rows.office, unit_column, scope, known_at),
                alone & unit_column.is_(None) & of_office(table, scope) & scope.unit_id.is_(None),
            ]
        case OfAnyProject(projects=listed):
            named = is_any_visible(PROJECTS, rows.office, rows[listed], scope, known_at)
            none = sa.func.cardinality(rows[listed]) == ZERO
            return [named, none & of_office(table, scope) & scope.unit_id.is_(None)]
        case Through(kind=above, column=column):
            return [is_visible(above, rows.office, rows[column], scope, known_at)]
    assert_never(belongs)


def role_conditions(
    belongs: Belonging, table: sa.FromClause, scope: ScopeValues
) -> list[Condition]:
    """Conditions by the caller's role: readers of a kind, and what an approval bureau grants.

    Units and projects, by which all else is found, have none.
    """
    conditions: list[Condition] = []
    if belongs.readers:
        conditions.append(scope.role.in_([sa.literal_column(f"'{r}'") for r in belongs.readers]))
    if isinstance(belongs, OfRegion) and belongs.unit:
        return conditions
    for_others = scope.authority_unit_id.is_(None)
    if belongs.granted_by is None:
        return [*conditions, for_others]
    granting = table.c[belongs.granted_by]
    ours = same_unit(table.c.office, granting, scope.office, scope.authority_unit_id)
    return [*conditions, for_others | ours]


def of_office(table: sa.FromClause, scope: ScopeValues) -> Condition:
    """Condition for what is of an office as a whole: of one in the region, or that it is in.

    A township's callers have the county's office, and see what is of it.
    """
    office: sa.ColumnElement[str] = table.c.office
    return office.startswith(scope.region) | scope.region.startswith(office)


def unit_condition(
    office: sa.ColumnElement[str], unit: sa.ColumnElement[str], scope: ScopeValues
) -> Condition:
    return scope.unit_id.is_(None) | same_unit(office, unit, scope.office, scope.unit_id)


def same_unit(
    office: sa.ColumnElement[str],
    unit: sa.ColumnElement[str],
    its_office: sa.ColumnElement[str],
    its_id: sa.ColumnElement[Any],
) -> Condition:
    """Condition for rows that name a unit: plain in its own office, qualified in one below."""
    qualified = unit == its_office.concat(ID_SEPARATOR).concat(its_id)
    return ((unit == its_id) & (office == its_office)) | qualified


def is_visible(
    name: str,
    office: sa.ColumnElement[str],
    stored: sa.ColumnElement[str],
    scope: ScopeValues,
    known_at: KnownMoment,
) -> Condition:
    """Condition for rows whose reference to another kind leads to something of the scope."""
    pair = (office, stored)
    if name == UNITS:  # which may be of an office above
        is_qualified = stored.regexp_match(QUALIFIED_PATTERN)
        of_office = sa.case((is_qualified, sa.func.left(stored, OFFICE_LENGTH)), else_=office)
        plain = sa.case((is_qualified, sa.func.substr(stored, PLAIN_ID_START)), else_=stored)
        pair = (of_office, plain)
    return sa.tuple_(*pair).in_(visible_keys_query(name, scope, known_at))


def is_any_visible(
    name: str,
    office: sa.ColumnElement[str],
    listed: sa.ColumnElement[Any],
    scope: ScopeValues,
    known_at: KnownMoment,
) -> Condition:
    """Condition for rows of whose list of references one leads to something of the scope."""
    referred = RECORD_TABLES[name].alias(f"listed_{name}")
    visible = sa.or_(*visibility_conditions(name, referred, scope, known_at))
    (key,) = FACT_KINDS[name].key
    same = (referred.c.office == office) & (referred.c[key] == sa.any_(listed))
    query = sa.select(referred.c.office).where(
        same, known_condition(name, referred, known_at), visible
    )
    return query.exists()


def visible_keys_query(
    name: str, scope: ScopeValues, known_at: KnownMoment
) -> sa.Select[tuple[str, str]]:
    """Query of the offices and keys of what a scope has of a kind."""
    table = RECORD_TABLES[name]
    visible = sa.or_(*visibility_conditions(name, table, scope, known_at))
    (key,) = FACT_KINDS[name].key
    return sa.select(table.c.office, table.c[key]).where(
        known_condition(name, table, known_at), visible
    )
