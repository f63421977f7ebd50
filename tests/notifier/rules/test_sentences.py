"""The rule book in words says the numbers of the rules, whatever they are."""

from datetime import timedelta

from services.notifier.rules.ladder import LETTER_RULES, PROGRESS, LetterKind, LetterRules
from services.notifier.rules.sentences import list_general_rules, list_letter_rules
from shared.facts.words import MilestoneKind

STARTED, IN_PRODUCTION = MilestoneKind.started, MilestoneKind.in_production


def test_the_rules_in_force_in_plain_words() -> None:
    said = [(rule.kind, rule.about, rule.zh) for rule in list_letter_rules(LETTER_RULES)]
    assert said == [
        (
            LetterKind.reminder,
            STARTED,
            "计划开工日期前一个月，遇休息日提前到上一个工作日，发提醒函；收到后确认，不要求答复。",
        ),
        (
            LetterKind.assignment,
            STARTED,
            "过计划开工日期15日仍未开工的，发交办函；5个工作日内答复。",
        ),
        (
            LetterKind.supervision,
            STARTED,
            "过计划开工日期60日仍未开工的，发督办函；3个工作日内答复。",
        ),
        (
            LetterKind.assignment,
            IN_PRODUCTION,
            "过计划投产日期15日仍未投产的，发交办函；5个工作日内答复。",
        ),
        (
            LetterKind.supervision,
            IN_PRODUCTION,
            "过计划投产日期60日仍未投产的，发督办函；3个工作日内答复。",
        ),
        (
            LetterKind.supervision,
            PROGRESS,
            "投资进度在同年月末为红灯的，发督办函；3个工作日内答复。",
        ),
        (
            LetterKind.yellow_card,
            PROGRESS,
            "投资进度在同年连续2个月末为红灯的，发黄牌；3个工作日内答复。",
        ),
    ]


def test_other_numbers_are_other_words() -> None:
    rules = LetterRules(
        remind_of=(),
        press_for=(STARTED,),
        press_after=((LetterKind.supervision, timedelta(days=7)),),
        answer_within=((LetterKind.supervision, 2),),
        escalate_unanswered=True,
    )
    first, *others = list_letter_rules(rules)
    assert (first.wait_days, first.answer_workdays, first.red_months) == (7, 2, None)
    assert first.zh == "过计划开工日期7日仍未开工的，发督办函；2个工作日内答复。"
    assert first.en == (
        "7 days after a planned start that is not reached, a supervision letter goes out;"
        " it is to be answered within 2 working days."
    )
    assert [(rule.kind, rule.red_months, rule.answer_workdays) for rule in others] == [
        (LetterKind.supervision, 1, 2),
        (LetterKind.yellow_card, 2, None),
    ]
    general = [rule.zh for rule in list_general_rules(rules)]
    assert general[-2:] == [
        "交办函逾期未答复的，次日发督办函。",
        "督办函逾期未答复的，次日发黄牌。",
    ]
    plain = [rule.zh for rule in list_general_rules(LETTER_RULES)]
    assert plain[-1] == "逾期未答复的，不自动升级。"
    assert set(general[:-2]) == set(plain[:-1])


def test_both_languages_have_a_full_sentence() -> None:
    for rule in (*list_letter_rules(LETTER_RULES), *list_general_rules(LETTER_RULES)):
        assert rule.zh.endswith("。")
        assert rule.en.endswith(".")
        assert rule.en.isascii()
