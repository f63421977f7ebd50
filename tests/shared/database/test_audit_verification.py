"""Verification of chains: what somebody with the whole database did to them is found."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.database.audit_verification import BreakKind, Chain, has_chains, verify_chains
from shared.database.sessions import Sessions
from tests.databases import database, owner_of
from tests.scoring.service.registry import connected
from tests.shared.database.test_audit_chain import OFFICES, write

UNGUARDED = "ALTER TABLE scoring.audit DISABLE TRIGGER refuse"
SWAPPED_NUMBERS = """
    ALTER TABLE scoring.audit DROP CONSTRAINT uq_audit_office_number;
    UPDATE scoring.audit a SET number = b.number FROM scoring.audit b
    WHERE (a.id, b.id) IN ((4, 5), (5, 4))"""
SWAPPED_CONTENTS = """
    UPDATE scoring.audit a SET subject = b.subject, after = b.after FROM scoring.audit b
    WHERE (a.id, b.id) IN ((4, 5), (5, 4))"""


@pytest.fixture
async def url(server: str) -> AsyncIterator[str]:
    """A database with chains of two offices: ids 1 to 6 of the first, 7 of the second."""
    async with database(server, f"verified_{uuid4().hex}", "scoring") as made:
        async with connected(made) as sessions:
            for number in range(6):
                await write(sessions, OFFICES[0], f"第 {number} 件", after={"value": number / 4})
            await write(sessions, OFFICES[1], "别处")
        yield made


async def tamper(url: str, statements: str) -> None:
    async with connected(owner_of(url)) as sessions, sessions.begin() as session:
        for statement in (UNGUARDED, *statements.split(";")):
            await (await session.connection()).execute(text(statement))


async def chain_of(url: str, office: str) -> Chain:
    return next(chain for chain in await verify_chains(url, "scoring") if chain.office == office)


async def test_chains_that_nobody_touched_are_intact(url: str) -> None:
    chains = await verify_chains(url, "scoring")
    assert [(chain.office, chain.rows, chain.id) for chain in chains] == [
        (OFFICES[1], 1, 7),
        (OFFICES[0], 6, 6),
    ]
    assert [chain.broken for chain in chains] == [None, None]


@pytest.mark.parametrize(
    ("tampering", "kind", "broken_id"),
    [
        ("UPDATE scoring.audit SET who = '别人' WHERE id = 3", BreakKind.changed, 3),
        ("UPDATE scoring.audit SET at = at + interval '1 us' WHERE id = 1", BreakKind.changed, 1),
        ("UPDATE scoring.audit SET at = 'infinity' WHERE id = 2", BreakKind.changed, 2),
        ("UPDATE scoring.audit SET after = NULL WHERE id = 6", BreakKind.changed, 6),
        ("UPDATE scoring.audit SET hash = sha256('') WHERE id = 4", BreakKind.changed, 4),
        ("UPDATE scoring.audit SET office = '350500' WHERE id = 6", None, 0),
        ("DELETE FROM scoring.audit WHERE id = 4", BreakKind.missing, 5),
        ("DELETE FROM scoring.audit WHERE id < 3", BreakKind.missing, 3),
        (
            "DELETE FROM scoring.audit WHERE id = 5;"
            "UPDATE scoring.audit SET number = 5 WHERE id = 6",
            BreakKind.changed,
            6,
        ),
        (SWAPPED_NUMBERS, BreakKind.out_of_order, 5),
        (SWAPPED_CONTENTS, BreakKind.changed, 4),
    ],
)
async def test_what_was_done_to_a_chain_is_found_where_it_was_done(
    url: str, tampering: str, kind: BreakKind | None, broken_id: int
) -> None:
    if kind is None:  # a row that went to another office has a number that is taken there
        tampering = tampering.replace("SET", "SET number = 2,")
        await tamper(url, tampering)
        found = (await chain_of(url, OFFICES[1])).broken
        assert found
        assert (found.kind, found.id) == (BreakKind.out_of_order, 6)
        return
    await tamper(url, tampering)
    found = (await chain_of(url, OFFICES[0])).broken
    assert found
    assert (found.kind, found.id) == (kind, broken_id)
    assert (await chain_of(url, OFFICES[1])).broken is None


async def test_a_tail_that_was_cut_off_is_missed_by_who_noted_its_hash(url: str) -> None:
    whole = await chain_of(url, OFFICES[0])
    assert whole.hash
    found = await verify_chains(url, "scoring", {whole.hash})
    assert [chain.found for chain in found] == [{}, {whole.hash: 6}]
    await tamper(url, "DELETE FROM scoring.audit WHERE id = 6")
    cut = await verify_chains(url, "scoring", {whole.hash})
    assert [(chain.broken, chain.found) for chain in cut] == [(None, {})] * 2


async def test_a_service_without_chains_has_none(url: str, server: str) -> None:
    assert await has_chains(url, "scoring")
    assert not await has_chains(url, "registry")


async def test_the_services_account_may_verify(url: str) -> None:
    assert "//bairi@" in url
    assert all(chain.broken is None for chain in await verify_chains(url, "scoring"))


async def test_more_rows_than_are_fetched_at_once_are_one_chain(url: str) -> None:
    async with connected(url) as sessions:
        await add_many(sessions)
    chain = await chain_of(url, OFFICES[0])
    assert (chain.rows, chain.broken) == (3006, None)


async def add_many(sessions: Sessions) -> None:
    many = """
        INSERT INTO scoring.audit (at, who, role, address, request_id, action, subject, office)
        SELECT now(), '甲', 'office', '', '', 'trial.done', n, '350521'
        FROM generate_series(1, 3000) AS n"""
    async with sessions.begin() as session:
        await (await session.connection()).execute(text(many))
