"""Texts of schemes that ask for more than anybody needs: told in few words, and soon."""

from pathlib import Path

import pytest

from services.scoring.engine.points.manual_entries import EnteredMistake
from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.engine.scheme.validation import MAX_ITEMS
from services.scoring.engine.what_if.changes import MAX_CHANGES, ChangeMistake, SchemeChange
from services.scoring.schemes.entries_file import read_manual_entries
from services.scoring.schemes.error_locations import MAX_SUGGESTIONS
from services.scoring.schemes.scheme_changes import apply_scheme_changes
from services.scoring.schemes.scheme_files import (
    MAX_MISTAKES,
    find_scheme,
    parse_document,
    parse_scheme,
    resolve_lights,
)
from shared.yaml_tree import MAX_DEPTH, MAX_NODES
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


def test_facts_that_lean_on_each_other_too_deeply_are_a_mistake() -> None:
    with pytest.raises(SchemeMistake) as caught:
        parse_scheme(scheme_texts.doubling_facts(300))
    assert "太深" in caught.value.detail


def test_of_many_changes_that_cannot_be_made_a_hundred_are_told() -> None:
    scheme = find_scheme("lanxian-2022")
    changes = [SchemeChange(path=f"pillars.none{n}", value=1) for n in range(MAX_CHANGES)]
    with pytest.raises(ChangeMistake) as caught:
        apply_scheme_changes(scheme, resolve_lights(scheme), changes)
    assert len(caught.value.extra["errors"]) == MAX_MISTAKES
    assert caught.value.detail.endswith("共 500 处错误，只列出前 100 处")
    assert caught.value.en.startswith("500 ")


def test_of_many_wrong_entries_a_hundred_are_told(tmp_path: Path) -> None:
    rows = "".join(f"target,U{n},none,1\n" for n in range(300))
    (tmp_path / "a.csv").write_text(f"kind,unit,metric,value\n{rows}")
    with pytest.raises(EnteredMistake) as caught:
        read_manual_entries(tmp_path / "a.csv", {}, set())
    lines = caught.value.detail.splitlines()
    assert len(lines) == MAX_MISTAKES + 1
    assert lines[-1] == "a.csv：共 600 处错误，只列出前 100 处"
