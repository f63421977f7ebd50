"""Facts and metrics of bonds: payout by the year in which the money arrived, and payout due.

A project's payments are taken from its earliest money first. So each payment has a year, and the
years' sums add up to the whole.
"""

from services.scoring.engine.declarations import Metric, NamedFact

BOND_ARRIVAL_CONDITION = 'source == "special_bond" and event == "arrived" and on <= day'
FIRST_IN_FIRST_OUT = (
    "专项债支付按项目、先到位先支付；支付多于到位的部分不计；没有落到项目的资金不计"
)
MONTHS_TO_PAY = 6  # 天津 2022


def arrival_fact(name: str, zh: str, since: str) -> NamedFact:
    return NamedFact(
        id=name,
        zh=zh,
        over="funds",
        where=f"{BOND_ARRIVAL_CONDITION} and {since}",
        text="sum(amount_yuan)",
    )


def year_start_formula(years: int) -> str:
    """The first day of a year so many years ago."""
    return f"after_months(year_start, {-12 * years})" if years else "year_start"


def payout_formula(arrived_before: str, arrived_by_end: str) -> str:
    """The payout of the money that arrived in a span, when earlier money is paid out first."""
    reached = f"bond_paid if bond_paid < {arrived_by_end} else {arrived_by_end}"
    return f"({reached}) - {arrived_before} if bond_paid > {arrived_before} else 0"


BOND_FACTS = (
    NamedFact(
        id="bond_arrived",
        zh="到位专项债",
        over="funds",
        where=BOND_ARRIVAL_CONDITION,
        text="sum(amount_yuan)",
    ),
    NamedFact(
        id="bond_paid",
        zh="已支付专项债",
        over="funds",
        where='source == "special_bond" and event == "paid" and on <= day',
        text="sum(amount_yuan)",
    ),
    # The payout due: linear over six months from the month after the arrival, by the day
    # within a month, so in parts of 6 × days in the month.
    NamedFact(
        id="bond_due_parts",
        zh="应支付专项债（6×当月天数分之一）",
        over="funds",
        where=BOND_ARRIVAL_CONDITION,
        text=f"sum(amount_yuan * ({MONTHS_TO_PAY} * days_in_month"
        f" if months(day) - months(on) > {MONTHS_TO_PAY}"
        " else (months(day) - months(on) - 1) * days_in_month + day_of_month"
        " if months(day) > months(on) else 0))",
    ),
    NamedFact(
        id="bond_paid_parts",
        zh="已支付专项债（同上）",
        text=f"bond_paid * {MONTHS_TO_PAY} * days_in_month",
    ),
    NamedFact(
        id="bond_arrived_parts",
        zh="到位专项债（同上）",
        text=f"bond_arrived * {MONTHS_TO_PAY} * days_in_month",
    ),
    arrival_fact("bond_arrived_this_year", "本年到位专项债", f"on >= {year_start_formula(0)}"),
    arrival_fact(
        "bond_arrived_last_year",
        "上年到位专项债",
        f"{year_start_formula(1)} <= on < {year_start_formula(0)}",
    ),
    arrival_fact(
        "bond_arrived_year_before",
        "前年到位专项债",
        f"{year_start_formula(2)} <= on < {year_start_formula(1)}",
    ),
    NamedFact(
        id="bond_before_this_year",
        zh="本年以前到位专项债",
        text="bond_arrived - bond_arrived_this_year",
    ),
    NamedFact(
        id="bond_before_last_year",
        zh="上年以前到位专项债",
        text="bond_before_this_year - bond_arrived_last_year",
    ),
    NamedFact(
        id="bond_before_year_before",
        zh="前年以前到位专项债",
        text="bond_before_last_year - bond_arrived_year_before",
    ),
)

BOND_METRICS = (
    Metric(
        id="bond_payout_rate",
        zh="专项债支付率",
        en="Bond payout",
        population="bond_arrived > 0",
        numerator="sum(bond_paid if bond_paid < bond_arrived else bond_arrived)",
        denominator="sum(bond_arrived)",
        reading=FIRST_IN_FIRST_OUT,
        source="XY-5",
    ),
    Metric(
        id="bond_payout_rate_this_year",
        zh="本年到位专项债支付率",
        en="Payout of bonds arrived this year",
        population="bond_arrived_this_year > 0",
        numerator=f"sum({payout_formula('bond_before_this_year', 'bond_arrived')})",
        denominator="sum(bond_arrived_this_year)",
        reading=FIRST_IN_FIRST_OUT,
        source="XY-5",
    ),
    Metric(
        id="bond_payout_rate_last_year",
        zh="上年到位专项债支付率",
        en="Payout of bonds arrived last year",
        population="bond_arrived_last_year > 0",
        numerator=f"sum({payout_formula('bond_before_last_year', 'bond_before_this_year')})",
        denominator="sum(bond_arrived_last_year)",
        reading=FIRST_IN_FIRST_OUT,
        source="XY-5",
    ),
    Metric(
        id="bond_payout_rate_year_before",
        zh="前年到位专项债支付率",
        en="Payout of bonds arrived the year before last",
        population="bond_arrived_year_before > 0",
        numerator=f"sum({payout_formula('bond_before_year_before', 'bond_before_last_year')})",
        denominator="sum(bond_arrived_year_before)",
        reading=FIRST_IN_FIRST_OUT,
        source="XY-5",
    ),
)
