"""Chains of audit rows: numbered and hashed by the database, whoever writes at the same time."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.scoring.tables import Audit
from shared.database.audit import write_audit_row
from shared.database.audit_chain import (
    create_statements,
    drop_statements,
    hash_fields,
    lock_chain,
)
from shared.database.sessions import Sessions
from tests.databases import database, owner_of
from tests.scoring.service.registry import connected

AT = datetime(2022, 9, 30, 8, 0, 0, 123456, tzinfo=UTC)
OFFICES = ("350521", "350500", "000000")
ROWS = """
    SELECT office, number, id, hash, (extract(epoch FROM at) * 1000000)::bigint::text AS at, who,
        role, address, request_id, action, subject, region_code, before::text, after::text
    FROM scoring.audit ORDER BY office, number"""


@dataclass(frozen=True)
class Writer:
    """A caller of one office."""

    office: str
    name: str = "重点项目办"
    role: str = "office"
    address: str = "10.0.0.1"


@pytest.fixture
async def chained(server: str) -> AsyncIterator[Sessions]:
    async with database(server, "chained", "scoring") as url, connected(owner_of(url)) as sessions:
        yield sessions


async def write(sessions: Sessions, office: str, *subjects: str, **states: Any) -> None:
    async with sessions.begin() as session:
        for subject in subjects:
            await write_audit_row(
                session, Audit, "trial.done", subject, office, Writer(office), AT, **states
            )


async def read(sessions: Sessions) -> list[Any]:
    async with sessions.begin() as session:
        return list(await (await session.connection()).execute(text(ROWS)))


def check_chains(rows: list[Any]) -> None:
    """Every office's rows are numbered from 1, in the order of ids, and hash what they hold."""
    for office, chain in itertools.groupby(rows, lambda row: row.office):
        previous, last_id = None, 0
        for number, row in enumerate(chain, 1):
            own = (previous and previous.hex(), office, str(number), str(row.id))
            assert row.number == number
            assert row.hash == hash_fields((*own, *row[4:]))
            assert row.id > last_id
            previous, last_id = row.hash, row.id


async def test_a_row_carries_the_hash_of_the_row_before_in_its_office(chained: Sessions) -> None:
    states: dict[str, Any] = {"before": {"数": 1.50, "b": None}, "after": {"c": ["甲,-", '"\\\n']}}
    await write(chained, OFFICES[0], "甲:1,", "乙", **states)
    await write(chained, OFFICES[1], "丙")
    await write(chained, OFFICES[0], "丁")
    rows = await read(chained)
    assert [(row.office, row.number) for row in rows] == [
        ("350500", 1),
        ("350521", 1),
        ("350521", 2),
        ("350521", 3),
    ]
    check_chains(rows)


async def test_the_office_may_be_another_than_the_callers(chained: Sessions) -> None:
    async with chained.begin() as session:
        who = Writer(OFFICES[0])
        await write_audit_row(
            session, Audit, "trial.done", "甲", "", who, AT, office=OFFICES[1], after={}
        )
    assert [row.office for row in await read(chained)] == [OFFICES[1]]


async def test_many_writers_at_once_leave_every_chain_whole(chained: Sessions) -> None:
    chance = random.Random(11)

    async def work(writer: int) -> None:
        for turn in range(8):
            office = chance.choice(OFFICES)
            await write(chained, office, *(f"{writer}/{turn}/{n}" for n in range(3)))

    await asyncio.gather(*(work(writer) for writer in range(16)))
    rows = await read(chained)
    assert len(rows) == 16 * 8 * 3
    check_chains(rows)


async def test_several_rows_of_one_statement_are_a_chain(chained: Sessions) -> None:
    several = """
        INSERT INTO scoring.audit (at, who, role, address, request_id, action, subject, office)
        SELECT now(), '甲', 'office', '', '', 'trial.done', n, CASE n % 2 WHEN 0 THEN '350521'
            ELSE '350500' END FROM generate_series(1, 20) AS n"""
    async with chained.begin() as session:
        await (await session.connection()).execute(text(several))
    check_chains(await read(chained))


async def test_a_row_that_was_rolled_back_leaves_no_gap(chained: Sessions) -> None:
    await write(chained, OFFICES[0], "甲")
    async with chained() as session:
        await write_audit_row(
            session, Audit, "trial.done", "乙", "", Writer(OFFICES[0]), AT, after={}
        )
        await session.rollback()
    await write(chained, OFFICES[0], "丙")
    rows = await read(chained)
    assert [row.subject for row in rows] == ["甲", "丙"]
    check_chains(rows)


async def test_the_turn_of_an_office_is_the_lock_of_its_chain(chained: Sessions) -> None:
    """Who has the turn writes; others of the office wait, those of another office do not."""
    async with chained.begin() as session:
        await lock_chain(session, "scoring", OFFICES[0])
        await write(chained, OFFICES[1], "甲")
        waiting = asyncio.create_task(write(chained, OFFICES[0], "乙"))
        who = Writer(OFFICES[0])
        await write_audit_row(session, Audit, "trial.done", "丙", "", who, AT, after={})
        assert not waiting.done()
    await waiting
    ours = [row.subject for row in await read(chained) if row.office == OFFICES[0]]
    assert ours == ["丙", "乙"]


async def test_a_transaction_that_would_not_see_the_last_row_is_refused(chained: Sessions) -> None:
    async with chained() as session:
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        who = Writer(OFFICES[0])
        with pytest.raises(DBAPIError, match="read committed"):
            await write_audit_row(session, Audit, "trial.done", "甲", "", who, AT, after={})


async def test_rows_of_before_are_chained_in_their_order(chained: Sessions) -> None:
    """The office of each is that of its region; a blank region, or none, is `000000`."""
    earlier = """
        INSERT INTO scoring.audit (at, who, role, address, request_id, action, subject, region_code)
        SELECT now(), '甲', 'office', '', '', 'trial.done', n,
            (ARRAY['350521', '3505', '', NULL, '350521001002', '惠安'])[n % 6 + 1]
        FROM generate_series(0, 29) AS n"""
    async with chained.begin() as session:
        connection = await session.connection()
        for statement in (*drop_statements("scoring"), earlier, *create_statements("scoring")):
            await connection.execute(text(statement))
    await write(chained, OFFICES[0], "new")
    rows = await read(chained)
    counts = {office: len([row for row in rows if row.office == office]) for office in OFFICES}
    assert counts == {"350521": 11, "350500": 5, "000000": 15}
    check_chains(rows)
