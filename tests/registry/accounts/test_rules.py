"""Sign-in names: which are one, and which nobody may choose, as they would pass for another's."""

import pytest

from services.registry.accounts.rules import RESERVED_NAMES, explain_unfit_name, name_key
from shared.http.tokens import Role


@pytest.mark.parametrize(
    "written",
    [
        "ＷＡＮＧ　ＦＡＮＧ",
        " wang  fang ",
        "Wang\u034f Fang",  # combining grapheme joiner
        "Wang Fang\ufe0f",  # variation selector
        "Wang Fang\U000e0101",  # and of ideographs
        "Wang Fang\u3164",  # Hangul fillers
        "Wang\uffa0 Fang",
        "Wa\u180eng Fang",  # Mongolian vowel separator
        "Wang Fang\U000e0077",  # a tag
        "Wang Fang\u2800",  # Braille's blank
        "Wa\u200bng Fang",
    ],
)
def test_names_that_look_alike_are_one(written: str) -> None:
    assert name_key(written) == name_key("Wang Fang") == "wang fang"


@pytest.mark.parametrize(
    "name",
    [
        "重点项目办",
        "重点\ufe0f项目办",
        "scoring",
        "Ｓｃｏｒｉｎｇ",
        "NOTIFIER",
        "registry",
        "board",
        "office",
        "责任单位",
        "\u3164",
        "\u2800\u034f",
        "w\u0430ng",  # Cyrillic а
        "sc\u03bfring",  # Greek omicron
        "\u0455\u03bf",  # Cyrillic with Greek
    ],
)
def test_nobody_is_called_what_passes_for_another(name: str) -> None:
    reason = explain_unfit_name(name)
    assert reason is not None
    zh, en = reason
    assert zh.isascii() < en.isascii()


@pytest.mark.parametrize(
    "name",
    [
        "王芳",
        "王芳（住建局）",
        "Wang Fang",
        "wangfang@lan.example",
        "Иван",
        "Ελένη",
        "André",
        "𠮷田",
        "重点项目办王芳",
        "1234",
    ],
)
def test_other_names_are_anybodys(name: str) -> None:
    assert explain_unfit_name(name) is None


def test_what_a_token_without_a_name_is_called_is_nobodys() -> None:
    assert {name for role in Role for name in (role.value, role.label)} <= RESERVED_NAMES
