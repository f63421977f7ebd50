"""What letters rest on a fact that was voided since. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.notifier.rules.ladder import PROGRESS
from services.notifier.rules.letters import Letter

# Kinds of facts that a letter may rest on; plans and progress make the lights of month ends.
RESTED_ON = ("projects", "milestones", "plans", "progress")


@dataclass(frozen=True)
class VoidFact:
    """A fact that is void: its kind, its columns, when it was recorded, and its void."""

    kind: str
    columns: Mapping[str, Any]
    recorded_at: datetime
    void_id: int
    reason: str
    voided_at: datetime


def find_void(letter: Letter, known_at: datetime, facts: Iterable[VoidFact]) -> VoidFact | None:
    """Find the first void fact that a letter rests on; `known_at` is the moment that it tells of.

    `facts` are those of its project.
    """
    resting = (
        each
        for each in facts
        if each.recorded_at <= known_at < each.voided_at and is_rested_on(letter, each)
    )
    return min(resting, key=lambda each: each.void_id, default=None)


def is_rested_on(letter: Letter, fact: VoidFact) -> bool:
    """Whether a letter tells of a fact: its project, its date, or a figure of its month ends.

    A light is of the year's plan and of the last report by the month end; any report of the year
    up to the letter's trigger counts here, as another may have been the last one then.
    """
    columns = fact.columns
    if fact.kind == "projects":
        return True
    if fact.kind == "milestones":
        of_letter = (letter.about, letter.counted_from.isoformat())
        return of_letter == (columns["kind"], columns["planned_on"])
    if letter.about != PROGRESS:
        return False
    if fact.kind == "plans":
        return bool(columns["year"] == letter.counted_from.year)
    as_of = date.fromisoformat(columns["as_of"])
    return as_of.year == letter.counted_from.year and as_of <= letter.trigger_on
