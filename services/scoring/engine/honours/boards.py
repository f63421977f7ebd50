"""Red and black boards (HA-11): the first of a group that met a target, the last that missed it.

On the red board are units among the first that have met the target; on the black board, units among
the last that have missed it. Neither slot is passed on to the next unit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.scoring.engine.declarations import Metric
from services.scoring.engine.honours.placement import (
    DayRanking,
    comparable_values,
    first_units,
    is_total_or_metric,
    last_units,
)
from services.scoring.engine.lights.unit_lights import UnitTargets
from services.scoring.engine.scheme.honour_declarations import BY_TOTAL, Board, Places


@dataclass(frozen=True)
class BoardUnit:
    """A unit on a board, or near it, with the reason."""

    unit_id: str
    value: Fraction | None
    target: Fraction | None
    reason: str


@dataclass(frozen=True)
class GroupBoards:
    """Both boards of a group.

    `red_excluded` and `black_excluded` are among the first or last, but not on the boards.
    """

    board: Board
    group: str
    red: Sequence[BoardUnit]
    black: Sequence[BoardUnit]
    red_excluded: Sequence[BoardUnit]
    black_excluded: Sequence[BoardUnit]


def find_board_errors(
    boards: Sequence[Board], known: Mapping[str, Metric]
) -> Iterator[tuple[int, str]]:
    """Metrics that do not exist, and groups named twice: index of the board, message."""
    for n, board in enumerate(boards):
        for name in (board.by, board.metric):
            if not is_total_or_metric(name, known) or (name == board.metric == BY_TOTAL):
                yield n, f"没有名为“{name}”的指标"
        groups = [group for places in board.places for group in places.groups or ("",)]
        for group in sorted({group for group in groups if groups.count(group) > 1}):
            yield n, f"组别“{group or '其他各组'}”写了两次"


def build_boards(
    declared: Sequence[Board], ranking: DayRanking, targets: UnitTargets
) -> list[GroupBoards]:
    """The boards of every group that has slots on them, in order of board and group."""
    return [
        build_group_boards(board, group, places, ranking, targets)
        for board in declared
        for group in ranking.groups
        if (places := places_for_group(board, group)) is not None
    ]


def places_for_group(board: Board, group: str) -> Places | None:
    named = next((places for places in board.places if group in places.groups), None)
    return named or next((places for places in board.places if not places.groups), None)


def build_group_boards(
    board: Board, group: str, places: Places, ranking: DayRanking, targets: UnitTargets
) -> GroupBoards:
    """The two boards of one group, best unit first."""
    worth = comparable_values(group, board.by, ranking)
    best_first = sorted(worth, key=lambda unit: (-worth[unit], unit))
    excused = {excuse.unit_id: excuse.reason for excuse in board.excused}
    red: list[BoardUnit] = []
    black: list[BoardUnit] = []
    red_excluded: list[BoardUnit] = []
    black_excluded: list[BoardUnit] = []
    first, last = first_units(worth, places.red), last_units(worth, places.black)
    for unit in best_first:
        value, target = ranking.units.value(unit, board.metric), board_target(board, unit, targets)
        outcome = target_outcome(board, value, target, ranking.units.metrics[board.metric])
        if unit in first:
            line = BoardUnit(unit, value, target, OUTCOME_LABELS[outcome])
            (red if outcome in red_board_outcomes(board) else red_excluded).append(line)
        if unit in last:
            reason = (
                excused.get(unit, OUTCOME_LABELS[outcome])
                if outcome == "missed"
                else OUTCOME_LABELS[outcome]
            )
            line = BoardUnit(unit, value, target, reason)
            on_board = outcome == "missed" and unit not in excused
            (black if on_board else black_excluded).append(line)
    return GroupBoards(board, group, red, black, red_excluded, black_excluded)


OUTCOME_LABELS = {
    "exceeded": "超过目标",
    "met": "完成目标",
    "missed": "未完成目标",
    "no target": "没有目标",
    "not applicable": "指标不适用",
}


def red_board_outcomes(board: Board) -> tuple[str, ...]:
    return ("exceeded",) if board.exceed else ("exceeded", "met")


def board_target(board: Board, unit: str, targets: UnitTargets) -> Fraction | None:
    if isinstance(board.target, str):
        return targets.get(unit, {}).get(board.metric)
    return Fraction(board.target)


def target_outcome(
    board: Board, value: Fraction | None, target: Fraction | None, metric: Metric
) -> str:
    """A unit's outcome against its target: a key of OUTCOME_LABELS."""
    if value is None:
        return "not applicable"
    if target is None:
        return "no target"
    if value == target:
        return "met"
    return "exceeded" if (value > target) == (metric.direction == "higher") else "missed"
