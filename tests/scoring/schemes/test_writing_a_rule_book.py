"""The page that teaches rule books: its example is one, and it names every word there is."""

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from services.scoring.engine.points.rules import PointsRule
from services.scoring.engine.scheme.model import Scheme
from services.scoring.schemes import scheme_files
from tests.builders import a_ledger, a_milestone, a_plan, a_project, a_report, a_unit
from tests.scoring.engine.result_documents import document_of

PAGE = (Path(scheme_files.__file__).parent / "README.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_scores() -> None:
    scheme = scheme_files.parse_document(EXAMPLE, Scheme, "example.yaml")
    facts = a_ledger(
        units=[a_unit("U01"), a_unit("U02", group="townships")],
        projects=[a_project("P1"), a_project("P2", unit_id="U02")],
        plans=[a_plan(100, "P1"), a_plan(100, "P2")],
        progress=[a_report("2022-06-30", 110, "P1"), a_report("2022-06-30", 90, "P2")],
        milestones=[a_milestone("started", "P1", actual_on="2022-03-01")],
    )
    document = document_of(facts, date(2022, 6, 30), scheme)
    totals = {unit["unit_id"]: unit["total"] for g in document["groups"] for unit in g["units"]}
    # U01: 60 + 10 × 0.2, and all of the 20 of a group of one.
    # U02: 60 − 10 × 0.1, all of the 20 too, and 20 for the first place.
    assert totals == {"U01": "82.00", "U02": "99.00"}


@pytest.mark.parametrize("model", get_args(PointsRule), ids=lambda model: model.__name__)
def test_the_page_names_every_word_of_every_rule(model: type) -> None:
    fields = model.model_fields  # type: ignore[attr-defined]
    (name,) = get_args(fields["rule"].annotation)
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    (line,) = [line for line in rows if f"`{name}`" in line.split("|")[1]]
    assert [field for field in fields if field != "rule" and f"`{field}`" not in line] == []


def test_the_page_names_every_word_of_a_scheme() -> None:
    usual = {"id", "version", "zh", "source", "notes", "decimals", "lights", "facts"}
    missing = [word for word in Scheme.model_fields if word not in usual and word not in EXAMPLE]
    assert missing == []
