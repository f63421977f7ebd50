"""What exists for a caller: runs of its region, its own unit's projects, drafts for the office."""

from shared.problems import NotFound
from shared.tokens import Caller, Role

SEES_DRAFTS = frozenset({Role.office, Role.inspector})
READERS = frozenset(Role) - {Role.approval}  # of runs; most see only those published


def region_asked(region: str | None, who: Caller) -> str:
    """The caller's region or one within it; any other does not exist for the caller."""
    asked = who.region if region is None else region
    if not asked.startswith(who.region):
        raise NotFound(f"没有区域 {asked}", f"There is no region {asked}.")
    return asked


def unit_asked(unit_id: str | None, who: Caller) -> str | None:
    """Whose projects to show: a unit sees its own and no other's."""
    if who.role is not Role.unit:
        return unit_id
    if unit_id not in (None, who.unit_id):
        raise NotFound(f"没有单位 {unit_id}", f"There is no unit {unit_id}.")
    return who.unit_id or ""
