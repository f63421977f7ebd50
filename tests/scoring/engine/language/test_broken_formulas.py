"""Broken metrics, and what a person is told: the whole message, the place and the caret too."""

import pytest

from services.scoring.engine.language.compiler import terms_query
from services.scoring.engine.language.formula_text import FormulaMistake
from tests.scoring.engine.language.error_texts import (
    ONLY_FUNCTIONS,
    ONLY_SYNTAX,
    ONLY_TALLIES,
    TABLES,
    message,
    told_of_metric,
)
from tests.scoring.engine.language.queries import DECLARED, a_metric


def test_the_message_opens_with_what_it_is_about() -> None:
    with pytest.raises(FormulaMistake) as mistake:
        terms_query([a_metric("count(workng)")], DECLARED)
    assert str(mistake.value).startswith("公式有误：指标 asked 的分子，第 7 个字符：没有名为")
    assert FormulaMistake.code() == "formula-mistake"


# --- metrics: «numerator» → message


@pytest.mark.parametrize(
    ("numerator", "expected"),
    [
        (
            "count(workng)",
            """
            指标 asked 的分子，第 7 个字符：没有名为“workng”的事实或栏目，是不是“working”？
                count(workng)
                      ^
            """,
        ),
        (
            "count(开工)",
            """
            指标 asked 的分子，第 7 个字符：没有名为“开工”的事实或栏目
                count(开工)
                      ^
            """,
        ),
        (
            "sum(working)",
            """
            指标 asked 的分子，第 5 个字符：这里要数，写的是是非
                sum(working)
                    ^
            """,
        ),
        (
            "count(ytd)",
            """
            指标 asked 的分子，第 7 个字符：这里要是非，写的是数
                count(ytd)
                      ^
            """,
        ),
        (
            "sum(started_on + signed_on)",
            """
            指标 asked 的分子，第 5 个字符：日期与日期之间不能用“+”
                sum(started_on + signed_on)
                    ^
            """,
        ),
        (
            'count("新建" == owner_name or started_on * 2 > day)',
            """
            指标 asked 的分子，第 29 个字符：日期与数之间不能用“*”
                count("新建" == owner_name or started_on * 2 > day)
                                              ^
            """,
        ),
        (
            "sum(ytd) / sum(plan)",
            """
            指标 asked 的分子，第 1 个字符：公式里只有 + - *；要相除，请把分子、分母分开写
                sum(ytd) / sum(plan)
                ^
            """,
        ),
        (
            "100 * sum(ytd // plan)",
            """
            指标 asked 的分子，第 11 个字符：公式里只有 + - *；要相除，请把分子、分母分开写
                100 * sum(ytd // plan)
                          ^
            """,
        ),
        (
            "sum(ytd) + plan",
            f"""
            指标 asked 的分子，第 12 个字符：{ONLY_TALLIES}
                sum(ytd) + plan
                           ^
            """,
        ),
        (
            "sum(ytd) * 2",
            f"""
            指标 asked 的分子，第 1 个字符：{ONLY_TALLIES}
                sum(ytd) * 2
                ^
            """,
        ),
        (
            "average(ytd)",
            f"""
            指标 asked 的分子，第 1 个字符：{ONLY_TALLIES}
                average(ytd)
                ^
            """,
        ),
        (
            "sum(max(ytd, plan))",
            f"""
            指标 asked 的分子，第 5 个字符：“max(数, 数)”在这里不能用，{ONLY_FUNCTIONS}
                sum(max(ytd, plan))
                    ^
            """,
        ),
        (
            "sum(or_else(plan, nature))",
            f"""
            指标 asked 的分子，第 5 个字符：“or_else(数, 词)”在这里不能用，{ONLY_FUNCTIONS}
                sum(or_else(plan, nature))
                    ^
            """,
        ),
        (
            "sum(1 if is_new else nature)",
            """
            指标 asked 的分子，第 5 个字符：if 与 else 两边应是同类，写的是数与词
                sum(1 if is_new else nature)
                    ^
            """,
        ),
        (
            "sum(1.5 * ytd)",
            """
            指标 asked 的分子，第 5 个字符：只有整数；比例请两边同乘，如 2 * a >= 3 * b
                sum(1.5 * ytd)
                    ^
            """,
        ),
        (
            "sum(ytd - 9_999_999_999_999_999_999)",
            """
            指标 asked 的分子，第 11 个字符：整数太大，最大是 9223372036854775807
                sum(ytd - 9_999_999_999_999_999_999)
                          ^
            """,
        ),
        (
            "sum(ytd.real)",
            f"""
            指标 asked 的分子，第 5 个字符：{ONLY_SYNTAX}
                sum(ytd.real)
                    ^
            """,
        ),
        (
            "sum(ytd",
            """
            指标 asked 的分子，第 4 个字符：这里不合语法
                sum(ytd
                   ^
            """,
        ),
        (
            "count(总投资 >= 5，000)",
            """
            指标 asked 的分子，第 15 个字符：“，”是全角字符，这里请用半角
                count(总投资 >= 5，000)
                                 ^
            """,
        ),
        (" ", "指标 asked 的分子：这里要写公式"),
    ],
)
def test_a_broken_numerator(numerator: str, expected: str) -> None:
    assert told_of_metric(numerator) == message(expected)


def test_a_broken_denominator() -> None:
    assert told_of_metric("sum(ytd)", "plan") == message(f"""
        指标 asked 的分母，第 1 个字符：{ONLY_TALLIES}
            plan
            ^
    """)


def test_a_metric_over_a_table_that_is_not_there() -> None:
    expected = f"指标 asked 的范围：没有表“project”，over 应为 {TABLES}"
    assert told_of_metric(over="project") == expected


@pytest.mark.parametrize("text", ["sum(" + "-" * 1900 + "1)", "sum(" + "1 + " * 400 + "1)"])
def test_a_formula_nested_beyond_reason(text: str) -> None:
    told, shown, _ = told_of_metric(text).split("\n")
    assert told == "指标 asked 的分子，第 1 个字符：层次太深，请拆成几个事实"
    assert shown.strip() == text
