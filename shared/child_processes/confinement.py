"""Confinement of a child to its limits, by itself, before it looks at what it was given."""

import fcntl
import os
import resource
import select
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from shared.child_processes.limits import NICENESS, RESULT_BYTES, Limits
from shared.child_processes.outcome import pack_outcome

PAGE = resource.getpagesize()
RESIDENT, DATA = 1, 5  # fields of `/proc/<pid>/statm`, in pages


def work_within_limits(
    sender: Connection, limits: Limits, function: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    """Do one piece of work, and send its outcome: all that a child does."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service
    os.nice(NICENESS)
    with suppress(OSError):  # where the system has none
        Path("/proc/self/oom_score_adj").write_text("1000")
    confine(limits)
    sender.send_bytes(pack_outcome(function, arguments))


def confine(limits: Limits) -> None:
    """Bound memory, time and files. Beyond, malloc fails, or the system ends the process."""
    growth = limits.memory - resident_bytes(os.getpid())
    bounds = {
        resource.RLIMIT_DATA: data_bytes() + max(growth, 0),
        resource.RLIMIT_FSIZE: RESULT_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in bounds.items():
        resource.setrlimit(kind, (most, most))
    # At the hard limit the system does not say why it kills.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.processor, limits.processor + 1))
    signal.alarm(limits.wall)


def die_with_parent() -> None:
    """Have the system end this process when its parent ends, whatever it is at."""
    parent = parent_process()
    if parent is None:
        return
    fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(parent.sentinel, fcntl.F_GETFL)
    fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, flags | os.O_ASYNC)  # SIGIO, which nobody handles
    watch = select.poll()
    watch.register(parent.sentinel)
    if watch.poll(0):  # it ended before
        os._exit(1)


def resident_bytes(process: int | None) -> int:
    """Resident memory of a process; 0 where there is none, or the system does not tell."""
    return read_memory(process, RESIDENT)


def data_bytes() -> int:
    return read_memory(os.getpid(), DATA)


def read_memory(process: int | None, field: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[field]) * PAGE
    except (OSError, IndexError):
        return 0
