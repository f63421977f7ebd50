"""Named facts of a project on the as-of day, from picked rows up to derived states.

Besides the columns, a text may use day symbols: `day` (the as-of date), `this_year`, `year_start`,
`year_end`, `quarter_start`, `month`, `day_of_month`, `days_in_month`, `month_start` (of the month
that the day is in); the month that ended on the day or last before it: `last_month_start`,
`last_month_end`; and a year earlier `last_year`, `last_year_start`, `day_last_year`.
Source: scoring rules §1 (README, "Scoring").
"""

from services.scoring.engine.catalogue.bonds import BOND_FACTS
from services.scoring.engine.catalogue.conversions import CONVERSION_FACTS
from services.scoring.engine.catalogue.growth import GROWTH_FACTS
from services.scoring.engine.catalogue.time_progress import TIME_PROGRESS_FACTS
from services.scoring.engine.declarations import NamedFact
from shared.facts.words import MilestoneKind


def milestone_facts(kind: MilestoneKind) -> list[NamedFact]:
    """The dates of a kind of milestone: actual A[k], planned P[k], first planned P0[k]."""
    zh, of_kind = kind.zh[0], f'kind == "{kind}"'
    return [
        NamedFact(
            id=f"{kind}_on",
            zh=f"实际{zh}日期",
            over="milestones",
            where=f"{of_kind} and actual_on <= day",
            text="latest(actual_on)",
        ),
        NamedFact(
            id=f"planned_{kind}_on",
            zh=f"计划{zh}日期",
            over="milestones",
            where=f"{of_kind} and not decided_on > day",
            text="last(planned_on, decided_on)",
        ),
        NamedFact(
            id=f"original_{kind}_on",
            zh=f"原计划{zh}日期",
            over="milestones",
            where=f"{of_kind} and not decided_on > day",
            text="first(planned_on, decided_on)",
        ),
        NamedFact(id=str(kind), zh=f"已{zh}", text=f"known({kind}_on)"),
        NamedFact(id=f"{kind}_this_year", zh=f"本年{zh}", text=f"{kind}_on >= year_start"),
    ]


MILESTONE_FACTS = [fact for kind in MilestoneKind for fact in milestone_facts(kind)]

ROW_FACTS = [
    NamedFact(
        id="resumption_expected",
        zh="本年应复工",
        over="milestones",
        where='kind == "resumed"',
        text="count(actual_on <= day or not decided_on > day and planned_on <= year_end)",
    ),
    NamedFact(
        id="plan",
        zh="本年计划投资",
        over="plans",
        where="year == this_year",
        text="last(planned_yuan, year)",
    ),
    NamedFact(
        id="reported_ytd",
        zh="本年最近一次填报的完成投资",
        over="progress",
        where="year_start <= as_of <= day",
        text="last(invested_ytd_yuan, as_of)",
    ),
    NamedFact(
        id="permits_needed",
        zh="应办手续",
        over="permits",
        where="needed",
        text="count()",
    ),
    NamedFact(
        id="permits_granted",
        zh="已办结手续",
        over="permits",
        where="needed",
        text="count(granted_on <= day)",
    ),
    NamedFact(
        id="attracted_arrived",
        zh="招商到位资金",
        over="funds",
        where='source == "attracted" and event == "arrived" and on <= day',
        text="sum(amount_yuan)",
    ),
    NamedFact(
        id="pauses_in_force",
        zh="批准的停工",
        over="pauses",
        text="count(approved and from_on <= day and not to_on < day)",
    ),
]

PROJECT_FACTS = [
    NamedFact(id="is_new", zh="新建", text='nature == "new"'),
    NamedFact(id="in_campaign", zh="新建或续建", text='is_new or nature == "continuing"'),
    NamedFact(id="listed", zh="列入重点名单", text="known(key_levels)"),
    NamedFact(id="paused", zh="批准停工中", text="pauses_in_force > 0"),
    NamedFact(id="planned", zh="有本年计划", text="known(plan)"),
    NamedFact(id="reported", zh="本年有填报", text="known(reported_ytd)"),
    NamedFact(id="ytd", zh="本年完成投资", text="or_else(reported_ytd, 0)"),
    NamedFact(
        id="working",
        zh="已开工复工",
        text='is_new and started or nature == "continuing"'
        " and (resumption_expected == 0 or resumed_this_year)",
    ),
    NamedFact(id="under_construction", zh="在建", text="working and not completed"),
    NamedFact(id="large", zh="总投资500万元及以上", text="total_investment_yuan >= 5_000_000"),
    NamedFact(
        id="production_expected",
        zh="本年应投产",
        text="not in_production_on < year_start"
        " and (planned_in_production_on <= year_end or in_production)",
    ),
    NamedFact(
        id="start_months_missed",
        zh="过了计划开工的月末数",
        text="0 if started else months(day + 1) - months(planned_started_on)",
    ),
]

NAMED_FACTS = (
    *MILESTONE_FACTS,
    *ROW_FACTS,
    *PROJECT_FACTS,
    *GROWTH_FACTS,
    *TIME_PROGRESS_FACTS,
    *CONVERSION_FACTS,
    *BOND_FACTS,
)
CATALOGUE_FACTS = {fact.id: fact for fact in NAMED_FACTS}
