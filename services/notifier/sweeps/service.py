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
from services.notifier.letters.service import ToIssue
from services.notifier.registry_client import RegistryClient
from services.notifier.rules.dossiers import Dossier, dossiers
from services.notifier.rules.ladder import RuleBook
from services.notifier.rules.letters import Letter
from services.notifier.rules.replay import days, month_ends_asked
from services.notifier.scoring_client import RedLights, ScoringClient
from services.notifier.settings import Office
from services.notifier.sweeps.rules import Decided, Standing, decide, matter_of
from services.notifier.sweeps.schemas import Preview, SweepAsk, SweepRead
from shared.facts.projects import Unit
from shared.http.tokens import Caller
from shared.problems import InvalidRequest
from shared.reference import calendar

ONE_SWEEP = 0x6C657474  # the advisory lock under which letters are issued
LONGEST = timedelta(days=366)  # of a sweep
RULES = RuleBook()


class NotToday(InvalidRequest):
    """只能按今天发函

    Letters go out today, and on no other day.
    """


@dataclass(frozen=True)
class Sources:
    """Where a sweep takes from, and in whose name it writes."""

    registry: RegistryClient
    scoring: ScoringClient
    office: Office


@dataclass(frozen=True)
class Matters:
    """All that a sweep knows: facts and lights of one moment, in one taking."""

    known_at: datetime
    dossiers: Mapping[str, Dossier]
    units: Mapping[str, Unit]
    red: RedLights


async def sweep(
    session: AsyncSession,
    sources: Sources,
    ask: SweepAsk,
    who: Caller,
    *,
    now: datetime,
    today: date,
) -> SweepRead:
    """Issue what is due on each of the days, once each. Sweeps at the same time wait."""
    first, last = days_asked(ask, sources.office, today)
    await session.exec(select(func.pg_advisory_xact_lock(ONE_SWEEP)))
    known = await gather(sources, who, first, last)
    before = await standing(session, who)

    decided = await asyncio.to_thread(decided_of, known, before, first, last)

    office, moment = sources.office, known.known_at
    going = [to_issue(new, known, who) for new in decided.letters]
    made, not_printed = await letters.issue(session, going, office, who, now=now, known_at=moment)
    settled = await letters.settle(session, decided.settled, who, now=now)
    return SweepRead(
        from_on=first,
        to_on=last,
        known_at=moment,
        issued=[await letters.letter_seen(session, each, who) for each in made],
        settled=settled,
        not_printed=not_printed,
    )


async def preview(session: AsyncSession, sources: Sources, on: date, who: Caller) -> Preview:
    """What would go out on a day; nothing is issued."""
    known = await gather(sources, who, on, on)
    before = await standing(session, who)

    decided = await asyncio.to_thread(decided_of, known, before, on, on)

    due = [LetterDue.model_validate(new) for new in decided.letters]
    return Preview(on=on, known_at=known.known_at, letters=due)


def days_asked(ask: SweepAsk, office: Office, today: date) -> tuple[date, date]:
    first, last = ask.from_on or ask.to_on or today, ask.to_on or ask.from_on or today
    if (first, last) != (today, today) and not office.any_day:
        raise NotToday(f"今天是 {today}", f"It is {today}.")
    if not timedelta() <= last - first <= LONGEST:
        raise InvalidRequest(
            f"from_on 应不晚于 to_on，且相隔不超过 {LONGEST.days} 天",
            f"from_on is not after to_on, nor more than {LONGEST.days} days before it.",
        )
    return first, last


async def gather(sources: Sources, who: Caller, first: date, last: date) -> Matters:
    known = await sources.registry.facts_of_letters(who.region)
    ends, scheme = month_ends_asked(first, last), sources.office.scheme
    red = await sources.scoring.red_lights(ends, known.known_at, who.region, scheme)
    cases = dossiers(known.facts, {project: tuple(ends) for project, ends in red.items()})
    units = {unit.unit_id: unit for unit in known.facts.rows(Unit)}
    return Matters(known.known_at, {each.project.project_id: each for each in cases}, units, red)


async def standing(session: AsyncSession, who: Caller) -> Mapping[str, Sequence[Standing]]:
    """The letters that went out before, by project."""
    found: dict[str, list[Standing]] = {}
    for letter, is_settled in await letters.letters_issued(session, who):
        found.setdefault(letter.project_id, []).append(Standing(letter, is_settled))
    return found


def decided_of(
    known: Matters, before: Mapping[str, Sequence[Standing]], first: date, last: date
) -> Decided:
    return decide(known.dossiers.values(), before, RULES, calendar(), list(days(first, last)))


def to_issue(new: Letter, known: Matters, who: Caller) -> ToIssue:
    """The letter with what it quotes, to whom it goes and in which region."""
    dossier, unit = known.dossiers[new.project_id], known.units.get(new.unit_id)
    region = dossier.project.region_code or (unit and unit.region_code) or who.region
    matter = matter_of(new, dossier, known.red.get(new.project_id, {}))
    return ToIssue(new, matter, unit.name if unit else new.unit_id, region)
