"""Sweeps: take facts and lights once, decide by the rules, let the letters go out."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifier.letters import service as letters
from services.notifier.letters.schemas import LetterDue
from services.notifier.letters.service import PendingLetter
from services.notifier.registry_client import RegistryClient
from services.notifier.rules.dossiers import Dossier, build_dossiers
from services.notifier.rules.ladder import LetterRules
from services.notifier.rules.letters import Letter
from services.notifier.rules.replay import iterate_days, light_month_ends
from services.notifier.scoring_client import RedLights, ScoringClient
from services.notifier.settings import IssuingOffice
from services.notifier.sweeps.rules import EarlierLetter, SweepDecision, decide_sweep, quote_facts
from services.notifier.sweeps.schemas import Preview, SweepAsk, SweepRead
from shared.facts.projects import Unit
from shared.http.tokens import Caller
from shared.problems import InvalidRequest
from shared.reference import load_calendar

SWEEP_LOCK = 0x6C657474  # the advisory lock under which letters are issued
LONGEST_SWEEP = timedelta(days=366)  # of a sweep
LETTER_RULES = LetterRules()


class NotToday(InvalidRequest):
    """只能按今天发函

    Letters go out today, and on no other day.
    """


@dataclass(frozen=True)
class SweepSources:
    """Where a sweep takes from, and in whose name it writes."""

    registry: RegistryClient
    scoring: ScoringClient
    office: IssuingOffice


@dataclass(frozen=True)
class SweepFacts:
    """All that a sweep knows: facts and lights of one moment, in one taking."""

    known_at: datetime
    dossiers: Mapping[str, Dossier]
    units: Mapping[str, Unit]
    red: RedLights


async def run_sweep(
    session: AsyncSession,
    sources: SweepSources,
    ask: SweepAsk,
    who: Caller,
    *,
    now: datetime,
    today: date,
) -> SweepRead:
    """Issue what is due on each of the days, once each. Sweeps at the same time wait."""
    first, last = resolve_days(ask, sources.office, today)
    await session.exec(select(func.pg_advisory_xact_lock(SWEEP_LOCK)))
    known = await load_sweep_facts(sources, who, first, last)
    before = await load_earlier_letters(session, who)

    decided = await asyncio.to_thread(decide_letters, known, before, first, last)

    office, moment = sources.office, known.known_at
    going = [build_pending_letter(new, known, who) for new in decided.letters]
    made, not_printed = await letters.issue_letters(
        session, going, office, who, now=now, known_at=moment
    )
    settled = await letters.settle_letters(session, decided.settled, who, now=now)
    return SweepRead(
        from_on=first,
        to_on=last,
        known_at=moment,
        issued=[await letters.load_letter(session, each, who) for each in made],
        settled=settled,
        not_printed=not_printed,
    )


async def preview_sweep(
    session: AsyncSession, sources: SweepSources, on: date, who: Caller
) -> Preview:
    """What would go out on a day; nothing is issued."""
    known = await load_sweep_facts(sources, who, on, on)
    before = await load_earlier_letters(session, who)

    decided = await asyncio.to_thread(decide_letters, known, before, on, on)

    due = [LetterDue.model_validate(new) for new in decided.letters]
    return Preview(on=on, known_at=known.known_at, letters=due)


def resolve_days(ask: SweepAsk, office: IssuingOffice, today: date) -> tuple[date, date]:
    first, last = ask.from_on or ask.to_on or today, ask.to_on or ask.from_on or today
    if (first, last) != (today, today) and not office.any_day:
        raise NotToday(f"今天是 {today}", f"It is {today}.")
    if not timedelta() <= last - first <= LONGEST_SWEEP:
        raise InvalidRequest(
            f"from_on 应不晚于 to_on，且相隔不超过 {LONGEST_SWEEP.days} 天",
            f"from_on is not after to_on, nor more than {LONGEST_SWEEP.days} days before it.",
        )
    return first, last


async def load_sweep_facts(
    sources: SweepSources, who: Caller, first: date, last: date
) -> SweepFacts:
    known = await sources.registry.facts_of_letters(who.region)
    ends, scheme = light_month_ends(first, last), sources.office.scheme
    red = await sources.scoring.red_lights(ends, known.known_at, who.region, scheme)
    cases = build_dossiers(known.facts, {project: tuple(ends) for project, ends in red.items()})
    units = {unit.unit_id: unit for unit in known.facts.rows(Unit)}
    return SweepFacts(known.known_at, {each.project.project_id: each for each in cases}, units, red)


async def load_earlier_letters(
    session: AsyncSession, who: Caller
) -> Mapping[str, Sequence[EarlierLetter]]:
    """The letters that went out before, by project."""
    found: dict[str, list[EarlierLetter]] = {}
    for letter, is_settled in await letters.load_issued_letters(session, who):
        found.setdefault(letter.project_id, []).append(EarlierLetter(letter, is_settled))
    return found


def decide_letters(
    known: SweepFacts, before: Mapping[str, Sequence[EarlierLetter]], first: date, last: date
) -> SweepDecision:
    return decide_sweep(
        known.dossiers.values(),
        before,
        LETTER_RULES,
        load_calendar(),
        list(iterate_days(first, last)),
    )


def build_pending_letter(new: Letter, known: SweepFacts, who: Caller) -> PendingLetter:
    """The letter with what it quotes, to whom it goes and in which region."""
    dossier, unit = known.dossiers[new.project_id], known.units.get(new.unit_id)
    region = dossier.project.region_code or (unit and unit.region_code) or who.region
    matter = quote_facts(new, dossier, known.red.get(new.project_id, {}))
    return PendingLetter(new, matter, unit.name if unit else new.unit_id, region)
