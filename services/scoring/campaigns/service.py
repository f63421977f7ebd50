"""Campaigns: each change is a version that supersedes the one before; figures are computed."""

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
from services.scoring.campaigns import rules
from services.scoring.campaigns.rules import CurrentCampaign
from services.scoring.campaigns.schemas import CampaignForm
from services.scoring.captions.campaigns import CampaignCaptions
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
from services.scoring.tables import Audit, CampaignPublication, CampaignVersion, KeptCampaign
from shared.database.audit import write_audit_row
from shared.http.questions import Question
from shared.http.tokens import Caller
from shared.reference import load_calendar

REFERENCED_TABLES = ("units", "projects")  # the tables whose rows a campaign may name
JsonDocument = dict[str, Any]


@dataclass(frozen=True)
class RunScope:
    """The scope of a run: its scheme, question and population, and targets of a campaign."""

    scheme: str
    question: Question
    population: Population
    entered: ManualEntries


async def campaign_run_scope(
    session: AsyncSession, campaign_id: int, who: Caller, *, as_of: date
) -> RunScope:
    """The scope of a run for a campaign; its facts are restricted by `restrict_to_population`.

    Raises NotFound for a campaign that does not exist for the caller.
    """
    current = await load_campaign(session, campaign_id, who)
    campaign = current.campaign
    targets = campaign.targets_in_force(as_of)
    return RunScope(campaign.scheme, campaign_question(current), campaign.population, targets)


def campaign_question(current: CurrentCampaign) -> Question:
    """The question that a campaign's ids are written for."""
    return Question(current.office, current.region)


# --- write ---------------------------------------------------------------------------------------


async def record_campaign(
    session: AsyncSession, registry: RegistryClient, form: CampaignForm, who: Caller, now: datetime
) -> CurrentCampaign:
    """Record a campaign, a draft until it is published. Raises CampaignMistake, NotFound.

    Raises Forbidden for one of another office.
    """
    question = form.asks.resolve_whole(who)
    visibility.refuse_other_office(question.office, who)
    office, region = question.office, question.region
    campaign = Campaign(**{name: getattr(form, name) for name in Campaign.model_fields})
    await check_references(session, registry, campaign, question)

    values = {"office": office, "region": region, "created_by": who.name, "created_at": now}
    statement = insert(KeptCampaign).values(values).returning(col(KeptCampaign.id))
    campaign_id: int = (await session.exec(statement)).scalar_one()
    current = CurrentCampaign(campaign_id, office, region, 1, campaign, who.name, now)
    await add_version(session, current, form.why)
    after = campaign.model_dump(mode="json")
    await audit_campaign(session, "campaign.recorded", current, who, now, after=after)
    return current


@dataclass(frozen=True)
class CorrectionContext:
    """The context of a correction; `expected_version` is the one that the sender has seen."""

    campaign_id: int
    session: AsyncSession
    registry: RegistryClient
    who: Caller
    now: datetime
    expected_version: int | None


async def correct_campaign(
    correction: CorrectionContext, change: Mapping[str, Any], why: str
) -> CurrentCampaign:
    """Supersede the version that the sender has seen; `change` is fields of a Campaign.

    Raises CampaignMistake, Stale, NotFound, Forbidden; then nothing was written.
    """
    session, who, now = correction.session, correction.who, correction.now
    current = await load_campaign(session, correction.campaign_id, who)
    visibility.refuse_other_office(current.office, who)
    campaign = current.campaign.model_copy(update=dict(change))
    if not rules.needs_new_version(current, campaign, correction.expected_version):
        return current
    await check_references(session, correction.registry, campaign, campaign_question(current))

    corrected = rules.next_version(current, campaign, who.name, now)
    if not await add_version(session, corrected, why):
        raise rules.stale_version_error(corrected.version)
    before, after = rules.changed_fields(current.campaign, campaign)
    states = {"before": before, "after": after}
    await audit_campaign(session, "campaign.corrected", corrected, who, now, **states)
    return corrected


async def publish_campaign(
    session: AsyncSession, campaign_id: int, who: Caller, now: datetime
) -> CurrentCampaign:
    """Publish a campaign to the units of the region and the public, once and for ever."""
    current = await load_campaign(session, campaign_id, who)
    visibility.refuse_other_office(current.office, who)
    values = {"campaign_id": campaign_id, "published_by": who.name, "published_at": now}
    statement = insert(CampaignPublication).values(values).on_conflict_do_nothing()
    added = await session.exec(statement.returning(col(CampaignPublication.campaign_id)))
    if added.first() is not None:
        await audit_campaign(session, "campaign.published", current, who, now)
    return await load_campaign(session, campaign_id, who)


async def check_references(
    session: AsyncSession, registry: RegistryClient, campaign: Campaign, question: Question
) -> None:
    """Raise CampaignMistake that names every unknown item in it, or NotFound for its scheme."""
    known = await registry.load_question_facts(question, tables=REFERENCED_TABLES)
    resolved = await scheme_library.resolve_scheme(session, campaign.scheme, question.region)
    rules.refuse_errors(campaign, build_known_items(resolved.scheme, known.facts))


async def audit_campaign(
    session: AsyncSession,
    action: str,
    current: CurrentCampaign,
    who: Caller,
    now: datetime,
    **states: Any,
) -> None:
    subject, region = f"campaigns/{current.id}", current.region
    await write_audit_row(session, Audit, action, subject, region, who, now, **states)


async def add_version(session: AsyncSession, current: CurrentCampaign, why: str) -> bool:
    """Add a version, and whether it was added: of two at the same time the first one stays."""
    values = {
        "campaign_id": current.id,
        "number": current.version,
        "document": current.campaign.model_dump(mode="json"),
        "why": why,
        "recorded_by": current.recorded_by,
        "recorded_at": current.recorded_at,
    }
    statement = insert(CampaignVersion).values(values).on_conflict_do_nothing()
    added = await session.exec(statement.returning(col(CampaignVersion.number)))
    return added.first() is not None


# --- read ----------------------------------------------------------------------------------------

CampaignSelect = Select[KeptCampaign, CampaignVersion, datetime]  # the moment may be none


def select_visible_campaigns(who: Caller) -> CampaignSelect:
    """Select the campaigns that exist for a caller: of its region, for most only published ones.

    A unit may read a draft that has a target for it.
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
    own = visibility.is_of_own_unit(
        col(KeptCampaign.office),
        lambda unit: col(CampaignVersion.document).contains({"targets": [{"unit_id": unit}]}),
        who,
    )
    return query.where(or_(published.is_not(None), own))


def build_current_campaign(row: Sequence[Any]) -> CurrentCampaign:
    stored, version, published_at = row
    return CurrentCampaign(
        id=stored.id or 0,
        office=stored.office,
        region=stored.region,
        version=version.number,
        campaign=Campaign.model_validate(version.document),
        recorded_by=version.recorded_by,
        recorded_at=version.recorded_at,
        published_at=published_at,
    )


async def load_campaign(session: AsyncSession, campaign_id: int, who: Caller) -> CurrentCampaign:
    """Load a campaign whole; `rules.visible_campaign` is the part to show. Raises NotFound."""
    row = (
        await session.exec(select_visible_campaigns(who).where(col(KeptCampaign.id) == campaign_id))
    ).first()
    if row is None:
        raise rules.campaign_not_found(campaign_id)
    return build_current_campaign(row)


async def load_visible_campaign(
    session: AsyncSession, campaign_id: int, who: Caller
) -> CurrentCampaign:
    return visible_campaign(await load_campaign(session, campaign_id, who), who)


def visible_campaign(current: CurrentCampaign, who: Caller) -> CurrentCampaign:
    return rules.visible_campaign(current, who.unit_written_for(current.office))


async def report_campaign_progress(
    session: AsyncSession,
    registry: RegistryClient,
    campaign_id: int,
    who: Caller,
    days: Callable[[Campaign], Sequence[date]],
) -> JsonDocument:
    """The progress of a campaign on some days, over the facts as they are known now."""
    current = await load_campaign(session, campaign_id, who)
    only_unit = who.unit_written_for(current.office)
    rules.refuse_draft(current, only_unit)
    inputs, known_at = await load_campaign_facts(session, registry, current)
    as_of_days = days(current.campaign)
    progress = await asyncio.to_thread(compute_progress, inputs, as_of_days, load_calendar())
    visible = [
        {**day, "targets": rules.visible_lines(day["targets"], only_unit)} for day in progress
    ]
    captions = CampaignCaptions.of_facts(inputs.scheme.metrics_by_id, inputs.facts)
    visible = [captions.caption_day(day) for day in visible]
    return {"campaign_id": campaign_id, "known_at": known_at, "days": visible}


async def report_campaign_summary(
    session: AsyncSession, registry: RegistryClient, campaign_id: int, who: Caller, today: date
) -> JsonDocument:
    """The summary of a campaign, from its last day on. Raises CampaignNotOver before."""
    current = await load_campaign(session, campaign_id, who)
    only_unit = who.unit_written_for(current.office)
    rules.refuse_draft(current, only_unit)
    rules.refuse_early(current.campaign, today)
    inputs, known_at = await load_campaign_facts(session, registry, current)
    summary = await asyncio.to_thread(compute_summary, inputs)
    captions = CampaignCaptions.of_facts(inputs.scheme.metrics_by_id, inputs.facts)
    visible = captions.caption_summary(rules.visible_summary(summary, only_unit))
    return {"campaign_id": campaign_id, "known_at": known_at, **visible}


async def load_campaign_facts(
    session: AsyncSession, registry: RegistryClient, current: CurrentCampaign
) -> tuple[CampaignInput, datetime]:
    """Load the facts of a campaign as they are known now, and that moment."""
    campaign = current.campaign
    resolved = await scheme_library.resolve_scheme(session, campaign.scheme, current.region)
    known = await registry.load_question_facts(campaign_question(current))
    inputs = CampaignInput(campaign, resolved.scheme, resolved.preset, known.facts)
    return inputs, known.known_at
