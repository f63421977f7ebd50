"""The mapping of an office's own sheet: what each of its columns says, and who its names are.

A mapping is kept beside the ledger or by the registry, read and changed by people. Headers have
holes where a year, a month or a day stands, so that it holds next month as well.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

ASK = "ask"  # what is not decided yet: the import asks
IGNORED = "ignored"
YEAR_HOLE, MONTH_HOLE, DAY_HOLE, COUNT_HOLE = "{年}", "{月}", "{日}", "{数}"
DEFAULT_NAME = "本单位台账"
MAX_NAME = 200  # characters of a name
# Of a mapping, as it stands in an address.
NAME_PATTERN = r"^[^\x00-\x20\x7f/:?#%]([^\x00-\x1f\x7f/:?#%]{0,98}[^\x00-\x20\x7f/:?#%])?$"
MAX_HEADER = 600  # of a header with its groups
MAX_COLUMNS, MAX_SHEETS, MAX_NAMES = 300, 20, 100_000
MAX_TITLES, MAX_SECTIONS = 60, 50  # of a sheet, that are kept for the export

Source = Literal["header", "title", "sheet", "ask"]
Span = Literal["year", "month", "ever", "ask"]
HeaderText = Annotated[str, Field(min_length=1, max_length=MAX_HEADER)]
ShortText = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]


class MappingPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnMapping(MappingPart):
    """What a column says: `to` a column of the ledger, `ignored` why nothing, or `to: ask`.

    `kind` is that of a milestone or a permit; `source` and `event` those of funds; `category` that
    of problems. `year` and `as_of` say where these stand: left out, in the header where it names
    them, else where the sheet's do. `span` is what an amount covers: the year so far, the month
    alone, or all since the start of the project. `derived` is what an export computes for a column
    that no import reads. `years` are those of its columns, counted from the sheet's.
    """

    header: HeaderText
    to: ShortText | None = None
    ignored: ShortText | None = None
    derived: Literal["index", "completion", "time_progress"] | None = None
    kind: ShortText | None = None
    source: ShortText | None = None
    event: ShortText | None = None
    category: ShortText | None = None
    year: Source | int | None = None
    as_of: Source | date | None = None
    span: Span | None = None
    unit_of_money: ShortText | None = None
    blank_months: Literal["zero", "unknown"] | None = None
    months: Literal["so_far", "all"] | None = None  # of several columns, one a month
    years: tuple[int, ...] = (0,)

    @property
    def has_own_day(self) -> bool:
        """Whether its header says the day of its values, or a part of it."""
        is_said = MONTH_HOLE in self.header or YEAR_HOLE in self.header
        return self.as_of == "header" or (self.as_of is None and is_said)

    @property
    def has_own_year(self) -> bool:
        """Whether its header says the year of its values."""
        return self.year == "header" or (self.year is None and YEAR_HOLE in self.header)


class TitleCell(MappingPart):
    """A text above the header: its row from 1, its column's letter."""

    row: int = Field(ge=1, le=30)
    column: str = Field(pattern="^[A-Z]{1,3}$")
    text: HeaderText


class SheetMapping(MappingPart):
    """What one sheet of a pattern says; how it looks is for the export in the same layout.

    `sections` are the rows that head a part of the rows, in their order, with the nature of the
    projects below them.
    """

    sheet: ShortText
    year: Source | int = "title"
    as_of: Source | date = "title"
    unit_of_money: ShortText = "sheet"
    columns: tuple[ColumnMapping, ...] = Field(max_length=MAX_COLUMNS)
    titles: tuple[TitleCell, ...] = Field(default=(), max_length=MAX_TITLES)
    header_rows: int = Field(default=1, ge=1, le=3)
    total: Literal["top", "bottom"] | None = None
    total_label: HeaderText | None = None
    sections: Mapping[str, ShortText] = Field(default={}, max_length=MAX_SECTIONS)
    section_totals: bool = False


class Names(MappingPart):
    """Words that a person has answered: of a unit its id, of a project its id or `new`.

    `words` are those of vocabularies: `projects.nature/在建` is `continuing`. `sheets` are the
    projects that the last import named in each sheet.
    """

    units: Mapping[str, ShortText] = Field(default={}, max_length=MAX_NAMES)
    projects: Mapping[str, ShortText] = Field(default={}, max_length=MAX_NAMES)
    words: Mapping[str, ShortText] = Field(default={}, max_length=1_000)
    sheets: Mapping[str, tuple[ShortText, ...]] = Field(default={}, max_length=MAX_SHEETS)

    def after_import(
        self, labels: Mapping[str, str], named: Mapping[str, Sequence[str]]
    ) -> "Names":
        """The names once an import is applied: with the ids of what was new, and by sheet."""
        sheets = {**self.sheets} | {sheet: tuple(ids) for sheet, ids in named.items()}
        projects = {**self.projects, **labels}
        return self.model_copy(update={"projects": projects, "sheets": sheets})


class OwnAnswers(MappingPart):
    """Answers that hold for one file alone, by the digest of its sheets."""

    file: ShortText
    answers: Mapping[str, ShortText] = Field(default={}, max_length=MAX_NAMES)


class ImportMapping(MappingPart):
    """The mapping of a file: one sheet or several, and the names in them."""

    name: ShortText = DEFAULT_NAME
    sheets: tuple[SheetMapping, ...] = Field(min_length=1, max_length=MAX_SHEETS)
    names: Names = Names()
    once: OwnAnswers | None = None
