"""Requests and responses with the settings of an office; a new setting is a field of them here."""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import Path
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from services.registry.records.report_rules import ReviewMode
from services.registry.records.schemas import Form
from shared.facts.tables import FACT_KINDS
from shared.http.json_bodies import Body
from shared.http.printable_lines import PRINTABLE, PRINTABLE_SCHEMA, line_constraints
from shared.offices import OFFICE_DIGITS, OFFICE_PATTERN
from shared.plausibility.thresholds import DEFAULT_THRESHOLDS, PlausibilityThresholds

DEFAULT_KIND = "default"  # of an agency word: every kind of letter without a word of its own
MAX_KINDS = 40


def require_default(words: dict[str, str]) -> dict[str, str]:
    """Raise a validation error where the word of all other kinds is absent."""
    if DEFAULT_KIND not in words:
        raise PydanticCustomError("no_default", "A word for `default` is expected.")
    return words


def require_fact_kind(name: str) -> str:
    """Raise a validation error for the name of no kind of fact."""
    if name not in FACT_KINDS:
        raise PydanticCustomError("no_such_kind", "The name of a kind of record is expected.")
    return name


OfficeName = Annotated[str, line_constraints(60), PRINTABLE, PRINTABLE_SCHEMA]
AgencyWord = Annotated[str, line_constraints(20), PRINTABLE, PRINTABLE_SCHEMA]
ContactLine = Annotated[str, line_constraints(100), PRINTABLE, PRINTABLE_SCHEMA]
TelephoneLine = Annotated[str, line_constraints(60), PRINTABLE, PRINTABLE_SCHEMA]
SignerName = Annotated[str, line_constraints(60), PRINTABLE, PRINTABLE_SCHEMA]
PeriodDays = Annotated[int, Field(ge=0, le=366)]
FactKindName = Annotated[
    str, StringConstraints(pattern="^[a-z_]{1,40}$"), AfterValidator(require_fact_kind)
]
LetterKindName = Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}$")]
DEFAULT_SCHEMA: dict[str, Any] = {
    "properties": {DEFAULT_KIND: {"type": "string", "maxLength": 20, "title": "其余各种函件"}},
    "required": [DEFAULT_KIND],
}
AgencyWords = Annotated[
    dict[LetterKindName, AgencyWord],
    Field(max_length=MAX_KINDS, json_schema_extra=DEFAULT_SCHEMA),
    AfterValidator(require_default),
]
ReviewModes = Annotated[
    dict[FactKindName, ReviewMode], Field(max_length=len(FACT_KINDS))
]  # of a kind that is left out, what is in doubt is reviewed
OfficeAddress = Annotated[
    str,
    Path(
        pattern=f"^[0-9]{{1,{OFFICE_DIGITS}}}$",
        title="办公室代码",
        description=(
            "六位行政区划代码，也可只写前几位：3505 即 350500。\n\n"
            "Six digits, or a prefix of them: 3505 is 350500."
        ),
    ),
]


class PeriodRule(BaseModel):
    """Calendar days after a period's last day: null is never late, or never closed."""

    model_config = ConfigDict(extra="forbid")

    due_days: PeriodDays | None = Field(title="报送天数")
    closes_days: PeriodDays | None = Field(title="关闭天数")

    @model_validator(mode="after")
    def check_order(self) -> Self:
        if None not in (self.due_days, self.closes_days) and self.due_days > self.closes_days:  # type: ignore[operator]
            raise PydanticCustomError("closes_first", "A period closes when it is due, or later.")
        return self


class ReportingPeriods(BaseModel):
    """Until when a period may be reported, by its kind; null is always."""

    model_config = ConfigDict(extra="forbid")

    month: PeriodRule | None = Field(title="月报")
    half_month: PeriodRule | None = Field(title="半月报")


class OfficeSettings(BaseModel):
    """Settings that an office makes itself; the whole of them is stored at each change."""

    name: OfficeName = Field(title="名称")
    agency_words: AgencyWords = Field(
        title="发文机关代字",
        examples=[{"default": "岚重办", "supervision": "岚重办督"}],
    )
    contact: ContactLine | None = Field(default=None, title="联系人")
    telephone: TelephoneLine | None = Field(default=None, title="联系电话")
    signers: dict[LetterKindName, SignerName] = Field(
        default={}, max_length=MAX_KINDS, title="签发人"
    )
    plausibility: PlausibilityThresholds = Field(default=DEFAULT_THRESHOLDS, title="数据合理的界限")
    review: ReviewModes = Field(
        default={}, title="哪些报送要审核", examples=[{"progress": "everything"}]
    )
    periods: ReportingPeriods | None = Field(
        default=None,
        title="报送期限",
        examples=[
            {
                "month": {"due_days": 5, "closes_days": 20},
                "half_month": {"due_days": 3, "closes_days": 10},
            }
        ],
    )


class PlausibilityForm(PlausibilityThresholds, Body):
    """What an office takes for possible; what is left out is as it is without a setting."""


class OfficeForm(OfficeSettings, Form):
    """All settings of an office at once: one that is left out is taken back."""

    plausibility: PlausibilityForm = Field(default=PlausibilityForm(), title="数据合理的界限")


class OfficeRead(OfficeSettings):
    """Settings of an office; without a version they are derived from its region."""

    office: str = Field(title="办公室代码", pattern=OFFICE_PATTERN)
    version: int | None = Field(title="版本")
    recorded_at: datetime | None = Field(title="登记时刻")
    recorded_by: str | None = Field(title="登记人")
    why: str | None = Field(title="说明")
    superseded_at: datetime | None = Field(title="被取代时刻")
