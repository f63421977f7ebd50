"""Migrations up to a revision, or back to one: a database as a version of before had it."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from shared.database.migrations import run_migrations


def upgrade_to(connection: Connection, service: str, target: str) -> None:
    run_steps(connection, service, lambda script, now: script._upgrade_revs(target, now))


def downgrade_to(connection: Connection, service: str, target: str) -> None:
    run_steps(connection, service, lambda script, now: script._downgrade_revs(target, now))


def run_steps(
    connection: Connection, service: str, choose: Callable[[ScriptDirectory, Any], Any]
) -> None:
    folder = Path(str(importlib.import_module(f"services.{service}").__file__)).parent
    script = ScriptDirectory(str(folder), version_locations=[str(folder / "migrations")])

    def steps(revision: Any, _: Any) -> Any:
        return choose(script, revision)

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        run_migrations(environment, connection, service)
