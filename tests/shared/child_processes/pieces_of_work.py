"""Pieces of work for children: harmless ones, and each that has to be stopped."""

import os
import threading
import time
from pathlib import Path

from pydantic import BaseModel

from shared.ledger.findings import LedgerRejected, build_finding
from shared.problems import NotFound


class Limits(BaseModel):
    most: int


def add(one: int, other: int) -> int:
    return one + other


def tell_process() -> dict[str, int]:
    return {"pid": os.getpid(), "niceness": os.nice(0)}


def hoard() -> None:
    kept = []
    while True:
        kept.append(b"x" * 1_000_000)


def hoard_over(_text: str) -> None:
    hoard()


def hoard_at_once() -> bytes:
    return b"x" * 64_000_000_000


def spin() -> None:
    while True:
        pass


def abort() -> None:
    os.abort()


def sleep() -> None:
    time.sleep(3600)


def refuse() -> None:
    raise NotFound("没有", "None.", errors=[1])


def reject() -> None:
    raise LedgerRejected([build_finding("bad_csv", "units", 3)])


def fail() -> None:
    raise ValueError("wrong")


def fail_to_validate() -> None:
    """Raise an error of pydantic, whose class has no constructor."""
    Limits.model_validate({"most": "many"})


def fail_with_a_lock() -> None:
    """Raise an error that cannot be pickled."""
    raise ValueError("held", threading.Lock())


def note_and_sleep(file: Path) -> None:
    """Write down the process that works, then do nothing for long."""
    note_process(file)
    sleep()


def note_and_spin(file: Path) -> None:
    note_process(file)
    spin()


def note_process(file: Path) -> None:
    written = file.with_suffix(".new")
    written.write_text(str(os.getpid()))
    written.rename(file)


def wait_for_file(file: Path) -> Path:
    while not file.exists():
        time.sleep(0.01)
    return file


def is_there(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(process: int) -> None:
    while is_there(process):
        time.sleep(0.01)
