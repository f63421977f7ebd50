"""What the language declares: named facts, metrics, axes. A scheme file brings its own so."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Label = Annotated[str, Field(min_length=1, max_length=120)]
Formula = Annotated[str, Field(max_length=2000)]
Condition = Annotated[str, Field(min_length=1, max_length=2000)]


class Declaration(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def told(said: str, *path: str | int) -> PydanticCustomError:
    """A mistake in words, at a path below what is validated."""
    return PydanticCustomError("told", "{said}", {"said": said, "path": path})


class NamedFact(Declaration):
    """A fact of every project, by name, for metrics, lights and other facts to use.

    `over` the projects themselves, `text` speaks of one project; over another table of the ledger,
    it picks, counts or sums the project's rows there that meet `where`.
    """

    id: Id
    zh: Label
    text: Formula
    over: str = "projects"
    where: Formula = ""


class Metric(Declaration):
    """One figure of a unit: numerator ÷ denominator over the rows of its live projects.

    A row whose part of the denominator is unknown is left out of both. Without a denominator the
    metric is a plain count or sum. `of_all` divides by the denominators of all units together.
    `measure` says what the value is; `direction`, which end is the better one.

    Two kinds have no formula. `by_hand`: the value is entered with a reason, and not applicable
    where none was. `marks` takes the `sum` or the `mean` of what project marks of this id give to
    the unit's projects.
    """

    id: Id
    zh: Label
    en: Label
    numerator: Formula = ""
    denominator: Formula = ""
    population: Formula = ""
    over: str = "projects"
    of_all: bool = False
    direction: Literal["higher", "lower"] = "higher"
    measure: Literal["share", "count", "yuan", "days", "marks"] = "share"
    by_hand: bool = False
    marks: Id | None = None
    take: Literal["sum", "mean"] = "sum"
    reading: str = ""
    source: str

    @model_validator(mode="after")
    def comes_from_one_place(self) -> "Metric":
        places = [bool(self.numerator), self.by_hand, self.marks is not None]
        if sum(places) != 1:
            raise told("numerator、by_hand: true、marks 三者要写一个，且只写一个")
        computed = self.denominator or self.population or self.of_all or self.over != "projects"
        if not self.numerator and computed:
            raise told("没有 numerator，就没有 denominator、population、over、of_all")
        return self

    @property
    def is_tallied(self) -> bool:
        """Whether it is counted or summed over rows of the ledger by its own formula."""
        return bool(self.numerator)

    @property
    def formula(self) -> str:
        """The formula as it runs, for people to read."""
        if self.by_hand:
            return "人工录入"
        if self.marks is not None:
            return f"{self.marks} 各项目得分{'合计' if self.take == 'sum' else '平均'}"
        divisor = f" ÷ {'全部单位的 ' if self.of_all else ''}{self.denominator}"
        population = f"，范围：{self.population}" if self.population else ""
        table = f"，逐条：{self.over}" if self.over != "projects" else ""
        return f"{self.numerator}{divisor if self.denominator else ''}{table}{population}"


class Axis(Declaration):
    """One axis of the lights: to whom it applies, when it is red, when else yellow; else green."""

    id: Id
    zh: Label
    applies: Condition
    yellow: Condition
    red: Condition
