"""Sweeps: load facts and lights once, decide by the rules, issue the letters, office by office.

A sweep is prepared without any lock: facts, decision, a trial print of each letter. Then one short
transaction numbers its letters; their PDFs are printed after it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifier.letters import queries
from services.notifier.letters import service as letters
from services.notifier.letters.schemas import NotPrinted
from services.notifier.letters.service import LetterDraft, PendingLetter
from services.notifier.registry_client import RegistryClient
from services.notifier.rules.dossiers import Dossier, build_dossiers
from services.notifier.rules.ladder import LETTER_RULES
from services.notifier.rules.letters import Letter
from services.notifier.rules.replay import iterate_days, light_month_ends
from services.notifier.scoring_client import RedLights, ScoringClient
from services.notifier.settings import IssuingOffice
from services.notifier.sweeps.rules import EarlierLetter, SweepDecision, decide_sweep, quote_facts
from services.notifier.sweeps.schemas import Preview, SweepAsk, SweepRead
from services.notifier.tables import SCHEMA
from shared.database.audit_chain import lock_chain
from shared.facts.projects import Project, Unit
from shared.http.idempotency import ReadSessionFactory
from shared.http.questions import Question, QuestionParameters
from shared.http.tokens import Caller
from shared.offices import NO_OFFICE, OFFICE_DIGITS, region_prefix
from shared.problems import Forbidden, InvalidRequest
from shared.reference import load_calendar

LONGEST_SWEEP = timedelta(days=366)  # from the first day to the last
EarlierLetters = Mapping[str, Sequence[EarlierLetter]]


class NotToday(InvalidRequest):
    """只能按今天发函

    Letters go out today, and on no other day.
    """


class AnotherOffice(Forbidden):
    """只能为本办发函

    An office issues its own letters only.
    """


@dataclass(frozen=True)
class SweepSources:
    """Services that a sweep reads from, and its settings."""

    registry: RegistryClient
    scoring: ScoringClient
    office: IssuingOffice


@dataclass(frozen=True)
class SweepFacts:
    """Facts and lights of an office at one moment, all that a sweep decides by."""

    office: str
    known_at: datetime
    dossiers: Mapping[str, Dossier]
    units: Mapping[str, Unit]
    red: RedLights


@dataclass(frozen=True)
class PreparedSweep:
    """A sweep of an office that is decided, its letters printed on trial; nothing is written."""

    facts: SweepFacts
    days: tuple[date, date]
    earlier: EarlierLetters
    decision: SweepDecision
    drafts: list[LetterDraft]
    not_printed: list[NotPrinted]


async def run_sweeps(
    session: AsyncSession,
    reads: ReadSessionFactory,
    sources: SweepSources,
    ask: SweepAsk,
    who: Caller,
    *,
    now: datetime,
    today: date,
) -> list[SweepRead]:
    """Issue the letters due on each of the days, once each, of one office or of each in a region.

    All are prepared before the first takes its numbers. Raises NotToday, AnotherOffice, NotFound,
    InvalidRequest for days that are out of order or too many.
    """
    days, question = resolve_days(ask, sources.office, today), ask.asks.resolve_whole(who)
    offices = await load_offices(sources, question)
    for office in offices:
        require_issuer(office, who)
    asked = question.office
    prepared = [await prepare_sweep(reads, sources, office, days, asked) for office in offices]
    return [await store_sweep(session, each, who, asked, now=now, today=today) for each in prepared]


async def prepare_sweep(
    reads: ReadSessionFactory,
    sources: SweepSources,
    office: str,
    days: tuple[date, date],
    asked: str,
) -> PreparedSweep:
    """Decide an office's letters and print each on trial."""
    settings = await sources.registry.load_office(office)
    facts = await load_sweep_facts(sources, office, *days)
    async with reads() as session:
        earlier = await load_earlier_letters(session, office)
        last_numbers = await queries.load_last_numbers(session, office)
        if settings.version is None:  # then its letters go on under the name that they have
            settings = await queries.keep_letterhead(session, settings)

    decision = await asyncio.to_thread(decide_letters, facts, earlier, *days)

    pending = [build_pending_letter(new, facts) for new in decision.letters]
    drafts, not_printed = await letters.draft_letters(pending, settings, last_numbers, asked)
    return PreparedSweep(facts, days, earlier, decision, drafts, not_printed)


async def store_sweep(
    session: AsyncSession,
    prepared: PreparedSweep,
    who: Caller,
    asked: str,
    *,
    now: datetime,
    today: date,
) -> SweepRead:
    """Number the letters of a prepared sweep and settle others; sweeps of one office take turns.

    Where another sweep came first, the day is decided again: what it issued takes no number.
    """
    office, known_at = prepared.facts.office, prepared.facts.known_at
    await lock_chain(session, SCHEMA, office)
    earlier, decision = await load_earlier_letters(session, office), prepared.decision
    if earlier != prepared.earlier:
        decision = await asyncio.to_thread(decide_letters, prepared.facts, earlier, *prepared.days)
    still_due = {letter.identity for letter in decision.letters}
    drafts = [each for each in prepared.drafts if each.pending.letter.identity in still_due]

    issued = await letters.number_letters(session, drafts, office, who, now=now, known_at=known_at)
    settled = await letters.settle_letters(session, decision.settled, office, who, now=now)
    return SweepRead(
        office=office,
        from_on=prepared.days[0],
        to_on=prepared.days[1],
        known_at=known_at,
        issued=await queries.load_letters(session, issued, asked, today),
        settled=settled,
        not_printed=prepared.not_printed,
    )


async def preview_sweeps(
    session: AsyncSession,
    sources: SweepSources,
    as_of: date,
    asks: QuestionParameters,
    who: Caller,
) -> list[Preview]:
    """Preview the letters that would go out on a day, of one office or of each in a region.

    Nothing is issued. Of these a caller sees those of its region. Raises NotFound.
    """
    question = asks.resolve_whole(who)
    return [
        await preview_sweep(session, sources, as_of, office, question.office, who)
        for office in await load_offices(sources, question)
    ]


async def preview_sweep(
    session: AsyncSession,
    sources: SweepSources,
    as_of: date,
    office: str,
    asked: str,
    who: Caller,
) -> Preview:
    facts = await load_sweep_facts(sources, office, as_of, as_of)
    earlier = await load_earlier_letters(session, office)

    decision = await asyncio.to_thread(decide_letters, facts, earlier, as_of, as_of)

    pending = [build_pending_letter(new, facts) for new in decision.letters]
    due = [
        letters.build_letter_due(new, office, asked)
        for new in pending
        if new.region.startswith(who.region)
    ]
    return Preview(office=office, on=as_of, known_at=facts.known_at, letters=due)


# --- whose -------------------------------------------------------------------------------------


async def load_offices(sources: SweepSources, question: Question) -> list[str]:
    """Load the offices of a question: the one that it names, or those of its region with facts."""
    if question.office != NO_OFFICE:
        return [question.office]
    settled = await sources.registry.load_moment(question)
    return settled.offices_within(question.region)


def require_issuer(office: str, who: Caller) -> None:
    """Raise AnotherOffice unless a caller issues the letters of an office.

    It does so for its own, with a token of the whole country for any; one of a part of a county
    does not speak for the county.
    """
    is_own = who.office == office and len(who.region) <= OFFICE_DIGITS
    if who.region and not is_own:
        raise AnotherOffice(
            f"{office} 的函件由该办发出；上级办公室可以预览",
            f"The letters of {office} are its own to issue; offices above may preview them.",
        )


# --- days, facts, decision -----------------------------------------------------------------------


def resolve_days(ask: SweepAsk, office: IssuingOffice, today: date) -> tuple[date, date]:
    """First and last day of a sweep, today where none is given."""
    first, last = ask.from_on or ask.to_on or today, ask.to_on or ask.from_on or today
    if (first, last) != (today, today) and not office.any_day:
        raise NotToday(
            f"今天是 {today}，只能按今天发函", f"It is {today}, and letters go out today only."
        )
    if not timedelta() <= last - first <= LONGEST_SWEEP:
        raise InvalidRequest(
            f"from_on 应不晚于 to_on，且相隔不超过 {LONGEST_SWEEP.days} 天",
            f"from_on is not after to_on, nor more than {LONGEST_SWEEP.days} days before it.",
        )
    return first, last


async def load_sweep_facts(
    sources: SweepSources, office: str, first: date, last: date
) -> SweepFacts:
    """Load the facts of an office, and the lights over them where it has projects."""
    snapshot = await sources.registry.load_letter_facts(office)
    red: RedLights = {}
    if snapshot.facts.rows(Project):
        ends, scheme = light_month_ends(first, last), sources.office.scheme
        red = await sources.scoring.load_red_lights(ends, snapshot.known_at, office, scheme)
    red_ends = {project: tuple(lights) for project, lights in red.items()}
    dossiers = {each.project.project_id: each for each in build_dossiers(snapshot.facts, red_ends)}
    units = {unit.unit_id: unit for unit in snapshot.facts.rows(Unit)}
    return SweepFacts(office, snapshot.known_at, dossiers, units, red)


async def load_earlier_letters(session: AsyncSession, office: str) -> EarlierLetters:
    """Load the letters of an office that went out before, by project."""
    earlier: dict[str, list[EarlierLetter]] = {}
    for letter, is_settled in await queries.load_office_letters(session, office):
        earlier.setdefault(letter.project_id, []).append(EarlierLetter(letter, is_settled))
    return earlier


def decide_letters(
    facts: SweepFacts, earlier: EarlierLetters, first: date, last: date
) -> SweepDecision:
    return decide_sweep(
        facts.dossiers.values(),
        earlier,
        LETTER_RULES,
        load_calendar(),
        list(iterate_days(first, last)),
    )


def build_pending_letter(letter: Letter, facts: SweepFacts) -> PendingLetter:
    """Add to a letter the facts that it quotes, its addressee and its region."""
    dossier, unit = facts.dossiers[letter.project_id], facts.units.get(letter.unit_id)
    of_unit = unit.region_code if unit else None
    region = dossier.project.region_code or of_unit or region_prefix(facts.office)
    quoted = quote_facts(letter, dossier, facts.red.get(letter.project_id, {}))
    return PendingLetter(letter, quoted, unit.name if unit else letter.unit_id, region)
