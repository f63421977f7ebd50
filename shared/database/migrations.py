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
from sqlalchemy.ext.asyncio import create_async_engine

from shared.database import jobs_tables

LOCK_TIMEOUT = "5s"  # a migration that cannot get its lock gives up, instead of stopping everybody


async def migrate_schema(url: str, service: str) -> None:
    """Bring the schema of a service up to date, in one transaction."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(upgrade_schema, service)
    await engine.dispose()


def upgrade_schema(connection: Connection, service: str) -> None:
    folder = Path(str(importlib.import_module(f"services.{service}").__file__)).parent
    script = ScriptDirectory(str(folder), version_locations=[str(folder / "migrations")])

    def steps(revision: Any, _: Any) -> Any:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        run_migrations(environment, connection, service)


def run_migrations(environment: Any, connection: Connection, service: str) -> None:
    """Run the environment's command (upgrade, check, …) on a connection in a transaction."""
    # Two programs that start at the same time: the second waits, and finds everything done.
    connection.execute(text(f"select pg_advisory_xact_lock(hashtext('migrate {service}'))"))
    connection.execute(text(f"create schema if not exists {service}"))
    connection.execute(text(f"set local lock_timeout = '{LOCK_TIMEOUT}'"))
    environment.configure(
        connection=connection,
        target_metadata=importlib.import_module(f"services.{service}.tables").METADATA,
        **comparison_options(service),
    )
    with environment.begin_transaction():
        environment.run_migrations()


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
