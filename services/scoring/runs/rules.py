"""What is kept of a result, and what can be said again from it without the facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.scoring.engine.lights.documents import lights_document
from services.scoring.engine.lights.history import latest_month_ends
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.ranking.ranking import rank_units
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.results.run_result import (
    ScoringResult,
    result_document,
    serialize_json,
    stream_document,
)
from services.scoring.engine.scheme.honour_declarations import LOOKBACK_MONTHS
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from shared.calendar import ONE_DAY

RunDates = tuple[date, date]  # the day of a run, and the day on which it was made
RANKING_KEYS = ("as_of", "scheme", "groups", "off")  # keys of the document that make the ranking


def serialize_result(result: ScoringResult, names: Mapping[str, str]) -> str:
    """The document byte for byte as `bairi score --format json` prints it."""
    return serialize_json(stream_document(drop_unprinted_dates(result), names)).decode() + "\n"


def drop_unprinted_dates(result: ScoringResult) -> ScoringResult:
    """Without the dates since when lights are as they are, where the preset does not print them."""
    if result.preset.detailed:
        return result
    supplements = replace(result.supplements, lights_since={}, unit_lights_since={})
    return replace(result, supplements=supplements)


def run_light_rows(result: ScoringResult) -> list[dict[str, Any]]:
    """Each light with figures, thresholds and since when, also where the preset prints none.

    `number` is its place in the document, from 1.
    """
    detailed = result.preset.model_copy(update={"detailed": True})
    documents = lights_document(result.lights, detailed, result.supplements.lights_since)
    return [
        {
            "number": number,
            "project_id": light.project_id,
            "unit_id": light.unit_id,
            "overall": light.overall,
            "light": {"unit_id": light.unit_id, **document},
        }
        for number, (light, document) in enumerate(
            zip(result.lights, documents, strict=True), start=1
        )
    ]


def ranking_document(result: ScoringResult, names: Mapping[str, str]) -> dict[str, Any]:
    """The ranking of a result that was not stored, as that of one that was."""
    said = result_document(result, names)
    return {key: said[key] for key in RANKING_KEYS if key in said}


def terms_document(result: ScoringResult, names: Mapping[str, str]) -> dict[str, Any]:
    """Unit → its group, live projects and terms: all that a ranking needs, whatever the weights."""
    return {
        unit.unit_id: {
            "name": names[unit.unit_id],
            "group": unit.group,
            "live_projects": unit.live_projects,
            "of_metric": unit.of_metric,
        }
        for unit in result.terms.values()
    }


def parse_terms(kept: Mapping[str, Any]) -> dict[str, UnitTerms]:
    """Unit → its terms, from what `terms_document` made."""
    return {
        unit_id: UnitTerms(
            unit_id,
            unit["group"],
            unit["live_projects"],
            {metric: tuple(terms) for metric, terms in unit["of_metric"].items()},
        )
        for unit_id, unit in kept.items()
    }


def rank_stored_terms(
    kept: Mapping[str, Any],
    scheme: Scheme,
    preset: Lights,
    day: date,
    entered: ManualEntries = NO_ENTRIES,
) -> ScoringResult:
    """The standings from kept terms, marks by hand among them; targets are entered anew.

    Lights need facts and are left out.
    """
    terms = parse_terms(kept)
    standings = rank_units(terms.values(), scheme, entered)
    return ScoringResult(day, scheme, preset, standings, terms, [], entered)


def units_by_item_rank(
    units: Sequence[Mapping[str, Any]], kind: str, item: str
) -> list[dict[str, Any]]:
    """The units of a group that one of `pillars` or `metrics` is for, in order of its ranks."""
    found = [
        {"unit_id": unit["unit_id"], "name": unit["name"], **unit[kind][item]}
        for unit in units
        if item in unit[kind]
    ]
    return sorted(found, key=lambda u: (u["rank"] is None, u["rank"], u["unit_id"]))


def filter_award_by_unit(award: Mapping[str, Any], unit_id: str) -> dict[str, Any]:
    """An award of the document with one unit's winners and candidates."""
    own = {
        key: [candidate for candidate in award[key] if candidate["unit_id"] == unit_id]
        for key in ("winners", "others")
        if key in award
    }
    return {**award, **own}


def month_ends_due(today: date, ran: Iterable[RunDates]) -> list[date]:
    """The month ends that are over and wait for their run, the earliest first.

    The last one; and of the eleven before it those since the first that was run. What was run
    before its day was over does not count, as reports were still to come.
    """
    ends = latest_month_ends(today - ONE_DAY, LOOKBACK_MONTHS)
    done = {day for day, on in ran if on > day}
    first = min((end for end in ends if end in done), default=ends[0])
    return [end for end in reversed(ends) if end >= first and end not in done]
