"""The catalogue of metrics: the twenty of the big comparison, by pillar, and the others.

Source of the twenty: Lanxian 2022-09-29 (LX-4). A new metric is one declaration, in this room or
under `metrics` in a scheme file.
"""

from services.scoring.engine.catalogue.bonds import BOND_METRICS
from services.scoring.engine.catalogue.conversions import CONVERSION_METRICS
from services.scoring.engine.catalogue.growth import GROWTH_METRICS
from services.scoring.engine.catalogue.handling import HANDLING_METRICS
from services.scoring.engine.catalogue.portfolio import PORTFOLIO_METRICS
from services.scoring.engine.catalogue.time_progress import TIME_PROGRESS_METRICS
from services.scoring.engine.declarations import Metric

LARGE_INDUSTRY_READING = "重大产业项目读作：达到该规模的全部产业项目"
POOLED_INVESTMENT_READING = "固投读作：已入库项目的完成投资，待录入官方统计后替换"


def industrial_share_metric(yi: int) -> Metric:
    """The share of all industrial investment that is in the unit's projects of 10⁸ × yi yuan up."""
    size = f"{yi}_0000_0000"
    return Metric(
        id=f"industrial_share_{yi}yi",
        zh=f"{yi}亿元以上产业项目总投资占比",
        en=f"Share of industrial projects of {yi}00 million yuan and more",
        population="is_industrial",
        numerator=f"sum(total_investment_yuan if total_investment_yuan >= {size} else 0)",
        denominator="sum(total_investment_yuan)",
        of_all=True,
        reading=LARGE_INDUSTRY_READING,
        source="LX-4c",
    )


SPEED_METRICS = (
    Metric(
        id="start_rate",
        zh="开（复）工率",
        en="Start and resumption rate",
        population="in_campaign",
        numerator="count(working)",
        denominator="count()",
        source="LX-4a",
    ),
    Metric(
        id="pooling_rate",
        zh="入库率",
        en="Pooling rate",
        population="under_construction and large",
        numerator="count(pooled)",
        denominator="count()",
        source="LX-4a",
    ),
    Metric(
        id="investment_completion",
        zh="投资完成率",
        en="Investment completion",
        population="in_campaign",
        numerator="sum(ytd)",
        denominator="sum(plan)",
        source="LX-4a",
    ),
    Metric(
        id="production_rate",
        zh="投产率",
        en="Production rate",
        population="production_expected",
        numerator="count(in_production)",
        denominator="count()",
        reading="投产达效读作：投产",
        source="LX-4a",
    ),
)

PLANNING_METRICS = (
    Metric(
        id="major_projects",
        zh="列入省市县重点项目数",
        en="Projects on the key lists",
        numerator="count(listed)",
        measure="count",
        source="LX-4b",
    ),
    Metric(
        id="central_budget_won",
        zh="争取中央预算内资金",
        en="Central-budget funds won",
        over="funds",
        population='source == "central_budget" and event == "approved" and year_start <= on <= day',
        numerator="sum(amount_yuan)",
        measure="yuan",
        source="LX-4b",
    ),
    Metric(
        id="policy_instruments_won",
        zh="争取政策性金融工具",
        en="Policy-bank instruments won",
        over="funds",
        population='source == "policy_instrument" and event == "approved"'
        " and year_start <= on <= day",
        numerator="sum(amount_yuan)",
        measure="yuan",
        source="LX-4b",
    ),
)

RESERVE_METRICS = (
    Metric(
        id="listed_investment",
        zh="列入重点项目总投资",
        en="Investment of listed projects",
        population="listed",
        numerator="sum(total_investment_yuan)",
        measure="yuan",
        source="LX-4c",
    ),
    industrial_share_metric(1),
    industrial_share_metric(5),
    industrial_share_metric(10),
    industrial_share_metric(100),
    Metric(
        id="industrial_investment_share",
        zh="产业投资占固投比重",
        en="Industrial share of investment",
        population="pooled",
        numerator="sum(ytd if is_industrial else 0)",
        denominator="sum(ytd)",
        reading=POOLED_INVESTMENT_READING,
        source="LX-4c",
    ),
    Metric(
        id="investment_contribution",
        zh="对全县固投贡献率",
        en="Contribution to the county's investment",
        population="pooled",
        numerator="sum(ytd)",
        denominator="sum(ytd)",
        of_all=True,
        reading=POOLED_INVESTMENT_READING,
        source="LX-4c",
    ),
)

ATTRACTION_METRICS = (
    Metric(
        id="fund_arrival",
        zh="招商资金到位率",
        en="Fund arrival",
        population="is_attracted and signed",
        numerator="sum(attracted_arrived)",
        denominator="sum(contract_yuan)",
        source="LX-4d",
    ),
    Metric(
        id="new_start_completion",
        zh="新开工项目投资完成率",
        en="Plan completion of new starts",
        population="is_new and started_this_year",
        numerator="sum(ytd)",
        denominator="sum(plan)",
        source="LX-4d",
    ),
    Metric(
        id="same_year_start",
        zh="当年签约当年开工率",
        en="Same-year start of signed projects",
        population="signed_this_year",
        numerator="count(started_this_year)",
        denominator="count()",
        source="LX-4d",
    ),
)

ENVIRONMENT_METRICS = (
    Metric(
        id="landing_rate",
        zh="签约项目落地率",
        en="Landing rate",
        population="signed_this_year",
        numerator="count(landed)",
        denominator="count()",
        source="LX-4e",
    ),
    Metric(
        id="permit_efficiency",
        zh="手续办结率",
        en="Permits granted of those needed",
        population="is_new",
        numerator="sum(permits_granted)",
        denominator="sum(permits_needed)",
        reading="手续办理效率读作：办结率",
        source="LX-4e",
    ),
    Metric(
        id="approval_to_production_days",
        zh="立项到投产平均天数",
        en="Mean days from initiation to production",
        population="in_production_this_year and initiated",
        numerator="sum(in_production_on - initiated_on)",
        denominator="count()",
        direction="lower",
        measure="days",
        source="LX-4e",
    ),
)

BIG_COMPARISON_METRICS = (
    *SPEED_METRICS,
    *PLANNING_METRICS,
    *RESERVE_METRICS,
    *ATTRACTION_METRICS,
    *ENVIRONMENT_METRICS,
)

METRICS = (
    *BIG_COMPARISON_METRICS,
    *GROWTH_METRICS,
    *TIME_PROGRESS_METRICS,
    *CONVERSION_METRICS,
    *BOND_METRICS,
    *HANDLING_METRICS,
    *PORTFOLIO_METRICS,
)
CATALOGUE_METRICS = {metric.id: metric for metric in METRICS}
