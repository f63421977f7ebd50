"""Texts of schemes that ask for more than anybody needs: told in few words, and soon."""

import pytest

from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.engine.scheme.validation import MAX_ITEMS
from services.scoring.schemes.error_locations import MAX_SUGGESTIONS
from services.scoring.schemes.scheme_files import MAX_MISTAKES, parse_document
from services.scoring.schemes.yaml_tree import MAX_DEPTH, MAX_NODES
from tests.attacks import scheme_texts

REQUIRED_KEYS = 5


def mistake_of(text: str) -> SchemeMistake:
    with pytest.raises(SchemeMistake) as caught:
        parse_document(text, Scheme, "a.yaml")
    return caught.value


def test_of_thousands_of_mistakes_the_first_are_told_and_all_are_counted() -> None:
    mistake = mistake_of(scheme_texts.unknown_keys(18_000))
    told = mistake.extra["mistakes"]
    assert len(told) == MAX_MISTAKES + 1
    last = {"line": None, "column": None, "detail": "共 18005 处错误，只列出前 100 处"}
    assert told[-1] == last
    assert mistake.detail.endswith("a.yaml：共 18005 处错误，只列出前 100 处")
    assert [each["line"] for each in told[:-1]] == [
        *[1] * (REQUIRED_KEYS + 1),
        *range(2, MAX_MISTAKES - REQUIRED_KEYS + 1),
    ]
    assert sum("可用" in each["detail"] for each in told) == MAX_SUGGESTIONS


def test_a_hundred_mistakes_are_all_told() -> None:
    told = mistake_of(scheme_texts.unknown_keys(95)).extra["mistakes"]
    assert len(told) == MAX_MISTAKES
    assert told[-1]["line"] == 95


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (scheme_texts.nested_lists(), f"层次太深，最多 {MAX_DEPTH} 层"),
        (scheme_texts.laughing_aliases(), "不能用 YAML 的引用（*名称），请写全"),
        ("a: [" + "1," * (MAX_NODES + 1) + "]", f"内容太多，最多 {MAX_NODES} 项"),
        ("a: [" + "[]," * 60_000, "不合 YAML 语法"),
        ("pillars: [" + "a," * (MAX_ITEMS + 1) + "]", f"最多 {MAX_ITEMS} 项"),
    ],
    ids=["deep", "laughing", "many", "broken", "items"],
)
def test_what_asks_for_too_much_is_refused(text: str, expected: str) -> None:
    assert expected in mistake_of(text).detail


def test_a_long_value_is_not_told_back() -> None:
    text = scheme_texts.FORMULA.format(formula="x" * 100_000)
    assert len(mistake_of(text).detail) < 500


@pytest.mark.parametrize("text", [*scheme_texts.formula_bombs()][:-1])
def test_formulas_of_too_much_are_mistakes(text: str) -> None:
    assert "facts" in mistake_of(text).detail or "own_fact" in mistake_of(text).detail


def test_facts_that_ask_twice_for_the_one_before_are_computed_once() -> None:
    """Else the query of forty would have a million million parts."""
    parse_document(scheme_texts.doubling_facts(), Scheme, "a.yaml")
