"""Visibility: runs of the caller's region, projects of its unit, drafts for the office."""

from shared.http.tokens import REGION_WIDE, Caller, Role
from shared.problems import NotFound

DRAFT_READERS = REGION_WIDE
# of lights, drill-downs, schemes
PROJECT_READERS = DRAFT_READERS | {Role.unit, Role.leader, Role.field}
# of runs and rankings; most see only those published
RESULT_READERS = PROJECT_READERS | {Role.viewer}


def resolve_region(region: str | None, who: Caller) -> str:
    """The caller's region or one within it. Raises NotFound for any other."""
    resolved = who.region if region is None else region
    if not resolved.startswith(who.region):
        raise NotFound(f"没有区域 {resolved}", f"There is no region {resolved}.")
    return resolved


def resolve_unit(unit_id: str | None, who: Caller) -> str | None:
    """The unit whose projects to show, or None for all; a confined caller's own.

    Raises NotFound where a caller confined to a unit names another one.
    """
    if who.only_unit is None:
        return unit_id
    if unit_id not in (None, who.only_unit):
        raise NotFound(f"没有单位 {unit_id}", f"There is no unit {unit_id}.")
    return who.only_unit
