"""Declarations of named facts, metrics and axes: those of the catalogue, and of scheme files."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

DocumentId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
DeclarationId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Label = Annotated[str, Field(min_length=1, max_length=120)]
Formula = Annotated[str, Field(max_length=2000)]
Condition = Annotated[str, Field(min_length=1, max_length=2000)]
Measure = Literal["share", "count", "yuan", "days", "points", "months", "marks"]

# Data that the registry does not keep yet. A metric or an award that needs it is off, and says so.
UnavailableData = Literal["clearance", "duties"]
UNAVAILABLE_DATA_LABELS: Mapping[UnavailableData, str] = {
    "clearance": "征地拆迁台账",
    "duties": "调度履职记录",
}


def describe_unavailable(data: UnavailableData) -> str:
    """The reason, for people, why a metric or an award is off."""
    return f"需要{UNAVAILABLE_DATA_LABELS[data]}，尚未登记"


KeyPath = tuple[str | int, ...]  # the location of a value in a document


class Declaration(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def validation_error(message: str, *path: str | int) -> PydanticCustomError:
    """A validation error with a message of ours, at a path below the validated object."""
    return PydanticCustomError("told", "{said}", {"said": message, "path": path})


class NamedFact(Declaration):
    """A fact of every project, with a name for metrics, lights and other facts to use.

    `over` the projects themselves, `text` is about one project; over another table of the ledger,
    it picks, counts or sums the project's rows there that meet `where`.
    """

    id: DeclarationId
    zh: Label
    text: Formula
    over: str = "projects"
    where: Formula = ""


class Metric(Declaration):
    """One figure of a unit: numerator ÷ denominator over the rows of its live projects.

    A row whose part of the denominator is unknown is left out of both. Without a denominator the
    metric is a plain count or sum. `of_all` divides by the denominators of all units together.
    `measure` is the unit of the value (`points`: a share in percentage points); `direction` is the
    better end.

    Three kinds have no formula. `by_hand`: the value is entered with a reason, and not applicable
    where none was. `marks` takes the `sum` or the `mean` of the project marks of this id over the
    unit's projects; `weighted_by`, a number of each project, makes it a weighted mean, and a
    project of which that is unknown or below 0 is left out. A metric that `needs` unavailable data
    is not applicable to anybody.
    """

    id: DeclarationId
    zh: Label
    en: Label
    numerator: Formula = ""
    denominator: Formula = ""
    population: Formula = ""
    over: str = "projects"
    of_all: bool = False
    direction: Literal["higher", "lower"] = "higher"
    measure: Measure = "share"
    by_hand: bool = False
    marks: DeclarationId | None = None
    take: Literal["sum", "mean"] = "sum"
    weighted_by: Formula = ""
    needs: UnavailableData | None = None
    reading: str = ""
    source: str

    @model_validator(mode="after")
    def check_source(self) -> "Metric":
        there = [bool(self.numerator), self.by_hand, self.marks is not None, self.needs is not None]
        if sum(there) != 1:
            raise validation_error(
                "numerator、by_hand: true、marks、needs 四者要写一个，且只写一个"
            )
        computed = self.denominator or self.population or self.of_all or self.over != "projects"
        if not self.numerator and computed:
            raise validation_error("没有 numerator，就没有 denominator、population、over、of_all")
        if self.weighted_by and (self.marks is None or self.take != "mean"):
            raise validation_error("weighted_by 只与 marks、take: mean 同用", "weighted_by")
        return self

    @property
    def is_tallied(self) -> bool:
        """Whether it is counted or summed over rows of the ledger; over none, while it is off."""
        return bool(self.numerator) or self.needs is not None

    @property
    def formula(self) -> str:
        """The formula as it runs, for people to read."""
        if self.needs:
            return f"（{describe_unavailable(self.needs)}）"
        if self.by_hand:
            return "人工录入"
        if self.marks is not None:
            by = f"按 {self.weighted_by} 加权" if self.weighted_by else ""
            return f"{self.marks} 各项目得分{by}{'合计' if self.take == 'sum' else '平均'}"
        divisor = f" ÷ {'全部单位的 ' if self.of_all else ''}{self.denominator}"
        population = f"，范围：{self.population}" if self.population else ""
        table = f"，逐条：{self.over}" if self.over != "projects" else ""
        return f"{self.numerator}{divisor if self.denominator else ''}{table}{population}"


class Quantity(Declaration):
    """The figure of an axis or an award, of one project: numerator ÷ denominator, or a number."""

    numerator: Condition
    denominator: Formula = ""
    measure: Measure = "share"


class Words(Declaration):
    """The words of an office for the colours, where it has its own (关注, 黄牌)."""

    green: Label = "绿灯"
    yellow: Label = "黄灯"
    red: Label = "红灯"


class Axis(Declaration):
    """One axis of the lights: where it applies, its condition of red, then of yellow; else green.

    Of projects, the texts may use every named fact, and `figure` where the axis declares its
    figure. Of units, the figure is a metric of the unit's; the texts may use `figure`, `target`
    (the unit's own, entered), `average` (the metric over all units together), and `months_missed`:
    how many month ends in a row, the last one first, met `missed`, of a year at most.
    A figure may be compared with decimals: `figure < 0.8`; of points, with points: `figure > 30`.
    """

    id: DeclarationId
    zh: Label
    subject: Literal["project", "unit"] = "project"
    applies: Condition
    figure: Quantity | None = None
    metric: DeclarationId | None = None
    missed: Formula = ""
    yellow: Condition
    red: Condition
    words: Words = Words()

    @model_validator(mode="after")
    def check_subject_fields(self) -> Self:
        """Check that a unit's axis has a metric, and a project's has not."""
        unit = self.subject == "unit"
        if unit and not self.metric:
            raise validation_error("subject 为 unit 的轴要写明 metric")
        if (unit and self.figure) or (not unit and (self.metric or self.missed)):
            raise validation_error(
                "figure 只用于项目的轴，metric、missed 只用于 subject 为 unit 的轴"
            )
        return self
