"""A child process for one piece of work, forked from a server that has the libraries loaded.

The server is `multiprocessing`'s, without the threads and connections of the service. A child
limits itself before it looks at what it was given; who waits for it watches its memory, and kills
it when nobody asks any more. It dies with the service.
"""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from types import ModuleType
from typing import Any

from shared.child_processes.confinement import resident_bytes, work_within_limits
from shared.child_processes.errors import Bound, ChildKilled
from shared.child_processes.limits import RESULT_BYTES, Limits
from shared.child_processes.outcome import unpack_outcome

WATCH_SECONDS = 0.02  # between two looks at a child's memory
START_SECONDS = 60.0  # for the server to load its libraries before the first child, and to reap one
SIGNALLED_BOUNDS = {
    -signal.SIGXCPU: Bound.processor,
    -signal.SIGALRM: Bound.wall,
    -signal.SIGKILL: Bound.memory,  # by the system: we tell ourselves why we kill
}
CONTEXT = get_context("forkserver")
LOADED = ["pyarrow", "shared.ledger.reader", "shared.ledger.writer"]
CHANGING = threading.Lock()  # `multiprocessing` keeps the children of all threads in one set


def preload(*modules: str) -> None:
    """Name modules that the server loads, so that no child has to; before it is started."""
    LOADED.extend(name for name in modules if name not in LOADED)


def start_server() -> None:
    """Start the server of children where none is running; it loads its modules meanwhile."""
    CONTEXT.set_forkserver_preload(LOADED)
    forkserver.ensure_running()


class Child:
    """One piece of work, for which one thread waits."""

    def __init__(
        self, limits: Limits, function: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> None:
        self.limits = limits
        self.work = function, arguments
        self.is_unwanted = threading.Event()

    def run(self) -> Any:
        """What the function returns or raises. Raises ChildKilled at a limit."""
        receiver, sender = CONTEXT.Pipe(duplex=False)
        with receiver:
            with sender:
                process = self.start(sender)
            try:
                content = self.receive(receiver, process)
            finally:
                end(process)
        return unpack_outcome(content)

    def start(self, sender: Connection) -> BaseProcess:
        arguments = (sender, self.limits, *self.work)
        process = CONTEXT.Process(target=work_within_limits, args=arguments, daemon=True)
        try:
            with CHANGING, without_main():
                start_server()
                process.start()
        except (EOFError, ConnectionError) as error:  # the server was killed at this moment
            raise ChildKilled(Bound.crash) from error
        return process

    def receive(self, receiver: Connection, process: BaseProcess) -> bytes:
        latest = monotonic() + self.limits.wall + START_SECONDS  # it has a clock of its own
        while not self.is_unwanted.is_set() and monotonic() < latest:
            if wait([receiver], WATCH_SECONDS):
                try:
                    return receiver.recv_bytes(RESULT_BYTES)
                except (EOFError, OSError):
                    raise ChildKilled(exit_bound(process)) from None
            if resident_bytes(process.pid) > self.limits.memory:
                raise ChildKilled(Bound.memory)
        raise ChildKilled(Bound.wall)

    def abandon(self) -> None:
        """Have it killed, as nobody asks any more."""
        self.is_unwanted.set()


@contextmanager
def without_main() -> Iterator[None]:
    """Hide the program of this process, which each child would run anew, to no purpose."""
    program, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


def exit_bound(process: BaseProcess) -> Bound:
    """What ended a child that ended without a result."""
    wait([process.sentinel], START_SECONDS)
    with CHANGING:
        code = process.exitcode or 0
    return SIGNALLED_BOUNDS.get(code, Bound.crash)


def end(process: BaseProcess) -> None:
    """Kill a child that still runs, and forget it once it is gone."""
    with CHANGING:
        process.kill()
    wait([process.sentinel])
    with CHANGING:
        process.join()
        process.close()
