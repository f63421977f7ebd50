"""The usual scheme, and the document of a day as the program prints it."""

from datetime import date
from typing import Any

from services.scoring.engine.results.run_result import Result, document
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import score
from services.scoring.schemes.scheme_files import find_scheme, lights_of
from shared.facts.projects import Unit
from shared.facts.tables import Facts

LANXIAN = find_scheme("lanxian-2022")


def result_of(facts: Facts, day: date, scheme: Scheme = LANXIAN) -> Result:
    return score(facts, scheme, lights_of(scheme), day)


def document_of(facts: Facts, day: date, scheme: Scheme = LANXIAN) -> dict[str, Any]:
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    return document(result_of(facts, day, scheme), names)
