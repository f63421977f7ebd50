"""Accounts of the database: a service's own reads and adds rows, and owns nothing.

What was recorded is kept by triggers, which the owner of a table may disable. So tables belong to
another account, the owner, who migrates, and in the end grants a service's account what it needs:
by default to read every table of its schema and to add rows, with ids that the database gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.database.jobs_tables import QUEUE_TABLES

EMBEDDED_ACCOUNT = "bairi"  # the services' account of the embedded database
VERSION_TABLE = "alembic_version"
QUEUE_PRIVILEGES = "SELECT, INSERT, UPDATE, DELETE"
# Tables of a schema, with the columns that a row may be added with.
TABLES_QUERY = """
    SELECT relname, array_agg(attname::text) FILTER (WHERE attidentity = '') AS columns
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    WHERE relnamespace = to_regnamespace(:schema) AND relkind IN ('r', 'p')
    GROUP BY relname ORDER BY relname"""
CREATE_ACCOUNT_SQL = """
    DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{account}') THEN
            CREATE ROLE {account} LOGIN;
        END IF;
    END $$"""


@dataclass(frozen=True)
class AccountGrants:
    """What a service's account may do beyond reading and adding rows.

    `updated` are the columns that it changes, by table; `deleted` the tables whose rows it deletes.
    """

    updated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deleted: tuple[str, ...] = ("answers",)


def grant_privileges(
    connection: Connection, schema: str, grants: AccountGrants, account: str
) -> None:
    """Let an account do in a schema what it needs, and nothing else; anew, whatever it was before.

    For the owner, in a transaction. The owner's own account keeps what it has.
    """
    if connection.scalar(text("SELECT current_user")) == account:
        return
    quote = connection.dialect.identifier_preparer.quote
    role, own = quote(account), quote(schema)
    found = connection.execute(text(TABLES_QUERY), {"schema": schema})
    tables = {row.relname: row.columns for row in found}
    statements = [
        f"REVOKE ALL ON SCHEMA {own} FROM {role}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {own} FROM {role}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {own} FROM {role}",
        f"GRANT USAGE ON SCHEMA {own} TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {own} TO {role}",
    ]
    for name, columns in tables.items():
        privileges = table_privileges(name, tuple(map(quote, columns or ())), grants)
        statements.append(f"GRANT {privileges} ON {own}.{quote(name)} TO {role}")
    for statement in statements:
        connection.exec_driver_sql(statement)


def table_privileges(name: str, columns: tuple[str, ...], grants: AccountGrants) -> str:
    """Privileges on a table, as GRANT has them."""
    if name == VERSION_TABLE:
        return "SELECT"
    if name in QUEUE_TABLES:
        return QUEUE_PRIVILEGES
    privileges = ["SELECT", f"INSERT ({', '.join(columns)})"]
    if name in grants.updated:
        privileges.append(f"UPDATE ({', '.join(grants.updated[name])})")
    if name in grants.deleted:
        privileges.append("DELETE")
    return ", ".join(privileges)


def account_name(url: str) -> str:
    """The account of a URL. Raises ValueError where it names none."""
    name = make_url(url).username
    if not name:
        raise ValueError("数据库地址里要写明账号")
    return name


async def create_embedded_account(owner_url: str) -> str:
    """Make the services' account of the embedded database where it is not there; its URL."""
    engine = create_async_engine(owner_url)
    async with engine.begin() as connection:
        await connection.execute(text(CREATE_ACCOUNT_SQL.format(account=EMBEDDED_ACCOUNT)))
    await engine.dispose()
    return use_account(owner_url, EMBEDDED_ACCOUNT)


def use_account(url: str, account: str) -> str:
    """The URL of the same database for another account, without a password."""
    changed = make_url(url).set(username=account, password=None)
    return changed.render_as_string(hide_password=False)
