"""What may be objected to, and how an objection is answered: once."""

from collections.abc import Collection

from shared.facts.words import Word
from shared.problems import Conflict, InvalidRequest, NotFound


class ObjectionState(Word):
    """Whether the office has answered."""

    open = "open", "待答复"
    answered = "answered", "已答复"


class ObjectionOutcome(Word):
    """What an answer comes to; a figure changes only with its facts, by a new run."""

    kept = "kept", "维持原数"
    facts_changed = "facts_changed", "已改事实"


class AlreadyAnswered(Conflict):
    """已经答复

    The objection is answered already.
    """


class NoSuchFigure(InvalidRequest):
    """这次计分里没有这个数

    The run has no such figure.
    """


def refuse_unknown_unit(unit_id: str, units: Collection[str]) -> None:
    if unit_id not in units:
        raise NoSuchFigure(f"没有单位 {unit_id}", f"There is no unit {unit_id}.")


def refuse_unknown_metric(metric: str, metrics: Collection[str]) -> None:
    if metric not in metrics:
        raise NoSuchFigure(f"方案里没有指标 {metric}", f"The scheme has no metric {metric}.")


def refuse_foreign_project(project_id: str, own: Collection[str]) -> None:
    """Raise NoSuchFigure for a project that is not of the unit that objects."""
    if project_id not in own:
        raise NoSuchFigure(f"本单位没有项目 {project_id}", f"The unit has no project {project_id}.")


def objection_not_found(objection_id: int) -> NotFound:
    return NotFound(f"没有第 {objection_id} 件异议", f"There is no objection {objection_id}.")


def build_answered_problem(objection_id: int) -> AlreadyAnswered:
    return AlreadyAnswered(
        f"第 {objection_id} 件异议已经答复，答复不再改；征求意见期间可以另提异议",
        f"Objection {objection_id} is answered already; another may be made while the run is open.",
    )
