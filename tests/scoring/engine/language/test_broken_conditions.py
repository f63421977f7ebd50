"""Broken conditions, facts and lights, and what a person is told, to the letter."""

import pytest

from services.scoring.engine.declarations import Axis
from services.scoring.engine.lights.project_lights import lights_query
from tests.scoring.engine.language.error_texts import (
    ONLY_FUNCTIONS,
    ONLY_TALLIES,
    TABLES,
    message,
    told,
    told_of_facts,
    told_of_metric,
    told_of_rows,
)
from tests.scoring.engine.language.queries import DECLARED

NATURES = "continuing、new、preliminary、reserve"
EVENTS = "applied、approved、arrived、paid"


# --- conditions: «population» → message


@pytest.mark.parametrize(
    ("population", "expected"),
    [
        (
            'nature == "nw"',
            f"""
            指标 asked 的范围，第 1 个字符：没有“nw”这个词，应为：{NATURES}
                nature == "nw"
                ^
            """,
        ),
        (
            'is_new and "town" in key_levels',
            """
            指标 asked 的范围，第 12 个字符：没有“town”这个词，应为：city、county、province
                is_new and "town" in key_levels
                           ^
            """,
        ),
        (
            "is_new == True",
            """
            指标 asked 的范围，第 11 个字符：不写 True、False，请直接写条件
                is_new == True
                          ^
            """,
        ),
        (
            "plan != None",
            """
            指标 asked 的范围，第 9 个字符：不写 None；有没有值，请用 known(值) 问
                plan != None
                        ^
            """,
        ),
        (
            'nature < "new"',
            """
            指标 asked 的范围，第 1 个字符：词只能问相等或不相等
                nature < "new"
                ^
            """,
        ),
        (
            "signed or is_new >= started",
            """
            指标 asked 的范围，第 11 个字符：是非只能问相等或不相等
                signed or is_new >= started
                          ^
            """,
        ),
        (
            "plan > day",
            """
            指标 asked 的范围，第 1 个字符：数与日期不能这样比较
                plan > day
                ^
            """,
        ),
        (
            "key_levels == programs",
            """
            指标 asked 的范围，第 1 个字符：词表与词表不能这样比较
                key_levels == programs
                ^
            """,
        ),
        (
            "nature is nature",
            """
            指标 asked 的范围，第 1 个字符：in 只问一个词在不在词表里；比较请用 == != < <= > >=
                nature is nature
                ^
            """,
        ),
        (
            'nature = "new"',
            """
            指标 asked 的范围，第 8 个字符：这里不合语法；相等请写 ==
                nature = "new"
                       ^
            """,
        ),
        (
            "plan",
            """
            指标 asked 的范围，第 1 个字符：这里要是非，写的是数
                plan
                ^
            """,
        ),
        (
            "(is_new\nand workng)",
            """
            指标 asked 的范围，第 2 行第 5 个字符：没有名为“workng”的事实或栏目，是不是“working”？
                and workng)
                    ^
            """,
        ),
    ],
)
def test_a_broken_population(population: str, expected: str) -> None:
    assert told_of_metric(population=population) == message(expected)


# --- facts


def test_facts_in_a_circle() -> None:
    assert told_of_facts(asked="ytd + a", a="b + 1", b="c", c="1 + a") == message("""
        事实 a，第 1 个字符：事实绕圈引用：a → b → c → a
            b + 1
            ^
    """)


def test_a_fact_made_of_itself() -> None:
    assert told_of_facts(asked="asked + 1") == message("""
        事实 asked，第 1 个字符：事实绕圈引用：asked → asked
            asked + 1
            ^
    """)


def test_a_mistake_in_a_fact_is_told_at_the_fact_that_has_it() -> None:
    assert told_of_facts(asked="a + 1", a="plan + day") == message("""
        事实 a，第 1 个字符：数与日期之间不能用“+”
            plan + day
            ^
    """)


def test_a_count_is_not_a_fact_of_one_project() -> None:
    assert told_of_facts(asked="count()") == message(f"""
        事实 asked，第 1 个字符：“count()”在这里不能用，{ONLY_FUNCTIONS}
            count()
            ^
    """)


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        (
            "amount_yuan",
            "",
            f"""
            事实 asked，第 1 个字符：{ONLY_TALLIES}
                amount_yuan
                ^
            """,
        ),
        (
            "latest(amount_yuan)",
            "",
            """
            事实 asked，第 8 个字符：这里要日期，写的是数
                latest(amount_yuan)
                       ^
            """,
        ),
        (
            "last(amount_yuan, event)",
            "",
            """
            事实 asked，第 19 个字符：先后要看数或日期，写的是词
                last(amount_yuan, event)
                                  ^
            """,
        ),
        (
            "sum(amount)",
            "",
            """
            事实 asked，第 5 个字符：没有名为“amount”的事实或栏目，是不是“amount_yuan”？
                sum(amount)
                    ^
            """,
        ),
        (
            "sum(amount_yuan)",
            "is_new",
            """
            事实 asked 的 where，第 1 个字符：没有名为“is_new”的事实或栏目
                is_new
                ^
            """,
        ),
        (
            "sum(amount_yuan)",
            'event == "arive"',
            f"""
            事实 asked 的 where，第 1 个字符：没有“arive”这个词，应为：{EVENTS}
                event == "arive"
                ^
            """,
        ),
    ],
)
def test_a_broken_fact_over_rows(text: str, where: str, expected: str) -> None:
    assert told_of_rows(text, where=where) == message(expected)


def test_a_fact_over_a_table_that_is_not_there() -> None:
    expected = f"事实 asked：没有表“permit”，over 应为 {TABLES}"
    assert told_of_rows("count()", over="permit") == expected


def test_a_condition_where_nothing_is_picked() -> None:
    expected = "事实 asked：where 只与 over 同用，请把条件写进 text"
    assert told_of_rows("ytd", over="projects", where="is_new") == expected


# --- lights


def test_a_broken_light() -> None:
    axis = Axis(id="start", zh="开工", applies="is_new", yellow="is_new", red="missed >= 3")
    assert told(lambda: lights_query([axis], DECLARED)) == message("""
        红黄绿灯 start 轴的 red，第 1 个字符：没有名为“missed”的事实或栏目，是不是“listed”？
            missed >= 3
            ^
    """)
