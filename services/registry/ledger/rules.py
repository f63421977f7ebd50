"""Limits of an upload, and the state of its import. Pure."""

from collections.abc import Mapping
from typing import Any

from services.registry.ledger.schemas import ImportState
from shared.offices import office_code
from shared.problems import Conflict, Forbidden, Problem

MAX_ERRORS_TOLD = 3  # in the sentence of a problem


class LedgerRefused(Conflict):
    """台账有错误，没有导入

    The ledger has errors; nothing of it was taken over.
    """


class OtherOffice(Forbidden):
    """属于另一办公室

    It belongs to another office.
    """


class LedgerTooLarge(Problem):
    """台账太大

    The ledger is too large.
    """

    status = 413


def refuse_other_office(row: Mapping[str, Any], office: str) -> None:
    """Raise OtherOffice where an import is neither of an office nor was uploaded by it."""
    if office not in (row["office"], office_code(row["region_code"])):
        raise OtherOffice(
            f"这份台账属于 {row['office']}，只能由它导入",
            f"The ledger is of {row['office']}, and only that office may have it taken over.",
        )


def import_state(row: Mapping[str, Any]) -> ImportState:
    """State of a row of `imports`."""
    if row["errors"]:
        return ImportState.refused
    if row["applied_at"]:
        return ImportState.applied
    if row["problem"]:
        return ImportState.failed
    return ImportState.applying if row["asked_at"] else ImportState.checked
