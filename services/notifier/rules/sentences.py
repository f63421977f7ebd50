"""The rule book of letters in plain sentences, Chinese and English, made from the rules themselves.

One sentence says when a kind of letter about a matter goes out, and how long there is to answer it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from services.notifier.rules.ladder import (
    LADDER_ORDER,
    PROGRESS,
    PROGRESS_KINDS,
    LetterKind,
    LetterRules,
)
from services.notifier.rules.letters import NEXT_KINDS
from shared.facts.words import MilestoneKind

KINDS_EN = {
    LetterKind.reminder: "reminder",
    LetterKind.assignment: "assignment",
    LetterKind.supervision: "supervision letter",
    LetterKind.yellow_card: "yellow card",
}
MATTERS_EN = {MilestoneKind.started: "start", MilestoneKind.in_production: "start of production"}


@dataclass(frozen=True)
class Sentence:
    """A sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class LetterRule(Sentence):
    """When a kind of letter about a matter goes out.

    `wait_days` are days after the planned date, `red_months` red month ends in a row, whichever it
    goes by; `answer_workdays` are those that it is to be answered in.
    """

    kind: LetterKind
    about: str
    wait_days: int | None
    red_months: int | None
    answer_workdays: int | None


def list_letter_rules(rules: LetterRules) -> list[LetterRule]:
    """The rules of every kind and matter: milestones first, then progress, each up its ladder."""
    milestones = [kind for kind in MilestoneKind if kind in (*rules.remind_of, *rules.press_for)]
    return [
        *(rule for matter in milestones for rule in milestone_rules(matter, rules)),
        *progress_rules(rules),
    ]


def milestone_rules(matter: MilestoneKind, rules: LetterRules) -> Iterator[LetterRule]:
    what, en = matter.label, MATTERS_EN.get(matter, matter.value.replace("_", " "))
    if matter in rules.remind_of:
        zh = f"计划{what}日期前一个月，遇休息日提前到上一个工作日，发{LetterKind.reminder.label}"
        text = f"One month before the planned {en}, on a working day, a reminder goes out"
        yield build_rule(LetterKind.reminder, matter, zh, text, rules)
    if matter in rules.press_for:
        for kind, wait in rules.press_after:
            zh = f"过计划{what}日期{wait.days}日仍未{what}的，发{kind.label}"
            text = f"{wait.days} days after a planned {en} that is not reached, "
            text += f"{with_article(kind)} goes out"
            yield build_rule(kind, matter, zh, text, rules, wait_days=wait.days)


def progress_rules(rules: LetterRules) -> Iterator[LetterRule]:
    for months, kind in enumerate(PROGRESS_KINDS, start=1):
        many = months > 1
        zh = f"投资进度在同年{f'连续{months}个' if many else ''}月末为红灯的，发{kind.label}"
        ends = f"At the {months} month ends in a row" if many else "At a month end"
        text = f"{ends} of a year with a red light of progress, {with_article(kind)} goes out"
        yield build_rule(kind, PROGRESS, zh, text, rules, red_months=months)


def build_rule(
    kind: LetterKind,
    matter: str,
    zh: str,
    en: str,
    rules: LetterRules,
    *,
    wait_days: int | None = None,
    red_months: int | None = None,
) -> LetterRule:
    within = dict(rules.answer_within).get(kind)
    if within is None:
        zh, en = f"{zh}；收到后确认，不要求答复。", f"{en}; it asks for no answer."
    else:
        zh = f"{zh}；{within}个工作日内答复。"
        en = f"{en}; it is to be answered within {within} working days."
    return LetterRule(zh, en, kind, matter, wait_days, red_months, within)


def list_general_rules(rules: LetterRules) -> list[Sentence]:
    """What holds for all letters."""
    sentences = [
        Sentence("函件只在工作日发出。", "Letters go out on working days only."),
        Sentence(
            "同一项目、同一事项同时够得上几种函件的，只发最重的一种；发过的不再发。",
            "Of several letters due about one matter of a project the highest goes out, and once.",
        ),
        Sentence(
            "储备项目、已终止的项目和批准停工期间的项目不发函。",
            "Reserve and terminated projects get none, nor does one in an approved pause.",
        ),
        Sentence(
            "节点实现、红灯转出后，有关函件即办结。",
            "A letter is settled once its milestone is reached or its red lights are over.",
        ),
    ]
    return [*sentences, *escalation_sentences(rules)]


def escalation_sentences(rules: LetterRules) -> Iterator[Sentence]:
    if not rules.escalate_unanswered:
        yield Sentence(
            "逾期未答复的，不自动升级。", "A missing answer escalates nothing by itself."
        )
        return
    for kind in LADDER_ORDER:
        if above := NEXT_KINDS.get(kind):
            yield Sentence(
                f"{kind.label}逾期未答复的，次日发{above.label}。",
                f"{with_article(kind).capitalize()} without an answer in time is followed"
                f" by {with_article(above)} the day after.",
            )


def with_article(kind: LetterKind) -> str:
    name = KINDS_EN.get(kind, kind.value.replace("_", " "))
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
