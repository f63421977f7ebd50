"""What may be corrected: a published run, once; its correction is corrected in its turn."""

from services.scoring.publications.rules import AlreadyCorrected
from services.scoring.runs.rules import RunState
from shared.problems import Conflict


class NotPublished(Conflict):
    """还没有公布，不用更正

    A draft needs no correction.
    """


def refuse_correction(run_id: int, state: RunState, corrected_by: int | None) -> None:
    """Raise NotPublished or AlreadyCorrected for a run that cannot be corrected."""
    if not state.is_out:
        raise NotPublished(
            f"第 {run_id} 次计分还没有公布，重新计分即可，不用更正",
            f"Run {run_id} is a draft: begin another run instead of a correction.",
        )
    if corrected_by is not None:
        raise AlreadyCorrected(
            f"第 {run_id} 次计分已由第 {corrected_by} 次更正，请更正第 {corrected_by} 次",
            f"Run {run_id} is corrected by run {corrected_by}: correct that one.",
        )
