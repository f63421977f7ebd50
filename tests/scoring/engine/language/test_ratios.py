"""Figures that are quotients: what SQL says of them, and exact fractions, and what is refused."""

import re
from fractions import Fraction as F
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.declarations import Axis
from services.scoring.engine.language.formula_text import FormulaMistake, FormulaText
from services.scoring.engine.language.interpreter import find_condition_error, is_condition_met
from services.scoring.engine.lights.project_lights import lights_query
from services.scoring.execution.duckdb import open_query_runner
from tests.builders import a_ledger, a_project
from tests.scoring.engine.language.error_texts import message, told
from tests.scoring.engine.language.queries import DECLARED, ON

# numerator and denominator of the figure; unknown where there is none above 0
SIDES = [(8, 10), (4, 5), (80_000_001, 100_000_000), (0, 7), (-3, 4), (1, 0), (5, -1), (None, 3)]
FIGURES = {
    f"P{n}": F(one, other) if one is not None and other > 0 else None
    for n, (one, other) in enumerate(SIDES)
}
LEDGER = a_ledger(
    projects=[
        a_project(f"P{n}", total_investment_yuan=one, contract_yuan=other)
        for n, (one, other) in enumerate(SIDES)
    ]
)


def said_by_sql(text: str, measure: str = "share") -> dict[str, bool]:
    figure = {
        "numerator": "total_investment_yuan",
        "denominator": "contract_yuan",
        "measure": measure,
    }
    axis = Axis.model_validate(
        {"id": "a", "zh": "问", "applies": "is_new", "figure": figure, "yellow": text, "red": text}
    )
    with open_query_runner(LEDGER) as run:
        return {row["project_id"]: row["a"] == 2 for row in run(lights_query([axis], DECLARED), ON)}


FORMS = [
    "(figure {order} {number})",
    "({number} {order} figure)",
    "({number} {order} figure {order} {number})",
    "(not {flag})",
    "({flag} and {flag})",
    "({flag} or {flag})",
    "known(figure)",
    "({flag} == {flag})",
    "({flag} if {flag} else {flag})",
]
WORDS = {
    "order": ["<", "<=", ">", ">=", "==", "!="],
    "number": ["0.8", "0.80", "0", "-0.75", "1", "-1.5", "(1 - 1)", "0.800000005", "1_0.5"],
}
PART = re.compile(r"\{(\w+)\}")


def a_text(chance: Random, depth: int) -> str:
    def part(found: re.Match[str]) -> str:
        words = WORDS.get(found[1])
        return chance.choice(words) if words else a_text(chance, depth - 1)

    return PART.sub(part, chance.choice(FORMS if depth else FORMS[:3]))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9).map(Random))
def test_sql_says_of_a_figure_what_exact_fractions_say(chance: Random) -> None:
    text = a_text(chance, depth=3)
    expected = {
        name: is_condition_met(FormulaText(text, ""), {"figure": F}) for name, F in FIGURES.items()
    }
    assert said_by_sql(text) == expected, text


def test_points_are_compared_in_points() -> None:
    assert [name for name, yes in said_by_sql("figure >= 80", "points").items() if yes] == [
        "P0",
        "P1",
        "P2",
    ]
    assert [name for name, yes in said_by_sql("figure > 80", "points").items() if yes] == ["P2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "figure + 1 > 2",
            """
            问，第 1 个字符：比值和小数只能比较大小，不能加减乘
                figure + 1 > 2
                ^
            """,
        ),
        (
            "figure > 0.5 * 2",
            """
            问，第 10 个字符：比值和小数只能比较大小，不能加减乘
                figure > 0.5 * 2
                         ^
            """,
        ),
        (
            "(figure if known(figure) else 0) > 1",
            """
            问，第 2 个字符：比值和小数只能比较大小，不能放在 if-else 里
                (figure if known(figure) else 0) > 1
                 ^
            """,
        ),
        (
            "or_else(figure, 1) > 1",
            """
            问，第 1 个字符：比值和小数只能比较大小，或用 known(值) 问
                or_else(figure, 1) > 1
                ^
            """,
        ),
        (
            "figure < tarjet",
            """
            问，第 10 个字符：没有名为“tarjet”的事实或栏目，是不是“target”？
                figure < tarjet
                         ^
            """,
        ),
        (
            "figure",
            """
            问，第 1 个字符：这里要是非，写的是数
                figure
                ^
            """,
        ),
        (
            'figure == "green"',
            """
            问，第 1 个字符：数与词不能这样比较
                figure == "green"
                ^
            """,
        ),
    ],
)
def test_what_a_text_about_a_figure_may_not_say(text: str, expected: str) -> None:
    mistake = find_condition_error(FormulaText(text, "问"), ("figure", "target"))
    assert isinstance(mistake, FormulaMistake)
    assert mistake.detail == message(expected)


def test_without_a_figure_there_is_none_to_name() -> None:
    axis = Axis(id="a", zh="问", applies="is_new", yellow="figure < 1", red="is_new")
    assert "没有名为“figure”的事实或栏目" in told(lambda: lights_query([axis], DECLARED))
