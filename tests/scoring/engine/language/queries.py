"""Asks the language: a text in, what it answers about a tiny ledger out."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.declarations import Metric, NamedFact
from services.scoring.engine.language.compiler import terms_query
from services.scoring.engine.language.expressions import DAY, WORDS, ValueKind
from services.scoring.engine.language.symbols import ProjectSymbols
from services.scoring.execution.duckdb import EPOCH, QueryRunner

DECLARED: Mapping[str, NamedFact] = {fact.id: fact for fact in NAMED_FACTS}
ON = date(2022, 9, 15)


def a_metric(numerator: str = "count()", denominator: str = "", **given: Any) -> Metric:
    """A metric with these formulas."""
    usual = {"id": "asked", "zh": "问", "en": "Asked", "source": "test"}
    return Metric(numerator=numerator, denominator=denominator, **{**usual, **given})


def answers(run: QueryRunner, text: str, on: date = ON, **given: str) -> dict[str, Any]:
    """Project → what a named fact with this text says: a day as a date, unknown as None."""
    names = ProjectSymbols(
        {**DECLARED, "asked": NamedFact(id="asked", zh="问", text=text, **given)}
    )
    kind = names.resolve_symbol("asked").kind
    layers = ",\n".join(names.build_layers())
    found = run(f"WITH {layers}\nSELECT project_id, asked FROM facts", on)
    return {row["project_id"]: read_as(kind, row["asked"]) for row in found}


def read_as(kind: ValueKind, value: Any) -> Any:
    if kind is DAY and value is not None:
        return EPOCH + timedelta(days=value)
    return tuple(value) if kind is WORDS else value


def answer(run: QueryRunner, text: str, on: date = ON, **given: str) -> Any:
    """The same of project P001."""
    return answers(run, text, on, **given)["P001"]


def terms(run: QueryRunner, metric: Metric, on: date = ON) -> tuple[int, int | None]:
    """The terms of unit U01: numerator, and denominator where the metric has one."""
    row = next(row for row in run(terms_query([metric], DECLARED), on) if row["unit_id"] == "U01")
    return row["asked n"], row.get("asked d")
