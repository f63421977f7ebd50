"""The card of a project in one statement: its head, and what hangs on it, each part as it is seen.

Every part asks for the rows of its kind by the conditions of who may see them, as their own lists
do. Lists on it are bounded and texts cut, so that it stays small.
"""

from services.registry.projects.milestone_dates import TODAY, milestone_dates_sql
from services.registry.projects.schemas import CARD, CARD_ZH, PermitState, ProjectCard
from services.registry.records.addresses import written_id
from services.registry.records.resource import View
from services.registry.records.statements import (
    ASKED,
    CURRENT_SQL,
    expression_sql,
    response_column_sql,
    rows_of_project_sql,
    visible_rows_sql,
)
from services.registry.tables import RECORD_TABLES
from shared.facts.kind import FactKind
from shared.facts.money_and_statistics import FUNDS
from shared.facts.projects import (
    CURVE_COLUMNS,
    PAUSES,
    PERMITS,
    PLANS,
    PROBLEMS,
    PROGRESS,
    PROJECTS,
    UNITS,
)
from shared.facts.words import FundEvent, MilestoneKind

MAX_PERMITS, MAX_PROBLEMS = 30, 10
NOTE_LENGTH, TEXT_LENGTH = 100, 60  # characters of a note, of other texts
HEAD = (  # columns of the project; after some stands the name of what they lead to
    *("office", "version", "project_id", "national_code", "name", "region_code", "unit_id"),
    *("unit_name", "competent_unit_id", "competent_unit_name", "owner_name", "nature"),
    *("key_levels", "programs", "total_investment_yuan"),
)
QUALIFIED = "~ '^[0-9]{6}:'"
FOUND = "found"  # the name of the project's row


def rows_sql(kind: FactKind) -> str:
    return f"({rows_of_project_sql(kind.name, FOUND)}) AS {kind.name}"


def one_sql(query: str) -> str:
    return f"(SELECT row_to_json(one) FROM ({query} LIMIT 1) AS one)"


def list_sql(query: str) -> str:
    return f"array_to_json(ARRAY(SELECT row_to_json(one) FROM ({query}) AS one))"


def head_sql(column: str) -> str:
    """A column of the head."""
    if column.endswith("unit_name"):
        return f"{unit_name_sql(column.removesuffix('_name') + '_id')} AS {column}"
    return column if column in ("office", "version") else response_column_sql(PROJECTS, column)


def unit_name_sql(column: str) -> str:
    """Name of the unit that a column names, which may be of an office above."""
    unit = f"{FOUND}.{column}"
    office = f"CASE WHEN {unit} {QUALIFIED} THEN left({unit}, 6) ELSE {FOUND}.office END"
    plain = f"CASE WHEN {unit} {QUALIFIED} THEN substr({unit}, 8) ELSE {unit} END"
    rows = visible_rows_sql(UNITS.name, CURRENT_SQL, f"office = {office}", f"unit_id = {plain}")
    return f"(SELECT name FROM ({rows}) AS unit)"


def problem_id_sql() -> str:
    """The id of a problem as the office in question writes it."""
    column = next(column for column in PROBLEMS.columns if column.name in PROBLEMS.key)
    rows = RECORD_TABLES[PROBLEMS.name].alias("open")
    return expression_sql(written_id(rows, PROBLEMS, column, ASKED))


YEAR, MONTH = f"extract(year FROM {TODAY})::int", f"extract(month FROM {TODAY})::int"
THIS_YEAR = f"SELECT * FROM {rows_sql(PLANS)} WHERE year = {YEAR}"
CURVE = f"ARRAY[{', '.join(CURVE_COLUMNS)}]"


def cumulative_sql(month: str) -> str:
    """The plan up to the end of a month, 0 of January's beginning: its curve, or evenly spread."""
    even = f"round(planned_yuan::numeric * {month} / 12)::bigint"
    return f"CASE WHEN {month} = 0 THEN 0 ELSE coalesce(({CURVE})[{month}], {even}) END"


# As scoring reckons time progress: by the day within a month.
DAYS_OF_MONTH = f"extract(day FROM date_trunc('month', {TODAY}) + interval '1 month - 1 day')"
DUE = f"""round({cumulative_sql(f"({MONTH} - 1)")} + ({cumulative_sql(MONTH)}
    - {cumulative_sql(f"({MONTH} - 1)")}) * extract(day FROM {TODAY}) / {DAYS_OF_MONTH})::bigint"""
PLAN = one_sql(f"""
    SELECT year, planned_yuan, prior_invested_yuan, {DUE} AS due_yuan FROM ({THIS_YEAR}) AS plan""")
REPORTED = f"""
    SELECT DISTINCT ON (extract(month FROM as_of)) extract(month FROM as_of)::int AS month, as_of,
        invested_ytd_yuan
    FROM {rows_sql(PROGRESS)} WHERE extract(year FROM as_of) = {YEAR} AND as_of <= {TODAY}
    ORDER BY extract(month FROM as_of), as_of DESC"""
MONTHS = list_sql(f"""
    SELECT month, {cumulative_sql("month")} AS planned_yuan, as_of, invested_ytd_yuan
    FROM generate_series(1, 12) AS month LEFT JOIN ({THIS_YEAR}) AS plan ON true
        LEFT JOIN ({REPORTED}) AS reported USING (month)
    WHERE plan.year IS NOT NULL OR reported.as_of IS NOT NULL ORDER BY month""")
LATEST_PROGRESS = one_sql(f"""
    SELECT as_of, invested_ytd_yuan, physical_pct::text AS physical_pct,
        (SELECT round(invested_ytd_yuan::numeric / nullif(planned_yuan, 0), 4)::text
         FROM {rows_sql(PLANS)} WHERE year = extract(year FROM as_of)) AS completion,
        left(note, {NOTE_LENGTH}) AS note
    FROM {rows_sql(PROGRESS)} WHERE as_of <= {TODAY} ORDER BY as_of DESC""")
KIND_ORDER = f"array_position(ARRAY[{', '.join(repr(kind.value) for kind in MilestoneKind)}], kind)"
MILESTONE_DATES = list_sql(f"""
    SELECT * FROM ({milestone_dates_sql(FOUND)}) AS dates ORDER BY {KIND_ORDER}""")
PERMIT_STATES = list_sql(f"""
    SELECT kind, stage, CASE WHEN granted_on <= {TODAY} THEN '{PermitState.granted.value}'
            WHEN needed IS NOT TRUE THEN '{PermitState.not_needed.value}'
            WHEN due_on < {TODAY} THEN '{PermitState.overdue.value}'
            WHEN applied_on <= {TODAY} THEN '{PermitState.applied.value}'
            ELSE '{PermitState.not_applied.value}' END AS state, due_on, granted_on
    FROM {rows_sql(PERMITS)} ORDER BY due_on, kind, stage LIMIT {MAX_PERMITS}""")
SUMS = ", ".join(
    f"sum(amount_yuan) FILTER (WHERE event = '{event.value}') AS {event.value}_yuan"
    for event in FundEvent
)
FUND_TOTALS = list_sql(f"""
    SELECT source, {SUMS} FROM {rows_sql(FUNDS)} GROUP BY source ORDER BY source""")
OPEN = f"(closed_on IS NULL OR closed_on > {TODAY})"
OPEN_PROBLEMS = f"(SELECT count(*) FROM {rows_sql(PROBLEMS)} WHERE {OPEN})"
PROBLEM_LIST = list_sql(f"""
    SELECT {problem_id_sql()} AS problem_id, left(summary, {TEXT_LENGTH}) AS summary, level,
        raised_on
    FROM ({rows_of_project_sql(PROBLEMS.name, FOUND)}) AS open WHERE {OPEN}
    ORDER BY raised_on, version LIMIT {MAX_PROBLEMS}""")
PAUSE = one_sql(f"""
    SELECT from_on, to_on, left(reason, {TEXT_LENGTH}) AS reason, approved FROM {rows_sql(PAUSES)}
    WHERE from_on <= {TODAY} AND (to_on IS NULL OR to_on >= {TODAY})
    ORDER BY from_on DESC, version""")
PARTS = {
    "plan": PLAN,
    "progress": LATEST_PROGRESS,
    "months": MONTHS,
    "milestones": MILESTONE_DATES,
    "permits": PERMIT_STATES,
    "funds": FUND_TOTALS,
    "open_problems": OPEN_PROBLEMS,
    "problems": PROBLEM_LIST,
    "pause": PAUSE,
}
CARD_SQL = f"""(SELECT row_to_json(card) FROM (SELECT '{CARD}' AS view, {TODAY} AS today,
    {", ".join(map(head_sql, HEAD))},
    {", ".join(f"{part} AS {name}" for name, part in PARTS.items())}) AS card)"""
PROJECT_CARD = View(CARD, CARD_ZH, ProjectCard, CARD_SQL)
