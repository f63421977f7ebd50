"""Requests about the publication of runs."""

from pydantic import Field

from services.scoring.wire_types import Day
from shared.http.json_bodies import Body


class CommentPeriodForm(Body):
    """The last day on which the units of a run may read its draft and object to it."""

    until_on: Day = Field(title="征求意见至", examples=["2026-12-11"])
