"""Questions about an own sheet as they are answered and kept."""

from pydantic import BaseModel, Field


class AnswerOption(BaseModel):
    """An answer that may be given, and what it says."""

    value: str = Field(title="回答")
    label: str = Field(title="含义")


class QuestionRead(BaseModel):
    """What only a person knows of an own sheet, and where in it the question comes from."""

    key: str = Field(title="键")
    text: str = Field(title="问题")
    options: list[AnswerOption] = Field(title="可选的回答")
    sheet: str | None = Field(title="表")
    row: int | None = Field(title="行")
    column_letter: str | None = Field(title="列号")
    value: str | None = Field(title="内容")
    refused: str | None = Field(title="不能用的回答")
