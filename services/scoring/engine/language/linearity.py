"""The dependence of a metric on one amount of the ledger: none, linear or nonlinear.

It is read off the formulas, so it holds for every amount: nonlinear is a formula that compares the
amount, multiplies it with itself, or chooses by it.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from services.scoring.engine.declarations import Metric, NamedFact
from services.scoring.engine.language.formula_text import FormulaText
from services.scoring.engine.language.symbols import PROJECTS_TABLE

INDEPENDENT, LINEAR, NONLINEAR = 0, 1, 2


@dataclass
class Dependence:
    """The dependence on the `column` of one row of a `table`, which exists and is known.

    `degrees` caches those of named facts.
    """

    declared: Mapping[str, NamedFact]
    table: str
    column: str
    degrees: dict[str, int] = field(default_factory=dict)

    def metric_degree(self, metric: Metric) -> int:
        """INDEPENDENT, LINEAR or NONLINEAR; a metric without a formula is independent."""
        if not metric.numerator:
            return INDEPENDENT
        name_degree = self.degrees_over(metric.over)
        sides = (metric.numerator, metric.denominator)
        found = max(
            dependence_degree(parse_expression(text), name_degree) for text in sides if text
        )
        chosen = (
            dependence_degree(parse_expression(metric.population), name_degree)
            if metric.population
            else INDEPENDENT
        )
        return NONLINEAR if chosen else found

    def text_degree(self, text: str) -> int:
        """The degree of a formula about a project."""
        return dependence_degree(parse_expression(text), self.fact_degree)

    def degrees_over(self, table: str) -> Callable[[str], int]:
        """The function of a name's degree in formulas over a table."""

        def name_degree(name: str) -> int:
            own = table == self.table and name == self.column
            return LINEAR if own else self.fact_degree(name)

        return name_degree

    def fact_degree(self, name: str) -> int:
        """The degree of a named fact; any other name is a project's column or a day symbol."""
        if name not in self.declared:
            return INDEPENDENT
        if name not in self.degrees:
            self.degrees[name] = INDEPENDENT  # of a circle, which does not compile anyway
            self.degrees[name] = self.compute_fact_degree(self.declared[name])
        return self.degrees[name]

    def compute_fact_degree(self, fact: NamedFact) -> int:
        if fact.over == PROJECTS_TABLE:
            return self.text_degree(fact.text)
        if fact.over != self.table:
            return INDEPENDENT
        name_degree = self.degrees_over(fact.over)
        chosen = (
            dependence_degree(parse_expression(fact.where), name_degree)
            if fact.where
            else INDEPENDENT
        )
        return NONLINEAR if chosen else dependence_degree(parse_expression(fact.text), name_degree)


def parse_expression(text: str) -> ast.expr:
    return FormulaText(text, "").parse()


def dependence_degree(node: ast.expr, name_degree: Callable[[str], int]) -> int:
    """The degree of a node, from the degrees of its names."""

    def degree(*nodes: ast.expr) -> int:
        return max((dependence_degree(one, name_degree) for one in nodes), default=INDEPENDENT)

    match node:
        case ast.Name(id=name):
            return name_degree(name)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return NONLINEAR if degree(left) and degree(right) else degree(left, right)
        case ast.BinOp(left=left, right=right):
            return degree(left, right)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return degree(operand)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return NONLINEAR if degree(test) else degree(body, orelse)
        case ast.Call(func=ast.Name(id="known"), args=[argument]):
            return NONLINEAR if degree(argument) == NONLINEAR else INDEPENDENT
        case ast.Call(func=ast.Name(id="sum" | "or_else"), args=arguments):
            return degree(*arguments)
        case ast.Call(func=ast.Name(id="last" | "first"), args=[value, by]):
            return NONLINEAR if degree(by) else degree(value)
        case ast.Constant():
            return INDEPENDENT
    return (
        NONLINEAR
        if degree(*(n for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr)))
        else INDEPENDENT
    )
