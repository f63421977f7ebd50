"""The funds of the sample county: bonds, central budget, policy instruments, credit, attracted."""

from collections.abc import Iterator
from datetime import date
from random import Random

from services.cli.showcase.sample.courses import LAST_KNOWN_DAY, YEAR
from services.cli.showcase.sample.dates import ProjectDates, random_days
from services.cli.showcase.sample.money import ProjectAmounts
from services.cli.showcase.sample.names import ECOLOGY, FARMING, HEALTH, TOWNSHIPS, WATER
from services.cli.showcase.sample.roster import RosterEntry
from shared.facts.money_and_statistics import Fund
from shared.facts.words import FundEvent, FundSource, KeyLevel, MilestoneKind, Nature, Program

FUND_STEP_YUAN = 10_000
# The sources that government projects draw on in turn, and the program each belongs to.
PUBLIC_SOURCES = (
    (FundSource.central_budget, Program.central_budget),
    (FundSource.special_bond, Program.special_bond),
    (FundSource.policy_instrument, Program.shoring_up),
    (FundSource.central_budget, Program.shoring_up),
)
# Policy instruments of 2022 came in two batches.
INSTRUMENT_DAYS = (date(2022, 8, 29), date(2022, 10, 12))
ARRIVAL_DAYS = (date(2022, 3, 20), date(2022, 6, 20), date(2022, 9, 20), date(2022, 11, 20))
# Central-budget funds that a unit won for no single project.
UNIT_FUNDS = (
    (FARMING, 8_600_000, date(2022, 5, 18)),
    (WATER, 12_400_000, date(2022, 7, 8)),
    (HEALTH, 5_200_000, date(2022, 8, 30)),
    (ECOLOGY, 9_750_000, date(2022, 10, 21)),
    *((unit_id, 1_200_000, date(2022, 6, 15)) for unit_id in list(TOWNSHIPS)[::3]),
)


def public_source(entry: RosterEntry) -> tuple[FundSource, Program]:
    return PUBLIC_SOURCES[entry.number % len(PUBLIC_SOURCES)]


def project_programs(entry: RosterEntry) -> tuple[str, ...]:
    """The programs of a project, as its lists and its money put it there."""
    found: list[str] = []
    if entry.trade.is_government_funded:
        found.append(str(public_source(entry)[1]))
    elif entry.cohort.nature is Nature.new:
        found.append(str(Program.three_batches))
    if KeyLevel.province in entry.cohort.key_levels:
        found.append(str(Program.key_construction))
    return tuple(found)


def build_funds(
    random: Random, entry: RosterEntry, dates: ProjectDates, money: ProjectAmounts
) -> Iterator[Fund]:
    """The funds of a project: applied for, approved, arrived, paid."""
    if entry.cohort.nature is Nature.reserve or entry.cohort.terminated:
        return
    if entry.trade.is_government_funded:
        yield from public_funds(random, entry, money)
    else:
        yield from private_funds(random, entry, dates, money)


def public_funds(random: Random, entry: RosterEntry, money: ProjectAmounts) -> Iterator[Fund]:
    """Applied in winter, approved in spring or with a batch, arrived and partly paid after."""
    source, _ = public_source(entry)
    wanted = take_percent(money.total, random.randint(12, 30))
    applied_on = date(YEAR - 1, 11, 1) + random_days(random, 0, 80)
    yield build_fund(entry, source, FundEvent.applied, wanted, applied_on)
    if entry.cohort.nature is Nature.preliminary:
        return
    approved = take_percent(wanted, random.randint(55, 100))
    approved_on = date(YEAR, 3, 1) + random_days(random, 0, 150)
    if source is FundSource.policy_instrument:
        approved_on = random.choice(INSTRUMENT_DAYS)
    yield build_fund(entry, source, FundEvent.approved, approved, approved_on)
    arrived_on = approved_on + random_days(random, 12, 50)
    yield build_fund(entry, source, FundEvent.arrived, approved, arrived_on)
    paid = take_percent(approved, random.randint(25, 90))
    yield build_fund(
        entry,
        source,
        FundEvent.paid,
        paid,
        min(arrived_on + random_days(random, 20, 70), LAST_KNOWN_DAY),
    )


def private_funds(
    random: Random, entry: RosterEntry, dates: ProjectDates, money: ProjectAmounts
) -> Iterator[Fund]:
    """The investor's money by the quarter since signing; a loan and own means for the large."""
    signed_on = dates.actual(MilestoneKind.signed)
    if signed_on and entry.cohort.nature is not Nature.preliminary:
        for on in ARRIVAL_DAYS:
            if on > signed_on:
                amount = take_percent(money.total, random.randint(4, 24))
                yield build_fund(entry, FundSource.attracted, FundEvent.arrived, amount, on)
    if entry.cohort.key_levels:
        loan = take_percent(money.total, random.randint(15, 35))
        asked_on = date(YEAR, 2, 1) + random_days(random, 0, 90)
        lent_on = asked_on + random_days(random, 30, 75)
        yield build_fund(entry, FundSource.bank_loan, FundEvent.applied, loan, asked_on)
        yield build_fund(entry, FundSource.bank_loan, FundEvent.approved, loan, lent_on)
        yield build_fund(
            entry, FundSource.bank_loan, FundEvent.arrived, take_percent(loan, 60), lent_on
        )
        own = take_percent(money.total, random.randint(10, 20))
        yield build_fund(entry, FundSource.enterprise, FundEvent.arrived, own, asked_on)


def unit_funds() -> Iterator[Fund]:
    """The funds that units won for no single project."""
    for unit_id, amount, on in UNIT_FUNDS:
        yield Fund(
            unit_id=unit_id,
            source=FundSource.central_budget,
            event=FundEvent.approved,
            amount_yuan=amount,
            on=on,
        )


def build_fund(
    entry: RosterEntry, source: FundSource, event: FundEvent, amount: int, on: date
) -> Fund:
    return Fund(
        unit_id=entry.unit_id,
        project_id=entry.project_id,
        source=source,
        event=event,
        amount_yuan=amount,
        on=on,
    )


def take_percent(amount: int, percent: int) -> int:
    """A percentage of an amount, in whole ten thousands."""
    return max(amount * percent // 100 // FUND_STEP_YUAN * FUND_STEP_YUAN, FUND_STEP_YUAN)
