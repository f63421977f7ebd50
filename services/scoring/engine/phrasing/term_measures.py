"""Measures of a metric's terms: whether a formula adds up money, or things that are counted."""

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from services.scoring.engine.declarations import NamedFact
from services.scoring.engine.language.symbols import PROJECTS_TABLE
from services.scoring.engine.phrasing.formulas import parse_formula_text
from shared.facts.columns import ColumnType
from shared.facts.tables import FACT_COLUMNS

TermMeasure = Literal["yuan", "count", "mixed"]
FactsById = Mapping[str, NamedFact]


def term_measure(formula: str, over: str, facts: FactsById) -> TermMeasure:
    """The measure of a term; mixed where amounts are multiplied, or added to numbers."""
    found = {*value_measures(parse_formula_text(formula), over, facts)} or {"count"}
    return found.pop() if len(found) == 1 else "mixed"


def value_measures(node: ast.expr, over: str, facts: FactsById) -> Iterator[TermMeasure]:
    """The measures of what a value is made of; conditions are no part of it."""
    match node:
        case ast.Name(id=name):
            yield name_measure(name, over, facts)
        case ast.IfExp(body=then, orelse=other):
            yield from value_measures(then, over, facts)
            yield from value_measures(other, over, facts)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            yield from value_measures(left, over, facts)
            yield from value_measures(right, over, facts)
        case ast.BinOp():
            yield "mixed"
        case ast.Call(func=ast.Name(id="count")):
            yield "count"
        case ast.Call(args=[value, *_]):
            yield from value_measures(value, over, facts)


def name_measure(name: str, over: str, facts: FactsById) -> TermMeasure:
    kinds = {c.name: c.kind for table in (PROJECTS_TABLE, over) for c in FACT_COLUMNS[table]}
    if name in kinds:
        return "yuan" if kinds[name] is ColumnType.yuan else "count"
    if name in facts:
        return fact_measure(facts[name], tuple(facts.values()))
    return "count"


@lru_cache(maxsize=1024)
def fact_measure(fact: NamedFact, declared: tuple[NamedFact, ...]) -> TermMeasure:
    """The measure of a named fact among those that are declared beside it."""
    return term_measure(fact.text, fact.over, {each.id: each for each in declared})
