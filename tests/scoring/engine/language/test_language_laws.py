"""The SQL of a text and a plain reading of it in Python agree on every text hypothesis writes."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.execution.duckdb import QueryRunner, open_query_runner
from tests.builders import a_ledger, a_milestone, a_project
from tests.scoring.engine.language.queries import ON, answers
from tests.scoring.engine.language.reference import read

PROJECTS: list[dict[str, Any]] = [
    {"total_investment_yuan": 7, "contract_yuan": None, "is_industrial": True},
    {"total_investment_yuan": None, "contract_yuan": 3, "nature": "continuing"},
    {"total_investment_yuan": 0, "contract_yuan": 7, "is_attracted": False, "region_code": "new"},
    {"total_investment_yuan": -5, "contract_yuan": -5, "is_attracted": True, "is_industrial": True},
]
LEVELS: list[list[str]] = [["city"], [], ["province", "city"], ["county"]]
STARTED = ["2022-01-31", None, "2020-02-29", "2022-09-15"]
SIGNED = [None, "2021-12-31", "2022-01-31", None]


def a_row(n: int) -> dict[str, Any]:
    """The names that texts use, and what they say of a project."""
    usual = {"nature": "new", "region_code": None, "is_industrial": None, "is_attracted": None}
    row = {**usual, **PROJECTS[n]}
    days = {"day": ON.isoformat(), "started_on": STARTED[n], "signed_on": SIGNED[n]}
    return {
        **row,
        "is_industrial": bool(row["is_industrial"]),
        "is_attracted": bool(row["is_attracted"]),
        "key_levels": tuple(LEVELS[n]),
        **{name: date.fromisoformat(day) if day else None for name, day in days.items()},
    }


ROWS: Mapping[str, Mapping[str, Any]] = {f"P00{n + 1}": a_row(n) for n in range(len(PROJECTS))}


@contextmanager
def four_projects() -> Iterator[QueryRunner]:
    facts = a_ledger(
        projects=[
            a_project(name, key_levels=LEVELS[n], **PROJECTS[n]) for n, name in enumerate(ROWS)
        ],
        milestones=[
            a_milestone(kind, name, actual_on=on)
            for kind, days in (("started", STARTED), ("signed", SIGNED))
            for name, on in zip(ROWS, days, strict=True)
            if on
        ],
    )
    with open_query_runner(facts) as run:
        yield run


# --- texts: of each kind, what it is made of; `{day}` stands for another text of a kind

PLAIN = {
    "flag": ["is_industrial", "is_attracted"],
    "number": ["total_investment_yuan", "contract_yuan", "0", "1", "7", "12"],
    "day": ["day", "started_on", "signed_on"],
    "word": ["nature", "region_code"],
    "order": ["==", "!=", "<", "<=", ">", ">="],
    "equal": ["==", "!="],
    "few": ["total_investment_yuan", "contract_yuan", "1", "3"],
}
MADE = {
    "flag": [
        "({number} {order} {number})",
        "({day} {order} {day} {order} {day})",
        "({word} {equal} {word})",
        "({flag} {equal} {flag})",
        '("city" in key_levels)',
        "({word} in key_levels)",
        "({flag} and {flag})",
        "({flag} or {flag})",
        "(not {flag})",
        "known({number})",
        "known({day})",
        "known({word})",
        "known(key_levels)",
        "({flag} if {flag} else {flag})",
    ],
    "number": [
        "({number} + {number})",
        "({number} - {number})",
        "({number} * {few})",
        "(-{number})",
        "({day} - {day})",
        "months({day})",
        "or_else({number}, {number})",
        "({number} if {flag} else {number})",
    ],
    "day": [
        "({day} + {few})",
        "({day} - {few})",
        "after_months({day}, {few})",
        "or_else({day}, {day})",
        "({day} if {flag} else {day})",
    ],
    "word": ["or_else({word}, {word})", "({word} if {flag} else {word})"],
}
PART = re.compile(r"\{(\w+)\}")


def a_text(chance: Random, kind: str, depth: int) -> str:
    """A text of a kind, nested at most so deep."""
    if depth == 0 or kind not in MADE:
        return chance.choice(PLAIN[kind])
    form = chance.choice(MADE[kind])
    return PART.sub(lambda part: a_text(chance, part[1], chance.randrange(depth)), form)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9).map(Random))
def test_the_sql_of_a_text_says_what_its_plain_reading_says(chance: Random) -> None:
    with four_projects() as run:
        for kind in (*MADE, *MADE):
            text = a_text(chance, kind, depth=4)
            expected = {project: read(text, row) for project, row in ROWS.items()}
            assert answers(run, text) == expected, text
