"""The sample county: a made-up ledger of one county in 2022, to try everything on.

All of it is synthetic and says so: the county is 样县, its region code 999901, every project is
marked 「样例」, every report 合成数据. What is real is the shape, and four published figures
(HA-1): projects, start rate, completed investment and share of plan on two lists.
The same seed gives the same facts on any machine.
"""

from collections.abc import Mapping, Sequence
from random import Random

from services.cli.showcase.sample.codes import credit_code, national_code
from services.cli.showcase.sample.dates import ProjectDates, build_dates, build_milestones
from services.cli.showcase.sample.funds import build_funds, project_programs, unit_funds
from services.cli.showcase.sample.money import ProjectAmounts, build_amounts
from services.cli.showcase.sample.names import SAMPLE_REGION, build_units, owner_name, project_name
from services.cli.showcase.sample.permits import assign_document_numbers, build_permits
from services.cli.showcase.sample.problems import build_problems
from services.cli.showcase.sample.roster import RosterEntry, build_roster
from services.cli.showcase.sample.works import build_pauses, build_plans, build_progress
from shared.facts.kind import Fact
from shared.facts.projects import Project
from shared.facts.tables import Facts
from shared.facts.words import MilestoneKind, Nature

DEFAULT_SEED = 2022
FIRST_CREDIT_SERIAL = 10_000_001
UNKNOWN_CONTRACTS = 17  # one in so many attracted projects has no contract amount on file


def sample_county(seed: int = DEFAULT_SEED) -> Facts:
    """The sample ledger as facts."""
    entries = build_roster(random_stream(seed, "roster"))
    dated = [build_dates(random_stream(seed, f"dates {entry.number}"), entry) for entry in entries]
    amounts = build_amounts(random_stream(seed, "money"), entries, dated)
    every = list(zip(entries, dated, amounts, strict=True))
    asked = [(random_stream(seed, f"permits {e.number}"), e, on) for e, on, _ in every]
    paid = [(random_stream(seed, f"funds {e.number}"), e, on, yuan) for e, on, yuan in every]
    owners = assign_credit_codes(entries)
    return build_facts(
        {
            "units": build_units(),
            "projects": [build_project(*given, owners) for given in every],
            "plans": [row for e, _, yuan in every for row in build_plans(e, yuan)],
            "milestones": [
                row for e, on, yuan in every for row in build_milestones(e, on, yuan.total)
            ],
            "progress": [row for given in every for row in build_progress(*given)],
            "permits": assign_document_numbers(
                row for given in asked for row in build_permits(*given)
            ),
            "funds": [*(row for given in paid for row in build_funds(*given)), *unit_funds()],
            "problems": build_problems(random_stream(seed, "problems"), entries),
            "pauses": [row for entry in entries for row in build_pauses(entry)],
        }
    )


def random_stream(seed: int, part: str) -> Random:
    """Each part has its own chance, so that changing one leaves the others as they are."""
    return Random(f"{seed} {part}")


def build_facts(rows: Mapping[str, Sequence[Fact]]) -> Facts:
    return Facts.from_rows({table: [row.model_dump() for row in of] for table, of in rows.items()})


def assign_credit_codes(entries: Sequence[RosterEntry]) -> dict[str, str]:
    """Owner → credit code, in order of their first projects."""
    owners = dict.fromkeys(owner_name(entry.number, entry.trade) for entry in entries)
    return {
        owner: credit_code(serial) for serial, owner in enumerate(owners, start=FIRST_CREDIT_SERIAL)
    }


def build_project(
    entry: RosterEntry, dates: ProjectDates, money: ProjectAmounts, owners: Mapping[str, str]
) -> Project:
    """The project's own row; what is in reserve has no code, no owner and no contract yet."""
    trade, cohort = entry.trade, entry.cohort
    initiated_on = dates.actual(MilestoneKind.initiated)
    owner = None if cohort.nature is Nature.reserve else owner_name(entry.number, trade)
    code = contract = None
    if initiated_on:
        code = national_code(
            initiated_on,
            entry.number,
            government=trade.is_government_funded,
            industry=trade.industry_code,
        )
    if entry.is_attracted and owner and entry.number % UNKNOWN_CONTRACTS:
        contract = money.total
    return Project(
        project_id=entry.project_id,
        national_code=code,
        name=project_name(entry.number, entry.unit_id, trade),
        region_code=SAMPLE_REGION,
        unit_id=entry.unit_id,
        owner_name=owner,
        owner_uscc=owners[owner] if owner else None,
        nature=cohort.nature,
        key_levels=cohort.key_levels,
        programs=project_programs(entry),
        industry_code=trade.industry_code,
        is_industrial=trade.is_industrial,
        is_government_funded=trade.is_government_funded,
        is_attracted=entry.is_attracted,
        contract_yuan=contract,
        total_investment_yuan=money.total,
        competent_unit_id=trade.competent_unit_id,
        is_secret=False,
    )
