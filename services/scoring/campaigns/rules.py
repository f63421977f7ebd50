"""What becomes of a campaign that is sent, and what of one exists for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.scoring.engine.campaigns.campaign import (
    Campaign,
    CampaignMistake,
    KnownItems,
    find_campaign_errors,
)
from shared.calendar import ONE_DAY
from shared.problems import Conflict, InvalidRequest, NotFound, Stale

MAX_DAYS = 200  # of one answer
JsonDocument = dict[str, Any]


class CampaignNotOver(Conflict):
    """攻坚行动尚未结束

    The campaign is not over yet.
    """


@dataclass(frozen=True)
class CurrentCampaign:
    """A campaign as it stands: its latest version."""

    id: int
    region: str
    version: int
    campaign: Campaign
    recorded_by: str
    recorded_at: datetime
    published_at: datetime | None = None


# --- to write


def needs_new_version(current: CurrentCampaign, given: Campaign, expected: int | None) -> bool:
    """Whether a new version is to be stored; what stands there already may be sent again.

    Raises Stale when the sender did not know what it would replace.
    """
    if given == current.campaign:
        return False
    if expected != current.version:
        raise stale_version_error(current.version)
    return True


def stale_version_error(version: int) -> Stale:
    return Stale(
        f"现在是第 {version} 版，请在 If-Match 中写明所依据的版本",
        f"It is at version {version}; name the one you have seen in If-Match.",
        current=version,
    )


def next_version(
    current: CurrentCampaign, campaign: Campaign, by: str, now: datetime
) -> CurrentCampaign:
    """The next version."""
    number = current.version + 1
    return replace(current, version=number, campaign=campaign, recorded_by=by, recorded_at=now)


def changed_fields(before: Campaign, after: Campaign) -> tuple[JsonDocument, JsonDocument]:
    """What differs, before and after, for the audit trail."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    names = [name for name in new if old[name] != new[name]]
    return {name: old[name] for name in names}, {name: new[name] for name in names}


def refuse_errors(campaign: Campaign, known: KnownItems) -> None:
    """Raises CampaignMistake with every field that needs attention."""
    found = [*find_campaign_errors(campaign, known)]
    if not found:
        return

    def errors(english: bool) -> list[dict[str, str]]:
        return [
            {
                "pointer": "#/" + "/".join(map(str, path)),
                "code": "campaign_mistake",
                "detail": en if english else zh,
            }
            for path, zh, en in found
        ]

    raise CampaignMistake(
        f"有 {len(found)} 处要改",
        f"{len(found)} field(s) need attention.",
        errors=errors(english=False),
        in_english={"errors": errors(english=True)},
    )


# --- to read


# `unit` is the one that a caller is confined to; None for those who see all of the region.


def visible_campaign(found: CurrentCampaign, unit: str | None) -> CurrentCampaign:
    """What there is to see of it: of a draft the unit's own lines; no projects one by one."""
    if unit is None:
        return found
    campaign = found.campaign
    population = campaign.population.model_copy(update={"projects": ()})
    shown: JsonDocument = {"population": population}
    if found.published_at is None:
        for name in ("targets", "commitments"):
            shown[name] = tuple(x for x in getattr(campaign, name) if x.unit_id == unit)
    return replace(found, campaign=campaign.model_copy(update=shown))


def refuse_draft(found: CurrentCampaign, unit: str | None) -> None:
    """Figures of a draft are for those who see the whole region."""
    if found.published_at is None and unit is not None:
        raise campaign_not_found(found.id)


def campaign_not_found(campaign_id: int) -> NotFound:
    return NotFound(f"没有第 {campaign_id} 号攻坚行动", f"There is no campaign {campaign_id}.")


def refuse_early(campaign: Campaign, today: date) -> None:
    if today < campaign.to_on:
        raise CampaignNotOver(f"末日是 {campaign.to_on}", f"It ends on {campaign.to_on}.")


def requested_days(
    campaign: Campaign, on: date | None, first: date | None, last: date | None, today: date
) -> Sequence[date]:
    """The days that are asked: one, or those from one to another; today where none is named.

    A first day that is not named is the campaign's, a last one today or the campaign's.
    """
    if on or not (first or last):
        return [on or today]
    begin = first or campaign.from_on
    end = last or max(begin, min(today, campaign.to_on))
    days = (end - begin).days + 1
    if not 1 <= days <= MAX_DAYS:
        raise InvalidRequest(
            f"起应不晚于止，且最多 {MAX_DAYS} 天", f"Ask for 1 to {MAX_DAYS} days in a row."
        )
    return [begin + n * ONE_DAY for n in range(days)]


def visible_lines(
    lines: Sequence[JsonDocument], unit: str | None, *, with_whole: bool = True
) -> list[JsonDocument]:
    """The lines to see: all, or those of the unit and of the whole."""
    if unit is None:
        return [*lines]
    allowed = {unit, None} if with_whole else {unit}
    return [line for line in lines if line["unit_id"] in allowed]


def visible_summary(summary: Mapping[str, Any], unit: str | None) -> JsonDocument:
    """A summary without what is of other units; the promises are published."""
    return {
        **summary,
        "targets": visible_lines(summary["targets"], unit),
        "metrics": visible_lines(summary["metrics"], unit),
        "projects": visible_lines(summary["projects"], unit, with_whole=False),
    }
