"""What exists for a caller: runs of its region, its own unit's projects, drafts for the office."""

from shared.http.tokens import REGION_WIDE, Caller, Role
from shared.problems import NotFound

DRAFT_READERS = REGION_WIDE
PROJECT_READERS = DRAFT_READERS | {
    Role.unit,
    Role.leader,
    Role.field,
}  # lights, drill-downs, schemes
RESULT_READERS = PROJECT_READERS | {
    Role.viewer
}  # of runs and rankings; most see only those published


def resolve_region(region: str | None, who: Caller) -> str:
    """The caller's region or one within it; any other does not exist for the caller."""
    asked = who.region if region is None else region
    if not asked.startswith(who.region):
        raise NotFound(f"没有区域 {asked}", f"There is no region {asked}.")
    return asked


def resolve_unit(unit_id: str | None, who: Caller) -> str | None:
    """Whose projects to show: whoever is confined to a unit sees its own and no other's."""
    if who.only_unit is None:
        return unit_id
    if unit_id not in (None, who.only_unit):
        raise NotFound(f"没有单位 {unit_id}", f"There is no unit {unit_id}.")
    return who.only_unit
