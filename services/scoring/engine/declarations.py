"""What the language declares: named facts, metrics, axes. A scheme file brings its own so."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Label = Annotated[str, Field(min_length=1, max_length=120)]
Formula = Annotated[str, Field(max_length=2000)]
Condition = Annotated[str, Field(min_length=1, max_length=2000)]


class Declaration(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


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
    """

    id: Id
    zh: Label
    en: Label
    numerator: Formula
    denominator: Formula = ""
    population: Formula = ""
    over: str = "projects"
    of_all: bool = False
    direction: Literal["higher", "lower"] = "higher"
    measure: Literal["share", "count", "yuan", "days"] = "share"
    reading: str = ""
    source: str

    @property
    def formula(self) -> str:
        """The formula as it runs, for people to read."""
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
