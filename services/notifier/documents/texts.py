"""Wording of the letters of the ladder (HD-6, XY-7), in the register of official letters.

Every figure and date comes from the quoted facts; the letter does not mention any that is None.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from services.notifier.rules.ladder import PROGRESS, LetterKind
from shared.facts.words import MilestoneKind
from shared.paper.dates import format_date

PROJECT_NOUNS = ("项目", "工程")
BRACKETED_SUFFIX = re.compile(r"[（(「『【〔][^（(「『【〔]*[)）」』】〕]$")  # 工程（一期）
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class UnsettledLetter:
    """An earlier letter that was not settled by its answer-by date."""

    kind: LetterKind
    number: str
    due_on: date


@dataclass(frozen=True)
class QuotedFacts:
    """Facts that a letter quotes, as of `as_of`, the day it is written.

    `about` is a milestone, with its planned date in force and the original one where it was moved,
    or `progress`: then `red_months` are its month ends with a red light in a row, of one year, and
    the figures those of the last of them (of `trigger_on` if there is none): completion and time
    progress as shares of the year's plan, lead in percentage points, negative when behind.
    `unsettled` is the letter that this one escalates.
    """

    project: str
    about: str
    trigger_on: date
    as_of: date
    due_on: date | None = None
    planned_on: date | None = None
    original_on: date | None = None
    completion: Decimal | None = None
    time_progress: Decimal | None = None
    lead: Decimal | None = None
    red_months: tuple[date, ...] = ()
    unsettled: UnsettledLetter | None = None


@dataclass(frozen=True)
class LetterWording:
    """Title of a letter and the paragraphs of its body."""

    title: str
    body: tuple[str, ...]


def phrase_letter(kind: LetterKind, quoted: QuotedFacts) -> LetterWording:
    """Phrase a letter. Raises ValueError where a fact that it needs is None.

    Each kind but the reminder needs `due_on`; one about a milestone, `planned_on`.
    """
    if kind == LetterKind.reminder:
        return phrase_reminder(quoted)
    tasks = (FIRST_TASK[kind], PROGRESS_TASK if quoted.about == PROGRESS else MILESTONE_TASK)
    numbered = (
        f"{n}、{task.format(act=phrase_action(quoted))}"
        for n, task in zip("一二", tasks, strict=True)
    )
    lagging = "项目进度严重滞后，" if is_seriously_lagging(kind, quoted) else ""
    opening = phrase_state(quoted) + phrase_escalation(quoted) + lagging + DEMANDS[kind]
    return LetterWording(
        phrase_title(kind, quoted), (opening, *numbered, phrase_reply_request(kind, quoted))
    )


def phrase_reminder(quoted: QuotedFacts) -> LetterWording:
    """Phrase a reminder: the date is near. It asks for an acknowledgement, not for an answer."""
    name, what, on = (
        phrase_project(quoted.project),
        phrase_action(quoted),
        require_planned_on(quoted),
    )
    left = (on - quoted.as_of).days
    if left < 0:
        raise ValueError(f"no reminder of {on} is written on {quoted.as_of}")
    near = f"距计划{what}日期还有{left}日" if left else f"今日即为计划{what}日期"
    return LetterWording(
        phrase_title(LetterKind.reminder, quoted),
        (
            f"你单位负责的{name}计划于{format_date(on)}{what}{phrase_original_date(quoted)}。"
            f"截至{format_date(quoted.as_of)}，该项目尚未{what}，{near}。现就有关事项提醒如下：",
            f"一、{READINESS_TASKS.get(what, DEFAULT_READINESS_TASK).format(act=what)}",
            f"二、对可能影响按期{what}的困难和问题，逐项明确责任人和解决时限；"
            "需要协调解决的，请及时书面报告我办。",
            f"请收到后予以确认，{what}后及时报送佐证材料。",
        ),
    )


def phrase_title(kind: LetterKind, quoted: QuotedFacts) -> str:
    if kind == LetterKind.reminder:
        cause = f"按期{phrase_action(quoted)}"
    elif quoted.about == PROGRESS:
        cause = "投资进度滞后"
    elif days_late(quoted) > 0:
        cause = f"逾期未{phrase_action(quoted)}"
    else:  # an earlier letter was not settled and the date has been moved since
        cause = f"{phrase_action(quoted)}事项"
    return f"关于{phrase_project(quoted.project)}{cause}的{LETTER_NAMES[kind]}"


def phrase_state(quoted: QuotedFacts) -> str:
    """Phrase the project's state, with which every letter but the reminder begins."""
    name = f"你单位负责的{phrase_project(quoted.project)}"
    if quoted.about == PROGRESS:
        return name + phrase_progress(quoted)
    what, on = phrase_action(quoted), require_planned_on(quoted)
    late = days_late(quoted)
    return (
        f"{name}计划于{format_date(on)}{what}{phrase_original_date(quoted)}。截至{format_date(quoted.as_of)}，该项目仍未{what}"
        + (f"，已超过计划{what}日期{late}日。" if late > 0 else "。")
    )


def phrase_progress(quoted: QuotedFacts) -> str:
    """Phrase the year's investment at the month end: rate, time progress, lead, lights."""
    parts = []
    if quoted.completion is not None:
        parts.append(f"年度计划投资完成率为{format_percent(quoted.completion)}")
    if quoted.time_progress is not None:
        parts.append(f"序时进度为{format_percent(quoted.time_progress)}")
    if quoted.lead is not None:
        parts.append(phrase_lead(quoted.lead))
    on = quoted.red_months[-1] if quoted.red_months else quoted.trigger_on
    if len(quoted.red_months) > 1:
        months = phrase_month_ends(quoted.red_months)
        parts.append(f"投资进度在{on.year}年{months}连续{len(quoted.red_months)}次为红灯")
    else:
        parts.append("投资进度为红灯")
    return f"，截至{format_date(on)}，" + "，".join(parts) + "。"


def phrase_month_ends(ends: tuple[date, ...]) -> str:
    """Phrase month ends in a row, of one year: both of two, of more the first and the last."""
    between = "、" if len(ends) == 2 else "至"
    return f"{ends[0].month}月末{between}{ends[-1].month}月末"


def is_seriously_lagging(kind: LetterKind, quoted: QuotedFacts) -> bool:
    """Whether it is a supervision letter for the lag itself, not for an earlier letter."""
    return kind == LetterKind.supervision and quoted.unsettled is None


def phrase_escalation(quoted: QuotedFacts) -> str:
    if quoted.unsettled is None:
        return ""
    old = quoted.unsettled
    return (
        f"我办已就此发出{LETTER_NAMES[old.kind]}（{old.number}），答复期限为{format_date(old.due_on)}，"
        f"截至{format_date(quoted.as_of)}尚未办结。"
    )


def phrase_reply_request(kind: LetterKind, quoted: QuotedFacts) -> str:
    if quoted.due_on is None:
        raise ValueError(f"{kind} asks for an answer, and no day was given")
    return f"请于{format_date(quoted.due_on)}前（含当日）报送{REPLY_CONTENTS[kind]}。"


def require_planned_on(quoted: QuotedFacts) -> date:
    if quoted.planned_on is None:
        raise ValueError(
            f"a letter about {quoted.about} quotes the planned date, and none was given"
        )
    return quoted.planned_on


def days_late(quoted: QuotedFacts) -> int:
    """Days from the planned date in force to the day of writing; negative before it."""
    return (quoted.as_of - require_planned_on(quoted)).days


def phrase_original_date(quoted: QuotedFacts) -> str:
    """Phrase the original date in brackets, where the date in force is another."""
    if quoted.original_on is None or quoted.original_on == quoted.planned_on:
        return ""
    return f"（原计划于{format_date(quoted.original_on)}{phrase_action(quoted)}）"


def phrase_action(quoted: QuotedFacts) -> str:
    """Phrase the action: the milestone's, or to push on where the letter is about progress."""
    return "推进" if quoted.about == PROGRESS else MilestoneKind(quoted.about).zh[0]


def phrase_project(project: str) -> str:
    """Phrase the project's name with a noun at its end."""
    bare = BRACKETED_SUFFIX.sub("", project)
    return project if bare.endswith(PROJECT_NOUNS) else f"{project}项目"


def format_percent(share: Decimal) -> str:
    return f"{round_figure(share * 100)}%"


def phrase_lead(lead: Decimal) -> str:
    points = round_figure(abs(lead))
    if points == 0:
        return "与序时进度持平"
    return f"{'落后' if lead < 0 else '超过'}序时进度{points}个百分点"


def round_figure(figure: Decimal) -> Decimal:
    """Round to two decimals, half away from zero."""
    return figure.quantize(HUNDREDTH, ROUND_HALF_UP)


LETTER_NAMES = {
    LetterKind.reminder: "提醒函",
    LetterKind.assignment: "交办函",
    LetterKind.supervision: "督办函",
    LetterKind.yellow_card: "黄牌警示函",
}
DEFAULT_READINESS_TASK = "对照计划逐项检查{act}所需的各项条件，确保项目按期{act}。"
DEMANDS = {
    LetterKind.assignment: "现将有关事项交办如下：",
    LetterKind.supervision: "现就有关事项督办如下：",
    LetterKind.yellow_card: "现对你单位予以黄牌警示并公布，有关要求如下：",
}
FIRST_TASK = {
    LetterKind.assignment: "查明滞后原因，逐项提出推进措施，明确责任人和解决时限。",
    LetterKind.supervision: (
        "请主要负责同志牵头研究，查明滞后原因，逐项提出解决措施，明确责任人和完成时限。"
    ),
    LetterKind.yellow_card: (
        "请主要负责同志直接负责，书面说明滞后原因，制定整改方案，逐项明确措施、责任人和完成时限。"
    ),
}
MILESTONE_TASK = "提出确定的{act}日期，倒排工期推进；需要协调解决的问题，请一并书面提出。"
PROGRESS_TASK = "制定追赶计划，把年度计划剩余投资分解到月；需要协调解决的问题，请一并书面提出。"
REPLY_CONTENTS = {
    LetterKind.assignment: "书面办理情况",
    LetterKind.supervision: "书面办理情况",
    LetterKind.yellow_card: "说明和整改方案",
}
READINESS_TASKS = {
    "开工": "对照计划逐项检查前期手续、建设用地、资金和施工组织等开工条件，确保项目按期开工。",
    "投产": "对照计划逐项检查设备安装调试、竣工验收和生产要素保障等投产条件，确保项目按期投产。",
}
