"""The letters of a period, replayed day by day: what is due today, given what went out before.

A replay has no answers to go by, so nothing here depends on a letter being answered or settled.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.oracle import facts, workdays
from tests.oracle.facts import Dossier, dossiers
from tests.oracle.lights import progress_light
from tests.oracle.tables import Ledger
from tests.oracle.workdays import ONE_DAY, Calendar

# Working days to answer; a reminder wants none.
ANSWER_DAYS = {"assignment": 5, "supervision": 3, "yellow_card": 3}
LADDER_MILESTONES = ("started", "in_production")
REMINDED_MILESTONES = ("started",)
ASSIGNMENT_AFTER = timedelta(days=15)
SUPERVISION_AFTER = timedelta(days=60)


@dataclass(frozen=True)
class Rung:
    """One step of the ladder of a project and what it is about; at the same time its identity."""

    kind: str
    project_id: str
    about: str
    trigger_on: date


def letters(ledger: Ledger, first: date, last: date, calendar: Calendar) -> dict[str, Any]:
    """Return the document that `bairi letters --format json` prints."""
    projects = dossiers(ledger)
    passed: set[Rung] = set()
    sent: list[dict[str, Any]] = []
    day = first
    while day <= last:
        if workdays.is_working_day(calendar, day):
            for dossier in projects:
                for rung in _sweep(dossier, day, passed, calendar):
                    sent.append(_letter(rung, dossier, day, calendar))
        day += ONE_DAY
    sent.sort(key=lambda row: [row[k] for k in ("issue_on", "kind", "project_id", "about")])
    return {"from": first.isoformat(), "to": last.isoformat(), "letters": sent}


def _sweep(dossier: Dossier, day: date, passed: set[Rung], calendar: Calendar) -> list[Rung]:
    """Return the rungs that go out today: of each ladder the highest that is due and not passed."""
    if dossier.nature == "reserve" or not facts.is_live(dossier, day):
        return []
    if facts.is_paused(dossier, day):
        return []
    ladders = [_milestone_ladder(dossier, about, day, calendar) for about in LADDER_MILESTONES]
    ladders.append(_progress_ladder(dossier, day))
    issued = []
    for ladder in ladders:
        due = [rung for rung in ladder if rung not in passed]
        passed.update(due)
        issued.extend(due[-1:])
    return issued


def _milestone_ladder(dossier: Dossier, about: str, day: date, calendar: Calendar) -> list[Rung]:
    """Return the rungs due about a milestone, lowest first, for the planned date in force."""
    planned = facts.planned(dossier, about, day)
    if planned is None or facts.actual(dossier, about, day) is not None:
        return []
    due = []
    remind_on = facts.add_months(planned, -1)
    is_time = workdays.on_or_before(calendar, remind_on) <= day <= planned
    if about in REMINDED_MILESTONES and is_time:
        due.append(Rung("reminder", dossier.project_id, about, remind_on))
    if planned + ASSIGNMENT_AFTER <= day:
        due.append(Rung("assignment", dossier.project_id, about, planned + ASSIGNMENT_AFTER))
    if planned + SUPERVISION_AFTER <= day:
        due.append(Rung("supervision", dossier.project_id, about, planned + SUPERVISION_AFTER))
    return due


def _progress_ladder(dossier: Dossier, day: date) -> list[Rung]:
    """Return the rungs due about progress, lowest first, while a red episode lasts."""
    episode = _red_episode(dossier, day)
    kinds = ("supervision", "yellow_card")
    return [
        Rung(kind, dossier.project_id, "progress", month_end)
        for kind, month_end in zip(kinds, episode, strict=False)
    ]


def _red_episode(dossier: Dossier, day: date) -> list[date]:
    """Return the month ends of the red episode that lasts on the day, first one first.

    The latest month end decides whether an episode lasts: it holds until the next month end.
    """
    episode: list[date] = []
    end = facts.last_month_end(day)
    year = end.year
    while end.year == year and _is_red(dossier, end):
        episode.insert(0, end)
        end = end.replace(day=1) - ONE_DAY
    return episode


def _is_red(dossier: Dossier, month_end: date) -> bool:
    if facts.is_paused(dossier, month_end):
        return False
    return progress_light(dossier, month_end) == "red"


def _letter(rung: Rung, dossier: Dossier, day: date, calendar: Calendar) -> dict[str, Any]:
    """Return the printed letter, issued on the day."""
    due_on = None
    if rung.kind in ANSWER_DAYS:
        due_on = workdays.after_working_days(calendar, day, ANSWER_DAYS[rung.kind])
    return {
        "kind": rung.kind,
        "project_id": rung.project_id,
        "about": rung.about,
        "unit_id": dossier.unit_id,
        "trigger_on": rung.trigger_on.isoformat(),
        "issue_on": day.isoformat(),
        "due_on": None if due_on is None else due_on.isoformat(),
        "provisional": workdays.is_provisional(calendar, rung.trigger_on, due_on or day),
    }
