"""Suggestions: a mapping for a sheet that nobody has mapped, as far as its words are clear.

A header whose words are in the vocabulary is mapped; one that has several meanings, or is only like
a known word, is asked about with its alternatives. Nothing is taken because it is the likeliest.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from shared.mapping.headers import HeadedColumn, SheetHeader
from shared.mapping.patterns import LEVELS, REPEATED, fold_pattern
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

SURE = 95  # from this confidence on a suggestion is taken without a question
EXACT, WITHOUT_FILLERS, AMBIGUOUS, MOST_LIKE = 100, 96, 80, 70
LEAST_LIKENESS = 55  # of a word that is worth naming as an alternative
MAX_ALTERNATIVES = 5

PRIOR_WORDS = re.compile(
    r"(?:截[至止]到?|至)?(?:(?:上年|去年|上一?年度)[底末]|以前年度|往年|历年|\{年\}年[底末]|以前)(?:以前)?"
)
RANGE = re.compile(r"(?:\{年\}年度?)?1月?(?:-|—|–|~|至|到)\{月\}月份?")
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


@dataclass(frozen=True)
class Suggestion:
    """What a column may mean, the likeliest first, and how sure that is, from 0 to 100."""

    column: HeadedColumn
    meanings: tuple[str, ...]
    confidence: int

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SURE and len(self.meanings) > 0


def suggest_columns(header: SheetHeader) -> list[Suggestion]:
    """A suggestion for each column; two that mean the same are asked about."""
    found = [suggest_column(column) for column in header.columns]
    taken = Counter(
        (each.meanings[0], each.column.period)
        for each in found
        if each.is_sure and not each.meanings[0].startswith("ignored")
    )
    return [
        Suggestion(each.column, (*each.meanings, NOT_READ), AMBIGUOUS)
        if each.is_sure and taken[each.meanings[0], each.column.period] > 1
        else each
        for each in found
    ]


def suggest_column(column: HeadedColumn) -> Suggestion:
    """What the words of a header mean; with groups above, only what fits these as well."""
    for text in candidate_texts(column):
        meanings, confidence = interpret(text)
        if meanings:
            sure = confidence if len(meanings) == 1 else AMBIGUOUS
            return Suggestion(column, meanings, sure)
    return Suggestion(column, find_like_words(candidate_texts(column)), MOST_LIKE)


def candidate_texts(column: HeadedColumn) -> list[str]:
    """Its headings joined, outermost first and last; its own where the groups say nothing."""
    levels = [fold_pattern(level) for level in REPEATED.sub("", column.pattern).split(LEVELS)]
    *groups, own = levels
    telling = [group for group in groups if group and group not in NEUTRAL_GROUPS]
    joined = ["".join((*telling, own)), "".join((own, *telling))]
    return list(dict.fromkeys(text for text in joined if text))


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


def find_like_words(texts: Sequence[str]) -> tuple[str, ...]:
    """The meanings of words that a header is like, the likeliest first; at least none at all."""
    scored: dict[str, float] = {}
    for text in texts:
        core = drop_fillers(text)
        for word, score, _ in rank_words(core):
            for meaning in REDUCED_WORDS[word]:
                scored[meaning] = max(scored.get(meaning, 0), score)
    ranked = sorted(scored, key=lambda meaning: -scored[meaning])[:MAX_ALTERNATIVES]
    return tuple(dict.fromkeys([*ranked, NOT_READ]))


def rank_words(core: str) -> Iterable[tuple[str, float, object]]:
    return process.extract(
        core, list(REDUCED_WORDS), scorer=fuzz.ratio, limit=8, score_cutoff=LEAST_LIKENESS
    )
