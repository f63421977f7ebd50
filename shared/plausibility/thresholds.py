"""Thresholds of plausibility: what an office takes for possible. They stand here alone."""

from pydantic import BaseModel, ConfigDict, Field


class PlausibilityThresholds(BaseModel):
    """What may still be true; a figure beyond it waits for the office."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    plan_factor: int = Field(default=3, ge=1, le=100, title="本年完成至多为年度计划的几倍")
    max_percent: int = Field(default=100, ge=100, le=999, title="形象进度至多百分之几")
    days_before_period_end: int = Field(
        default=5, ge=0, le=31, title="月末旬末前几天可按月末旬末报送"
    )


DEFAULT_THRESHOLDS = PlausibilityThresholds()
