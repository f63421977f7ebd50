"""The order in which a ledger's rows come changes no result and no document, to the byte."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from services.cli.commands.explain import explain_day_result
from services.cli.commands.letters import letters_document, letters_in_period
from services.scoring.documents.bulletin import Bulletin
from services.scoring.documents.composition.assembly import compose_bulletin
from services.scoring.documents.composition.sources import FactsSource
from services.scoring.documents.docx import render_docx
from services.scoring.documents.pdf import render_pdf
from services.scoring.documents.xlsx import render_xlsx
from services.scoring.engine.overview.portfolio import Grouping
from services.scoring.engine.results.explanation import explanation_document
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.content_digest import digest_facts
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.execution.indicators import compute_region_indicators
from services.scoring.execution.portfolio import compute_portfolio
from services.scoring.execution.run import score_facts
from services.scoring.execution.sensitivity import compute_sensitivity
from services.scoring.runs.rules import run_light_rows, serialize_result
from services.scoring.runs.service import compute_result
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from shared.facts.projects import Project, Unit
from shared.facts.tables import Facts
from shared.paper.fonts import default_fonts
from tests.facts import facts_of
from tests.oracle.random_ledgers import AS_OF_DAYS, random_ledger
from tests.oracle.random_more import with_more
from tests.scoring.documents.bulletins import DAY, bulletin_input, county
from tests.scoring.engine.result_documents import LANXIAN
from tests.scoring.service.conftest import ledger

SCHEMES = {name: find_scheme(name) for name in ("lanxian-2022", "heilongjiang-2021", "yanan-2017")}
FIRST, LAST = date(2022, 9, 15), date(2022, 12, 25)
PRINTERS: dict[str, Callable[[Bulletin], bytes]] = {
    "pdf": partial(render_pdf, fonts=default_fonts()),
    "docx": partial(render_docx, fonts=default_fonts()),
    "xlsx": render_xlsx,
}


def shuffled(facts: Facts, seed: object) -> Facts:
    chance, tables = Random(str(seed)), {}
    for name, table in facts.tables.items():
        order = [*range(table.num_rows)]
        chance.shuffle(order)
        tables[name] = table.take(pa.array(order, pa.int64()))
    return Facts(tables)


def answers(facts: Facts, day: date, scheme: Scheme) -> dict[str, str]:
    """All that is said of a day, as texts, so that the order of keys counts, too."""
    preset = resolve_lights(scheme)
    compute = partial(compute_result, engine=open_query_runner, since=True)
    result, names = compute(facts, scheme, preset, day)
    projects = {project.project_id: project.name for project in facts.rows(Project)}
    letters = letters_in_period(facts, scheme, preset, FIRST, LAST)
    said: dict[str, Any] = {
        "lights": run_light_rows(result),
        "letters": letters_document(letters, FIRST, LAST),
        "indicators": compute_region_indicators(facts, day),
        "portfolio": [compute_portfolio(facts, day, by) for by in Grouping],
        "explanations": [
            explanation_document(found, unit, names[unit], rows, projects)
            for unit in sorted(names)
            for found, rows in [explain_day_result(facts, scheme, preset, day, unit)]
        ],
    }
    texts = {key: json.dumps(value, default=str) for key, value in said.items()}
    return {"document": serialize_result(result, names), **texts}


def sensitivity(facts: Facts, day: date, scheme: Scheme) -> str:
    result = score_facts(facts, scheme, resolve_lights(scheme), day)
    units = sorted(unit.unit_id for unit in facts.rows(Unit))
    return json.dumps(compute_sensitivity(facts, result, units), default=str)


@pytest.mark.parametrize("seed", range(12))
def test_random_ledgers_say_the_same_in_any_order(seed: int) -> None:
    facts, day = facts_of(with_more(random_ledger(seed), seed)), AS_OF_DAYS[seed % len(AS_OF_DAYS)]
    other = shuffled(facts, seed)
    assert answers(other, day, LANXIAN) == answers(facts, day, LANXIAN)
    assert sensitivity(other, day, LANXIAN) == sensitivity(facts, day, LANXIAN)
    assert digest_facts(other) == digest_facts(facts)


@pytest.mark.parametrize(
    ("name", "scheme"), [("county", LANXIAN.id), *(("small", scheme) for scheme in SCHEMES)]
)
def test_golden_ledgers_say_the_same_in_any_order(name: str, scheme: str) -> None:
    facts, by = ledger(name), SCHEMES[scheme]
    other = shuffled(facts, name)
    assert answers(other, DAY, by) == answers(facts, DAY, by)
    assert sensitivity(other, DAY, by) == sensitivity(facts, DAY, by)


@pytest.mark.parametrize("suffix", PRINTERS)
def test_a_bulletin_has_the_same_bytes_in_any_order(suffix: str) -> None:
    def printed(facts: Facts) -> bytes:
        source = replace(bulletin_input(facts), source=FactsSource(digest_facts(facts)))
        return PRINTERS[suffix](compose_bulletin(source))

    assert printed(shuffled(county(), suffix)) == printed(county())
