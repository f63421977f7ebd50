"""Response models of the rule book."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.notifier.rules.ladder import LetterKind, LetterMatter
from shared.facts.columns import OpenVocabulary


class SentenceRead(BaseModel):
    """A rule in words."""

    model_config = ConfigDict(from_attributes=True)

    zh: str = Field(title="中文")
    en: str = Field(title="英文")


class LetterRuleRead(SentenceRead):
    """When a kind of letter about a matter goes out, with the numbers of the sentence."""

    kind: LetterKind = Field(title="函种")
    about: Annotated[str, OpenVocabulary(LetterMatter)] = Field(title="事项")
    wait_days: int | None = Field(title="逾期天数")
    red_months: int | None = Field(title="连续红灯月末数")
    answer_workdays: int | None = Field(title="答复工作日数")


class RuleBook(BaseModel):
    """The rules in force on a day."""

    as_of: date = Field(title="截至日期")
    effective_from: date | None = Field(title="施行日期")
    scheme: str = Field(title="亮灯所依方案")
    letters: list[LetterRuleRead] = Field(title="各种函件")
    general: list[SentenceRead] = Field(title="通则")
