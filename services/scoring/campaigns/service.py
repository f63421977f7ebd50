"""Campaigns: every change is a version that supersedes the one before; figures are computed."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from services.scoring import visibility
from services.scoring.audit_trail import write_down
from services.scoring.campaigns import rules
from services.scoring.campaigns.rules import Kept
from services.scoring.campaigns.schemas import CampaignForm
from services.scoring.engine.campaigns.campaign import Campaign, Population
from services.scoring.engine.points.manual_entries import Entered
from services.scoring.execution.campaigns import Asking, known_to, progress, summary
from services.scoring.registry_client import RegistryClient
from services.scoring.scheme_library import service as scheme_library
from services.scoring.tables import CampaignPublication, CampaignVersion, KeptCampaign
from shared.http.pages import Paging
from shared.http.tokens import Caller
from shared.reference import calendar

NAMED = ("units", "projects")  # the tables of what a campaign may name
Document = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a run for a campaign takes: scheme, region, whose projects, the targets in force."""

    scheme: str
    region: str
    population: Population
    entered: Entered


async def asked(session: AsyncSession, campaign_id: int, who: Caller, *, on: date) -> Asked:
    """The campaign for a run as of a day; its facts are those of `populations.populated`.

    Raises NotFound where there is none for the caller.
    """
    found = await kept(session, campaign_id, who)
    targets = found.campaign.targets_in_force(on)
    return Asked(found.campaign.scheme, found.region, found.campaign.population, targets)


# --- to write ----------------------------------------------------------------------------------


async def record(
    session: AsyncSession, registry: RegistryClient, form: CampaignForm, who: Caller, now: datetime
) -> Kept:
    """A new campaign, a draft until it is published. Raises CampaignMistake, NotFound."""
    region = visibility.region_asked(form.region, who)
    campaign = Campaign(**{name: getattr(form, name) for name in Campaign.model_fields})
    await check(session, registry, campaign, region)

    values = {"region": region, "created_by": who.name, "created_at": now}
    added = insert(KeptCampaign).values(values).returning(col(KeptCampaign.id))
    campaign_id: int = (await session.exec(added)).scalar_one()
    made = Kept(campaign_id, region, 1, campaign, who.name, now)
    await add_version(session, made, form.why)
    after = campaign.model_dump(mode="json")
    await write_down(session, "campaign.recorded", subject(made.id), region, who, now, after=after)
    return made


@dataclass(frozen=True)
class Correcting:
    """A version to supersede: of which campaign, by whom, when; `expected` is the one seen."""

    campaign_id: int
    session: AsyncSession
    registry: RegistryClient
    who: Caller
    now: datetime
    expected: int | None


async def correct(of: Correcting, change: Mapping[str, Any], why: str) -> Kept:
    """Supersede the version that the sender has seen; `change` is fields of a Campaign.

    Raises CampaignMistake, Stale, NotFound; then nothing was written.
    """
    session, who, now = of.session, of.who, of.now
    found = await kept(session, of.campaign_id, who)
    campaign = found.campaign.model_copy(update=dict(change))
    if not rules.is_new(found, campaign, of.expected):
        return found
    await check(session, of.registry, campaign, found.region)

    made = rules.followed(found, campaign, who.name, now)
    if not await add_version(session, made, why):
        raise rules.stale(made.version)
    before, after = rules.changed(found.campaign, campaign)
    of_what = subject(made.id), found.region
    await write_down(session, "campaign.corrected", *of_what, who, now, before=before, after=after)
    return made


async def publish(session: AsyncSession, campaign_id: int, who: Caller, now: datetime) -> Kept:
    """Let the units of the region and the public read it; once is for ever."""
    found = await kept(session, campaign_id, who)
    values = {"campaign_id": campaign_id, "published_by": who.name, "published_at": now}
    added = insert(CampaignPublication).values(values).on_conflict_do_nothing()
    made = await session.exec(added.returning(col(CampaignPublication.campaign_id)))
    if made.first() is not None:
        await write_down(
            session, "campaign.published", subject(campaign_id), found.region, who, now
        )
    return await kept(session, campaign_id, who)


async def check(
    session: AsyncSession, registry: RegistryClient, campaign: Campaign, region: str
) -> None:
    """Raises CampaignMistake that names everything in it that is nowhere, and NotFound."""
    there = await registry.facts_known(None, region, NAMED)
    chosen = await scheme_library.scheme_for(session, campaign.scheme, region)
    rules.refuse_mistakes(campaign, known_to(chosen.scheme, there.facts))


def subject(campaign_id: int) -> str:
    """What the audit trail calls it."""
    return f"campaigns/{campaign_id}"


async def add_version(session: AsyncSession, made: Kept, why: str) -> bool:
    """Whether it is there now: of two at the same time the first one stays."""
    values = {
        "campaign_id": made.id,
        "number": made.version,
        "document": made.campaign.model_dump(mode="json"),
        "why": why,
        "recorded_by": made.recorded_by,
        "recorded_at": made.recorded_at,
    }
    added = insert(CampaignVersion).values(values).on_conflict_do_nothing()
    found = await session.exec(added.returning(col(CampaignVersion.number)))
    return found.first() is not None


# --- to read -----------------------------------------------------------------------------------

Seen = Select[KeptCampaign, CampaignVersion, datetime]  # the moment may be none


def seen(who: Caller) -> Seen:
    """The campaigns that exist for a caller, as they stand: of its region, most if published.

    A draft is a unit's to read when it has a target for the unit.
    """
    published = col(CampaignPublication.published_at)
    campaign_id, later = col(KeptCampaign.id), aliased(CampaignVersion)
    last = select(func.max(later.number)).where(later.campaign_id == campaign_id)
    query = (
        select(KeptCampaign, CampaignVersion, published)
        .join(CampaignVersion, col(CampaignVersion.campaign_id) == campaign_id)
        .outerjoin(CampaignPublication, col(CampaignPublication.campaign_id) == campaign_id)
        .where(col(CampaignVersion.number) == last.scalar_subquery())
        .where(col(KeptCampaign.region).startswith(who.region, autoescape=True))
    )
    if who.role in visibility.SEES_DRAFTS:
        return query
    if who.role not in visibility.OF_PROJECTS:
        return query.where(published.is_not(None))
    own = col(CampaignVersion.document).contains({"targets": [{"unit_id": who.only_unit}]})
    return query.where(or_(published.is_not(None), own))


def as_kept(row: Sequence[Any]) -> Kept:
    of, version, published_at = row
    campaign = Campaign.model_validate(version.document)
    by, at = version.recorded_by, version.recorded_at
    return Kept(of.id or 0, of.region, version.number, campaign, by, at, published_at)


async def kept(session: AsyncSession, campaign_id: int, who: Caller) -> Kept:
    """The whole of one that exists for a caller; what is shown of it is `rules.as_seen`."""
    row = (await session.exec(seen(who).where(col(KeptCampaign.id) == campaign_id))).first()
    if row is None:
        raise rules.no_campaign(campaign_id)
    return as_kept(row)


async def campaign_seen(session: AsyncSession, campaign_id: int, who: Caller) -> Kept:
    return rules.as_seen(await kept(session, campaign_id, who), who.only_unit)


async def list_campaigns(session: AsyncSession, who: Caller, paging: Paging) -> list[Kept]:
    query = seen(who).where(col(KeptCampaign.id) > paging.after)
    rows = await session.exec(query.order_by(col(KeptCampaign.id)).limit(paging.limit + 1))
    return [rules.as_seen(as_kept(row), who.only_unit) for row in rows]


async def progress_of(
    session: AsyncSession,
    registry: RegistryClient,
    campaign_id: int,
    who: Caller,
    days: Callable[[Campaign], Sequence[date]],
) -> Document:
    """The days asked of a campaign, over the facts as they are known now."""
    found = await kept(session, campaign_id, who)
    rules.refuse_draft(found, who.only_unit)
    asking, known_at = await taken(session, registry, found)
    wanted = days(found.campaign)
    made = await asyncio.to_thread(progress, asking, wanted, calendar())
    shown = [{**day, "targets": rules.of_unit(day["targets"], who.only_unit)} for day in made]
    return {"campaign_id": campaign_id, "known_at": known_at, "days": shown}


async def summary_of(
    session: AsyncSession, registry: RegistryClient, campaign_id: int, who: Caller, today: date
) -> Document:
    """What a campaign came to; from its last day on. Raises CampaignNotOver."""
    found = await kept(session, campaign_id, who)
    rules.refuse_draft(found, who.only_unit)
    rules.refuse_early(found.campaign, today)
    asking, known_at = await taken(session, registry, found)
    made = rules.summary_seen(await asyncio.to_thread(summary, asking), who.only_unit)
    return {"campaign_id": campaign_id, "known_at": known_at, **made}


async def taken(
    session: AsyncSession, registry: RegistryClient, found: Kept
) -> tuple[Asking, datetime]:
    """The facts of a campaign as they are known now."""
    chosen = await scheme_library.scheme_for(session, found.campaign.scheme, found.region)
    known = await registry.facts_known(None, found.region)
    return Asking(found.campaign, chosen.scheme, chosen.preset, known.facts), known.known_at
