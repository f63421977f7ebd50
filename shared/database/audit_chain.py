"""Chains of audit rows, one an office: each row has its number and the hash of the row before it.

The database itself numbers and hashes a row, in a trigger, under the lock of the chain. What is
hashed (sha256) are these texts, each as `length:text,`, its length in bytes of UTF-8, NULL as `-,`:
the hash of the row before in hexadecimal (NULL for the first), office,
number, id, moment in microseconds since 1970, who, role, address, request, action, subject, region,
and `before` and `after` as PostgreSQL prints jsonb.

The statements are never edited: a column more is another migration, with another function.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

# SQL that takes the turn of an office in a schema, until the transaction ends. The trigger takes it
# for every row; who has it already waits no more. `office` is an expression of SQL.
CHAIN_LOCK_SQL = "pg_advisory_xact_lock(hashtext('{schema}'), hashtext({office}))"

# Expressions and loops of its own are what PL/pgSQL is quickest at: no statement is planned.
HASH_FUNCTION = """
    CREATE FUNCTION {schema}.hash_audit_row(previous bytea, entry {schema}.audit) RETURNS bytea
    LANGUAGE plpgsql STABLE AS $$
    DECLARE
        field text;
        hashed text := '';
    BEGIN
        FOREACH field IN ARRAY ARRAY[
            encode(previous, 'hex'), entry.office, entry.number::text, entry.id::text,
            (extract(epoch FROM entry.at) * 1000000)::bigint::text, entry.who, entry.role,
            entry.address, entry.request_id, entry.action, entry.subject, entry.region_code,
            entry.before::text, entry.after::text
        ] LOOP
            hashed := hashed || coalesce(
                octet_length(convert_to(field, 'UTF8')) || ':' || field, '-'
            ) || ',';
        END LOOP;
        RETURN sha256(convert_to(hashed, 'UTF8'));
    END $$"""

# The last row is read after the lock is taken, by a statement of its own, which sees what was
# committed meanwhile; a transaction that would not see it is refused. An id that was given before
# the lock came is given again where another row was quicker: ids of an office grow in its order.
# Planning the look for the last row anew would take longer than all else here.
CHAIN_FUNCTION = """
    CREATE FUNCTION {schema}.chain_audit_row() RETURNS trigger LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan AS $$
    DECLARE
        last {schema}.audit;
    BEGIN
        IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted')
        THEN
            RAISE EXCEPTION 'audit rows are written in transactions that are read committed'
                USING ERRCODE = 'invalid_transaction_state';
        END IF;
        PERFORM {lock};
        SELECT * INTO last FROM {schema}.audit WHERE office = NEW.office
            ORDER BY number DESC LIMIT 1;
        IF NEW.id <= last.id THEN
            NEW.id := nextval('{schema}.audit_id_seq');
        END IF;
        NEW.number := coalesce(last.number, 0) + 1;
        NEW.hash := {schema}.hash_audit_row(last.hash, NEW);
        RETURN NEW;
    END $$"""

# Rows of before, in the order of their ids: the office of their region, `000000` where it is blank.
CHAIN_EARLIER_ROWS = r"""
    DO $$
    DECLARE
        entry {schema}.audit;
        last {schema}.audit;
    BEGIN
        FOR entry IN SELECT * FROM {schema}.audit ORDER BY {office}, id LOOP
            entry.office := {office_of_entry};
            IF entry.office IS DISTINCT FROM last.office THEN
                last := NULL;
            END IF;
            entry.number := coalesce(last.number, 0) + 1;
            entry.hash := {schema}.hash_audit_row(last.hash, entry);
            UPDATE {schema}.audit SET office = entry.office, number = entry.number,
                hash = entry.hash WHERE id = entry.id;
            last := entry;
        END LOOP;
    END $$"""
OFFICE_OF_REGION = """
    CASE WHEN {0} ~ '^[0-9]{{1,12}}$' THEN rpad(left({0}, 6), 6, '0') ELSE '000000' END"""


def create_statements(schema: str) -> list[str]:
    """Statements that chain the rows that are there, and every one that comes."""
    table = f"{schema}.audit"
    lock = CHAIN_LOCK_SQL.format(schema=schema, office="NEW.office")
    earlier = CHAIN_EARLIER_ROWS.format(
        schema=schema,
        office=OFFICE_OF_REGION.format("region_code"),
        office_of_entry=OFFICE_OF_REGION.format("entry.region_code"),
    )
    return [
        f"ALTER TABLE {table} ADD office varchar, ADD number bigint, ADD hash bytea",
        HASH_FUNCTION.format(schema=schema),
        CHAIN_FUNCTION.format(schema=schema, lock=lock),
        # Only here, by the owner of the table: nothing else of these rows changes.
        f"ALTER TABLE {table} DISABLE TRIGGER refuse",
        earlier,
        f"ALTER TABLE {table} ENABLE TRIGGER refuse",
        f"""
        ALTER TABLE {table} ALTER office SET NOT NULL, ALTER number SET NOT NULL,
            ALTER hash SET NOT NULL,
            ADD CONSTRAINT ck_audit_office CHECK (office ~ '^[0-9]{{6}}$'),
            ADD CONSTRAINT uq_audit_office_number UNIQUE (office, number)""",
        f"CREATE TRIGGER chain BEFORE INSERT ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {schema}.chain_audit_row()",
    ]


def drop_statements(schema: str) -> list[str]:
    return [
        f"DROP TRIGGER chain ON {schema}.audit",
        f"DROP FUNCTION {schema}.chain_audit_row",
        f"DROP FUNCTION {schema}.hash_audit_row",
        f"ALTER TABLE {schema}.audit DROP office, DROP number, DROP hash",
    ]


async def lock_chain(session: AsyncSession, schema: str, office: str) -> None:
    """Take the turn of an office before anything else, until the transaction ends.

    For a transaction that writes on after its first audit row; else two may wait for each other.
    One that writes audit rows of several offices takes their turns first, in the order of codes.
    """
    statement = text(f"SELECT {CHAIN_LOCK_SQL.format(schema=schema, office=':office')}")
    await (await session.connection()).execute(statement, {"office": office})


def hash_fields(fields: Iterable[str | None]) -> bytes:
    """Hash the fields of a row, as the function in the database does."""
    hashed = hashlib.sha256()
    for field in fields:
        content = None if field is None else field.encode()
        hashed.update(b"-," if content is None else b"%d:%b," % (len(content), content))
    return hashed.digest()
