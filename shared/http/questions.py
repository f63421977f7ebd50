"""Questions: of an office, or of a region with what all its offices have.

`office=` names an office, by default the caller's own: what an answer lists is of that office, its
ids are plain and all others qualified. `region=` names a prefix of regions: an answer has what all
offices have there that the caller may see, every id qualified.
"""

from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import Depends, Query
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.http.json_bodies import Body
from shared.http.tokens import REGION_PREFIX, Caller
from shared.offices import NO_OFFICE, OFFICE_DIGITS, office_code, region_prefix
from shared.problems import InvalidRequest, NotFound, raises

ONE_OF_THEM_ZH = "office 和 region 只写一个"
ONE_OF_THEM_EN = "Name an office or a region, but not both."
OFFICE_TITLE, REGION_TITLE = "办公室", "行政区划"
OFFICE_DESCRIPTION = """该办公室的内容，它的编号不带前缀；3505 即 350500；不写为本办公室。

What this office has, its ids without a prefix; 3505 is 350500. The caller's own by default."""
REGION_DESCRIPTION = """区划之内各办公室的内容，编号一律带办公室代码；与 office 只写一个。

What all offices in this region have, every id with its office; not together with `office`."""
OFFICE_NAME_PATTERN = "^([0-9]{2}){1,3}$"  # a code, or a region's prefix to be filled with zeros
REGION_PATTERN = f"^{REGION_PREFIX.pattern}$"


@dataclass(frozen=True)
class Question:
    """What a request asks about; `office` is NO_OFFICE where it asks about a region.

    `region` is the prefix of the regions that the caller may see of it.
    """

    office: str
    region: str

    @classmethod
    def of_office(cls, office: str) -> Self:
        """The question about the whole of an office."""
        return cls(office, region_prefix(office))

    @classmethod
    def of_region(cls, region: str) -> Self:
        return cls(NO_OFFICE, region)

    @property
    def is_narrow(self) -> bool:
        """Whether it is about less than whole offices, as who is for a township asks."""
        if self.office == NO_OFFICE:
            return len(self.region) > OFFICE_DIGITS
        return region_prefix(self.region) != region_prefix(self.office)


@dataclass(frozen=True)
class QuestionParameters:
    """The parameters `office` and `region` of a request; at most one is given."""

    office: str | None = None
    region: str | None = None

    def resolve(self, who: Caller) -> Question:
        """Resolve them to what a caller may see of an office or a region, whosever it is.

        Raises NotFound for a region that has nothing in common with the caller's.
        """
        if self.region is None:
            return Question(office_code(self.office or who.office), who.region)
        if self.region.startswith(who.region):
            return Question.of_region(self.region)
        if who.region.startswith(self.region):
            return Question.of_region(who.region)
        raise nothing_of(self.region)

    def resolve_whole(self, who: Caller) -> Question:
        """Resolve them to all of an office or a region that is the caller's own or below.

        Who is for less than an office (a township) asks about that part of its own. Raises NotFound
        for one that is neither.
        """
        if self.region is not None:
            if not self.region.startswith(who.region):
                raise nothing_of(self.region)
            return Question.of_region(self.region)
        office = office_code(self.office or who.office)
        if office == who.office:
            return Question(office, who.region)
        if not is_own_or_below(office, who):
            raise nothing_of(office)
        return Question.of_office(office)


class QuestionFields(Body):
    """The same two in the body of a request."""

    office: Annotated[str, Field(pattern=OFFICE_NAME_PATTERN)] | None = Field(
        default=None, title=OFFICE_TITLE, description=OFFICE_DESCRIPTION
    )
    region: Annotated[str, Field(pattern=REGION_PATTERN)] | None = Field(
        default=None, title=REGION_TITLE, description=REGION_DESCRIPTION
    )

    @model_validator(mode="after")
    def check_question_fields(self) -> Self:
        if self.office is not None and self.region is not None:
            raise PydanticCustomError("office_and_region", ONE_OF_THEM_EN)
        return self

    @property
    def asks(self) -> QuestionParameters:
        return QuestionParameters(self.office, self.region)


@raises(InvalidRequest, NotFound)
async def get_question(
    office: Annotated[
        str | None,
        Query(pattern=OFFICE_NAME_PATTERN, title=OFFICE_TITLE, description=OFFICE_DESCRIPTION),
    ] = None,
    region: Annotated[
        str | None,
        Query(pattern=REGION_PATTERN, title=REGION_TITLE, description=REGION_DESCRIPTION),
    ] = None,
) -> QuestionParameters:
    if office is not None and region is not None:
        raise InvalidRequest(ONE_OF_THEM_ZH, ONE_OF_THEM_EN)
    return QuestionParameters(office, region)


QuestionParam = Annotated[QuestionParameters, Depends(get_question)]


def is_own_or_below(office: str, who: Caller) -> bool:
    """Whether an office is the caller's own, or for a part of its region."""
    return office == who.office or region_prefix(office).startswith(who.region)


def nothing_of(place: str) -> NotFound:
    return NotFound(f"没有 {place} 的数据", f"There is nothing of {place}.")
