"""Rows of every kind are counted as rows of their projects, whatever they belong to."""

from datetime import date
from pathlib import Path

import pytest

from services.scoring.engine.catalogue.facts import CATALOGUE_FACTS
from services.scoring.engine.declarations import Metric, NamedFact
from services.scoring.engine.language.compiler import terms_query
from services.scoring.engine.language.formula_text import FormulaMistake
from services.scoring.engine.language.row_sources import has_project_rows
from services.scoring.execution.blocks import merge_answers, split_into_blocks
from services.scoring.execution.duckdb import QueryRows, open_query_runner
from shared.facts.belonging import OfOffice, OfRegion, OfUnit
from shared.facts.tables import FACT_KINDS, Facts
from shared.ledger.reader import read_ledger
from shared.reference import region_codes
from tests.paths import GOLDEN
from tests.samples import SAMPLES, sample_files

AS_OF, UNIT = date(2022, 9, 30), "U02"


@pytest.fixture
def county(tmp_path: Path) -> Facts:
    for path in (GOLDEN / "county").glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    for name, text in sample_files().items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_ledger(tmp_path, region_codes()).accepted()


def answer(facts: Facts, name: str) -> QueryRows:
    """The terms of units: rows of the kind, counted over its rows and as a fact of projects."""
    fact = NamedFact(id="sample_rows", zh="样例行数", over=name, text="count()")
    by_row = Metric(id="by_row", zh="行", en="Rows", source="test", over=name, numerator="count()")
    by_project = Metric(
        id="by_project", zh="项", en="Projects", source="test", numerator="sum(sample_rows)"
    )
    metrics = [by_row, by_project]
    query = terms_query(metrics, {**CATALOGUE_FACTS, fact.id: fact})
    with open_query_runner(facts) as run:
        return run(query, AS_OF)


@pytest.mark.parametrize("name", FACT_KINDS)
def test_a_formula_counts_the_rows_of_a_project(county: Facts, name: str) -> None:
    belongs = FACT_KINDS[name].belongs
    if not has_project_rows(name):
        assert isinstance(belongs, OfOffice | OfRegion | OfUnit)
        if name != "projects":
            with pytest.raises(FormulaMistake):
                answer(county, name)
        return
    whole = answer(county, name)
    blocks = split_into_blocks(county, block_size=1)
    assert merge_answers([answer(block, name) for block in blocks]) == whole
    by_project = sum(row["by_project n"] for row in whole)
    assert by_project > 0
    if (sample := SAMPLES.get(name)) is not None:
        (unit,) = [row for row in whole if row["unit_id"] == UNIT]
        assert (unit["by_project n"], unit["by_row n"]) == (sample.counted, sample.counted)
