"""The rules of campaigns: new versions, validation, and what is visible to a caller."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from services.scoring.engine.campaigns.campaign import (
    Campaign,
    CampaignMistake,
    Commitment,
    KnownItems,
    Target,
    find_campaign_errors,
)
from shared.calendar import ONE_DAY
from shared.offices import format_id
from shared.problems import Conflict, InvalidRequest, NotFound, Stale

MAX_DAYS = 200  # of one response
JsonDocument = dict[str, Any]
L = TypeVar("L", bound=Target | Commitment)


class CampaignNotOver(Conflict):
    """攻坚行动尚未结束

    The campaign is not over yet.
    """


@dataclass(frozen=True)
class CurrentCampaign:
    """A campaign in its latest version."""

    id: int
    office: str
    region: str
    version: int
    campaign: Campaign
    recorded_by: str
    recorded_at: datetime
    published_at: datetime | None = None


# --- write


def needs_new_version(
    current: CurrentCampaign, campaign: Campaign, expected_version: int | None
) -> bool:
    """Whether a new version is to be stored; one equal to the current may be sent again.

    Raises Stale when the sender did not know the version that it would replace.
    """
    if campaign == current.campaign:
        return False
    if expected_version != current.version:
        raise stale_version_error(current.version)
    return True


def stale_version_error(version: int) -> Stale:
    return Stale(
        f"现在是第 {version} 版，请在 If-Match 中写明所依据的版本",
        f"It is at version {version}; name the one you have seen in If-Match.",
        current=version,
    )


def next_version(
    current: CurrentCampaign, campaign: Campaign, recorded_by: str, now: datetime
) -> CurrentCampaign:
    """The next version, with another content."""
    return replace(
        current,
        version=current.version + 1,
        campaign=campaign,
        recorded_by=recorded_by,
        recorded_at=now,
    )


def changed_fields(before: Campaign, after: Campaign) -> tuple[JsonDocument, JsonDocument]:
    """The fields that differ, before and after, for the audit trail."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    names = [name for name in new if old[name] != new[name]]
    return {name: old[name] for name in names}, {name: new[name] for name in names}


def refuse_errors(campaign: Campaign, known: KnownItems) -> None:
    """Raise CampaignMistake with every field that names an unknown item."""
    mistakes = [*find_campaign_errors(campaign, known)]
    if not mistakes:
        return

    def field_errors(english: bool) -> list[dict[str, str]]:
        return [
            {
                "pointer": "#/" + "/".join(map(str, path)),
                "code": "campaign_mistake",
                "detail": en if english else zh,
            }
            for path, zh, en in mistakes
        ]

    raise CampaignMistake(
        f"有 {len(mistakes)} 处要改",
        f"{len(mistakes)} field(s) need attention.",
        errors=field_errors(english=False),
        in_english={"errors": field_errors(english=True)},
    )


# --- read


# `only_unit` is the unit that a caller is confined to, as it is written in the campaign; None for
# those who see all of the region.


def visible_campaign(current: CurrentCampaign, only_unit: str | None) -> CurrentCampaign:
    """The visible part of a campaign: of a draft the unit's own lines; no list of projects."""
    if only_unit is None:
        return current
    campaign = current.campaign
    population = campaign.population.model_copy(update={"projects": ()})
    visible: JsonDocument = {"population": population}
    if current.published_at is None:
        for name in ("targets", "commitments"):
            visible[name] = tuple(x for x in getattr(campaign, name) if x.unit_id == only_unit)
    return replace(current, campaign=campaign.model_copy(update=visible))


def refuse_draft(current: CurrentCampaign, only_unit: str | None) -> None:
    """Raise NotFound for figures of a draft, unless the caller sees the whole region."""
    if current.published_at is None and only_unit is not None:
        raise campaign_not_found(current.id)


def campaign_not_found(campaign_id: int) -> NotFound:
    return NotFound(f"没有第 {campaign_id} 号攻坚行动", f"There is no campaign {campaign_id}.")


def refuse_early(campaign: Campaign, today: date) -> None:
    """Raise CampaignNotOver before the last day."""
    if today < campaign.to_on:
        raise CampaignNotOver(f"末日是 {campaign.to_on}", f"It ends on {campaign.to_on}.")


def requested_days(
    campaign: Campaign, as_of: date | None, first: date | None, last: date | None, today: date
) -> Sequence[date]:
    """The as-of days of a query: one, or those from `first` to `last`; today by default.

    The first day is by default the campaign's, the last one today or the campaign's. Raises
    InvalidRequest for more than `MAX_DAYS`, or none.
    """
    if as_of or not (first or last):
        return [as_of or today]
    begin = first or campaign.from_on
    end = last or max(begin, min(today, campaign.to_on))
    days = (end - begin).days + 1
    if not 1 <= days <= MAX_DAYS:
        raise InvalidRequest(
            f"起应不晚于止，且最多 {MAX_DAYS} 天", f"Ask for 1 to {MAX_DAYS} days in a row."
        )
    return [begin + n * ONE_DAY for n in range(days)]


def visible_lines(
    lines: Sequence[JsonDocument], only_unit: str | None, *, with_whole: bool = True
) -> list[JsonDocument]:
    """The visible lines: all, or those of the unit and of all units together."""
    if only_unit is None:
        return [*lines]
    allowed = {only_unit, None} if with_whole else {only_unit}
    return [line for line in lines if line["unit_id"] in allowed]


def lines_of_unit(current: CurrentCampaign, lines: Sequence[L], unit_id: str | None) -> list[L]:
    """The lines of a unit, or all; its id may be written in full."""
    if unit_id is None:
        return [*lines]
    written = format_id(unit_id, current.office, current.office)
    return [line for line in lines if line.unit_id == written]


def visible_summary(summary: Mapping[str, Any], only_unit: str | None) -> JsonDocument:
    """A summary without the lines of other units; commitments are published."""
    return {
        **summary,
        "targets": visible_lines(summary["targets"], only_unit),
        "metrics": visible_lines(summary["metrics"], only_unit),
        "projects": visible_lines(summary["projects"], only_unit, with_whole=False),
    }
