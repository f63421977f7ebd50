"""The account of a service can do no harm: on every table what it does not need is refused."""

from collections.abc import AsyncIterator

import asyncpg  # type: ignore[import-untyped]
import pytest

from shared.database.accounts import EMBEDDED_ACCOUNT, use_account
from shared.database.migrations import SchemaNotCurrent, migrate_schema
from tests.databases import database, owner_of, restricted

SERVICES = ("registry", "scoring", "notifier")
TABLES = """
    SELECT format('%I.%I', nspname, relname) AS name, relname, nspname AS schema,
        (SELECT attname FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum = 1) AS first
    FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid
    WHERE nspname = ANY ($1) AND relkind = 'r' ORDER BY 1"""
QUEUE = ("jobs", "jobs_log", "jobs_statistics", "schedules")
# What is asked of somebody who signs in, and what failed: each is gone once it is over.
SIGNING_IN = ("registry.challenges", "registry.sign_in_failures")
# Of people, of whom no version is kept beside the audit; who they are and what is secret stays.
CHANGED_ONCE = {
    "registry.reports": {"decided_at", "decided_by", "decision", "decision_why", "version"},
    "registry.voids": {"taken_back_at", "taken_back_by", "taken_back_why"},
}
CHANGED_OF_PEOPLE = {
    "registry.accounts": {
        *("password", "issuer", "subject", "disabled_at", "disabled_by"),
        *("role", "region_code", "office", "unit_id"),
    },
    "registry.invitations": {"accepted_at", "accepted_by", "revoked_at", "revoked_by"},
    "registry.devices": {"used_at", "ended_at", "end_reason"},
    "registry.passkeys": {"device_id", "sign_count", "used_at", "removed_at"},
    "registry.sign_in_failures": {"failures", "last_at", "locked_until"},
}
ALWAYS_REFUSED = (
    "TRUNCATE {name}",
    "TRUNCATE {name} CASCADE",
    "DROP TABLE {name}",
    "ALTER TABLE {name} DISABLE TRIGGER ALL",
    "ALTER TABLE {name} ADD more text",
    "ALTER TABLE {name} OWNER TO bairi",
    "ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
    "CREATE TRIGGER mine BEFORE INSERT ON {name} EXECUTE FUNCTION {schema}.tell_jobs_changed()",
    "CREATE RULE mine AS ON INSERT TO {name} DO INSTEAD NOTHING",
    "CREATE INDEX ON {name} ({first})",
)
REFUSED_ANYWHERE = (
    "SET session_replication_role = replica",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "CREATE SCHEMA mine",
    "CREATE TABLE public.mine ()",
    "CREATE ROLE mine",
    "ALTER ROLE bairi SUPERUSER",
    "GRANT postgres TO bairi",
    "LOCK TABLE registry.audit IN ACCESS EXCLUSIVE MODE",
    "DROP SCHEMA registry CASCADE",
    "DROP FUNCTION registry.refuse CASCADE",
    "CREATE OR REPLACE FUNCTION registry.keep() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NEW; END'",
    "ALTER FUNCTION registry.chain_audit_row() OWNER TO bairi",
    "CREATE FUNCTION registry.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "UPDATE registry.alembic_version SET version_num = '0001'",
    "INSERT INTO registry.alembic_version VALUES ('0001')",
    "UPDATE registry.plans SET planned_yuan = 0",
    "UPDATE registry.progress SET invested_ytd_yuan = 0, superseded_at = now()",
    "UPDATE registry.imports SET uploaded_by = 'nobody'",
    "UPDATE notifier.sequences SET agency_word = ''",
    "UPDATE registry.accounts SET sign_in_name = 'office'",
    "UPDATE registry.invitations SET code_hash = '', role = 'office'",
    "UPDATE registry.devices SET secret_hash = ''",
    "UPDATE registry.passkeys SET public_key = '', account_id = 1",
    "DELETE FROM registry.accounts",
    "INSERT INTO registry.audit (id) OVERRIDING SYSTEM VALUE VALUES (9223372036854775807)",
    "SELECT setval('registry.audit_id_seq', 1)",
    "COPY registry.audit TO PROGRAM 'cat'",
    "SELECT pg_read_file('postgresql.conf')",
)


@pytest.fixture(scope="module")
async def all_tables(server: str) -> AsyncIterator[str]:
    async with database(server, "all_tables", *SERVICES) as url:
        yield url


@pytest.fixture
async def account(all_tables: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the services' account; what it does is rolled back."""
    connection = await asyncpg.connect(all_tables.replace("+asyncpg", ""))
    outer = connection.transaction()
    await outer.start()
    yield connection
    await outer.rollback()
    await connection.close()


async def is_refused(account: asyncpg.Connection, statement: str) -> bool:
    try:
        async with account.transaction():
            await account.execute(statement)
    except (asyncpg.InsufficientPrivilegeError, asyncpg.ReservedNameError):
        return True
    except asyncpg.PostgresError as error:
        raise AssertionError(f"{statement}: {error}") from error
    return False


async def test_no_table_can_be_changed_in_its_ways(account: asyncpg.Connection) -> None:
    tables = await account.fetch(TABLES, SERVICES)
    assert len(tables) > 40
    harmful = [
        statement
        for table in tables
        for statement in (each.format(**table) for each in ALWAYS_REFUSED)
        if not await is_refused(account, statement)
    ]
    assert harmful == []


async def test_rows_are_deleted_only_of_what_is_not_to_be_kept(account: asyncpg.Connection) -> None:
    tables = await account.fetch(TABLES, SERVICES)
    allowed = [
        table["name"]
        for table in tables
        if not await is_refused(account, f"DELETE FROM {table['name']}")
    ]
    passing = [f"{service}.{name}" for service in SERVICES for name in ("answers", *QUEUE)]
    assert allowed == sorted([*passing, *SIGNING_IN])


async def test_columns_are_changed_only_where_a_service_changes_them(
    account: asyncpg.Connection,
) -> None:
    """By the catalogue, which knows of grants on tables as of those on columns."""
    found = await account.fetch(
        """
        SELECT nspname || '.' || relname AS name,
            array_agg(attname::text ORDER BY attnum) AS columns
        FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid
        JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        WHERE nspname = ANY ($1) AND relkind = 'r' AND NOT relname = ANY ($2)
            AND has_column_privilege(pg_class.oid, attnum, 'UPDATE')
        GROUP BY 1""",
        SERVICES,
        QUEUE,
    )
    changing = {row["name"]: row["columns"] for row in found}
    assert changing.pop("notifier.sequences") == ["last"]
    assert changing.pop("registry.turns") == ["at", "voids"]
    assert "uploaded_by" not in changing.pop("registry.imports")
    stated = {**CHANGED_OF_PEOPLE, **CHANGED_ONCE}
    assert {name: {*changing.pop(name)} for name in stated} == stated
    assert {tuple(columns) for columns in changing.values()} == {("superseded_at",)}
    assert {"registry.projects", "registry.indicators"} <= changing.keys()


@pytest.mark.parametrize("statement", REFUSED_ANYWHERE)
async def test_what_an_intruder_would_try_is_refused(
    account: asyncpg.Connection, statement: str
) -> None:
    assert await is_refused(account, statement)


async def test_every_row_that_a_service_stores_can_be_read_and_added(
    account: asyncpg.Connection,
) -> None:
    """A table that a later migration creates has the default: it is read, rows are added."""
    for table in await account.fetch(TABLES, SERVICES):
        await account.fetch(f"SELECT * FROM {table['name']} LIMIT 1")
        if table["relname"] != "alembic_version":
            added = "SELECT has_any_column_privilege($1, 'INSERT')"
            assert await account.fetchval(added, table["name"]), table["name"]


async def test_grants_are_given_again_and_taken_back(all_tables: str) -> None:
    """What somebody granted by hand is gone after the next start."""
    owner = owner_of(all_tables)
    connection = await asyncpg.connect(owner.replace("+asyncpg", ""))
    await connection.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA registry TO {EMBEDDED_ACCOUNT}")
    await migrate_schema(all_tables, "registry", owner)
    may = "SELECT has_table_privilege($1, 'registry.audit', $2)"
    assert not await connection.fetchval(may, EMBEDDED_ACCOUNT, "DELETE")
    assert await connection.fetchval(may, EMBEDDED_ACCOUNT, "SELECT")
    await connection.close()


async def test_an_account_that_owns_nothing_starts_on_a_current_schema(all_tables: str) -> None:
    for service in SERVICES:
        await migrate_schema(all_tables, service)


async def test_a_schema_that_is_not_current_is_for_its_owner(server: str) -> None:
    async with database(server, "not_current") as url:
        with pytest.raises(SchemaNotCurrent, match="REGISTRY_OWNER_URL"):
            await migrate_schema(url, "registry")
        await migrate_schema(url, "registry", owner_of(url))
        await migrate_schema(url, "registry")


async def test_one_account_may_do_both(server: str) -> None:
    """As before there were two: it migrates, owns the tables, and works."""
    async with database(server, "one_account") as url:
        await migrate_schema(owner_of(url), "scoring", owner_of(url))
        await migrate_schema(owner_of(url), "scoring")


async def test_the_account_is_made_once(server: str) -> None:
    first, again = await restricted(server), await restricted(server)
    assert first == again == use_account(server, EMBEDDED_ACCOUNT)
