"""Files that were damaged or made to do harm are read right or refused; nobody is brought down."""

from tests.shared.ledger.mutated_files import (
    MEMORY_MB,
    WORST_SECONDS,
    read_mutated,
    sound_outcomes,
    wrong_outcomes,
)

FILES = 60  # 300 by `python -m tests.shared.ledger.mutated_files`


def test_mutated_files_are_read_right_or_refused() -> None:
    outcomes, sound = read_mutated(FILES), sound_outcomes()
    assert not any(outcome.errors for outcome in sound.values())
    assert [outcome.name for outcome in wrong_outcomes(outcomes, sound)] == []
    assert len(outcomes) == FILES
    assert max(outcome.seconds for outcome in outcomes) <= WORST_SECONDS
    assert max(outcome.memory_mb for outcome in outcomes) <= MEMORY_MB
    refused = sum(bool(outcome.errors) for outcome in outcomes)
    assert FILES // 4 < refused < FILES  # they are mutated, and not beyond use
