"""What was given of an award, for tests of awards."""

from services.scoring.engine.results.run_result import ScoringResult

Told = dict[str, tuple[str, ...]]


def award(result: ScoringResult, name: str) -> tuple[list[str], Told]:
    """Who has an award, best first; and of the other candidates why not."""
    given = next(given for given in result.supplements.awards if given.award.id == name)
    others = {found.subject_id: found.reasons for found in given.others}
    return [found.subject_id for found in given.winners], others
