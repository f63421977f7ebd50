"""What an upload may be, and where its import stands. Pure."""

from datetime import datetime

from services.registry.ledger.schemas import State
from shared.problems import Conflict, Problem

FILES = 100  # of a ZIP


class LedgerRefused(Conflict):
    """台账有错误，没有导入

    The ledger has errors; nothing of it was taken over.
    """


class LedgerTooLarge(Problem):
    """台账太大

    The ledger is too large.
    """

    status = 413


def state(errors: int, applied_at: datetime | None) -> State:
    if errors:
        return State.refused
    return State.applied if applied_at else State.checked


def csv_names(sizes: dict[str, int], most: int) -> dict[str, str]:
    """The CSV files of a ZIP by the name that they get in a folder of their own.

    Raises LedgerTooLarge when they would unpack to more than so many bytes.
    """
    chosen = {name: name.rpartition("/")[2] for name in sizes if name.endswith(".csv")}
    if len(chosen) > FILES or sum(sizes[name] for name in chosen) > most:
        raise LedgerTooLarge(f"解压后不得超过 {most} 字节", f"At most {most} bytes unpacked.")
    return chosen
