"""Rules of reports, pure: whether a record counts or waits, and what may end its waiting."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from shared.facts.kind import FactKind
from shared.facts.words import OpenWord, Word
from shared.plausibility.findings import Implausibility
from shared.problems import Conflict, Forbidden, Stale


class ReviewMode(Word):
    """What an office reviews of a kind before it counts."""

    everything = "everything", "全部审核"
    findings = "findings", "有疑点的审核"
    nothing = "nothing", "不审核"


class WaitCause(OpenWord):
    """Why a record waits."""

    findings = "findings", "有疑点"
    office = "office", "现有记录是重点项目办填写或更正的"
    voided = "voided", "原记录已作废"
    returned = "returned", "上次报送被退回"
    everything = "everything", "这一类全部审核"


class ReportState(Word):
    """What became of a report."""

    waiting = "waiting", "待审核"
    accepted = "accepted", "已采用"
    returned = "returned", "已退回"
    withdrawn = "withdrawn", "已撤回"
    replaced = "replaced", "已被后来的报送代替"


class ReportDecided(Conflict):
    """这条报送已经处理

    The report has been decided already.
    """


def find_wait_causes(
    mode: ReviewMode,
    findings: Iterable[Implausibility],
    *,
    current: Mapping[str, Any] | None,
    is_voided: bool,
    last_decision: str | None,
) -> list[WaitCause]:
    """Find why a record of a unit or field officer waits; none where it counts at once.

    `current` is the record that it would correct, `last_decision` the last one of the office about
    its place, `is_voided` whether what was there last was withdrawn.
    """
    if mode is ReviewMode.nothing:
        return []
    causes = {
        WaitCause.findings: any(finding.holds for finding in findings),
        WaitCause.office: current is not None and current["reported_by"] is None,
        WaitCause.voided: is_voided,
        WaitCause.returned: last_decision == ReportState.returned,
        WaitCause.everything: mode is ReviewMode.everything,
    }
    return [cause for cause, holds in causes.items() if holds]


def report_place(kind: FactKind, subject: str, corrects: int | None) -> str | None:
    """The place of a record: its key, or the version of one without a key; a new one has none."""
    if kind.key:
        return subject
    return None if corrects is None else f"{kind.name}/{corrects}"


def evidence_day(kind: FactKind, fact: Mapping[str, Any], today: date) -> date:
    """The day for which something was reported: that of its key, else the day of reporting.

    What else a report says of days is a value, which nobody is told while it waits.
    """
    return next((fact[part] for part in kind.key if isinstance(fact[part], date)), today)


def refuse_decided(state: ReportState) -> None:
    """Raise ReportDecided for a report that waits no longer."""
    if state is not ReportState.waiting:
        raise ReportDecided(
            f"这条报送{state.label}", f"The report is {state.value} already.", state=state.value
        )


def refuse_stale(*, is_stale: bool, present: int | None, expected: int | None) -> None:
    """Raise Stale unless the office has seen what it would replace.

    `expected` is the version that it names, 0 where there is no record; None names none, which is
    enough for a report whose record is as the reporter saw it.
    """
    if expected is None and not is_stale:
        return
    if expected == (present or 0):
        return
    raise Stale(
        f"报送以后记录已经改过，现在是第 {present or 0} 版，请在 If-Match 中写明",
        f"The record has changed since; it is at version {present or 0}, to be named in If-Match.",
        current=present,
    )


def refuse_gone(*, corrects: int | None, present: int | None) -> None:
    """Raise Stale where a record without a key was superseded, and what by nobody can tell."""
    if corrects is not None and present is None:
        raise Stale(
            "所更正的记录已经没有了，请退回，由报送人另报",
            "The record that it corrects is gone; return it, to be reported anew.",
            current=None,
        )


def refuse_other_unit(is_own: bool) -> None:
    """Raise Forbidden where another unit reported it."""
    if not is_own:
        raise Forbidden("只有报送单位可以撤回", "Only the unit that reported it may withdraw it.")
