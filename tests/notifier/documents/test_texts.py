"""What the letters of the ladder say, word for word."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from services.notifier.documents.texts import QuotedFacts, UnsettledLetter, phrase_letter
from services.notifier.rules.ladder import PROGRESS, LetterKind
from shared.facts.words import MilestoneKind

START = QuotedFacts(
    project="普明镇高标准农田建设",
    about="started",
    trigger_on=date(2022, 9, 15),
    as_of=date(2022, 9, 15),
    due_on=date(2022, 9, 22),
    planned_on=date(2022, 8, 31),
    original_on=date(2022, 6, 30),
)
RED = QuotedFacts(
    project="普明镇高标准农田建设项目",
    about=PROGRESS,
    trigger_on=date(2022, 8, 31),
    as_of=date(2022, 9, 1),
    due_on=date(2022, 9, 6),
    completion=Decimal("0.31205"),
    time_progress=Decimal(8) / Decimal(12),
    lead=Decimal("-35.4617"),
    red_months=(date(2022, 8, 31),),
)
TWICE = replace(
    RED, trigger_on=date(2022, 9, 30), red_months=(date(2022, 8, 31), date(2022, 9, 30))
)


def test_a_reminder_tells_the_date_and_the_days_left() -> None:
    text = phrase_letter(
        LetterKind.reminder,
        replace(START, as_of=date(2022, 7, 29), original_on=None, due_on=None),
    )
    assert text.title == "关于普明镇高标准农田建设项目按期开工的提醒函"
    assert text.body[0] == (
        "你单位负责的普明镇高标准农田建设项目计划于2022年8月31日开工。"
        "截至2022年7月29日，该项目尚未开工，距计划开工日期还有33日。现就有关事项提醒如下："
    )
    assert text.body[-1] == ("请收到后予以确认，开工后及时报送佐证材料。")


def test_a_reminder_of_the_last_day_says_so_and_a_later_one_is_not_written() -> None:
    body = phrase_letter(LetterKind.reminder, replace(START, as_of=date(2022, 8, 31))).body
    assert "今日即为计划开工日期" in body[0]
    with pytest.raises(ValueError, match="no reminder"):
        phrase_letter(LetterKind.reminder, START)


def test_an_assignment_tells_the_original_date_when_it_was_moved() -> None:
    text = phrase_letter(LetterKind.assignment, START)
    assert text.title == "关于普明镇高标准农田建设项目逾期未开工的交办函"
    assert text.body[0] == (
        "你单位负责的普明镇高标准农田建设项目计划于2022年8月31日开工（原计划于2022年6月30日开工）。"
        "截至2022年9月15日，该项目仍未开工，已超过计划开工日期15日。现将有关事项交办如下："
    )
    assert text.body[-1] == "请于2022年9月22日前（含当日）报送书面办理情况。"


def test_a_date_that_was_not_moved_is_told_once() -> None:
    text = phrase_letter(LetterKind.assignment, replace(START, original_on=START.planned_on))
    assert "原计划" not in "".join(text.body)


def test_a_supervision_of_production_speaks_of_production() -> None:
    text = phrase_letter(LetterKind.supervision, replace(START, about="in_production"))
    assert text.title == "关于普明镇高标准农田建设项目逾期未投产的督办函"
    assert "项目进度严重滞后，现就有关事项督办如下：" in text.body[0]
    assert "开工" not in "".join(text.body)


def test_a_supervision_of_progress_tells_the_figures_of_the_month_end() -> None:
    text = phrase_letter(LetterKind.supervision, RED)
    assert text.title == "关于普明镇高标准农田建设项目投资进度滞后的督办函"
    assert text.body[0] == (
        "你单位负责的普明镇高标准农田建设项目，截至2022年8月31日，年度计划投资完成率为31.21%，"
        "序时进度为66.67%，落后序时进度35.46个百分点，投资进度为红灯。"
        "项目进度严重滞后，现就有关事项督办如下："
    )


def test_a_yellow_card_tells_the_two_red_months() -> None:
    text = phrase_letter(LetterKind.yellow_card, TWICE)
    assert text.title == "关于普明镇高标准农田建设项目投资进度滞后的黄牌警示函"
    assert "截至2022年9月30日" in text.body[0]
    assert "投资进度在2022年8月末、9月末连续2次为红灯。" in text.body[0]
    assert "现对你单位予以黄牌警示并公布" in text.body[0]


def test_of_many_red_months_the_first_and_the_last_are_told() -> None:
    months = (date(2022, 7, 31), *TWICE.red_months)
    text = phrase_letter(LetterKind.yellow_card, replace(TWICE, red_months=months))
    assert "投资进度在2022年7月末至9月末连续3次为红灯。" in text.body[0]


def test_an_escalation_names_the_letter_that_was_not_settled() -> None:
    earlier = UnsettledLetter(LetterKind.assignment, "岚重办交〔2022〕12号", date(2022, 9, 14))
    text = phrase_letter(LetterKind.supervision, replace(START, unsettled=earlier))
    assert (
        "我办已就此发出交办函（岚重办交〔2022〕12号），答复期限为2022年9月14日，"
        "截至2022年9月15日尚未办结。现就有关事项督办如下："
    ) in text.body[0]


def test_an_escalation_before_a_date_moved_since_does_not_call_it_missed() -> None:
    earlier = UnsettledLetter(LetterKind.assignment, "岚重办交〔2022〕12号", date(2022, 9, 14))
    moved = replace(START, planned_on=date(2022, 10, 31), unsettled=earlier)
    text = phrase_letter(LetterKind.supervision, moved)
    assert text.title == "关于普明镇高标准农田建设项目开工事项的督办函"
    assert "超过" not in text.body[0]


@pytest.mark.parametrize(
    ("lead", "told"),
    [
        ("-0.005", "落后序时进度0.01个百分点"),
        ("-0.004", "与序时进度持平"),
        ("0", "与序时进度持平"),
        ("3.1", "超过序时进度3.10个百分点"),
    ],
)
def test_the_lead_is_told_in_words(lead: str, told: str) -> None:
    assert told in phrase_letter(LetterKind.supervision, replace(RED, lead=Decimal(lead))).body[0]


def test_figures_that_are_not_known_are_not_told() -> None:
    bare = replace(RED, completion=None, time_progress=None, lead=None, red_months=())
    assert (
        phrase_letter(LetterKind.supervision, bare)
        .body[0]
        .startswith("你单位负责的普明镇高标准农田建设项目，截至2022年8月31日，投资进度为红灯。")
    )


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("普明镇高标准农田建设", "普明镇高标准农田建设项目"),
        ("人民医院迁建工程（一期）", "人民医院迁建工程（一期）"),
        ("养老院（二期）", "养老院（二期）项目"),
        ("光伏发电项目(100MW)", "光伏发电项目(100MW)"),
        ("老旧小区改造项目「样例」", "老旧小区改造项目「样例」"),
    ],
)
def test_a_name_without_a_noun_gets_one(name: str, spoken: str) -> None:
    text = phrase_letter(LetterKind.assignment, replace(START, project=name))
    assert text.title == f"关于{spoken}逾期未开工的交办函"


EVERY = [
    pair
    for pair in product(LetterKind, [*MilestoneKind, PROGRESS])
    if pair != (LetterKind.reminder, PROGRESS)
]


@pytest.mark.parametrize(("kind", "about"), EVERY)
def test_every_kind_about_everything_has_words(kind: LetterKind, about: str) -> None:
    matter = replace(RED if about == PROGRESS else START, about=about)
    if kind == LetterKind.reminder:
        matter = replace(matter, as_of=date(2022, 8, 1))
    text = phrase_letter(kind, matter)
    said = "".join((text.title, *text.body))
    assert "{" not in said
    assert "None" not in said
    assert "。。" not in said
    assert all(paragraph.endswith(("。", "：")) for paragraph in text.body)


@pytest.mark.parametrize("matter", [replace(START, due_on=None), replace(START, planned_on=None)])
def test_what_a_letter_must_tell_it_must_be_told(matter: QuotedFacts) -> None:
    with pytest.raises(ValueError, match="given"):
        phrase_letter(LetterKind.assignment, matter)
