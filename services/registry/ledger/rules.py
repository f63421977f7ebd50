"""What an upload may be, and where its import stands. Pure."""

from collections.abc import Mapping
from typing import Any

from services.registry.ledger.schemas import State
from shared.problems import Conflict, Problem

MAX_CSV_FILES = 100  # of a ZIP


class LedgerRefused(Conflict):
    """台账有错误，没有导入

    The ledger has errors; nothing of it was taken over.
    """


class LedgerTooLarge(Problem):
    """台账太大

    The ledger is too large.
    """

    status = 413


def import_state(given: Mapping[str, Any]) -> State:
    """Of a row of `imports`."""
    if given["errors"]:
        return State.refused
    if given["applied_at"]:
        return State.applied
    if given["problem"]:
        return State.failed
    return State.applying if given["asked_at"] else State.checked


def csv_names(sizes: dict[str, int], most: int) -> dict[str, str]:
    """The CSV files of a ZIP by the name that they get in a folder of their own.

    Raises LedgerTooLarge when they would unpack to more than so many bytes.
    """
    chosen = {name: name.rpartition("/")[2] for name in sizes if name.endswith(".csv")}
    if len(chosen) > MAX_CSV_FILES or sum(sizes[name] for name in chosen) > most:
        raise LedgerTooLarge(f"解压后不得超过 {most} 字节", f"At most {most} bytes unpacked.")
    return chosen
