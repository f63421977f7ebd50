"""The text of a formula: its syntax tree, and errors that point at a character of it."""

import ast
import unicodedata
from dataclasses import dataclass

from shared.problems import Problem

MAX_NESTING_DEPTH = 100  # formulas of people have ten


class FormulaMistake(Problem):
    """公式有误"""


@dataclass(frozen=True)
class FormulaText:
    """A formula, and its location for error messages: «指标 start_rate 的分子»."""

    text: str
    location: str

    def parse(self) -> ast.expr:
        """The syntax tree. Raises FormulaMistake."""
        if not self.text.strip():
            raise FormulaMistake(f"{self.location}：这里要写公式")
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
        """The error with the message, the line, and a caret under the character of that column.

        The caret is moved by two for every wide character before it.
        """
        text = self.lines[line]
        width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text[:column])
        row = f"第 {line + 1} 行" if len(self.lines) > 1 else ""
        caret = " " * width + "^"
        return FormulaMistake(
            f"{self.location}，{row}第 {column + 1} 个字符：{message}\n    {text}\n    {caret}"
        )


def nesting_depth(tree: ast.AST) -> int:
    """The number of levels of a tree, without recursion, which ends before a deep tree does."""
    level, levels = [tree], 0
    while level:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        levels += 1
    return levels
