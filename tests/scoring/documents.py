"""The usual scheme, and the document of a day as the program prints it."""

from datetime import date
from typing import Any

from services.scoring.engine.results import Result, document
from services.scoring.engine.scheme import Scheme
from services.scoring.execution.scoring import score
from services.scoring.schemes.reading import find_scheme, lights_of
from shared.facts import Facts, Unit

LANXIAN = find_scheme("lanxian-2022")


def result_of(facts: Facts, day: date, scheme: Scheme = LANXIAN) -> Result:
    return score(facts, scheme, lights_of(scheme), day)


def document_of(facts: Facts, day: date, scheme: Scheme = LANXIAN) -> dict[str, Any]:
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    return document(result_of(facts, day, scheme), names)
