"""Standings of the units of a stored run, from its stored terms alone."""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring.captions.ranking import GroupCaptions, measure_unit
from services.scoring.entries import service as entries
from services.scoring.runs import queries as runs
from services.scoring.runs import rules as run_rules
from services.scoring.standings import rules
from services.scoring.visibility import RunReader
from shared.offices import format_id
from shared.problems import NotFound

JsonDocument = dict[str, Any]


async def explain_standing(
    session: AsyncSession, run_id: int, who: RunReader, unit_id: str
) -> JsonDocument:
    """Why a unit has its rank. Raises NotFound."""
    run = await runs.load_visible_run(session, run_id, who)
    terms = await runs.load_terms(session, run_id)
    unit_id = format_id(unit_id, run.office, run.office)
    if unit_id not in terms:
        raise NotFound(f"没有单位 {unit_id}", f"There is no unit {unit_id}.")
    scheme, preset = await runs.load_run_scheme(session, run)
    entered = await entries.load_used_entries(session, run.entered_digest)
    result = run_rules.rank_stored_terms(terms, scheme, preset, run.as_of, entered)
    names = {each: unit["name"] for each, unit in terms.items()}
    document = rules.standing_document(result, unit_id, names)
    captions = GroupCaptions.of_group(scheme, document["group"])
    document["metrics"] = [caption_metric(each, captions) for each in document["metrics"]]
    return {
        "as_of": run.as_of,
        "scheme": run.scheme_id,
        "scheme_name": scheme.zh,
        **document,
    }


def caption_metric(compared: Mapping[str, Any], captions: GroupCaptions) -> JsonDocument:
    """A metric with its values as they are printed, in the place of terms."""
    metric = captions.plan.metrics_by_id[compared["id"]]

    def texts(whose: str) -> Mapping[str, str | None]:
        terms = compared["terms_of"][whose]
        if terms is None:
            return {"text": None, "terms": None}
        figure = {"numerator": terms[0], "denominator": terms[1]}
        return captions.caption_figure(metric.id, figure)

    own = texts("own")
    return {
        **{key: value for key, value in compared.items() if key != "terms_of"},
        "unit": measure_unit(metric.measure),
        "text": own["text"],
        "terms": own["terms"],
        "above_text": texts("above")["text"],
        "best_text": texts("best")["text"],
    }
