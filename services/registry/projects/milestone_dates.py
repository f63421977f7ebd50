"""Dates of a project's milestones as they stand today, in SQL, and whether one is overdue.

The planned date in force is that of the latest row decided so far which has one; a milestone is met
by its latest actual date so far. Letters and lights go by the same dates.
"""

from services.registry.records.resource import ComputedFilter
from services.registry.records.statements import rows_of_project_sql
from shared.facts.projects import MILESTONES
from shared.facts.words import MilestoneKind

TODAY = "%(today)s::date"
TERMINATED = MilestoneKind.terminated.value
DECIDED = "coalesce(decided_on, '-infinity')"


def milestone_dates_sql(project: str) -> str:
    """Query of `kind` and the dates of it, of the project of a row of that name."""
    return f"""
        SELECT kind,
            (array_agg(planned_on ORDER BY {DECIDED} DESC)
                FILTER (WHERE planned_on IS NOT NULL AND {DECIDED} <= {TODAY}))[1] AS planned_on,
            (array_agg(planned_on ORDER BY {DECIDED})
                FILTER (WHERE planned_on IS NOT NULL))[1] AS original_on,
            max(actual_on) FILTER (WHERE actual_on <= {TODAY}) AS actual_on
        FROM ({rows_of_project_sql(MILESTONES.name, project)}) AS dated GROUP BY kind"""


def overdue_sql(project: str) -> str:
    """Condition for a project that is not terminated and has a planned date before today unmet."""
    return f"""coalesce((
        SELECT bool_or(kind <> '{TERMINATED}' AND planned_on < {TODAY} AND actual_on IS NULL)
            AND NOT bool_or(kind = '{TERMINATED}' AND actual_on IS NOT NULL)
        FROM ({milestone_dates_sql(project)}) AS dates), false)"""


OVERDUE = ComputedFilter(
    "overdue",
    "是否逾期",
    "有节点的计划日期在今天之前而未实现；已终止的项目不算",
    overdue_sql("registry.projects"),
)
