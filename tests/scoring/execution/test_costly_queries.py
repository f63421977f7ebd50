"""Queries that come to no end by themselves."""

import os
from datetime import date

import pytest

from services.scoring.execution.duckdb import (
    MEMORY_LIMIT,
    QueryTooCostly,
    open_database,
    open_query_runner,
)
from shared.facts.tables import Facts

DAY = date(2022, 12, 25)
ENDLESS = "SELECT count(*) AS n FROM range(1000000000000) a WHERE a.range % 7 = 8"


def test_a_query_ends_when_its_time_is_over() -> None:
    with open_query_runner(Facts({}), seconds=0.1) as run, pytest.raises(QueryTooCostly):
        run(ENDLESS, DAY)


def test_no_other_query_begins_then() -> None:
    with open_query_runner(Facts({}), seconds=-1) as run, pytest.raises(QueryTooCostly):
        run("SELECT 1 AS n", DAY)


def test_what_needs_too_much_memory_is_told_so() -> None:
    database = open_database(os.getpid(), small=True)
    database.execute("SET memory_limit = '100MB'")
    try:
        with open_query_runner(Facts({})) as run, pytest.raises(QueryTooCostly):
            run("SELECT list(a.range) AS n FROM range(30000000) a", DAY)
    finally:
        database.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
