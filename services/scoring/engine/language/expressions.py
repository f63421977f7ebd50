"""Formulas of one row, translated to SQL of integers and two-valued booleans, or to an error.

The syntax is Python's, read with `ast`: names, integers, quoted words, + - *, comparisons (chained
ones too), `in`, and/or/not, if-else, and the functions of this module and of `aggregates`. Nothing
else compiles. There is no division: a metric is a numerator and a denominator, divided later.

- A value is a number, a day, a flag, a word or a list of words, and may be unknown.
- A comparison with something unknown is false, and `not` of it true; arithmetic with it is unknown.
- `known(x)`: x is there; of a list: it is not empty. `or_else(x, y)`: x, or y where x is unknown.
- `months(day)`: 12 × year + month. `after_months(day, n)`: n months later, 31 Jan → 28 Feb.
"""

import ast
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from services.scoring.engine.language.formula_text import FormulaText

EPOCH_SQL = "DATE '1970-01-01'"  # days are counted from it, as Arrow and Unix do
LARGEST_INTEGER = 2**63 - 1  # the greatest BIGINT


class ValueKind(Enum):
    number = "数"
    day = "日期"
    flag = "是非"
    word = "词"
    words = "词表"


NUMBER, DAY, FLAG, WORD, WORDS = (
    ValueKind.number,
    ValueKind.day,
    ValueKind.flag,
    ValueKind.word,
    ValueKind.words,
)


@dataclass(frozen=True)
class Expression:
    """A piece of SQL and the kind of its value; `words`, if not None, are all its possible words.

    `literal` is the word of a quoted word.
    """

    sql: str
    kind: ValueKind
    unknown: bool = False
    words: frozenset[str] | None = None
    literal: str | None = None


class SymbolTable(Protocol):
    """The names that a text may use; resolving one may compile its parts."""

    def __contains__(self, name: object, /) -> bool: ...

    def __iter__(self) -> Iterator[str]: ...

    def resolve_symbol(self, name: str) -> Expression:
        """The expression that a name stands for. Raises KeyError, and FormulaMistake."""
        ...


@dataclass(frozen=True)
class FixedSymbols:
    """A symbol table whose expressions are there already, such as columns."""

    expressions: Mapping[str, Expression]

    def __contains__(self, name: object) -> bool:
        return name in self.expressions

    def __iter__(self) -> Iterator[str]:
        return iter(self.expressions)

    def resolve_symbol(self, name: str) -> Expression:
        return self.expressions[name]


FUNCTION_SIGNATURES = ("known(值)", "or_else(值, 值)", "months(日期)", "after_months(日期, 月数)")
NO_DIVISION_ERROR = "公式里只有 + - *；要相除，请把分子、分母分开写"
ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
COMPARISONS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
ARITHMETIC_KINDS: Mapping[tuple[ValueKind, str, ValueKind], ValueKind] = {
    (NUMBER, "+", NUMBER): NUMBER,
    (NUMBER, "-", NUMBER): NUMBER,
    (NUMBER, "*", NUMBER): NUMBER,
    (DAY, "+", NUMBER): DAY,
    (DAY, "-", NUMBER): DAY,
    (DAY, "-", DAY): NUMBER,
}


def translate_formula(text: FormulaText, symbols: SymbolTable) -> Expression:
    """Translate a formula of one row. Raises FormulaMistake with location and character."""
    return RowTranslator(text, symbols).translate(text.parse())


@dataclass(frozen=True)
class RowTranslator:
    """A translator of the nodes of one formula about one row."""

    text: FormulaText
    symbols: SymbolTable

    def translate(self, node: ast.expr) -> Expression:
        match node:
            case ast.Constant(value=bool()):
                raise self.text.mistake(node, "不写 True、False，请直接写条件")
            case ast.Constant(value=None):
                raise self.text.mistake(node, "不写 None；有没有值，请用 known(值) 问")
            case ast.Constant(value=float()):
                raise self.text.mistake(node, "只有整数；比例请两边同乘，如 2 * a >= 3 * b")
            case ast.Constant(value=int(value)) if value > LARGEST_INTEGER:
                raise self.text.mistake(node, f"整数太大，最大是 {LARGEST_INTEGER}")
            case ast.Constant(value=int(value)):
                return Expression(str(value), NUMBER)
            case ast.Constant(value=str(word)):
                return Expression("'" + word.replace("'", "''") + "'", WORD, literal=word)
            case ast.Name(id=name):
                return self.translate_name(node, name)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Expression(f"(NOT {self.translate_as(operand, FLAG).sql})", FLAG)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                negated = self.translate_as(operand, NUMBER)
                return replace(negated, sql=f"(-{negated.sql})")
            case ast.BoolOp(op=op, values=values):
                word = " AND " if isinstance(op, ast.And) else " OR "
                return Expression(
                    f"({word.join(self.translate_as(v, FLAG).sql for v in values)})", FLAG
                )
            case ast.BinOp(left=left, op=op, right=right):
                return self.translate_arithmetic(
                    node, self.translate(left), op, self.translate(right)
                )
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [self.translate(side) for side in (left, *others)]
                steps = zip(sides, ops, sides[1:], strict=False)
                tests = " AND ".join(self.translate_comparison(node, *step) for step in steps)
                return Expression(f"({tests})" if len(ops) > 1 else tests, FLAG)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.translate_choice(
                    node,
                    self.translate_as(test, FLAG),
                    self.translate(body),
                    self.translate(orelse),
                )
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self.translate_call(
                    node, name, [self.translate(argument) for argument in arguments]
                )
        raise self.text.mistake(
            node, "只能用名称、整数、+ - *、比较、and/or/not、if-else 和列出的函数"
        )

    def translate_as(self, node: ast.expr, kind: ValueKind) -> Expression:
        """Translate a node that has to be of a kind. Raises FormulaMistake."""
        found = self.translate(node)
        if found.kind is not kind:
            raise self.text.mistake(node, f"这里要{kind.value}，写的是{found.kind.value}")
        return found

    def translate_name(self, node: ast.expr, name: str) -> Expression:
        if name in self.symbols:
            return self.symbols.resolve_symbol(name)
        near = [known for known in self.symbols if known.startswith(name)]
        near = near or difflib.get_close_matches(name, self.symbols, 1)
        hint = f"，是不是“{near[0]}”？" if near else ""
        raise self.text.mistake(node, f"没有名为“{name}”的事实或栏目{hint}")

    def translate_arithmetic(
        self, node: ast.expr, left: Expression, op: ast.operator, right: Expression
    ) -> Expression:
        sign = ARITHMETIC.get(type(op))
        if sign is None:
            raise self.text.mistake(node, NO_DIVISION_ERROR)
        kind = ARITHMETIC_KINDS.get((left.kind, sign, right.kind))
        if kind is None:
            sides = f"{left.kind.value}与{right.kind.value}"
            raise self.text.mistake(node, f"{sides}之间不能用“{sign}”")
        return Expression(f"({left.sql} {sign} {right.sql})", kind, left.unknown or right.unknown)

    def translate_comparison(
        self, node: ast.expr, left: Expression, op: ast.cmpop, right: Expression
    ) -> str:
        for one, other in ((left, right), (right, left)):
            if one.literal is not None and other.words and one.literal not in other.words:
                expected = "、".join(sorted(other.words))
                raise self.text.mistake(node, f"没有“{one.literal}”这个词，应为：{expected}")
        if isinstance(op, ast.In) and left.kind is WORD and right.kind is WORDS:
            return f"coalesce(list_contains({right.sql}, {left.sql}), FALSE)"
        sign = COMPARISONS.get(type(op))
        if sign is None:
            raise self.text.mistake(node, "in 只问一个词在不在词表里；比较请用 == != < <= > >=")
        if left.kind is not right.kind or left.kind is WORDS:
            sides = f"{left.kind.value}与{right.kind.value}"
            raise self.text.mistake(node, f"{sides}不能这样比较")
        if left.kind in (FLAG, WORD) and sign not in ("=", "<>"):
            raise self.text.mistake(node, f"{left.kind.value}只能问相等或不相等")
        test = f"{left.sql} {sign} {right.sql}"
        return f"coalesce({test}, FALSE)" if left.unknown or right.unknown else f"({test})"

    def translate_choice(
        self, node: ast.expr, test: Expression, then: Expression, otherwise: Expression
    ) -> Expression:
        if then.kind is not otherwise.kind:
            kinds = f"{then.kind.value}与{otherwise.kind.value}"
            raise self.text.mistake(node, f"if 与 else 两边应是同类，写的是{kinds}")
        sql = f"(CASE WHEN {test.sql} THEN {then.sql} ELSE {otherwise.sql} END)"
        return Expression(sql, then.kind, then.unknown or otherwise.unknown)

    def translate_call(self, node: ast.expr, name: str, arguments: list[Expression]) -> Expression:
        kinds = [argument.kind for argument in arguments]
        if name == "known" and len(kinds) == 1 and kinds != [FLAG]:
            value = arguments[0].sql
            return Expression(
                f"coalesce(len({value}) > 0, FALSE)"
                if kinds == [WORDS]
                else f"({value} IS NOT NULL)",
                FLAG,
            )
        if name == "months" and kinds == [DAY]:
            day = f"({EPOCH_SQL} + CAST({arguments[0].sql} AS INTEGER))"
            sql = f"(12 * year({day}) + month({day}))"
            return Expression(sql, NUMBER, arguments[0].unknown)
        if name == "after_months" and kinds == [DAY, NUMBER]:
            day = f"({EPOCH_SQL} + CAST({arguments[0].sql} AS INTEGER))"
            months = f"to_months(CAST({arguments[1].sql} AS INTEGER))"
            sql = f"(CAST({day} + {months} AS DATE) - {EPOCH_SQL})"
            return Expression(sql, DAY, any(argument.unknown for argument in arguments))
        if name == "or_else" and len(kinds) == 2 and kinds[0] is kinds[1] is not WORDS:
            first, second = arguments
            return Expression(f"coalesce({first.sql}, {second.sql})", first.kind, second.unknown)
        written = f"{name}({', '.join(kind.value for kind in kinds)})"
        raise self.text.mistake(
            node,
            f"“{written}”在这里不能用，可用：{'、'.join(FUNCTION_SIGNATURES)}；"
            "count、sum 等只在最外层",
        )
