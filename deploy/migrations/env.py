"""Run one service's migrations from the command line, on the database that BAIRI_MIGRATE names.

BAIRI_ACCOUNT, where it is set, names the account of the service, which is granted what it needs.
"""

import asyncio
import os

from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

from shared.database.migrations import run_migrations


async def main() -> None:
    engine = create_async_engine(os.environ["BAIRI_MIGRATE"])
    async with engine.begin() as connection:
        service, account = context.config.config_ini_section, os.environ.get("BAIRI_ACCOUNT", "")
        await connection.run_sync(lambda opened: run_migrations(context, opened, service, account))
    await engine.dispose()


asyncio.run(main())
