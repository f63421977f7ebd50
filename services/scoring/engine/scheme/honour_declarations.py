"""Declarations of honours, which schemes have besides points: boards, streaks and awards."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from services.scoring.engine.declarations import (
    Condition,
    Declaration,
    DeclarationId,
    DocumentId,
    Formula,
    Label,
    Quantity,
    UnavailableData,
    validation_error,
)
from services.scoring.engine.points.percentages import parse_percent

BY_TOTAL = "total"  # in `by`: the ranks of the totals; anything else is a metric
UnitCount = Annotated[int, Field(strict=True, ge=0, le=10_000)]
LOOKBACK_MONTHS = 12  # the most months that are looked back
OWN_TARGET: Literal["target"] = "target"


def parse_board_target(value: Any) -> Any:
    """Parse a number, or the word for the unit's own target. Raises PydanticCustomError."""
    try:
        number = Decimal(0 if value == OWN_TARGET else str(parse_percent(value)))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise validation_error("应为数，或 target（各单位自己的目标）")
    return value if value == OWN_TARGET else number


BoardTarget = Annotated[Decimal | Literal["target"], BeforeValidator(parse_board_target)]


class Places(Declaration):
    """The places on either board for a group; without `groups`, for every group not named."""

    groups: tuple[Label, ...] = ()
    red: UnitCount
    black: UnitCount


class Excused(Declaration):
    """A unit that force majeure keeps off the black board, and the reason."""

    unit_id: str
    reason: Label


class Board(Declaration):
    """A pair of boards. `target` is a number or each unit's own, for `metric`, in its measure.

    Units are ranked `by` the total, or a metric. `exceed`: to be on the red board the target must
    be passed, not only reached.
    """

    id: DeclarationId
    zh: Label
    by: DeclarationId = BY_TOTAL
    metric: DeclarationId
    target: BoardTarget
    exceed: bool = False
    places: Annotated[tuple[Places, ...], Field(min_length=1)]
    excused: tuple[Excused, ...] = ()
    notes: str = ""


class Rung(Declaration):
    """A consequence of a number of months in a row."""

    id: DeclarationId
    months: Annotated[int, Field(strict=True, ge=1, le=LOOKBACK_MONTHS)]
    zh: Label


class Streak(Declaration):
    """Months in a row among the last, or the first, of a group, by total or by a metric.

    Of the rungs reached the highest counts. A group of no more units than `last` or `first` has no
    any. Without `groups` it is for all groups.
    """

    id: DeclarationId
    zh: Label
    by: DeclarationId = BY_TOTAL
    last: UnitCount | None = None
    first: UnitCount | None = None
    groups: tuple[Label, ...] = ()
    rungs: Annotated[tuple[Rung, ...], Field(min_length=1)]
    notes: str = ""

    @model_validator(mode="after")
    def check_one_end(self) -> Self:
        if (self.last is None) == (self.first is None):
            raise validation_error("last（后几名）、first（前几名）写一个，且只写一个")
        return self


class Requirement(Declaration):
    """A requirement on candidates, in words and as a condition."""

    zh: Label
    text: Condition


class Award(Declaration):
    """One award. `first`: only so many, by the figure, the greatest first (of a metric, the best).

    An award for units says its `metric`; `groups`, if any, are those it is for.
    """

    id: DeclarationId
    zh: Label
    subject: Literal["project", "unit"] = "project"
    needs: UnavailableData | None = None
    candidates: Formula = ""
    requires: tuple[Requirement, ...] = ()
    figure: Quantity | None = None
    metric: DeclarationId | None = None
    groups: tuple[Label, ...] = ()
    first: UnitCount | None = None
    notes: str = ""

    @model_validator(mode="after")
    def check_subject_fields(self) -> Self:
        """Check that an award for projects has candidates, one for units a metric, unless off."""
        if self.needs:
            return self
        unit = self.subject == "unit"
        if unit and not self.metric:
            raise validation_error("subject 为 unit 的奖项要写明 metric")
        if not unit and not self.candidates:
            raise validation_error("项目的奖项要写明 candidates")
        if (unit and self.figure) or (not unit and (self.metric or self.groups)):
            raise validation_error(
                "figure 只用于项目的奖项，metric、groups 只用于 subject 为 unit 的奖项"
            )
        if self.first is not None and not (unit or self.figure):
            raise validation_error("写了 first 就要写明 figure，先后按它排")
        return self


HONOUR_SECTIONS = ("boards", "streaks", "awards")


class Honours(Declaration):
    """A built-in file of boards, streaks or awards, for schemes to name."""

    id: DocumentId
    zh: Label
    source: str
    notes: str = ""
    boards: tuple[Board, ...] = ()
    streaks: tuple[Streak, ...] = ()
    awards: tuple[Award, ...] = ()
