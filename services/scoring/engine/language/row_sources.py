"""Row sources: the rows of a table, each with the project whose row it is, as SQL.

Most tables have a column `project_id`. A row that lists projects is a row of each of them; one that
belongs to something else is a row of what that belongs to.
"""

from functools import cache

from shared.facts.belonging import PROJECT_ID, OfAnyProject, OfProject, OfProjectOrUnit, Through
from shared.facts.tables import FACT_KINDS


@cache
def has_project_rows(table: str) -> bool:
    """Whether rows of a table are a project's, and may be picked from or counted."""
    belongs = FACT_KINDS[table].belongs if table in FACT_KINDS else None
    if isinstance(belongs, Through):
        return has_project_rows(belongs.kind)
    return isinstance(belongs, OfProject | OfProjectOrUnit | OfAnyProject)


@cache
def project_rows_sql(table: str) -> str:
    """SQL of the rows of a table, named as the table, with a column `project_id`."""
    belongs = FACT_KINDS[table].belongs
    if isinstance(belongs, OfAnyProject):
        listed = f'unnest("{belongs.projects}") AS {PROJECT_ID}'
        return f"(SELECT *, {listed} FROM {table}) AS {table}"
    if isinstance(belongs, Through):
        (key,) = FACT_KINDS[belongs.kind].key
        above, condition = belongs.kind, f"{belongs.kind}.{key} = {table}.{belongs.column}"
        joined = f"{table} JOIN {project_rows_sql(above)} ON {condition}"
        return f"(SELECT {table}.*, {above}.{PROJECT_ID} FROM {joined}) AS {table}"
    return table


PROJECT_ROW_TABLES = tuple(filter(has_project_rows, FACT_KINDS))
