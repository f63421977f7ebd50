"""Judged colours: an office's colours of lights, shown with the computed ones, not instead."""

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
    """A light of a project, computed now or read from storage."""

    @property
    def project_id(self) -> str: ...
    @property
    def overall(self) -> str: ...
    @property
    def axes(self) -> Mapping[str, str | None]: ...


@dataclass(frozen=True)
class Judgement:
    """A colour set for a project's axis, or `overall`, from a day on, with the reason.

    Without a colour it takes back the judgement before. Raises JudgementMistake without a reason or
    a name.
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
    judgements: Iterable[Judgement], as_of: date
) -> dict[tuple[str, str], Judgement]:
    """Project and axis → the judgement in force on a day: the latest, of one day the last."""
    found: dict[tuple[str, str], Judgement] = {}
    for judgement in sorted(judgements, key=lambda j: j.judged_on):
        if judgement.judged_on <= as_of:
            found[judgement.project_id, judgement.axis] = judgement
    return {key: judgement for key, judgement in found.items() if judgement.colour}


def judged_colours(
    lights: Iterable[ColouredLight], judgements: Iterable[Judgement], as_of: date
) -> dict[str, dict[str, Any]]:
    """Project → axis → computed colour, and the judged one with reason, name and day.

    Only judged lights and axes are in it. Where an axis does not apply, the computed colour is
    None; a judgement of a light or axis that does not exist is left out.
    """
    in_force = judgements_in_force(judgements, as_of)
    found: dict[str, dict[str, Any]] = {}
    for light in lights:
        computed: Mapping[str, str | None] = {OVERALL: light.overall, **light.axes}
        for axis, colour in computed.items():
            if judgement := in_force.get((light.project_id, axis)):
                found.setdefault(light.project_id, {})[axis] = {
                    "computed": colour,
                    "judged": judgement.colour,
                    "reason": judgement.reason,
                    "judged_by": judgement.judged_by,
                    "judged_on": judgement.judged_on.isoformat(),
                }
    return found
