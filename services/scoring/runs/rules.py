"""The stored forms of a result, and what follows from them without the facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.scoring.engine.lights.documents import lights_document
from services.scoring.engine.lights.history import latest_month_ends
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.ranking.ranking import rank_units
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.results.json_text import serialize_json
from services.scoring.engine.results.run_result import (
    ScoringResult,
    result_document,
    stream_document,
)
from services.scoring.engine.scheme.honour_declarations import LOOKBACK_MONTHS
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from shared.calendar import ONE_DAY
from shared.facts.words import Word
from shared.offices import office_code
from shared.problems import Conflict, NotFound

RunDates = tuple[date, date]  # the as-of day of a run, and the day on which it was computed
RANKING_KEYS = ("as_of", "scheme", "groups", "off")  # keys of the document with the ranking


class RunState(Word):
    """How far a run is; it is never stored."""

    draft = "draft", "草稿"
    open_for_comment = "open_for_comment", "征求意见"
    published = "published", "已公布"
    corrected = "corrected", "已更正"

    @property
    def is_out(self) -> bool:
        """Whether a run is published, corrected or not."""
        return self in (RunState.published, RunState.corrected)


class NothingChanged(Conflict):
    """没有可更正的变动

    Facts and entries are those of the run to be corrected.
    """


class NotOpenForComment(Conflict):
    """这一次不在征求意见

    The run is not open for comment.
    """


def derive_state(
    published_at: datetime | None, corrected_by: int | None, until_on: date | None, today: date
) -> RunState:
    """The state of a run, which is open through the last day of its comment period."""
    if published_at is not None:
        return RunState.published if corrected_by is None else RunState.corrected
    is_open = until_on is not None and until_on >= today
    return RunState.open_for_comment if is_open else RunState.draft


def refuse_closed(run_id: int, state: RunState) -> None:
    """Raise NotOpenForComment for a run that is not open for comment."""
    if state is not RunState.open_for_comment:
        raise NotOpenForComment(
            f"第 {run_id} 次计分不在征求意见期间",
            f"Run {run_id} is not open for comment.",
        )


def run_not_found(run_id: int) -> NotFound:
    return NotFound(f"没有第 {run_id} 次计分", f"There is no run {run_id}.")


def refuse_equal_facts(run_id: int, digest: str, found: str) -> None:
    """Raise NothingChanged where facts with the digest `found` are the corrected run's own."""
    if found == digest:
        raise NothingChanged(
            f"事实、目标和打分都与第 {run_id} 次计分相同，没有可更正的",
            f"Facts and entries are those of run {run_id}: there is nothing to correct.",
        )


def serialize_result(result: ScoringResult, names: Mapping[str, str]) -> str:
    """The document of a result, byte for byte as `bairi score --format json` prints it."""
    return serialize_json(stream_document(drop_unprinted_dates(result), names)).decode() + "\n"


def drop_unprinted_dates(result: ScoringResult) -> ScoringResult:
    """The result without the dates of the lights' last changes, unless the preset prints them."""
    if result.preset.detailed:
        return result
    supplements = replace(result.supplements, lights_since={}, unit_lights_since={})
    return replace(result, supplements=supplements)


def run_light_rows(result: ScoringResult) -> list[dict[str, Any]]:
    """Rows of lights with figures, thresholds and dates, also where the preset prints none.

    `number` is the light's position in the document, from 1.
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
    """The ranking of a result that is not stored, in the form of a stored one's."""
    document = result_document(result, names)
    return {key: document[key] for key in RANKING_KEYS if key in document}


def terms_document(result: ScoringResult, names: Mapping[str, str]) -> dict[str, Any]:
    """Group, live projects and terms by unit: all that a ranking needs, whatever the weights."""
    return {
        unit.unit_id: {
            "name": names[unit.unit_id],
            "group": unit.group,
            "live_projects": unit.live_projects,
            "of_metric": unit.of_metric,
        }
        for unit in result.terms.values()
    }


def parse_terms(document: Mapping[str, Any]) -> dict[str, UnitTerms]:
    """Terms by unit from a document of `terms_document`."""
    return {
        unit_id: UnitTerms(
            unit_id,
            unit["group"],
            unit["live_projects"],
            {metric: tuple(terms) for metric, terms in unit["of_metric"].items()},
        )
        for unit_id, unit in document.items()
    }


def rank_stored_terms(
    document: Mapping[str, Any],
    scheme: Scheme,
    preset: Lights,
    as_of: date,
    entered: ManualEntries = NO_ENTRIES,
) -> ScoringResult:
    """Rank units by stored terms, which contain marks by hand; targets come from `entered`.

    Lights need facts and are left out.
    """
    terms = parse_terms(document)
    standings = rank_units(terms.values(), scheme, entered)
    return ScoringResult(as_of, scheme, preset, standings, terms, [], entered)


def units_by_item_rank(
    units: Sequence[Mapping[str, Any]], kind: str, item: str
) -> list[dict[str, Any]]:
    """The units of a group with an item of `pillars` or `metrics`, in order of its ranks."""
    ranked = [
        {"unit_id": unit["unit_id"], "name": unit["name"], **unit[kind][item]}
        for unit in units
        if item in unit[kind]
    ]
    return sorted(ranked, key=lambda u: (u["rank"] is None, u["rank"], u["unit_id"]))


def filter_award_by_unit(award: Mapping[str, Any], unit_id: str) -> dict[str, Any]:
    """An award of the document with the winners and candidates of one unit."""
    own = {
        key: [candidate for candidate in award[key] if candidate["unit_id"] == unit_id]
        for key in ("winners", "others")
        if key in award
    }
    return {**award, **own}


def needs_region_run(region: str, offices: Sequence[str]) -> bool:
    """Whether a region has a monthly run of its own, beside those of the offices in it.

    A region of one office is ranked by that office's run, an office's region by its own one.
    """
    return len(offices) > 1 and office_code(region) not in offices


def month_ends_due(today: date, dates: Iterable[RunDates]) -> list[date]:
    """The month ends that are over and wait for their run, the earliest first.

    They are the last one, and of the eleven before it those since the first that was run. A run
    before its as-of day was over does not count, as reports were still to come.
    """
    ends = latest_month_ends(today - ONE_DAY, LOOKBACK_MONTHS)
    done = {as_of for as_of, computed_on in dates if computed_on > as_of}
    first = min((end for end in ends if end in done), default=ends[0])
    return [end for end in reversed(ends) if end >= first and end not in done]
