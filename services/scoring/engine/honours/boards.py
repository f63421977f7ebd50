"""Red and black boards (HA-11): the first of a group that met a target, the last that missed it.

On the red board is who stands among the first and has met the target; on the black board, who
stands among the last and has missed it. Neither place is passed on to the next unit.
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
    """A unit on a board, or beside it with the reason."""

    unit_id: str
    value: Fraction | None
    target: Fraction | None
    reason: str


@dataclass(frozen=True)
class GroupBoards:
    """Both boards of a group; `red_beside` and `black_beside` stood near but are not on them."""

    board: Board
    group: str
    red: Sequence[BoardUnit]
    black: Sequence[BoardUnit]
    red_beside: Sequence[BoardUnit]
    black_beside: Sequence[BoardUnit]


def find_board_errors(
    boards: Sequence[Board], known: Mapping[str, Metric]
) -> Iterator[tuple[int, str]]:
    """What a board refers to that is nowhere, and groups that it names twice."""
    for n, board in enumerate(boards):
        for name in (board.by, board.metric):
            if not is_total_or_metric(name, known) or (name == board.metric == BY_TOTAL):
                yield n, f"没有名为“{name}”的指标"
        groups = [group for places in board.places for group in places.groups or ("",)]
        for group in sorted({group for group in groups if groups.count(group) > 1}):
            yield n, f"组别“{group or '其他各组'}”写了两次"


def build_boards(
    declared: Sequence[Board], ranked: DayRanking, targets: UnitTargets
) -> list[GroupBoards]:
    """The boards of every group that has places on them, in order of board and group."""
    return [
        build_group_boards(board, group, places, ranked, targets)
        for board in declared
        for group in ranked.groups
        if (places := places_for_group(board, group)) is not None
    ]


def places_for_group(board: Board, group: str) -> Places | None:
    named = next((places for places in board.places if group in places.groups), None)
    return named or next((places for places in board.places if not places.groups), None)


def build_group_boards(
    board: Board, group: str, places: Places, ranked: DayRanking, targets: UnitTargets
) -> GroupBoards:
    """Both boards of one group, best first."""
    worth = comparable_values(group, board.by, ranked)
    best_first = sorted(worth, key=lambda unit: (-worth[unit], unit))
    excused = {excuse.unit_id: excuse.reason for excuse in board.excused}
    red: list[BoardUnit] = []
    black: list[BoardUnit] = []
    red_beside: list[BoardUnit] = []
    black_beside: list[BoardUnit] = []
    first, last = first_units(worth, places.red), last_units(worth, places.black)
    for unit in best_first:
        value, target = ranked.units.value(unit, board.metric), board_target(board, unit, targets)
        has = target_outcome(board, value, target, ranked.units.metrics[board.metric])
        if unit in first:
            line = BoardUnit(unit, value, target, OUTCOME_LABELS[has])
            (red if has in red_board_outcomes(board) else red_beside).append(line)
        if unit in last:
            reason = (
                excused.get(unit, OUTCOME_LABELS[has]) if has == "missed" else OUTCOME_LABELS[has]
            )
            line = BoardUnit(unit, value, target, reason)
            on_board = has == "missed" and unit not in excused
            (black if on_board else black_beside).append(line)
    return GroupBoards(board, group, red, black, red_beside, black_beside)


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
    """How a unit stands to its target: a key of SAID."""
    if value is None:
        return "not applicable"
    if target is None:
        return "no target"
    if value == target:
        return "met"
    return "exceeded" if (value > target) == (metric.direction == "higher") else "missed"
