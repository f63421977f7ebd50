"""A made-up ledger of any size for measuring: the same size gives the same ledger.

Made by SQL straight into columns, because a million projects as models would take longer to make
than to score. Chance is the hash of a row's key and a word, so that no draw moves another.
"""

import duckdb
import pyarrow as pa

from services.scoring.execution.duckdb import NO_PROGRESS_BAR
from shared.facts.columns import Column
from shared.facts.tables import FACT_COLUMNS, Facts

YEAR = 2022
PROJECTS_PER_UNIT = 33
FEWEST_UNITS = 8

# `roll` throws a die of so many sides, from 0 on; `pick` takes a word of a list by it.
MACROS = """
CREATE MACRO roll(key, word, sides) AS CAST(hash(key, word) % sides AS BIGINT);
CREATE MACRO pick(key, word, list) AS list[1 + roll(key, word, len(list))];
CREATE MACRO maybe(key, word, percent, value) AS
    CASE WHEN roll(key, word, 100) < percent THEN value END;
"""

UNITS = """
SELECT format('U{:07d}', n) AS unit_id, '单位' || n AS name, kind, kind || 's' AS "group"
FROM (SELECT range AS n, ['department', 'township', 'zone'][1 + range % 3] AS kind
      FROM range($units))
"""

# A project's own row, with what its other rows are made from: the day of its first step (`born`,
# from mid-2019 to the end of the year), its plan, and its pace in percent of the plan.
COURSES = """
CREATE TABLE courses AS
SELECT n, format('P{:08d}', n) AS project_id,
    format('U{:07d}', roll(n, 'unit', $units)) AS unit_id,
    '项目' || n AS name,
    pick(n, 'nature', ['new', 'new', 'new', 'continuing', 'continuing', 'preliminary', 'reserve'])
        AS nature,
    pick(n, 'levels', [[], [], ['county'], ['city'], ['province', 'city']]) AS key_levels,
    pick(n, 'programs', [[], ['special_bond'], ['three_batches', 'shoring_up']]) AS programs,
    pick(n, 'industrial', [TRUE, TRUE, FALSE, NULL]) AS is_industrial,
    pick(n, 'attracted', [TRUE, FALSE, NULL]) AS is_attracted,
    total AS total_investment_yuan,
    maybe(n, 'contract', 80, total // 2 + roll(n, 'contracted', 1000)) AS contract_yuan,
    DATE '2019-06-01' + CAST(roll(n, 'born', 1300) AS INTEGER) AS born,
    maybe(n, 'plan', 97, total // (2 + roll(n, 'years', 4))) AS planned_yuan,
    40 + roll(n, 'pace', 80) AS pace
FROM (SELECT range AS n,
          (1 + roll(range, 'size', 99)) * pick(range, 'scale', [100_000, 3_000_000, 20_000_000,
              150_000_000]) + roll(range, 'odd', 1000) AS total
      FROM range($projects))
"""

PROJECTS = """
SELECT project_id, name, unit_id, nature, key_levels, programs, is_industrial, is_attracted,
    contract_yuan, total_investment_yuan
FROM courses
"""

# Three of ten have a curve that climbs slowly and then fast.
CURVE = ", ".join(
    f"maybe(n, 'curve', 30, planned_yuan * {month * (month + 1)} // 156) AS m{month:02}"
    for month in range(1, 13)
)
PLANS = f"SELECT project_id, {YEAR} AS year, planned_yuan, {CURVE} FROM courses"

# Six steps that every project has (a continuing one resumes), at most one more, and now and then a
# revision; when each was to happen in months after the start of all, and how many in 100 did.
MILESTONES = """
WITH steps AS (
    SELECT unnest(['signed', 'initiated', 'landed', 'started', 'pooled', 'in_production'])
        AS kind, unnest([0, 3, 6, 9, 11, 26]) AS after_months, unnest([90, 85, 80, 70, 60, 40])
        AS done
), usual AS (
    SELECT courses.*, 1 AS turn, after_months, done,
        CASE WHEN kind = 'landed' AND nature = 'continuing' THEN 'resumed' ELSE kind END AS kind
    FROM courses, steps
), further AS (
    SELECT courses.*, 1 AS turn, 28 AS after_months, 35 AS done,
        pick(n, 'further', ['completed', 'completed', 'at_capacity', 'terminated']) AS kind
    FROM courses WHERE roll(n, 'has further', 100) < 60
), revised AS (
    SELECT * REPLACE (2 AS turn, 0 AS done, after_months + 4 AS after_months) FROM usual
    WHERE kind = pick(n, 'revised', ['started', 'in_production', 'pooled', 'resumed'])
), planned AS (
    SELECT *, CAST(born + to_months(after_months) AS DATE) AS planned_on
    FROM (FROM usual UNION ALL FROM further UNION ALL FROM revised)
)
SELECT project_id, kind, planned_on,
    maybe(n, 'done ' || kind, done, planned_on + CAST(roll(n, 'late ' || kind, 150) - 30 AS
        INTEGER)) AS actual_on,
    CASE WHEN turn = 2 THEN planned_on - CAST(150 + roll(n, 'decided', 60) AS INTEGER) END
        AS decided_on
FROM planned
"""

PROGRESS = f"""
SELECT project_id, last_day(make_date({YEAR}, month, 1)) AS as_of,
    maybe(n, 'reported ' || month, 95, coalesce(planned_yuan, 1_000_000) * pace * month // 1200)
        AS invested_ytd_yuan,
    maybe(n, 'note ' || month, 5, '进展顺利') AS note
FROM courses, (SELECT CAST(range AS BIGINT) AS month FROM range(1, 13))
"""

PERMITS = """
SELECT project_id, kind, pick(n, 'needed ' || kind, [TRUE, TRUE, TRUE, FALSE, NULL]) AS needed,
    'standard' AS mode,
    maybe(n, 'granted ' || kind, 70, born + CAST(roll(n, 'after ' || kind, 400) AS INTEGER))
        AS granted_on
FROM courses, (SELECT unnest(['site', 'initiation', 'land_planning', 'works_planning', 'eia',
    'energy_review', 'tendering', 'construction_permit']) AS kind)
"""

FUNDS = f"""
SELECT maybe(n, 'to ' || turn, 50, unit_id) AS unit_id, project_id,
    pick(n, 'source ' || turn, ['special_bond', 'central_budget', 'policy_instrument', 'bank_loan',
        'enterprise', 'attracted', 'attracted']) AS source,
    pick(n, 'event ' || turn, ['applied', 'approved', 'approved', 'arrived', 'arrived', 'paid'])
        AS event,
    total_investment_yuan // (3 + roll(n, 'part ' || turn, 20)) AS amount_yuan,
    make_date({YEAR - 1}, 1, 1) + CAST(roll(n, 'on ' || turn, 720) AS INTEGER) AS "on"
FROM courses, (SELECT range AS turn FROM range(2))
UNION ALL
SELECT unit_id, NULL, 'central_budget', 'approved', 5_000_000, make_date({YEAR}, 6, 1) FROM units
"""

PROBLEMS = f"""
SELECT 'Q' || project_id AS problem_id, project_id, 'land' AS category,
    make_date({YEAR}, 1, 1) + CAST(roll(n, 'raised', 300) AS INTEGER) AS raised_on
FROM courses WHERE roll(n, 'problem', 100) < 30
"""

PAUSES = f"""
SELECT project_id, make_date({YEAR}, 1, 1) + CAST(roll(n, 'from', 300) AS INTEGER) AS from_on,
    maybe(n, 'ended', 50, make_date({YEAR}, 12, 1)) AS to_on,
    pick(n, 'approved', [TRUE, TRUE, FALSE, NULL]) AS approved
FROM courses WHERE roll(n, 'paused', 100) < 5
"""

ROWS = {
    "units": "SELECT * FROM units",
    "projects": PROJECTS,
    "plans": PLANS,
    "milestones": MILESTONES,
    "progress": PROGRESS,
    "permits": PERMITS,
    "funds": FUNDS,
    "problems": PROBLEMS,
    "pauses": PAUSES,
}


def ledger(projects: int) -> Facts:
    """So many projects with all that belongs to them, of the year `YEAR`."""
    units = max(FEWEST_UNITS, projects // PROJECTS_PER_UNIT)
    with duckdb.connect() as connection:
        connection.execute(NO_PROGRESS_BAR)
        connection.execute(MACROS)
        connection.execute(f"CREATE TABLE units AS {UNITS}", {"units": units})
        connection.execute(COURSES, {"units": units, "projects": projects})
        made = {table: connection.sql(ROWS[table]).to_arrow_table() for table in ROWS}
    filled_in = {table: filled(found, FACT_COLUMNS[table]) for table, found in made.items()}
    return Facts({**Facts.from_columns({}).tables, **filled_in})


def filled(made: pa.Table, columns: tuple[Column, ...]) -> pa.Table:
    """The table with every column of the ledger, in its type; what was not made is blank."""
    return pa.table(
        {
            column.name: made[column.name].cast(column.kind.arrow).combine_chunks()
            if column.name in made.column_names
            else pa.nulls(made.num_rows, column.kind.arrow)
            for column in columns
        }
    )
