"""The usual scheme, and the document of a day as the program prints it."""

from datetime import date
from typing import Any

from services.scoring.engine.results.run_result import ScoringResult, result_document
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from shared.facts.projects import Unit
from shared.facts.tables import Facts

LANXIAN = find_scheme("lanxian-2022")


def result_of(facts: Facts, day: date, scheme: Scheme = LANXIAN) -> ScoringResult:
    return score_facts(facts, scheme, resolve_lights(scheme), day)


def document_of(facts: Facts, day: date, scheme: Scheme = LANXIAN) -> dict[str, Any]:
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    return result_document(result_of(facts, day, scheme), names)
