"""Sweeps: load facts and lights once, decide by the rules, issue the letters."""

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
LONGEST_SWEEP = timedelta(days=366)  # from the first day to the last
LETTER_RULES = LetterRules()


class NotToday(InvalidRequest):
    """只能按今天发函

    Letters go out today, and on no other day.
    """


@dataclass(frozen=True)
class SweepSources:
    """Services that a sweep reads from, and the office that it writes for."""

    registry: RegistryClient
    scoring: ScoringClient
    office: IssuingOffice


@dataclass(frozen=True)
class SweepFacts:
    """Facts and lights of one moment, all that a sweep decides by."""

    known_at: datetime
    dossiers: Mapping[str, Dossier]
    units: Mapping[str, Unit]
    red: RedLights


async def run_sweep(
    session: AsyncSession,
    sources: SweepSources,
    days: SweepAsk,
    who: Caller,
    *,
    now: datetime,
    today: date,
) -> SweepRead:
    """Issue the letters due on each of the days, once each; concurrent sweeps wait for a lock.

    Raises NotToday, InvalidRequest for days that are out of order or too many.
    """
    first, last = resolve_days(days, sources.office, today)
    await session.exec(select(func.pg_advisory_xact_lock(SWEEP_LOCK)))
    facts = await load_sweep_facts(sources, who, first, last)
    earlier = await load_earlier_letters(session, who)

    decision = await asyncio.to_thread(decide_letters, facts, earlier, first, last)

    pending = [build_pending_letter(new, facts, who) for new in decision.letters]
    issued, not_printed = await letters.issue_letters(
        session, pending, sources.office, who, now=now, known_at=facts.known_at
    )
    settled = await letters.settle_letters(session, decision.settled, who, now=now)
    return SweepRead(
        from_on=first,
        to_on=last,
        known_at=facts.known_at,
        issued=[await letters.load_letter(session, letter_id, who) for letter_id in issued],
        settled=settled,
        not_printed=not_printed,
    )


async def preview_sweep(
    session: AsyncSession, sources: SweepSources, as_of: date, who: Caller
) -> Preview:
    """Preview the letters that would go out on a day; nothing is issued."""
    facts = await load_sweep_facts(sources, who, as_of, as_of)
    earlier = await load_earlier_letters(session, who)

    decision = await asyncio.to_thread(decide_letters, facts, earlier, as_of, as_of)

    due = [LetterDue.model_validate(new) for new in decision.letters]
    return Preview(on=as_of, known_at=facts.known_at, letters=due)


def resolve_days(days: SweepAsk, office: IssuingOffice, today: date) -> tuple[date, date]:
    """First and last day of a sweep, today where none is given."""
    first, last = days.from_on or days.to_on or today, days.to_on or days.from_on or today
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
    snapshot = await sources.registry.load_letter_facts(who.region)
    ends, scheme = light_month_ends(first, last), sources.office.scheme
    red = await sources.scoring.load_red_lights(ends, snapshot.known_at, who.region, scheme)
    red_ends = {project: tuple(lights) for project, lights in red.items()}
    dossiers = {each.project.project_id: each for each in build_dossiers(snapshot.facts, red_ends)}
    units = {unit.unit_id: unit for unit in snapshot.facts.rows(Unit)}
    return SweepFacts(snapshot.known_at, dossiers, units, red)


async def load_earlier_letters(
    session: AsyncSession, who: Caller
) -> Mapping[str, Sequence[EarlierLetter]]:
    """Load the letters that went out before, by project."""
    earlier: dict[str, list[EarlierLetter]] = {}
    for letter, is_settled in await letters.load_issued_letters(session, who):
        earlier.setdefault(letter.project_id, []).append(EarlierLetter(letter, is_settled))
    return earlier


def decide_letters(
    facts: SweepFacts, earlier: Mapping[str, Sequence[EarlierLetter]], first: date, last: date
) -> SweepDecision:
    return decide_sweep(
        facts.dossiers.values(),
        earlier,
        LETTER_RULES,
        load_calendar(),
        list(iterate_days(first, last)),
    )


def build_pending_letter(letter: Letter, facts: SweepFacts, who: Caller) -> PendingLetter:
    """Add to a letter the facts that it quotes, its addressee and its region."""
    dossier, unit = facts.dossiers[letter.project_id], facts.units.get(letter.unit_id)
    region = dossier.project.region_code or (unit and unit.region_code) or who.region
    quoted = quote_facts(letter, dossier, facts.red.get(letter.project_id, {}))
    return PendingLetter(letter, quoted, unit.name if unit else letter.unit_id, region)
