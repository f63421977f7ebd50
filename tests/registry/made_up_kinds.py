"""Kinds of facts that there are not, one of every belonging, in a registry that has them.

What the real kinds do not belong to yet is asked of these over HTTP, with rows of two counties that
have the same ids, and of their city.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from inspect import unwrap
from typing import Annotated, Any

import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet
from pydantic import Field

from services.registry import resources
from services.registry.main import build_app
from services.registry.migrations import records_v2
from services.registry.records import validation
from services.registry.records.endpoints import build_router
from services.registry.records.resource import Resource
from services.registry.tables import METADATA, RECORD_TABLES, build_record_table
from shared.child_processes.limits import Limits
from shared.facts import tables
from shared.facts.belonging import OfAnyProject, OfOffice, OfUnit, Through
from shared.facts.columns import Count, Day, TableReference, Text, Words
from shared.facts.kind import Fact, FactKind, ProjectId, UnitId
from shared.http import heavy_work
from shared.http.tokens import Caller, Issuer, Role
from shared.ledger import sheets
from shared.ledger.cell_writers import english_writer
from shared.ledger.cells import build_cell_reader
from tests.databases import database, execute, owner_of
from tests.scoring.service.registry import connected


class Step(Fact):
    """A step of a problem: of what its problem is of."""

    problem_id: Annotated[str, TableReference("problems")] = Field(title="问题编号")
    step_no: Count = Field(title="序号")
    step: Text = Field(title="步骤")


class Gathering(Fact):
    """A gathering about several projects: of each of them."""

    gathering_id: Text = Field(title="会议编号")
    on: Day = Field(title="日期")
    project_ids: Words[ProjectId] = Field(default=(), title="项目编号")


class Standard(Fact):
    """A term of the office, for a grade or for all: of the office as a whole."""

    category: Text = Field(title="类别")
    grade: Count | None = Field(default=None, title="等级")
    days: Count | None = Field(default=None, title="天数")
    unit_id: UnitId | None = Field(default=None, title="单位编号")


class Case(Fact):
    """A case of a unit, for the office alone."""

    case_id: Text = Field(title="案件编号")
    unit_id: UnitId = Field(title="单位编号")
    basis: Text | None = Field(default=None, title="依据")


class CaseNote(Fact):
    """A note to a case: for whom its case is."""

    case_id: Annotated[str, TableReference("cases")] = Field(title="案件编号")
    note_no: Count = Field(title="序号")
    text: Text = Field(title="内容")


WRITERS = (Role.office, Role.unit)
STEPS = FactKind(
    Step, "steps", "步骤", ("problem_id", "step_no"), belongs=Through("problems", "problem_id")
)
GATHERINGS = FactKind(
    Gathering, "gatherings", "会商", ("gathering_id",), belongs=OfAnyProject("project_ids")
)
STANDARDS = FactKind(Standard, "standards", "时限", ("category", "grade"), belongs=OfOffice())
CASES = FactKind(Case, "cases", "案件", ("case_id",), belongs=OfUnit(readers=("office",)))
CASE_NOTES = FactKind(
    CaseNote, "case_notes", "案件记录", ("case_id", "note_no"), belongs=Through("cases", "case_id")
)
RESOURCES = (
    Resource(STEPS, "step", WRITERS, filters=("problem_id",)),
    Resource(GATHERINGS, "gathering", WRITERS, filters=("project_ids",)),
    Resource(STANDARDS, "standard", (Role.office,)),
    Resource(CASES, "case", (Role.office,), filters=("unit_id",)),
    Resource(CASE_NOTES, "case_note", (Role.office,)),
)
# Columns and key of each as its migration would have them.
CREATED: Mapping[str, tuple[str, str]] = {
    "steps": (
        "problem_id text NOT NULL, step_no bigint NOT NULL, step text NOT NULL",
        "problem_id, step_no",
    ),
    "gatherings": (
        'gathering_id text NOT NULL, "on" date NOT NULL, project_ids text[] NOT NULL',
        "gathering_id",
    ),
    "standards": (
        "category text NOT NULL, grade bigint, days bigint, unit_id text",
        "category, grade",
    ),
    "cases": ("case_id text NOT NULL, unit_id text NOT NULL, basis text", "case_id"),
    "case_notes": (
        "case_id text NOT NULL, note_no bigint NOT NULL, text text NOT NULL",
        "case_id, note_no",
    ),
}


class Statements(list[str]):
    """What a migration would execute."""

    def execute(self, statement: str) -> None:
        self.append(statement)


async def work_here(_who: Caller, _limits: Limits, function: Any, *arguments: Any) -> Any:
    """Heavy work without a child, which would not know these kinds."""
    return function(*arguments)


@contextmanager
def declared_kinds() -> Iterator[None]:
    """All that is derived from the list of kinds, with these in it."""
    with pytest.MonkeyPatch.context() as patch:
        routers = [*resources.ROUTERS]
        try:
            for resource in RESOURCES:
                kind = resource.kind
                patch.setitem(tables.FACT_KINDS, kind.name, kind)
                patch.setitem(tables.FACT_COLUMNS, kind.name, kind.columns)
                patch.setitem(RECORD_TABLES, kind.name, build_record_table(kind.name))
                for column in kind.columns:
                    codecs = english_writer(column), unwrap(build_cell_reader(column))
                    patch.setitem(validation.CELL_CODECS, (kind.name, column.name), codecs)
                routers.append(build_router(resource))
            patch.setattr(resources, "ROUTERS", tuple(routers))
            patch.setattr(heavy_work, "work_in_child", work_here)
            sheets.tables_by_sheet_name.cache_clear()
            yield
        finally:
            for name in CREATED:
                METADATA.remove(METADATA.tables[f"{METADATA.schema}.{name}"])
            sheets.tables_by_sheet_name.cache_clear()


@asynccontextmanager
async def registry_with_kinds(server: str, issuer: Issuer) -> AsyncIterator[FastAPI]:
    """A registry that has them, on a database of its own."""
    async with database(server, "made_up_kinds", "registry") as url:
        owner, statements = owner_of(url), Statements()
        for name, (columns, key) in CREATED.items():
            records_v2.create(statements, name, columns, key=key)
        for statement in statements:
            await execute(owner, statement)
        with declared_kinds():
            async with connected(owner) as sessions:
                yield build_app(sessions, KeySet([issuer.key]))
