"""Which records a caller may see, and which were known at a moment: conditions for `WHERE`."""

from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

import sqlalchemy as sa

from services.registry.tables import RECORDS
from shared.tokens import Caller, Role

# Whose a row is that names no project.
ANSWERING_UNIT = MappingProxyType({"funds": "unit_id", "problems": "handler_unit_id"})


@dataclass(frozen=True)
class Scope:
    """A region, by the prefix of its code, and within it one unit, or all of them.

    `authority_unit_id` is an approval bureau's: the permits that it grants, and nothing else but
    which projects there are for them to be of.
    """

    region: str = ""
    unit_id: str | None = None
    authority_unit_id: str | None = None


EVERYTHING = Scope()


def scope_of(who: Caller) -> Scope:
    """What a caller may see; routes say by role of which kinds of facts."""
    if who.role is Role.approval:
        return Scope(who.region, authority_unit_id=who.only_unit)
    return Scope(who.region, who.only_unit)


def narrowed(scope: Scope, region: str) -> Scope | None:
    """The part of a scope within a region; None when they have nothing in common."""
    if region.startswith(scope.region):
        return replace(scope, region=region)
    return scope if scope.region.startswith(region) else None


def valid(name: str, at: datetime | None = None) -> sa.ColumnElement[bool]:
    """The rows that are current, or were at a moment."""
    rows = RECORDS[name].c
    if at is None:
        return rows.superseded_at.is_(None)
    return (rows.recorded_at <= at) & (rows.superseded_at.is_(None) | (rows.superseded_at > at))


def within(name: str, scope: Scope, at: datetime | None = None) -> sa.ColumnElement[bool]:
    """The rows of a scope, by the projects and units that were current, or known at a moment."""
    if scope == EVERYTHING:
        return sa.true()
    rows = RECORDS[name].c
    in_region = rows.recorded_for.startswith(scope.region)
    if name in ("units", "projects"):
        in_region = sa.func.coalesce(rows.region_code, rows.recorded_for).startswith(scope.region)
        return in_region & of_unit(rows.unit_id, scope)
    of_project = rows.project_id.in_(keys("projects", scope, at))
    if scope.authority_unit_id is not None:
        ours = (
            rows.authority_unit_id == scope.authority_unit_id if name == "permits" else sa.false()
        )
        return of_project & ours
    if name not in ANSWERING_UNIT:
        return of_project
    unit = rows[ANSWERING_UNIT[name]]
    return sa.case(
        (rows.project_id.is_not(None), of_project),
        (unit.is_not(None), unit.in_(keys("units", scope, at))),
        else_=in_region & sa.literal(scope.unit_id is None),
    )


def of_unit(unit: sa.ColumnElement[str], scope: Scope) -> sa.ColumnElement[bool]:
    return sa.true() if scope.unit_id is None else unit == scope.unit_id


def keys(name: str, scope: Scope, at: datetime | None) -> sa.Select[tuple[str]]:
    """The keys of the units or projects of a scope."""
    key = RECORDS[name].c["unit_id" if name == "units" else "project_id"]
    return sa.select(key).where(valid(name, at), within(name, scope, at))
