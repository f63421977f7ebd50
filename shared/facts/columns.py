"""Columns of the ledger: name, Chinese header, kind of value.

Arrow is imported when its types are needed: checking a ledger does without it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from shared.facts.words import LABELS_KEY, OPEN_KEY, Word
from shared.notation import DAY_NOTATION, DECIMAL_NOTATION, DECIMAL_SCHEMA

if TYPE_CHECKING:
    import pyarrow as pa


MAX_TEXT_LENGTH = 32_767  # characters in a cell of a workbook
MAX_KEY_LENGTH = 200  # characters of a text in a key, as an address has them
MAX_REFERENCE_LENGTH = MAX_KEY_LENGTH + 7  # with the code of an office before an id


@dataclass(frozen=True)
class TableReference:
    """Annotation: the column holds keys of this table."""

    table: str


@dataclass(frozen=True)
class WordsTo:
    """Annotation: words in a cell of the column, of a ledger, belong to this text column."""

    column: str


@dataclass(frozen=True)
class Happened:
    """Annotation: on the day in the column something has happened, so that it is not to come."""


@dataclass(frozen=True)
class OpenVocabulary:
    """Annotation: the column holds free words; those of this vocabulary are known by name."""

    words: type[Word]

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), LABELS_KEY: self.words.labels(), OPEN_KEY: True}


class ColumnType(Enum):
    """Kind of a column's values."""

    text = "text"
    word = "word"
    words = "words"
    flag = "flag"
    day = "day"
    yuan = "yuan"
    count = "count"
    year = "year"
    percent = "percent"
    figure = "figure"

    @property
    def arrow(self) -> "pa.DataType":
        """Type of the values in bulk."""
        return arrow_types()[self]

    @property
    def blank(self) -> Any:
        """Value of a cell in which nothing was written."""
        return [] if self is ColumnType.words else None


@cache
def arrow_types() -> Mapping[ColumnType, "pa.DataType"]:
    import pyarrow as pa

    return {
        ColumnType.text: pa.string(),
        ColumnType.word: pa.string(),
        ColumnType.words: pa.list_(pa.string()),
        ColumnType.flag: pa.bool_(),
        ColumnType.day: pa.date32(),
        ColumnType.yuan: pa.int64(),
        ColumnType.count: pa.int64(),
        ColumnType.year: pa.int64(),
        ColumnType.percent: pa.decimal128(7, 4),
        ColumnType.figure: pa.decimal128(20, 4),
    }


# Types of the fields of a model, which say the type of the column; words of a vocabulary are its
# own class, or a text marked with `OpenVocabulary`.
T = TypeVar("T")
FOUR_PLACES = Field(decimal_places=4)
Text = Annotated[str, Field(max_length=MAX_TEXT_LENGTH), ColumnType.text]
Flag = Annotated[bool, ColumnType.flag]
Day = Annotated[date, DAY_NOTATION, ColumnType.day]
PastDay = Annotated[Day, Happened()]
Yuan = Annotated[int, ColumnType.yuan]
Count = Annotated[int, ColumnType.count]
Year = Annotated[int, ColumnType.year]
Percent = Annotated[Decimal, FOUR_PLACES, DECIMAL_NOTATION, DECIMAL_SCHEMA, ColumnType.percent]
Figure = Annotated[Decimal, FOUR_PLACES, DECIMAL_NOTATION, DECIMAL_SCHEMA, ColumnType.figure]
Words = Annotated[tuple[T, ...], ColumnType.words]


@dataclass(frozen=True)
class Column:
    """One column; `words` is its vocabulary, `closed` where no other word may stand in it.

    `words_to` is the text column that takes what is written in words instead of a figure;
    `is_past` says that something happened on its day.
    """

    name: str
    title: str
    kind: ColumnType
    required: bool
    refers: str | None = None
    words: type[Word] | None = None
    closed: bool = False
    words_to: str | None = None
    is_past: bool = False


def model_columns(model: type[BaseModel]) -> tuple[Column, ...]:
    """The columns that a model declares, in its order."""
    return tuple(
        build_fact_column(
            name, field.title or name, field.is_required(), [*field.metadata, field.annotation]
        )
        for name, field in model.model_fields.items()
    )


def build_fact_column(name: str, title: str, required: bool, annotation: list[Any]) -> Column:
    """Build a column from the leaves of a field's annotation. Raises TypeError without a type."""
    leaves = [leaf for part in annotation for leaf in unwrap_annotation(part)]
    refers = next((leaf.table for leaf in leaves if isinstance(leaf, TableReference)), None)
    open_to = next((leaf.words for leaf in leaves if isinstance(leaf, OpenVocabulary)), None)
    closed = next((f for f in leaves if isinstance(f, type) and issubclass(f, Word)), None)
    words_to = next((leaf.column for leaf in leaves if isinstance(leaf, WordsTo)), None)
    declared = [leaf for leaf in leaves if isinstance(leaf, ColumnType)]
    if ColumnType.words in declared:
        kind = ColumnType.words
    elif closed or open_to:
        kind = ColumnType.word
    elif refers:
        kind = ColumnType.text
    elif declared:
        kind = declared[0]
    else:
        raise TypeError(f"column {name} declares no type of shared.facts.columns")
    words = closed or open_to
    is_past = any(isinstance(leaf, Happened) for leaf in leaves)
    return Column(name, title, kind, required, refers, words, closed is not None, words_to, is_past)


def unwrap_annotation(annotation: Any) -> Iterator[Any]:
    """The leaves of `Annotated[str, TableReference("units")] | None`: str, the mark, NoneType."""
    parts = get_args(annotation)
    if not parts:
        yield annotation
    for part in parts:
        yield from unwrap_annotation(part)
