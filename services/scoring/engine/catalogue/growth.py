"""Growth of investment on the same day of last year, and investment of the month.

Source: LX-3b, XY-1.
"""

from services.scoring.engine.declarations import Metric, NamedFact

GROWTH_FACTS = (
    NamedFact(
        id="reported_ytd_last_year",
        zh="上年同期最近一次填报的完成投资",
        over="progress",
        where="last_year_start <= as_of <= day_last_year",
        text="last(invested_ytd_yuan, as_of)",
    ),
    NamedFact(
        id="reported_ytd_before_month",
        zh="上月末止最近一次填报的本年完成投资",
        over="progress",
        where="year_start <= as_of < month_start",
        text="last(invested_ytd_yuan, as_of)",
    ),
    NamedFact(
        id="plan_last_year",
        zh="上年计划投资",
        over="plans",
        where="year == last_year",
        text="last(planned_yuan, year)",
    ),
    NamedFact(id="ytd_last_year", zh="上年同期完成投资", text="or_else(reported_ytd_last_year, 0)"),
    NamedFact(
        id="invested_this_month",
        zh="本月完成投资",
        text="ytd - or_else(reported_ytd_before_month, 0)",
    ),
)

GROWTH_METRICS = (
    Metric(
        id="investment_growth",
        zh="完成投资同比增长",
        en="Growth of investment against last year",
        numerator="sum(ytd - ytd_last_year)",
        denominator="sum(ytd_last_year)",
        reading="同比：与上年同一天（2月29日比2月28日）以前最近一次填报比；上年没有填报的项目按 0，"
        "已终止的项目两年都不计；单位上年为 0 时不适用",
        source="LX-3b",
    ),
    Metric(
        id="investment_this_month",
        zh="本月完成投资",
        en="Investment of the month",
        numerator="sum(invested_this_month)",
        measure="yuan",
        reading="本月完成投资：本年累计减去上月末止最近一次填报的累计",
        source="yanan-2017",
    ),
)
