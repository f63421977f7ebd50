"""How a metric depends on one amount of the ledger: not at all, along a straight line, or else.

Read off the texts, so it holds for every amount: «else» is what compares the amount, multiplies it
with itself, or chooses by it.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from services.scoring.engine.declarations import Metric, NamedFact
from services.scoring.engine.language.expressions import FormulaText
from services.scoring.engine.language.symbols import PROJECTS_TABLE

INDEPENDENT, LINEAR, NONLINEAR = 0, 1, 2


@dataclass
class Dependence:
    """On the `column` of one row of a `table`, which is there and known."""

    declared: Mapping[str, NamedFact]
    table: str
    column: str
    known: dict[str, int] = field(default_factory=dict)

    def of_metric(self, metric: Metric) -> int:
        """NOT, LINE or ELSE; what has no formula of its own does not depend on it by one."""
        if not metric.numerator:
            return INDEPENDENT
        names = self.names_over(metric.over)
        sides = (metric.numerator, metric.denominator)
        found = max(dependence_degree(parse_expression(text), names) for text in sides if text)
        chosen = (
            dependence_degree(parse_expression(metric.population), names)
            if metric.population
            else INDEPENDENT
        )
        return NONLINEAR if chosen else found

    def of_text(self, text: str) -> int:
        """Of a text about a project."""
        return dependence_degree(parse_expression(text), self.of_fact)

    def names_over(self, table: str) -> Callable[[str], int]:
        def of_name(name: str) -> int:
            own = table == self.table and name == self.column
            return LINEAR if own else self.of_fact(name)

        return of_name

    def of_fact(self, name: str) -> int:
        """A named fact's; what is no fact is a column of the project or a word of the day's."""
        if name not in self.declared:
            return INDEPENDENT
        if name not in self.known:
            self.known[name] = INDEPENDENT  # of a circle, which does not compile anyway
            self.known[name] = self.of_declared(self.declared[name])
        return self.known[name]

    def of_declared(self, fact: NamedFact) -> int:
        if fact.over == PROJECTS_TABLE:
            return self.of_text(fact.text)
        if fact.over != self.table:
            return INDEPENDENT
        names = self.names_over(fact.over)
        chosen = (
            dependence_degree(parse_expression(fact.where), names) if fact.where else INDEPENDENT
        )
        return NONLINEAR if chosen else dependence_degree(parse_expression(fact.text), names)


def parse_expression(text: str) -> ast.expr:
    return FormulaText(text, "").parse()


def dependence_degree(node: ast.expr, of_name: Callable[[str], int]) -> int:
    """What a piece of a text depends on the amount by, given what its names do."""

    def of(*nodes: ast.expr) -> int:
        return max((dependence_degree(one, of_name) for one in nodes), default=INDEPENDENT)

    match node:
        case ast.Name(id=name):
            return of_name(name)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return NONLINEAR if of(left) and of(right) else of(left, right)
        case ast.BinOp(left=left, right=right):
            return of(left, right)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return of(operand)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return NONLINEAR if of(test) else of(body, orelse)
        case ast.Call(func=ast.Name(id="known"), args=[asked]):
            return NONLINEAR if of(asked) == NONLINEAR else INDEPENDENT
        case ast.Call(func=ast.Name(id="sum" | "or_else"), args=arguments):
            return of(*arguments)
        case ast.Call(func=ast.Name(id="last" | "first"), args=[value, by]):
            return NONLINEAR if of(by) else of(value)
        case ast.Constant():
            return INDEPENDENT
    return (
        NONLINEAR
        if of(*(n for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr)))
        else INDEPENDENT
    )
