"""What a run may become: a draft is opened for comment, and published by its office alone."""

from datetime import date

from services.scoring.runs.rules import RunState
from shared.problems import Conflict, InvalidRequest


class AlreadyPublished(Conflict):
    """已经公布，不再征求意见

    The run is published already.
    """


class AlreadyCorrected(Conflict):
    """已由另一次更正

    The run is corrected by another already.
    """


class DayIsOver(InvalidRequest):
    """这一天已经过去

    The day is over.
    """


def refuse_period(run_id: int, state: RunState, until_on: date, today: date) -> None:
    """Raise AlreadyPublished or DayIsOver where a run cannot be open for comment until a day."""
    if state.is_out:
        raise AlreadyPublished(
            f"第 {run_id} 次计分已经公布，不再征求意见", f"Run {run_id} is published already."
        )
    if until_on < today:
        raise DayIsOver(
            f"征求意见要到今天（{today}）或以后，{until_on} 已经过去",
            f"A run is open for comment until today ({today}) or later, not until {until_on}.",
        )


def build_second_correction_problem(run_id: int, corrected: int | None) -> AlreadyCorrected:
    """The problem of publishing a correction of what another has corrected since."""
    return AlreadyCorrected(
        f"第 {corrected} 次计分已由另一次更正，第 {run_id} 次不能再公布",
        f"Run {corrected} is corrected by another already, so run {run_id} cannot be published.",
    )
