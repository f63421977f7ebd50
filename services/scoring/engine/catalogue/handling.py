"""Metrics of handling: problems closed, permits in time, money paid, days of pauses."""

from services.scoring.engine.declarations import Metric

PROBLEM_READING = "问题按项目的责任单位、各年累计到截至日；没有提出日期、没有落到项目的不计"

HANDLING_METRICS = (
    Metric(
        id="problem_closing_rate",
        zh="问题销号率",
        en="Problems closed of those raised",
        over="problems",
        population="raised_on <= day",
        numerator="count(closed_on <= day)",
        denominator="count()",
        reading=PROBLEM_READING,
        source="YQ-3",
    ),
    Metric(
        id="solved_on_site_rate",
        zh="问题现场解决率",
        en="Problems solved on site of those raised",
        over="problems",
        population="raised_on <= day",
        numerator="count(solved_on_site and (resolved_on <= day or closed_on <= day))",
        denominator="count()",
        reading=f"{PROBLEM_READING}；现场解决的，要有解决或销号日期",
        source="YQ-4",
    ),
    Metric(
        id="permit_days_saved",
        zh="手续平均提前天数",
        en="Mean days saved a permit",
        over="permits",
        population="needed and known(applied_on) and known(due_on)"
        " and year_start <= granted_on <= day",
        numerator="sum((due_on - applied_on) - (granted_on - applied_on))",
        denominator="count()",
        measure="days",
        reading="手续提前天数：本年办结的应办手续，申请到应办结的天数减申请到办结的天数，按日历日",
        source="HA-5",
    ),
    Metric(
        id="fund_paid_rate",
        zh="资金支付率",
        en="Funds paid of those arrived",
        over="funds",
        population='on <= day and (event == "arrived" or event == "paid")',
        numerator='sum(amount_yuan if event == "paid" else 0)',
        denominator='sum(amount_yuan if event == "arrived" else 0)',
        reading="资金支付率：各种来源，各年累计到截至日，支付 ÷ 到位",
        source="HA-3、HA-7",
    ),
    Metric(
        id="days_stopped",
        zh="批准停工天数",
        en="Days stopped, approved",
        over="pauses",
        population="approved and from_on <= day and not to_on < year_start",
        numerator="sum((to_on if to_on < day else day)"
        " - (from_on if from_on > year_start else year_start) + 1)",
        direction="lower",
        measure="days",
        reading="停工天数：本年内到截至日的批准停工，首尾两天都算，各次停工相加",
        source="HA-3",
    ),
    Metric(
        id="clearance_rate",
        zh="征拆完成率",
        en="Clearance done",
        needs="clearance",
        source="HA-6",
    ),
    Metric(
        id="duty_compliance",
        zh="调度履职率",
        en="Duties done in their windows",
        needs="duties",
        source="HA-8、XY-4",
    ),
)
