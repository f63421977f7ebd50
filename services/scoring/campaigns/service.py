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
from services.scoring.audit_trail import store_audit_row
from services.scoring.campaigns import rules
from services.scoring.campaigns.rules import CurrentCampaign
from services.scoring.campaigns.schemas import CampaignForm
from services.scoring.engine.campaigns.campaign import Campaign, Population
from services.scoring.engine.points.manual_entries import ManualEntries
from services.scoring.execution.campaigns import (
    CampaignInput,
    build_known_items,
    compute_progress,
    compute_summary,
)
from services.scoring.registry_client import RegistryClient
from services.scoring.scheme_library import service as scheme_library
from services.scoring.tables import CampaignPublication, CampaignVersion, KeptCampaign
from shared.http.pages import Paging
from shared.http.tokens import Caller
from shared.reference import load_calendar

REFERENCED_TABLES = ("units", "projects")  # the tables of what a campaign may name
JsonDocument = dict[str, Any]


@dataclass(frozen=True)
class RunScope:
    """What a run for a campaign takes: scheme, region, whose projects, the targets in force."""

    scheme: str
    region: str
    population: Population
    entered: ManualEntries


async def campaign_run_scope(
    session: AsyncSession, campaign_id: int, who: Caller, *, on: date
) -> RunScope:
    """The campaign for a run as of a day; its facts are those of `populations.populated`.

    Raises NotFound where there is none for the caller.
    """
    found = await load_campaign(session, campaign_id, who)
    targets = found.campaign.targets_in_force(on)
    return RunScope(found.campaign.scheme, found.region, found.campaign.population, targets)


# --- to write ----------------------------------------------------------------------------------


async def record_campaign(
    session: AsyncSession, registry: RegistryClient, form: CampaignForm, who: Caller, now: datetime
) -> CurrentCampaign:
    """A new campaign, a draft until it is published. Raises CampaignMistake, NotFound."""
    region = visibility.resolve_region(form.region, who)
    campaign = Campaign(**{name: getattr(form, name) for name in Campaign.model_fields})
    await check_references(session, registry, campaign, region)

    values = {"region": region, "created_by": who.name, "created_at": now}
    added = insert(KeptCampaign).values(values).returning(col(KeptCampaign.id))
    campaign_id: int = (await session.exec(added)).scalar_one()
    made = CurrentCampaign(campaign_id, region, 1, campaign, who.name, now)
    await add_version(session, made, form.why)
    after = campaign.model_dump(mode="json")
    await store_audit_row(
        session, "campaign.recorded", audit_subject(made.id), region, who, now, after=after
    )
    return made


@dataclass(frozen=True)
class CorrectionContext:
    """A version to supersede: of which campaign, by whom, when; `expected` is the one seen."""

    campaign_id: int
    session: AsyncSession
    registry: RegistryClient
    who: Caller
    now: datetime
    expected: int | None


async def correct_campaign(
    of: CorrectionContext, change: Mapping[str, Any], why: str
) -> CurrentCampaign:
    """Supersede the version that the sender has seen; `change` is fields of a Campaign.

    Raises CampaignMistake, Stale, NotFound; then nothing was written.
    """
    session, who, now = of.session, of.who, of.now
    found = await load_campaign(session, of.campaign_id, who)
    campaign = found.campaign.model_copy(update=dict(change))
    if not rules.needs_new_version(found, campaign, of.expected):
        return found
    await check_references(session, of.registry, campaign, found.region)

    made = rules.next_version(found, campaign, who.name, now)
    if not await add_version(session, made, why):
        raise rules.stale_version_error(made.version)
    before, after = rules.changed_fields(found.campaign, campaign)
    of_what = audit_subject(made.id), found.region
    await store_audit_row(
        session, "campaign.corrected", *of_what, who, now, before=before, after=after
    )
    return made


async def publish_campaign(
    session: AsyncSession, campaign_id: int, who: Caller, now: datetime
) -> CurrentCampaign:
    """Let the units of the region and the public read it; once is for ever."""
    found = await load_campaign(session, campaign_id, who)
    values = {"campaign_id": campaign_id, "published_by": who.name, "published_at": now}
    added = insert(CampaignPublication).values(values).on_conflict_do_nothing()
    made = await session.exec(added.returning(col(CampaignPublication.campaign_id)))
    if made.first() is not None:
        await store_audit_row(
            session, "campaign.published", audit_subject(campaign_id), found.region, who, now
        )
    return await load_campaign(session, campaign_id, who)


async def check_references(
    session: AsyncSession, registry: RegistryClient, campaign: Campaign, region: str
) -> None:
    """Raises CampaignMistake that names everything in it that is nowhere, and NotFound."""
    there = await registry.facts_known(None, region, REFERENCED_TABLES)
    chosen = await scheme_library.resolve_scheme(session, campaign.scheme, region)
    rules.refuse_errors(campaign, build_known_items(chosen.scheme, there.facts))


def audit_subject(campaign_id: int) -> str:
    """What the audit trail calls it."""
    return f"campaigns/{campaign_id}"


async def add_version(session: AsyncSession, made: CurrentCampaign, why: str) -> bool:
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

CampaignSelect = Select[KeptCampaign, CampaignVersion, datetime]  # the moment may be none


def select_visible_campaigns(who: Caller) -> CampaignSelect:
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
    if who.role in visibility.DRAFT_READERS:
        return query
    if who.role not in visibility.PROJECT_READERS:
        return query.where(published.is_not(None))
    own = col(CampaignVersion.document).contains({"targets": [{"unit_id": who.only_unit}]})
    return query.where(or_(published.is_not(None), own))


def build_current_campaign(row: Sequence[Any]) -> CurrentCampaign:
    of, version, published_at = row
    campaign = Campaign.model_validate(version.document)
    by, at = version.recorded_by, version.recorded_at
    return CurrentCampaign(of.id or 0, of.region, version.number, campaign, by, at, published_at)


async def load_campaign(session: AsyncSession, campaign_id: int, who: Caller) -> CurrentCampaign:
    """The whole of one that exists for a caller; what is shown of it is `rules.as_seen`."""
    row = (
        await session.exec(select_visible_campaigns(who).where(col(KeptCampaign.id) == campaign_id))
    ).first()
    if row is None:
        raise rules.campaign_not_found(campaign_id)
    return build_current_campaign(row)


async def load_visible_campaign(
    session: AsyncSession, campaign_id: int, who: Caller
) -> CurrentCampaign:
    return rules.visible_campaign(await load_campaign(session, campaign_id, who), who.only_unit)


async def list_campaigns(
    session: AsyncSession, who: Caller, paging: Paging
) -> list[CurrentCampaign]:
    query = select_visible_campaigns(who).where(col(KeptCampaign.id) > paging.after)
    rows = await session.exec(query.order_by(col(KeptCampaign.id)).limit(paging.limit + 1))
    return [rules.visible_campaign(build_current_campaign(row), who.only_unit) for row in rows]


async def report_campaign_progress(
    session: AsyncSession,
    registry: RegistryClient,
    campaign_id: int,
    who: Caller,
    days: Callable[[Campaign], Sequence[date]],
) -> JsonDocument:
    """The days asked of a campaign, over the facts as they are known now."""
    found = await load_campaign(session, campaign_id, who)
    rules.refuse_draft(found, who.only_unit)
    asking, known_at = await load_campaign_facts(session, registry, found)
    wanted = days(found.campaign)
    made = await asyncio.to_thread(compute_progress, asking, wanted, load_calendar())
    shown = [{**day, "targets": rules.visible_lines(day["targets"], who.only_unit)} for day in made]
    return {"campaign_id": campaign_id, "known_at": known_at, "days": shown}


async def report_campaign_summary(
    session: AsyncSession, registry: RegistryClient, campaign_id: int, who: Caller, today: date
) -> JsonDocument:
    """What a campaign came to; from its last day on. Raises CampaignNotOver."""
    found = await load_campaign(session, campaign_id, who)
    rules.refuse_draft(found, who.only_unit)
    rules.refuse_early(found.campaign, today)
    asking, known_at = await load_campaign_facts(session, registry, found)
    made = rules.visible_summary(await asyncio.to_thread(compute_summary, asking), who.only_unit)
    return {"campaign_id": campaign_id, "known_at": known_at, **made}


async def load_campaign_facts(
    session: AsyncSession, registry: RegistryClient, found: CurrentCampaign
) -> tuple[CampaignInput, datetime]:
    """The facts of a campaign as they are known now."""
    chosen = await scheme_library.resolve_scheme(session, found.campaign.scheme, found.region)
    known = await registry.facts_known(None, found.region)
    return CampaignInput(found.campaign, chosen.scheme, chosen.preset, known.facts), known.known_at
