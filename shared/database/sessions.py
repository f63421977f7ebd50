"""Sessions of the database: one engine per process, one transaction per request or job."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from asyncpg import (  # type: ignore[import-untyped]
    AdminShutdownError,
    CannotConnectNowError,
    CrashShutdownError,
    InterfaceError,
    PostgresConnectionError,
    PostgresError,
    QueryCanceledError,
    TooManyConnectionsError,
)
from fastapi import Depends, Request
from sqlalchemy import MetaData, event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.util import greenlet_spawn
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.problems import NotReady, raises

Sessions = async_sessionmaker[AsyncSession]
# What an operation may end in when its database goes away; most can have other causes, too.
CONNECTION_ERRORS = (
    ConnectionError,
    PostgresError,
    InterfaceError,
    DBAPIError,
    PoolTimeout,
    TimeoutError,
)
# What says so by itself.
AWAY_ERRORS = (
    ConnectionError,
    PoolTimeout,
    PostgresConnectionError,
    AdminShutdownError,
    CrashShutdownError,
    CannotConnectNowError,
    TooManyConnectionsError,
    QueryCanceledError,  # it took too long
    TimeoutError,
)

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def no_answer() -> NotReady:
    """The problem of a database that is away."""
    return NotReady("数据库没有应答，请稍后再试", "The database does not answer; try again later.")


def is_database_away(error: BaseException) -> bool:
    """Whether an error means that the database cannot be reached, and not a mistake of ours."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or is_database_away(error.orig or Exception())
    if isinstance(error, InterfaceError):  # of asyncpg: also for what is sent wrongly
        return "closed" in str(error)
    cause = error.__cause__
    return isinstance(error, AWAY_ERRORS) or (cause is not None and is_database_away(cause))


def build_metadata(schema: str) -> MetaData:
    """Metadata of a service, which owns one schema; constraints are named alike in all."""
    return MetaData(schema=schema, naming_convention=NAMING_CONVENTION)


# Plans are made for the values at hand: a region may be a county or the country, and an unused
# filter costs nothing. No statement here is worth compiling.
PLANNER_SETTINGS = {"plan_cache_mode": "force_custom_plan", "jit": "off"}


@dataclass(frozen=True)
class Patience:
    """How long the database is waited for, in seconds, before it counts as away."""

    statement: float
    connecting: float = 5
    queueing: float = 10  # for a connection that others use

    def connect_args(self) -> dict[str, Any]:
        """What the driver is told; the server ends a statement itself, unless it hangs."""
        most = {"statement_timeout": f"{self.statement * 1000:.0f}"}
        return {
            "server_settings": PLANNER_SETTINGS | most,
            "timeout": self.connecting,
            "command_timeout": self.statement + self.connecting,
        }


OF_REQUESTS, OF_WORKERS = Patience(statement=30), Patience(statement=600, queueing=60)


def create_sessions(
    url: str, *, connections: int = 10, patience: Patience = OF_REQUESTS
) -> Sessions:
    """Sessions on a database, over at most so many connections of this process."""
    engine = create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=patience.queueing,
        connect_args=patience.connect_args(),
    )
    event.listen(engine.sync_engine, "checkout", replace_unfit_connection)
    event.listen(engine.sync_engine, "handle_error", give_up_connection)
    event.listen(engine.sync_engine, "do_connect", connect)
    return async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


def connect(dialect: Any, _: Any, arguments: Any, options: Any) -> Any:
    """Connect as the dialect does. Raises NotReady where nobody answers, or only to refuse."""
    try:
        return dialect.connect(*arguments, **options)
    except (OSError, *AWAY_ERRORS) as error:
        raise no_answer() from error


def give_up_connection(context: Any) -> None:
    """Have a connection closed, and not asked to undo anything, that did not answer in time."""
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True


def replace_unfit_connection(connection: Any, *_: Any) -> None:
    """Take a new connection for one that the server closed, or that was left in a transaction.

    The driver knows both by itself; asking the server before each use would cost three statements.
    """
    driver = connection.driver_connection
    if driver.is_closed() or driver.is_in_transaction():
        raise DisconnectionError


async def get_driver_connection(session: AsyncSession) -> Any:
    """asyncpg's own connection of a session, for statements that are built once and run often.

    One statement on it is a transaction of its own. More need `async with driver.transaction()`,
    which is a savepoint where the session's own transaction has begun.
    """
    connection = await session.connection()
    return (await connection.get_raw_connection()).driver_connection


async def begin_driver_transaction(session: AsyncSession) -> Any:
    """asyncpg's connection inside the session's transaction, which begins here at the latest."""
    await (await session.connection()).execute(text("select 1"))  # the adapter waits for a first
    return await get_driver_connection(session)


@dataclass(frozen=True)
class ReadConnection:
    """Reads of one statement each, which is a transaction of its own.

    They take asyncpg's connections from the pool of the sessions, without a session around them.
    """

    sessions: Sessions

    async def fetch(self, text: str, *values: object) -> Any:
        """The rows of a statement with `$1`, `$2` … in it."""
        connection = await self.sessions.kw["bind"].raw_connection()
        try:
            return await connection.driver_connection.fetch(text, *values)
        except TimeoutError:
            await greenlet_spawn(connection.invalidate)
            raise
        finally:
            await greenlet_spawn(connection.close)


@raises(NotReady)
async def get_read_connection(request: Request) -> ReadConnection:
    return ReadConnection(request.app.state.sessions)


@raises(NotReady)
async def open_transaction(request: Request) -> AsyncIterator[AsyncSession]:
    """Committed when the endpoint returns, rolled back when it raises. Nobody else commits."""
    sessions: Sessions = request.app.state.sessions
    async with sessions.begin() as session:
        yield session


@raises(NotReady)
async def get_sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions


Reads = Annotated[ReadConnection, Depends(get_read_connection)]
# For endpoints that read, release the connection, and work on without one.
SessionFactory = Annotated[Sessions, Depends(get_sessions)]
# scope="function": with the default, "request", the commit would come after the response is sent,
# and a caller could read its 201 before the row is there.
Session = Annotated[AsyncSession, Depends(open_transaction, scope="function")]
