"""Migrations of one service: its tables, its schema, its own version table.

They run alike from the command line (`alembic -c deploy/alembic.ini -n registry …`) and from the
program, whose embedded default brings itself up to date when it starts.
"""

import importlib
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from shared.database import jobs_tables
from shared.database.accounts import VERSION_TABLE, account_name, grant_privileges
from shared.problems import Problem

LOCK_TIMEOUT = "5s"  # a migration that cannot get its lock gives up, instead of stopping everybody
INSUFFICIENT_PRIVILEGE, LOCK_NOT_AVAILABLE = "42501", "55P03"  # of PostgreSQL
# Columns of the registry's projects that this account may read; none where it has no such table.
REGISTRY_COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'registry' AND table_name = 'projects'"""


class SchemaNotCurrent(Problem):
    """数据库结构不是最新，本账号无权升级

    The schema is not up to date, and this account may not change it.
    """

    status = 503


class SchemaLocked(Problem):
    """别的程序占着数据库的表，没有升级

    Another program holds the tables: nothing was upgraded.
    """

    status = 503


class RegistryNotUpgraded(Problem):
    """要先升级登记服务的数据库结构

    The schema of the registry has to be upgraded first.
    """

    status = 503


async def migrate_schema(url: str, service: str, owner_url: str = "") -> None:
    """Bring the schema of a service up to date, in one transaction.

    With `owner_url` the owner does it, and grants the account of `url` what the service needs.
    Else the account of `url` does it where there is anything to do, and so becomes the owner.
    Raises SchemaNotCurrent where it may not, SchemaLocked.
    """
    engine = create_async_engine(owner_url or url)
    try:
        async with engine.begin() as connection:
            if owner_url:
                await connection.run_sync(upgrade_schema, service, account_name(url))
            elif not await connection.run_sync(is_current, service):
                await connection.run_sync(upgrade_schema, service)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", "")
        if state == LOCK_NOT_AVAILABLE:
            raise SchemaLocked(
                f"{service}：请停下以前的版本和别的程序，再启动一次",
                f"{service}: stop the version of before and other programs, then start again.",
            ) from error
        if state != INSUFFICIENT_PRIVILEGE:
            raise
        setting = f"{service.upper()}_OWNER_URL"
        raise SchemaNotCurrent(
            f"{service}：请用所有者的账号升级（{setting}）",
            f"{service}: let the owner bring it up to date ({setting}).",
        ) from error
    finally:
        await engine.dispose()


def load_script(service: str) -> ScriptDirectory:
    folder = Path(str(importlib.import_module(f"services.{service}").__file__)).parent
    return ScriptDirectory(str(folder), version_locations=[str(folder / "migrations")])


def has_registry_offices(connection: Connection, service: str) -> bool:
    """Whether the rows of the registry may be read here, beside a service, and have offices.

    Raises RegistryNotUpgraded where they will have some: only then it is known whose they are.
    """
    columns = connection.scalars(text(REGISTRY_COLUMNS)).all()
    if columns and "office" not in columns:
        raise RegistryNotUpgraded(
            f"{service} 的升级要用到它：先启动登记服务（registry），再启动 {service}",
            f"{service} builds on it: start the registry, then {service}.",
        )
    return bool(columns)


def is_current(connection: Connection, service: str) -> bool:
    """Whether the schema has the newest revision; false where nothing is there."""
    table = f"{service}.{VERSION_TABLE}"
    if connection.scalar(text(f"SELECT to_regnamespace('{service}') IS NULL")):
        return False
    if connection.scalar(text(f"SELECT to_regclass('{table}') IS NULL")):
        return False
    found = connection.scalar(text(f"SELECT version_num FROM {table}"))
    return bool(found == load_script(service).get_current_head())


def upgrade_schema(connection: Connection, service: str, account: str = "") -> None:
    script = load_script(service)

    def steps(revision: Any, _: Any) -> Any:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        run_migrations(environment, connection, service, account)


def run_migrations(
    environment: Any, connection: Connection, service: str, account: str = ""
) -> None:
    """Run the environment's command (upgrade, check, …) on a connection in a transaction.

    In the end `account`, where one is named, is granted what the service needs.
    """
    tables = importlib.import_module(f"services.{service}.tables")
    # Two programs that start at the same time: the second waits, and finds everything done.
    connection.execute(text(f"select pg_advisory_xact_lock(hashtext('migrate {service}'))"))
    connection.execute(text(f"create schema if not exists {service}"))
    connection.execute(text(f"set local lock_timeout = '{LOCK_TIMEOUT}'"))
    environment.configure(
        connection=connection,
        target_metadata=tables.METADATA,
        **comparison_options(service),
    )
    with environment.begin_transaction():
        environment.run_migrations()
    if account:
        grant_privileges(connection, service, tables.ACCOUNT_GRANTS, account)


def comparison_options(service: str) -> dict[str, Any]:
    """Options of alembic that confine it to a service's own schema."""
    return {
        "include_schemas": True,
        "include_name": lambda name, kind, _: is_declared(name, kind, service),
        "version_table_schema": service,
    }


def is_declared(name: str | None, kind: str, service: str) -> bool:
    """True for what the service's code declares, not another service or the queue of jobs."""
    if kind == "schema":
        return name == service
    return kind != "table" or name not in jobs_tables.QUEUE_TABLES
