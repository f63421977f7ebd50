"""Doubts about the rows of a ledger beside what an office has stored.

Each row of the file is judged as if it were written last: beside the other rows of the file, and
the stored ones of its projects that the file leaves as they are.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.key_equality import same_key_sql
from services.registry.records.ledger_comparison import Comparison
from services.registry.records.statements import quote_column
from services.registry.records.thresholds import load_thresholds
from services.registry.tables import SCHEMA
from shared.facts.belonging import PROJECT_ID
from shared.facts.packed_facts import LedgerPart
from shared.facts.tables import FACT_KINDS
from shared.ledger.findings import Finding, build_finding, limit_findings
from shared.plausibility.context import CONTEXT_COLUMNS
from shared.plausibility.judgement import JUDGED_KINDS, JUDGES
from shared.plausibility.ledger import judge_ledger
from shared.plausibility.thresholds import PlausibilityThresholds


@dataclass(frozen=True)
class RowsBeside:
    """Columns that are judged of a ledger's rows, then of the stored rows beside them.

    Stored rows are needed only where the file has rows that are judged by more than their days.
    """

    part: LedgerPart
    office: str
    columns: dict[str, dict[str, list[Any]]] = field(default_factory=dict)

    @cached_property
    def projects(self) -> list[str]:
        """The projects of which rows are judged beside others."""
        tables = self.part.facts.tables
        named = {p for name in JUDGES for p in tables[name][PROJECT_ID].unique().to_pylist()}
        return sorted(project for project in named if project is not None)

    async def collect(self, connection: AsyncConnection, compared: Comparison) -> None:
        """Collect the rows of a table that is compared, as they would be, and those beside them."""
        name = compared.name
        if not self.projects or name not in JUDGED_KINDS | CONTEXT_COLUMNS.keys():
            return
        if self.part.absent(name):
            query = f"SELECT {column_list(name)} FROM {compared.ledger} ORDER BY nth"
            self.columns[name] = by_column(name, (await connection.execute(sa.text(query))).all())
        if name in CONTEXT_COLUMNS and not await self.is_all_written(connection, compared):
            same = same_key_sql(name, "g", "t")
            unwritten = f"AND NOT EXISTS (SELECT FROM {compared.ledger} g WHERE {same})"
            await self.collect_stored(connection, name, unwritten)

    async def is_all_written(self, connection: AsyncConnection, compared: Comparison) -> bool:
        """Whether the file has a row for every stored one, by a key; then none is beside them."""
        if not FACT_KINDS[compared.name].key:
            return False
        query = f"""
            SELECT (SELECT count(*) FROM {compared.ledger})
                = (SELECT count(*) FROM {compared.differing} WHERE version IS NULL)
                + (SELECT count(*) FROM {compared.table}
                   WHERE office = :office AND superseded_at IS NULL)"""
        return bool(await connection.scalar(sa.text(query), {"office": self.office}))

    async def collect_others(self, connection: AsyncConnection) -> None:
        """Collect the stored rows of tables that the file does not have."""
        for name in CONTEXT_COLUMNS if self.projects else ():
            if not self.part.facts.tables[name].num_rows:
                await self.collect_stored(connection, name)

    async def collect_stored(
        self, connection: AsyncConnection, name: str, condition: str = ""
    ) -> None:
        query = sa.text(
            f"SELECT {column_list(name)} FROM {SCHEMA}.{name} t"
            f" WHERE t.office = :office AND t.superseded_at IS NULL"
            f" AND t.{PROJECT_ID} = ANY(CAST(:named AS text[])) {condition}"
        )
        values = {"office": self.office, "named": self.projects}
        stored = by_column(name, (await connection.execute(query, values)).all())
        written = self.written_columns(name)
        self.columns[name] = {column: written[column] + stored[column] for column in stored}

    def written_columns(self, name: str) -> dict[str, list[Any]]:
        """The rows of the file, with what is stored in columns that it lacks where it is known."""
        table = self.part.facts.tables[name]
        return self.columns.get(name) or {c: table[c].to_pylist() for c in judged_columns(name)}

    def judge(self, thresholds: PlausibilityThresholds, today: date) -> list[Finding]:
        """Judge the rows of the file."""
        counts = {name: self.part.facts.tables[name].num_rows for name in self.part.tables}
        columns = {name: self.written_columns(name) for name in FACT_KINDS if judged_columns(name)}
        return limit_findings(
            build_finding(
                doubt.code,
                doubt.table,
                self.part.number(doubt.table, row),
                self.part.headers[doubt.table].get(doubt.column, doubt.column),
                str(columns[doubt.table][doubt.column][row]),
                **doubt.words(),
            )
            for row, doubt in judge_ledger(columns, thresholds, today, counts)
        )


async def find_doubts(session: AsyncSession, beside: RowsBeside, today: date) -> list[Finding]:
    """Find the doubts about a ledger whose tables were compared; they hinder no import."""
    thresholds = await load_thresholds(session, beside.office)
    await beside.collect_others(await session.connection())
    return await asyncio.to_thread(beside.judge, thresholds, today)


def judged_columns(name: str) -> tuple[str, ...]:
    """The columns of a kind that a judgement looks at."""
    return tuple(dict.fromkeys((*CONTEXT_COLUMNS.get(name, ()), *FACT_KINDS[name].past_days)))


def column_list(name: str) -> str:
    return ", ".join(map(quote_column, judged_columns(name)))


def by_column(name: str, rows: Sequence[Any]) -> dict[str, list[Any]]:
    columns = judged_columns(name)
    return {column: [row[index] for row in rows] for index, column in enumerate(columns)}
