"""Requests and responses of mappings, of what is suggested, and of what is asked."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, Field

from services.registry.findings import FindingRead
from services.registry.mappings.questions import AnswerOption, QuestionRead
from services.registry.records.schemas import Form
from shared.http.json_bodies import Body
from shared.ledger.sheets import WRITABLE_PATTERN
from shared.mapping.model import MAX_NAME, NAME_PATTERN

MappingName = Annotated[str, Path(pattern=NAME_PATTERN, title="映射名称")]
MappingQuery = Annotated[str | None, Query(pattern=NAME_PATTERN, title="映射名称")]
MAX_YAML, MAX_ANSWERS = 1_000_000, 5_000
AnswerText = Annotated[str, Field(min_length=1, max_length=MAX_NAME, pattern=WRITABLE_PATTERN)]


class MappingListed(BaseModel):
    """A version of a mapping: of which sheets it is, and how much it knows."""

    name: str = Field(title="名称")
    version: int = Field(title="版本")
    sheets: list[str] = Field(title="各表")
    mapped_columns: int = Field(title="列数")
    known_names: int = Field(title="已认的名称数")
    recorded_at: datetime = Field(title="登记时刻")
    recorded_by: str = Field(title="登记人")
    why: str = Field(title="说明")
    superseded_at: datetime | None = Field(title="被取代时刻")


class MappingRead(MappingListed):
    """With what it says; the same as YAML is at `document.yaml`."""

    document: dict[str, Any] = Field(title="内容")


class MappingForm(Form):
    """What a mapping says: as JSON or as YAML, one of the two."""

    document: dict[str, Any] | None = Field(default=None, title="内容")
    yaml: str | None = Field(
        default=None, max_length=MAX_YAML, pattern=WRITABLE_PATTERN, title="内容（YAML）"
    )


class AnswersForm(Body):
    """Answers by the keys of their questions; other questions stay open."""

    answers: dict[str, AnswerText] = Field(max_length=MAX_ANSWERS, title="回答")


class ColumnSuggestion(BaseModel):
    """A column of an own sheet: its headings, some of its cells, and what it may be.

    `key` answers what it is, as a question would.
    """

    key: str = Field(title="键")
    column_letter: str = Field(title="列号")
    headings: list[str] = Field(title="表头")
    samples: list[str] = Field(title="举例")
    meanings: list[AnswerOption] = Field(title="可能是什么")
    confidence: int = Field(title="把握")
    is_sure: bool = Field(title="有把握")


class SheetSuggestion(BaseModel):
    """A sheet of a file with a header, as it stands there."""

    sheet: str = Field(title="表")
    titles: list[str] = Field(title="表头以上的文字")
    header_row: int = Field(title="表头所在的行")
    rows: int = Field(title="数据行数")
    columns: list[ColumnSuggestion] = Field(title="各列")


class MappingSuggestion(BaseModel):
    """What a file may be: sheets with suggestions, a mapping of them, what it would ask.

    `recognised` is the office's own mapping that the headers are known by. `meanings` are all that
    a column may be. `findings` say why there is no mapping, or what it leaves out.
    """

    recognised: str | None = Field(title="认出的映射")
    name: str = Field(title="名称")
    document: dict[str, Any] | None = Field(title="内容")
    sheets: list[SheetSuggestion] = Field(title="各表")
    questions: list[QuestionRead] = Field(title="问题")
    meanings: list[AnswerOption] = Field(title="可以是什么")
    findings: list[FindingRead] = Field(title="逐条说明")
