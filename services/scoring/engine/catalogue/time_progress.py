"""Time progress: the part of a year's plan that is due by the as-of day, and in the last month.

A month's curve is read by the day, so sums are in parts of 12 × days in the month, which keeps them
whole; a month's task, which no day divides, is in parts of 12. The curve is the plan's own where it
has one, else a twelfth a month; a preset may set one for everyone, whose shares have another least
common divisor than 12.
"""

import math
from collections.abc import Sequence
from fractions import Fraction

from services.scoring.engine.declarations import Metric, NamedFact

MONTH_COLUMNS = [f"m{month:02}" for month in range(1, 13)]
PARTS_IN_PLAN = 12
MONTH_END, MONTH_START, MONTH_BEFORE = 0, 1, 2  # months back from the end of the as-of month


def month_end_formula(values: Sequence[str], months_back: int) -> str:
    """The formula of the value at a month's end some months back; before the year begins it is 0.

    `0 if month == 1 else m01 if month == 2 else …`
    """
    *choices, last = ["0"] * months_back + list(values)[: 12 - months_back]
    chosen = [f"{value} if month == {n} else" for n, value in enumerate(choices, start=1)]
    return " ".join([*chosen, last])


def due_parts_formula(curve: str, months_back: int) -> str:
    return f"{PARTS_IN_PLAN} * {curve} if on_curve else plan * (month - {months_back})"


def plan_curve_fact(name: str, zh: str, months_back: int) -> NamedFact:
    return NamedFact(
        id=name,
        zh=zh,
        over="plans",
        where="year == this_year",
        text=f"last({month_end_formula(MONTH_COLUMNS, months_back)}, year)",
    )


def reported_amount_fact(name: str, zh: str, until: str) -> NamedFact:
    return NamedFact(
        id=name,
        zh=zh,
        over="progress",
        where=f"year_start <= as_of and as_of {until}",
        text="last(invested_ytd_yuan, as_of)",
    )


TIME_PROGRESS_FACTS = (
    plan_curve_fact("curve_to_month_end", "本月末累计计划", MONTH_END),
    plan_curve_fact("curve_to_month_start", "上月末累计计划", MONTH_START),
    plan_curve_fact("curve_to_month_before", "上上月末累计计划", MONTH_BEFORE),
    reported_amount_fact(
        "reported_to_last_month", "到上一个月末填报的完成投资", "<= last_month_end"
    ),
    reported_amount_fact(
        "reported_before_last_month", "该月之前填报的完成投资", "< last_month_start"
    ),
    NamedFact(
        id="on_curve",
        zh="按项目月度计划曲线",
        text="plan > 0 and known(curve_to_month_end)",
    ),
    NamedFact(id="parts_in_plan", zh="计划分成的份数", text=str(PARTS_IN_PLAN)),
    NamedFact(
        id="due_at_month_end",
        zh="本月末应完成份数",
        text=due_parts_formula("curve_to_month_end", MONTH_END),
    ),
    NamedFact(
        id="due_at_month_start",
        zh="上月末应完成份数",
        text=due_parts_formula("curve_to_month_start", MONTH_START),
    ),
    NamedFact(
        id="due_at_month_before",
        zh="上上月末应完成份数",
        text=due_parts_formula("curve_to_month_before", MONTH_BEFORE),
    ),
    NamedFact(
        id="due_parts",
        zh="应完成投资（12×当月天数分之一）",
        text="due_at_month_start * days_in_month"
        " + (due_at_month_end - due_at_month_start) * day_of_month",
    ),
    NamedFact(
        id="due_parts_last_month",
        zh="到上一个月末应完成投资（同上）",
        text="(due_at_month_end if day == last_month_end else due_at_month_start) * days_in_month",
    ),
    NamedFact(id="plan_parts", zh="计划投资（同上）", text="plan * parts_in_plan * days_in_month"),
    NamedFact(id="done_parts", zh="完成投资（同上）", text="ytd * parts_in_plan * days_in_month"),
    NamedFact(
        id="months_ended", zh="本年已过月数", text="month if day == last_month_end else month - 1"
    ),
    NamedFact(
        id="month_task_parts",
        zh="上一个整月的任务（12分之一）",
        text="due_at_month_end - due_at_month_start if day == last_month_end"
        " else due_at_month_start - due_at_month_before",
    ),
    NamedFact(
        id="month_done_parts",
        zh="上一个整月的完成投资（同上）",
        text="parts_in_plan"
        " * (or_else(reported_to_last_month, 0) - or_else(reported_before_last_month, 0))",
    ),
)

TIME_PROGRESS_METRICS = (
    Metric(
        id="time_progress",
        zh="序时进度",
        en="Time progress",
        population="in_campaign",
        numerator="sum(due_parts)",
        denominator="sum(plan_parts)",
        reading="单位序时进度：到截至日应完成的计划之和 ÷ 计划之和",
        source="XY-5",
    ),
    Metric(
        id="lead",
        zh="超/欠序时",
        en="Lead over time progress",
        population="in_campaign",
        numerator="sum(done_parts - due_parts)",
        denominator="sum(plan_parts)",
        measure="points",
        reading="超/欠序时：投资完成率减序时进度，先相减、后四舍五入",
        source="XY-5",
    ),
    Metric(
        id="month_task_rate",
        zh="月度任务完成率",
        en="Month's task done",
        population="in_campaign and months_ended > 0",
        numerator="sum(month_done_parts)",
        denominator="sum(month_task_parts)",
        reading="月度任务：截至日当天或之前最近一个整月的计划，按月度计划曲线，没有曲线的为年计划的十二分之一",
        source="三亚 2022、新晃 2015",
    ),
)


def common_curve_facts(curve: Sequence[Fraction]) -> tuple[NamedFact, ...]:
    """The facts that differ under a common curve of twelve cumulative shares."""
    parts = math.lcm(*(share.denominator for share in curve))
    shares = [str(int(share * parts)) for share in curve]
    named = {
        "due_at_month_end": ("本月末应完成份数", MONTH_END),
        "due_at_month_start": ("上月末应完成份数", MONTH_START),
        "due_at_month_before": ("上上月末应完成份数", MONTH_BEFORE),
    }
    return (
        NamedFact(id="parts_in_plan", zh="计划分成的份数", text=str(parts)),
        *(
            NamedFact(id=name, zh=zh, text=f"plan * ({month_end_formula(shares, months_back)})")
            for name, (zh, months_back) in named.items()
        ),
    )
