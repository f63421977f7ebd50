"""The tile of a project on a wall: a few columns, with names, and the section of its industry."""

from services.registry.projects.head import head_sql
from services.registry.projects.schemas import TILE, TILE_ZH, ProjectTile
from services.registry.records.resource import View
from shared.facts.sectors import LAST_DIVISION, Sector

COLUMNS = (
    *("office", "version", "project_id", "name", "region_code", "unit_id", "unit_name"),
    *("competent_unit_id", "competent_unit_name", "nature", "key_levels", "programs"),
    "total_investment_yuan",
)
CODE = "upper(btrim(industry_code))"
DIVISIONS = " ".join(f"WHEN division <= {last} THEN '{of}'" for last, of in LAST_DIVISION.items())
# As `parse_sector` has it; of what is no code of the standard there is none.
SECTOR = f"""CASE
    WHEN {CODE} ~ '^[{Sector.A}-{Sector.T}]' THEN left({CODE}, 1)
    WHEN {CODE} ~ '^[0-9]{{2}}' THEN (
        SELECT CASE WHEN division = 0 THEN NULL {DIVISIONS} END
        FROM (SELECT left({CODE}, 2)::int AS division) AS code)
    END"""
NAMES = " ".join(f"WHEN '{sector.value}' THEN '{sector.label}'" for sector in Sector)
TILE_SQL = f"""(SELECT row_to_json(tile) FROM (SELECT '{TILE}' AS view,
    {", ".join(map(head_sql, COLUMNS))},
    {SECTOR} AS sector, CASE {SECTOR} {NAMES} END AS sector_name) AS tile)"""
PROJECT_TILE = View(TILE, TILE_ZH, ProjectTile, TILE_SQL)
