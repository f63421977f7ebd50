"""Response models of imports: contents of a ledger, its findings, its changes."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, Field

from services.registry.findings import FindingLevel, FindingRead
from services.registry.mappings.questions import QuestionRead
from shared.facts.words import Word


class ImportState(Word):
    refused = "refused", "有错误，不能导入"
    checked = "checked", "已检查，可以导入"
    applying = "applying", "正在导入"
    applied = "applied", "已导入"
    undone = "undone", "已撤销"
    asking = "asking", "有问题要回答"
    failed = "failed", "导入不成，一行也没有导入，可以再试"


class FindingGroupRead(BaseModel):
    """Remarks of one kind on one table."""

    level: FindingLevel = Field(title="级别")
    sheet: str = Field(title="表")
    code: str = Field(title="代码")
    expected: str = Field(title="应为")
    count: int = Field(title="处数")
    is_skipped: bool = Field(title="内容没有导入")


class ChangeRead(BaseModel):
    """Rows; a corrected row is one superseded and one added."""

    added: int = Field(title="新增行数")
    superseded: int = Field(title="取代行数")


class ValueChangeRead(BaseModel):
    """A value that changes."""

    row: int | None = Field(title="行")
    key: list[str | None] = Field(title="键")
    before: str | None = Field(title="已存的值")
    after: str | None = Field(title="文件的值")
    before_text: str | None = Field(default=None, title="已存的值（文字）")
    after_text: str | None = Field(default=None, title="文件的值（文字）")


class ColumnChangeRead(BaseModel):
    """Values of a column that change, some of them shown; those that go blank come first."""

    column: str = Field(title="列")
    title: str = Field(title="列名")
    changed: int = Field(title="变动的值数")
    blanked: int = Field(title="变为空白的值数")
    samples: list[ValueChangeRead] = Field(title="举例")


class ConflictRead(ValueChangeRead):
    """A value that somebody wrote since, and what the file would make of it."""

    column: str | None = Field(title="列")
    column_title: str | None = Field(default=None, title="列名")
    recorded_by: str = Field(title="记录人")
    recorded_at: datetime = Field(title="记录时刻")


class RecordName(BaseModel):
    """A record by its id and its name."""

    id: str = Field(title="编号")
    name: str = Field(title="名称")


class TableChangesRead(ChangeRead):
    """What an import changes in a table, column by column.

    Of conflicts with what was written since, every record is counted and the first are shown.
    """

    title: str = Field(title="表名")
    unchanged: int = Field(default=0, title="不变的行数")
    new: int = Field(default=0, title="新记录数")
    corrected: int = Field(default=0, title="更正的记录数")
    withdrawn: int = Field(default=0, title="撤下的行数")
    left_void: int = Field(default=0, title="保持作废的行数")
    absent_columns: list[str] = Field(default=[], title="文件没有的列")
    absent_titles: list[str] = Field(default=[], title="文件没有的列的列名")
    columns: list[ColumnChangeRead] = Field(default=[], title="各列变动")
    conflicts: int = Field(default=0, title="与后来更正冲突的记录数")
    conflicting: list[ConflictRead] = Field(default=[], title="与后来更正冲突的值")
    not_mentioned: int = Field(default=0, title="表里没有提到的记录数")
    first_not_mentioned: list[RecordName] = Field(default=[], title="表里没有提到的记录")


class ImportProgress(BaseModel):
    """Rows of a table."""

    done: int = Field(title="已完成行数")
    of: int = Field(title="总行数")


class ImportProblem(BaseModel):
    """Why it could not be applied (RFC 9457)."""

    type: str = Field(title="代码")
    title: str = Field(title="标题")
    status: int = Field(title="状态码")
    detail: str = Field(title="说明")
    instance: str = Field(title="地址")


class MappingUsed(BaseModel):
    """The mapping by which an own sheet was read."""

    name: str = Field(title="名称")
    version: int = Field(title="版本")


class ImportListed(BaseModel):
    """A ledger that was uploaded: what is in it, what it changed."""

    id: int = Field(title="编号")
    state: ImportState = Field(title="状态")
    uploaded_at: datetime = Field(title="上传时刻")
    uploaded_by: str = Field(title="上传人")
    name: str = Field(title="文件名")
    digest: str = Field(title="文件摘要")
    errors: int = Field(title="错误数")
    warnings: int = Field(title="提醒数")
    counts: Mapping[str, int] = Field(title="各表行数")
    asked_at: datetime | None = Field(title="要求导入的时刻")
    asked_by: str | None = Field(title="要求导入的人")
    applied_at: datetime | None = Field(title="导入时刻")
    applied_by: str | None = Field(title="导入人")
    changes: Mapping[str, ChangeRead] | None = Field(title="各表变动")
    mapping: MappingUsed | None = Field(default=None, title="映射")
    open_questions: int = Field(default=0, title="待回答的问题数")
    undone_at: datetime | None = Field(default=None, title="撤销时刻")
    undone_by: str | None = Field(default=None, title="撤销人")
    undone_why: str | None = Field(default=None, title="撤销原因")
    undone_changes: Mapping[str, ChangeRead] | None = Field(default=None, title="撤销的各表变动")


class ImportTotals(BaseModel):
    """Number of all that is listed, on whichever page."""

    count: int = Field(title="次数")


class ImportPage(BaseModel):
    """`next` is what to send as `after`; None on the last page."""

    items: list[ImportListed] = Field(title="本页")
    next: str | None = Field(title="下一页的起点")
    totals: ImportTotals | None = Field(title="合计")


class ImportRead(ImportListed):
    """With what is wrong with it, how far it has come, and why it could not be applied."""

    questions: list[QuestionRead] = Field(default=[], title="问题")
    findings: list[FindingRead] = Field(title="逐条说明")
    finding_groups: list[FindingGroupRead] = Field(title="逐类计数")
    progress_total: ImportProgress | None = Field(title="总进度")
    progress: Mapping[str, ImportProgress] | None = Field(title="进度")
    problem: ImportProblem | None = Field(title="导入不成的原因")
