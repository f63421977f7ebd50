"""Judged colours: what an office says of a light, beside what was computed, never in its place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

from shared.problems import Problem

OVERALL = "overall"


class JudgementMistake(Problem):
    """判定有误

    The judgement is incomplete.
    """

    status = 422


class ColouredLight(Protocol):
    """A light of a project, computed now or read from where it is kept."""

    @property
    def project_id(self) -> str: ...
    @property
    def overall(self) -> str: ...
    @property
    def axes(self) -> Mapping[str, str | None]: ...


@dataclass(frozen=True)
class Judgement:
    """A colour that somebody set for a project's axis, or `overall`, from a day on, and why.

    Without a colour it takes back what was judged before. Raises JudgementMistake without a reason
    or a name.
    """

    project_id: str
    axis: str
    colour: Literal["green", "yellow", "red"] | None
    reason: str
    judged_by: str
    judged_on: date

    def __post_init__(self) -> None:
        missing = [
            zh
            for zh, given in (("理由", self.reason), ("判定人", self.judged_by))
            if not given.strip()
        ]
        if missing:
            raise JudgementMistake(
                f"{self.project_id} {self.axis}：要写明{'、'.join(missing)}",
                f"{self.project_id} {self.axis}: say the reason and who judged.",
            )


def judgements_in_force(
    judgements: Iterable[Judgement], day: date
) -> dict[tuple[str, str], Judgement]:
    """Project and axis → the judgement that stands on a day: the latest, of one day the last."""
    found: dict[tuple[str, str], Judgement] = {}
    for judgement in sorted(judgements, key=lambda j: j.judged_on):
        if judgement.judged_on <= day:
            found[judgement.project_id, judgement.axis] = judgement
    return {key: judgement for key, judgement in found.items() if judgement.colour}


def judged_colours(
    lights: Iterable[ColouredLight], judgements: Iterable[Judgement], day: date
) -> dict[str, dict[str, Any]]:
    """Project → axis → computed colour, and beside it the judged one with reason, name and day.

    Of the lights and axes that somebody judged. Where an axis does not apply, a judgement of it
    stands beside None; where there is no such light or axis, it has nothing to stand beside.
    """
    standing = judgements_in_force(judgements, day)
    found: dict[str, dict[str, Any]] = {}
    for light in lights:
        computed: Mapping[str, str | None] = {OVERALL: light.overall, **light.axes}
        for axis, colour in computed.items():
            if judgement := standing.get((light.project_id, axis)):
                found.setdefault(light.project_id, {})[axis] = {
                    "computed": colour,
                    "judged": judgement.colour,
                    "reason": judgement.reason,
                    "judged_by": judgement.judged_by,
                    "judged_on": judgement.judged_on.isoformat(),
                }
    return found
