"""Questions: of an office, or of a region with what all its offices have.

`office=` names an office, by default the caller's own: what an answer lists is of that office, its
ids are plain and all others qualified. `region=` names a prefix of regions: an answer has what all
offices have there that the caller may see, every id qualified.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from shared.http.tokens import REGION_PREFIX, Caller
from shared.offices import NO_OFFICE, office_code
from shared.problems import InvalidRequest, NotFound


@dataclass(frozen=True)
class Question:
    """What a request asks about; `office` is NO_OFFICE where it asks about a region.

    `region` is the prefix of the regions that the caller may see of it.
    """

    office: str
    region: str


@dataclass(frozen=True)
class QuestionParameters:
    """The parameters `office` and `region` of a request; at most one is given."""

    office: str | None
    region: str | None

    def resolve(self, who: Caller) -> Question:
        """Resolve them for a caller. Raises NotFound for a region that is not the caller's."""
        if self.region is None:
            return Question(office_code(self.office or who.office), who.region)
        if self.region.startswith(who.region):
            return Question(NO_OFFICE, self.region)
        if who.region.startswith(self.region):
            return Question(NO_OFFICE, who.region)
        raise NotFound(f"没有 {self.region} 的数据", f"There is nothing of {self.region}.")


async def get_question(
    office: Annotated[
        str | None,
        Query(
            pattern="^[0-9]{2,6}$",
            title="办公室",
            description="列出该办公室的内容，它的编号不带前缀；不写为本办公室",
        ),
    ] = None,
    region: Annotated[
        str | None,
        Query(
            pattern=f"^{REGION_PREFIX.pattern}$",
            title="行政区划",
            description="列出区划之内各办公室的内容，编号一律带区划代码",
        ),
    ] = None,
) -> QuestionParameters:
    if office is not None and region is not None:
        raise InvalidRequest(
            "office 和 region 只写一个", "Name an office or a region, but not both."
        )
    return QuestionParameters(office, region)


QuestionParam = Annotated[QuestionParameters, Depends(get_question)]
