"""Request and response models of letters."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.notifier.rules.ladder import LetterKind, LetterMatter
from shared.facts.columns import OpenVocabulary
from shared.facts.words import OpenWord, Word
from shared.http.pages import Page

RecordId = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]


class LetterState(OpenWord):
    """Settled outlasts acknowledged."""

    issued = "issued", "已发出"
    acknowledged = "acknowledged", "已确认"
    settled = "settled", "已办结"


class LetterOrder(Word):
    """By urgency the letters that are not settled come first, and the earliest due of them."""

    recorded = "recorded", "发出先后"
    latest = "latest", "新发的先列"
    due = "due", "先到期的先列"


class LetterDue(BaseModel):
    """A letter that would go out."""

    office: str = Field(title="办公室代码")
    kind: LetterKind = Field(title="函种")
    project_id: str = Field(title="项目编号")
    project_name: str | None = Field(title="项目名称")
    about: Annotated[str, OpenVocabulary(LetterMatter)] = Field(title="事项")
    unit_id: str = Field(title="责任单位编号")
    unit_name: str | None = Field(title="责任单位名称")
    counted_from: date = Field(title="起算日")
    trigger_on: date = Field(title="触发日")
    issue_on: date = Field(title="发出日")
    due_on: date | None = Field(title="答复期限")
    provisional: bool = Field(title="暂定")


class LetterVoid(BaseModel):
    """The void of a fact that a letter rests on."""

    id: int = Field(title="作废编号")
    kind: str = Field(title="类别")
    reason: str = Field(title="作废原因")
    voided_at: datetime = Field(title="作废时刻")


class LetterRead(LetterDue):
    """A letter that went out; `void` is told where letters are asked for that rest on one."""

    id: int = Field(title="编号")
    number: str = Field(title="文号")
    title: str = Field(title="标题")
    region: str = Field(title="行政区划")
    state: LetterState = Field(title="状态")
    issued_at: datetime = Field(title="发出时刻")
    printed: bool = Field(title="已打印")
    acknowledged_at: datetime | None = Field(default=None, title="确认时刻")
    settled_on: date | None = Field(default=None, title="办结日")
    days_left: int | None = Field(title="距答复期限天数")
    days_overdue: int | None = Field(title="逾期天数")
    void: LetterVoid | None = Field(default=None, title="所依据的记录作废")


class LetterTotals(BaseModel):
    """Numbers of all that is listed, on whichever page; of every kind and state, also 0."""

    count: int = Field(title="件数")
    overdue: int = Field(title="逾期件数")
    states: dict[str, int] = Field(title="按状态")
    kinds: dict[str, int] = Field(title="按函种")


class LetterPage(Page[LetterRead]):
    __doc__ = Page.__doc__

    totals: LetterTotals | None = Field(title="合计")


class PrintedPage(BaseModel):
    page: int = Field(title="页码")
    width_mm: int = Field(title="宽度（毫米）")
    height_mm: int = Field(title="高度（毫米）")
    text: str = Field(title="页上的文字")


class PrintedPages(BaseModel):
    count: int = Field(title="页数")
    pages: list[PrintedPage] = Field(title="各页")


class NotPrinted(BaseModel):
    """A letter that is due and could not be printed; it has no number, and is due again."""

    letter: LetterDue = Field(title="函件")
    detail: str = Field(title="原因")
