"""Counts and sums of the portfolio: projects, starts, completions, investment.

Source: HA-1, YQ-1, HD-5.
"""

from services.scoring.engine.declarations import Metric


def count_metric(
    name: str, zh: str, en: str, numerator: str, source: str, population: str = ""
) -> Metric:
    return Metric(
        id=name,
        zh=zh,
        en=en,
        population=population,
        numerator=numerator,
        measure="count",
        source=source,
    )


def sum_metric(
    name: str, zh: str, en: str, summand: str, source: str, population: str = ""
) -> Metric:
    return Metric(
        id=name,
        zh=zh,
        en=en,
        population=population,
        numerator=f"sum({summand})",
        measure="yuan",
        source=source,
    )


PORTFOLIO_METRICS = (
    count_metric("projects_held", "项目数", "Projects", "count()", "YQ-1"),
    count_metric(
        "projects_in_campaign",
        "新建、续建项目数",
        "New and continuing projects",
        "count()",
        "HA-1",
        population="in_campaign",
    ),
    count_metric(
        "projects_signed", "本年签约数", "Signed this year", "count(signed_this_year)", "HD-5"
    ),
    count_metric("starts", "本年开工数", "Starts this year", "count(started_this_year)", "HA-1"),
    count_metric(
        "completions", "本年竣工数", "Completions this year", "count(completed_this_year)", "HA-1"
    ),
    count_metric(
        "productions",
        "本年投产数",
        "Put into production this year",
        "count(in_production_this_year)",
        "XY-5",
    ),
    sum_metric("total_investment", "总投资", "Total investment", "total_investment_yuan", "YQ-1"),
    sum_metric(
        "investment_planned",
        "本年计划投资",
        "Investment planned this year",
        "plan",
        "HA-1",
        population="in_campaign",
    ),
    sum_metric(
        "investment_done",
        "本年完成投资",
        "Investment done this year",
        "ytd",
        "HA-1",
        population="in_campaign",
    ),
    sum_metric(
        "contracts_signed",
        "本年签约金额",
        "Contracts signed this year",
        "contract_yuan",
        "HD-5",
        population="signed_this_year",
    ),
)
