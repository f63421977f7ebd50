"""Limits of an upload, and the state of its import. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.registry.ledger.schemas import ImportState
from shared.facts.tables import FACT_KINDS
from shared.ledger.findings import PASSED_OVER
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


class ImportUndone(Conflict):
    """这次导入已经撤销

    The import has been undone.
    """


class QuestionsOpen(Conflict):
    """还有问题没有回答

    Questions are still open.
    """


class NothingAsked(Conflict):
    """这次导入没有问题要回答

    The import asks nothing.
    """


class MappingChanged(Conflict):
    """映射刚刚被别人改过

    The mapping has been changed meanwhile.
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
            f"这份台账属于 {row['office']}，只能由它导入和撤销",
            f"The ledger is of {row['office']}; only that office may apply or undo it.",
        )


def refuse_open_questions(row: Mapping[str, Any]) -> None:
    """Raise QuestionsOpen for an own sheet of which something is still asked."""
    if import_state(row) is ImportState.asking:
        number = row["open_questions"]
        raise QuestionsOpen(
            f"还有 {number} 个问题要先回答", f"{number} question(s) need an answer first."
        )


def refuse_plain_ledger(row: Mapping[str, Any], office: str) -> None:
    """Raise NothingAsked for an import that is not read by a mapping."""
    refuse_other_office(row, office)
    if row["mapping"] is None:
        raise NothingAsked(
            f"{row['name']} 不是按映射导入的", f"{row['name']} was not read by a mapping."
        )


def is_decided(row: Mapping[str, Any]) -> bool:
    """Whether an import is applied or about to be, or was undone: no answer changes it."""
    return import_state(row) in (ImportState.applying, ImportState.applied, ImportState.undone)


def import_state(row: Mapping[str, Any]) -> ImportState:
    """State of a row of `imports`."""
    if row["undone_at"]:
        return ImportState.undone
    if row["applied_at"]:
        return ImportState.applied
    if row["open_questions"]:
        return ImportState.asking
    if row["errors"]:
        return ImportState.refused
    if row["problem"]:
        return ImportState.failed
    return ImportState.applying if row["asked_at"] else ImportState.checked


def group_findings(findings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings counted by level, sheet and code, with what the first of each says; errors first."""
    groups: dict[tuple[str, ...], dict[str, Any]] = {}
    for found in findings:
        names = {name: found[name] for name in ("level", "sheet", "code")}
        first = {
            **names,
            "expected": found["expected"],
            "count": 0,
            "is_skipped": found["code"] in PASSED_OVER,
        }
        group = groups.setdefault(tuple(names.values()), first)
        group["count"] += found["count"]
    return sorted(groups.values(), key=lambda group: group["level"] != "error")


def count_rows(changes: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Changes by table with their rows as a person counts them: new, corrected, withdrawn.

    A corrected record has a key; of a kind without one, the rows that go and come are counted.
    """
    return {name: {**change, **rows_of_change(name, change)} for name, change in changes.items()}


def rows_of_change(name: str, change: Mapping[str, Any]) -> dict[str, int]:
    added, superseded = change["added"], change["superseded"]
    if name in FACT_KINDS and FACT_KINDS[name].key:
        return {"new": added - superseded, "corrected": superseded, "withdrawn": 0}
    return {"new": added, "corrected": 0, "withdrawn": superseded}
