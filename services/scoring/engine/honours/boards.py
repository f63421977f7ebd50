"""Red and black boards (HA-11): the first of a group that met a target, the last that missed it.

On the red board is who stands among the first and has met the target; on the black board, who
stands among the last and has missed it. Neither place is passed on to the next unit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.scoring.engine.declarations import Metric
from services.scoring.engine.honours.placement import (
    RankedOnDay,
    first_of,
    is_known,
    last_of,
    worths,
)
from services.scoring.engine.lights.unit_lights import Targets
from services.scoring.engine.scheme.honour_declarations import TOTAL, Board, Places


@dataclass(frozen=True)
class BoardLine:
    """A unit on a board, or beside it with the reason."""

    unit_id: str
    value: Fraction | None
    target: Fraction | None
    reason: str


@dataclass(frozen=True)
class BoardOfGroup:
    """Both boards of a group; `red_beside` and `black_beside` stood near but are not on them."""

    board: Board
    group: str
    red: Sequence[BoardLine]
    black: Sequence[BoardLine]
    red_beside: Sequence[BoardLine]
    black_beside: Sequence[BoardLine]


def board_mistakes(
    boards: Sequence[Board], known: Mapping[str, Metric]
) -> Iterator[tuple[int, str]]:
    """What a board refers to that is nowhere, and groups that it names twice."""
    for n, board in enumerate(boards):
        for name in (board.by, board.metric):
            if not is_known(name, known) or (name == board.metric == TOTAL):
                yield n, f"没有名为“{name}”的指标"
        groups = [group for places in board.places for group in places.groups or ("",)]
        for group in sorted({group for group in groups if groups.count(group) > 1}):
            yield n, f"组别“{group or '其他各组'}”写了两次"


def boards(declared: Sequence[Board], ranked: RankedOnDay, targets: Targets) -> list[BoardOfGroup]:
    """The boards of every group that has places on them, in order of board and group."""
    return [
        board_of(board, group, places, ranked, targets)
        for board in declared
        for group in ranked.groups
        if (places := places_of(board, group)) is not None
    ]


def places_of(board: Board, group: str) -> Places | None:
    named = next((places for places in board.places if group in places.groups), None)
    return named or next((places for places in board.places if not places.groups), None)


def board_of(
    board: Board, group: str, places: Places, ranked: RankedOnDay, targets: Targets
) -> BoardOfGroup:
    """Both boards of one group, best first."""
    worth = worths(group, board.by, ranked)
    best_first = sorted(worth, key=lambda unit: (-worth[unit], unit))
    excused = {excuse.unit_id: excuse.reason for excuse in board.excused}
    red: list[BoardLine] = []
    black: list[BoardLine] = []
    red_beside: list[BoardLine] = []
    black_beside: list[BoardLine] = []
    first, last = first_of(worth, places.red), last_of(worth, places.black)
    for unit in best_first:
        value, target = ranked.units.value(unit, board.metric), target_of(board, unit, targets)
        has = how(board, value, target, ranked.units.metrics[board.metric])
        if unit in first:
            line = BoardLine(unit, value, target, SAID[has])
            (red if has in on_red(board) else red_beside).append(line)
        if unit in last:
            reason = excused.get(unit, SAID[has]) if has == "missed" else SAID[has]
            line = BoardLine(unit, value, target, reason)
            on_board = has == "missed" and unit not in excused
            (black if on_board else black_beside).append(line)
    return BoardOfGroup(board, group, red, black, red_beside, black_beside)


SAID = {
    "exceeded": "超过目标",
    "met": "完成目标",
    "missed": "未完成目标",
    "no target": "没有目标",
    "not applicable": "指标不适用",
}


def on_red(board: Board) -> tuple[str, ...]:
    return ("exceeded",) if board.exceed else ("exceeded", "met")


def target_of(board: Board, unit: str, targets: Targets) -> Fraction | None:
    if isinstance(board.target, str):
        return targets.get(unit, {}).get(board.metric)
    return Fraction(board.target)


def how(board: Board, value: Fraction | None, target: Fraction | None, metric: Metric) -> str:
    """How a unit stands to its target: a key of SAID."""
    if value is None:
        return "not applicable"
    if target is None:
        return "no target"
    if value == target:
        return "met"
    return "exceeded" if (value > target) == (metric.direction == "higher") else "missed"
