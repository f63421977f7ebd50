"""The metric language: a line of text becomes SQL of integers and two-valued booleans, or an error.

The syntax is Python's, read with `ast`: names, integers, quoted words, + - *, comparisons (chained
ones too), `in`, and/or/not, if-else, and the functions named here and in `tallies`. Nothing else
compiles. There is no division: a metric is a numerator and a denominator, divided exactly, later.

- A value is a number, a day, a flag, a word or a list of words, and may be unknown.
- A comparison with something unknown is false, and `not` of it true; arithmetic with it is unknown.
- `known(x)`: x is there; of a list: it is not empty. `or_else(x, y)`: x, or y where x is unknown.
- `months(day)`: 12 × year + month. `after_months(day, n)`: n months later, 31 Jan → 28 Feb.
"""

import ast
import difflib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from shared.problems import Problem

EPOCH_SQL = "DATE '1970-01-01'"  # days are counted from it, as Arrow and Unix do
LARGEST_INTEGER = 2**63 - 1  # what a whole number of SQL holds
MAX_NESTING_DEPTH = 100  # how deep a formula may be nested; those of people have ten


class FormulaMistake(Problem):
    """公式有误"""


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
    """A piece of SQL and what it holds. `words`, where given, are all the words it may hold."""

    sql: str
    kind: ValueKind
    unknown: bool = False
    words: frozenset[str] | None = None
    literal: str | None = None


class SymbolTable(Protocol):
    """The names that a text may use; resolving one may compile what it is made of."""

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


@dataclass(frozen=True)
class FormulaText:
    """A formula, and where a person finds it: «指标 start_rate 的分子»."""

    text: str
    place: str

    def parse(self) -> ast.expr:
        if not self.text.strip():
            raise FormulaMistake(f"{self.place}：这里要写公式")
        try:
            tree = ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            column, line = (error.offset or 1) - 1, (error.lineno or 1) - 1
            raise self.mistake_at(column, self.syntax_mistake(column, line), line) from None
        except (ValueError, RecursionError, MemoryError):
            raise self.mistake_at(0, "公式读不出来") from None
        # Every level takes a character, so most formulas are too short to be too deep.
        if len(self.text) >= MAX_NESTING_DEPTH and nesting_depth(tree) > MAX_NESTING_DEPTH:
            raise self.mistake_at(0, "层次太深，请拆成几个事实")
        return tree

    def syntax_mistake(self, column: int, line: int) -> str:
        match self.lines[line][column : column + 1]:
            case "=":
                return "这里不合语法；相等请写 =="
            case character if character and unicodedata.east_asian_width(character) == "F":
                return f"“{character}”是全角字符，这里请用半角"
        return "这里不合语法"

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def mistake(self, node: ast.expr, message: str) -> FormulaMistake:
        line = self.lines[node.lineno - 1].encode()
        column = len(line[: node.col_offset].decode(errors="ignore"))
        return self.mistake_at(column, message, node.lineno - 1)

    def mistake_at(self, column: int, message: str, line: int = 0) -> FormulaMistake:
        """The message, the line, and a caret under the character, however wide those before it."""
        text = self.lines[line]
        width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text[:column])
        row = f"第 {line + 1} 行" if len(self.lines) > 1 else ""
        caret = " " * width + "^"
        return FormulaMistake(
            f"{self.place}，{row}第 {column + 1} 个字符：{message}\n    {text}\n    {caret}"
        )


def nesting_depth(tree: ast.AST) -> int:
    """How many levels a tree has; told without recursion, which ends before a deep tree does."""
    level, levels = [tree], 0
    while level:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        levels += 1
    return levels


def translate_formula(text: FormulaText, names: SymbolTable) -> Expression:
    """What a text says of one row. Raises FormulaMistake with the place and the character."""
    return RowTranslator(text, names).of(text.parse())


@dataclass(frozen=True)
class RowTranslator:
    """Translates the nodes of one text about one row."""

    text: FormulaText
    names: SymbolTable

    def of(self, node: ast.expr) -> Expression:
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
                return self.named(node, name)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Expression(f"(NOT {self.want(operand, FLAG).sql})", FLAG)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                negated = self.want(operand, NUMBER)
                return replace(negated, sql=f"(-{negated.sql})")
            case ast.BoolOp(op=op, values=values):
                word = " AND " if isinstance(op, ast.And) else " OR "
                return Expression(f"({word.join(self.want(v, FLAG).sql for v in values)})", FLAG)
            case ast.BinOp(left=left, op=op, right=right):
                return self.arithmetic(node, self.of(left), op, self.of(right))
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [self.of(side) for side in (left, *others)]
                steps = zip(sides, ops, sides[1:], strict=False)
                tests = " AND ".join(self.comparison(node, *step) for step in steps)
                return Expression(f"({tests})" if len(ops) > 1 else tests, FLAG)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.choice(node, self.want(test, FLAG), self.of(body), self.of(orelse))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self.call(node, name, [self.of(argument) for argument in arguments])
        raise self.text.mistake(
            node, "只能用名称、整数、+ - *、比较、and/or/not、if-else 和列出的函数"
        )

    def want(self, node: ast.expr, kind: ValueKind) -> Expression:
        found = self.of(node)
        if found.kind is not kind:
            raise self.text.mistake(node, f"这里要{kind.value}，写的是{found.kind.value}")
        return found

    def named(self, node: ast.expr, name: str) -> Expression:
        if name in self.names:
            return self.names.resolve_symbol(name)
        near = [known for known in self.names if known.startswith(name)]
        near = near or difflib.get_close_matches(name, self.names, 1)
        hint = f"，是不是“{near[0]}”？" if near else ""
        raise self.text.mistake(node, f"没有名为“{name}”的事实或栏目{hint}")

    def arithmetic(
        self, node: ast.expr, left: Expression, op: ast.operator, right: Expression
    ) -> Expression:
        sign = ARITHMETIC.get(type(op))
        if sign is None:
            raise self.text.mistake(node, NO_DIVISION_ERROR)
        made = ARITHMETIC_KINDS.get((left.kind, sign, right.kind))
        if made is None:
            sides = f"{left.kind.value}与{right.kind.value}"
            raise self.text.mistake(node, f"{sides}之间不能用“{sign}”")
        return Expression(f"({left.sql} {sign} {right.sql})", made, left.unknown or right.unknown)

    def comparison(self, node: ast.expr, left: Expression, op: ast.cmpop, right: Expression) -> str:
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

    def choice(
        self, node: ast.expr, test: Expression, then: Expression, other: Expression
    ) -> Expression:
        if then.kind is not other.kind:
            kinds = f"{then.kind.value}与{other.kind.value}"
            raise self.text.mistake(node, f"if 与 else 两边应是同类，写的是{kinds}")
        sql = f"(CASE WHEN {test.sql} THEN {then.sql} ELSE {other.sql} END)"
        return Expression(sql, then.kind, then.unknown or other.unknown)

    def call(self, node: ast.expr, name: str, arguments: list[Expression]) -> Expression:
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
