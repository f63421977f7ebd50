"""Lights as a practised user of pandas writes them: whole numbers in columns, then dictionaries."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

from tests.bench.pandas_points import decimals

DAY = pd.Timestamp(2022, 12, 25)
PARTS = 12 * 31  # of a year's plan: the day within a month of 31
COLOURS = ("green", "yellow", "red")


def lights(p: pd.DataFrame) -> list[dict[str, Any]]:
    """The lights of every project of the campaign, and of any other that has one."""
    started, planned_start = p["started"], p["planned_started"]
    missed = (DAY.year - planned_start.dt.year) * 12 + DAY.month - planned_start.dt.month
    missed = missed.where(started.isna(), 0)
    start = coloured(p["is_new"] & planned_start.notna(), missed >= 1, missed >= 3)

    plan, ytd = whole(p["planned_yuan"]), whole(p["ytd"])
    with_plan = plan > 0
    # What is due: a month's part of the own curve, or the day's part of an even one.
    before, end = whole(p["m11"]), whole(p["m12"])
    on_curve = with_plan & p["m12"].notna().to_numpy()
    days = 12 * (before * 31 + (end - before) * DAY.day)
    even = 11 * 31 + DAY.day
    due = np.where(on_curve, days, plan * even)
    behind = 100 * (due - ytd * PARTS)
    progress = coloured(
        p["in_campaign"] & with_plan, behind >= 10 * plan * PARTS, behind > 30 * plan * PARTS
    )

    late, very_late = (started + pd.DateOffset(months=n) for n in (1, 2))
    unpooled = p["pooled"].isna()
    pooling = coloured(
        started.notna() & p["large"], unpooled & late.le(DAY), unpooled & very_late.lt(DAY)
    )
    axes = np.column_stack([start, progress, pooling])
    worst = axes.max(axis=1)
    paused = p["paused"].to_numpy()
    shown = p["in_campaign"].to_numpy(bool) | paused | (worst >= 0)
    words = np.array([*COLOURS, None], dtype=object)  # of no light, -1, None
    overall = np.where(paused, "paused", np.where(worst < 0, "none", words[worst]))

    divisor = np.where(with_plan, plan, 1)
    completion = half_up(ytd * 10**4, divisor)
    progress_of_time = np.where(
        on_curve, half_up(due * 10**4, divisor * PARTS), (2 * even * 10**4 + PARTS) // (2 * PARTS)
    )
    lead = half_up(-behind * 100, divisor * PARTS)
    table = pd.DataFrame(
        {
            "project_id": p["project_id"],
            "overall": overall,
            "start": pd.Series(words[start], p.index, object),
            "progress": pd.Series(words[progress], p.index, object),
            "pooling": pd.Series(words[pooling], p.index, object),
            "with_plan": with_plan,
            "completion": completion,
            "time_progress": progress_of_time,
            "lead": lead,
            "not_reported": p["told"].isna(),
        }
    )[shown].sort_values("project_id")
    return [
        {
            "project_id": project_id,
            "overall": of_all,
            "axes": {"start": of_start, "progress": of_progress, "pooling": of_pooling},
            "completion": decimals(done, 4) if is_planned else None,
            "time_progress": decimals(time, 4),
            "lead": decimals(ahead, 2) if is_planned else None,
            "not_reported": silent,
        }
        for (
            (project_id, of_all, of_start, of_progress, of_pooling),
            (is_planned, done, time, ahead, silent),
        ) in zip(
            rows(table, ["project_id", "overall", "start", "progress", "pooling"]),
            rows(table, ["with_plan", "completion", "time_progress", "lead", "not_reported"]),
            strict=True,
        )
    ]


def rows(table: pd.DataFrame, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[column].tolist() for column in columns), strict=True)


def whole(column: pd.Series) -> Any:
    """Whole numbers as such; what is not known is 0."""
    return column.fillna(0).to_numpy("int64")


def coloured(applies: pd.Series, yellow: Any, red: Any) -> Any:
    """The place of a colour in COLOURS; -1 where there is no light."""
    code = np.asarray(yellow, bool).astype(int)
    code[np.asarray(red, bool)] = 2
    return np.where(applies.to_numpy(bool), code, -1)


def half_up(numerator: Any, denominator: Any) -> Any:
    """The quotient rounded half up, away from zero."""
    return np.sign(numerator) * ((2 * abs(numerator) + denominator) // (2 * denominator))
