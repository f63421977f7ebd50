"""Where titles are broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.paper.titles import MAX_LINE_WIDTH, split_title, text_width

TITLES = [
    ("关于岚县养老院项目按期开工的提醒函", ("关于岚县养老院项目按期开工的提醒函",)),
    (
        "关于普明镇高标准农田建设项目投资进度滞后的督办函",
        ("关于普明镇高标准农田建设项目", "投资进度滞后的督办函"),
    ),
    (
        "关于袁家村铁矿扩能改造项目逾期未投产的交办函",
        ("关于袁家村铁矿扩能改造项目", "逾期未投产的交办函"),
    ),
    (
        "关于2022年岚县人民医院整体迁建及传染病区能力提升工程（一期）逾期未开工的交办函",
        (
            "关于2022年岚县人民医院整体迁建",
            "及传染病区能力提升工程（一期）",
            "逾期未开工的交办函",
        ),
    ),
    (
        "关于山西华润联盛能源投资有限公司黄家沟煤矿矿井及选煤厂智能化改造升级项目投资进度滞后的黄牌警示函",
        (
            "关于山西华润联盛能源投资有限公司",
            "黄家沟煤矿矿井及选煤厂智能化改造升级项目",
            "投资进度滞后的黄牌警示函",
        ),
    ),
    (
        "关于样县样楼老旧小区改造项目「样例」按期开工的提醒函",
        ("关于样县样楼老旧小区改造项目「样例」", "按期开工的提醒函"),
    ),
    (
        "关于样县例南镇功能性面料智能化改造项目「样例」投资进度滞后的黄牌警示函",
        ("关于样县例南镇功能性面料智能化", "改造项目「样例」投资进度滞后的黄牌警示函"),
    ),
    (
        "关于表彰2022年度重点项目建设先进单位、先进个人的通报",
        ("关于表彰2022年度重点项目建设", "先进单位、先进个人的通报"),
    ),
]


@pytest.mark.parametrize(("title", "lines"), TITLES)
def test_titles_are_broken_between_words(title: str, lines: tuple[str, ...]) -> None:
    assert split_title(title) == lines


@given(st.text(st.sampled_from("关于岚县的项目工程建设（一期）、“及和30KV万吨 函"), min_size=1))
def test_lines_are_the_title_and_none_is_too_long(title: str) -> None:
    lines = split_title(title)
    assert "".join(lines) == title
    assert all(text_width(line) <= MAX_LINE_WIDTH for line in lines)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
def test_any_text_can_be_a_title(title: str) -> None:
    assert "".join(split_title(title)) == title


@given(st.text(st.sampled_from("岚县开工项目（）、，的"), min_size=1, max_size=60))
def test_no_line_starts_with_a_stop_or_a_particle(title: str) -> None:
    longest_run = max(map(len, title.replace("岚", " ").replace("县", " ").split() or [""]))
    if longest_run < 4:
        assert not any(line[0] in "，、）的" for line in split_title(title)[1:])


def test_no_line_ends_with_an_opening_bracket_or_starts_with_a_closing_one() -> None:
    for opening, closing in ("「」", "『』", "〈〉", "（）", "《》"):
        title = f"关于样县例浦新型建材生产基地项目{opening}样例{closing}项目投资进度滞后的督办函"
        for line in split_title(title):
            assert not line.endswith(opening)
            assert not line.startswith(closing)
