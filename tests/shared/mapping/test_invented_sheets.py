"""Invented sheets: whatever their words and layout, nothing is taken wrongly without a question."""

from pathlib import Path

import pytest

from tests.shared.mapping.invented_sheets import Score, score_sheet

SEEDS = range(12)
LEAST_SUGGESTED = 0.6  # of columns, of which a third are headed by words that nobody declared


@pytest.fixture(scope="module")
def score(tmp_path_factory: pytest.TempPathFactory) -> Score:
    score, folder = Score(), Path(tmp_path_factory.mktemp("invented"))
    for seed in SEEDS:
        score_sheet(seed, score, folder)
    return score


def test_every_sheet_is_read(score: Score) -> None:
    assert score.unread == []
    assert score.sheets == score.again == len(SEEDS)


def test_nothing_is_wrong_without_a_question(score: Score) -> None:
    assert score.wrong == []


def test_with_all_answers_every_cell_is_right_and_comes_back_unchanged(score: Score) -> None:
    assert score.wrong_cells == []
    assert score.right_cells == score.cells > 500


def test_most_columns_are_suggested_rightly(score: Score) -> None:
    suggested = score.right + score.asked_right_first
    assert suggested / score.columns > LEAST_SUGGESTED
