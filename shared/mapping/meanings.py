"""Meanings of headers by their words, and of amounts by what they say of time."""

import re
from dataclasses import dataclass

from shared.ledger.dates import DASH
from shared.mapping.vocabulary import (
    CLEAR_WORDS,
    DONE_WORDS,
    NEUTRAL_GROUPS,
    NOT_READ,
    OF_MONTH,
    PLAN_WORDS,
    PLANNED,
    PRIOR,
    REDUCED_WORDS,
    SINCE_START,
    TOTAL,
    YEAR_TO_DATE,
    drop_fillers,
)

EXACT, WITHOUT_FILLERS = 100, 96  # how sure a meaning is
PRIOR_WORDS = re.compile(
    r"(?:截[至止]到?|至)?(?:(?:上年|去年|上一?年度)[底末]|以前年度|往年|历年|\{年\}年[底末]|以前)(?:以前)?"
)
RANGE = re.compile(r"(?:\{年\}年度?)?1月?" + DASH + r"\{月\}月份?")
UNTIL = re.compile(
    r"(?:自?开工以来|至今|截[至止]到?(?:\{年\}年)?(?:\{月\}月(?:\{日\}[日号]|[底末]|[上中下]旬)?|目前|当前|现在|本期|今)?|目前|当前|\{年\}年\{月\}月[底末]|\{月\}月[底末])"
)
ALONE = re.compile(r"当月|本月|\{年\}年\{月\}月当月|\{月\}月当月")
MONTH = re.compile(r"(?:\{年\}年)?\{月\}月份?")
YEAR = re.compile(r"\{年\}年度?|本年度?|当年度?|今年|年内|全年|年度")
CUMULATIVE = re.compile(r"累计")


@dataclass(frozen=True)
class Words:
    """The words of a header apart from its period: what it says of time, and what else."""

    core: str
    flags: frozenset[str]


def interpret(text: str) -> tuple[tuple[str, ...], int]:
    """The meanings of a folded header, and how sure they are."""
    if text in CLEAR_WORDS:
        return CLEAR_WORDS[text], EXACT
    words = split_words(text)
    amount = interpret_amount(words)
    if amount:
        return amount, EXACT
    if drop_fillers(text) in REDUCED_WORDS:
        return REDUCED_WORDS[drop_fillers(text)], WITHOUT_FILLERS
    return (), 0


def split_words(text: str) -> Words:
    """The words of a folded header, with what they say of time taken out."""
    flags = set()
    for flag, pattern in (
        ("prior", PRIOR_WORDS),
        ("range", RANGE),
        ("until", UNTIL),
        ("alone", ALONE),
        ("month", MONTH),
        ("year", YEAR),
        ("cumulative", CUMULATIVE),
    ):
        text, count = pattern.subn("", text)
        flags |= {flag} if count else set()
    return Words(drop_fillers(text), frozenset(flags))


def interpret_amount(words: Words) -> tuple[str, ...]:
    """The meanings of planned and completed investment, by the time that is beside them."""
    core, flags = words.core, words.flags
    if core in PLAN_WORDS:
        if "month" in flags:
            return ("plans.curve;span=month", "plans.curve;span=year", NOT_READ)
        if flags == {"year"}:
            return (PLANNED,)
        return (PLANNED, TOTAL, NOT_READ) if core != "计划" and not flags - {"cumulative"} else ()
    if not core and "alone" in flags:
        return (OF_MONTH, YEAR_TO_DATE, NOT_READ)
    if not core and flags & {"range", "until", "month"}:
        return (YEAR_TO_DATE, OF_MONTH, SINCE_START, NOT_READ)
    if core not in DONE_WORDS:
        return ()
    if "prior" in flags:
        return (PRIOR,) if flags <= {"prior", "cumulative", "until"} else ()
    if "alone" in flags:
        return (OF_MONTH,) if "cumulative" not in flags else (OF_MONTH, YEAR_TO_DATE, SINCE_START)
    if "range" in flags or flags in ({"year"}, {"year", "cumulative"}, {"year", "until"}):
        return (YEAR_TO_DATE,)
    if flags == {"year", "until", "cumulative"} or flags == {"month", "cumulative"}:
        return (YEAR_TO_DATE,)
    if flags in ({"month"}, {"year", "month"}):
        return (OF_MONTH, YEAR_TO_DATE, NOT_READ)
    if core in ("完成", "实际完成") and not flags:
        return ()
    return (YEAR_TO_DATE, SINCE_START, NOT_READ)


def is_known_heading(text: str) -> bool:
    """Whether a folded header has a meaning, or heads a group of columns."""
    return text in NEUTRAL_GROUPS or bool(interpret(text)[0])
