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
from shared.mapping.meanings import interpret, split_words
from shared.mapping.patterns import LEVELS, REPEATED, fold_pattern
from shared.mapping.vocabulary import NEUTRAL_GROUPS, NOT_READ, REDUCED_WORDS, drop_fillers

SURE = 95  # from this confidence on a suggestion is taken without a question
AMBIGUOUS, MOST_LIKE = 80, 70  # of words with several meanings, and of words only alike
LEAST_LIKENESS = 55  # of a word that is worth naming as an alternative
MAX_ALTERNATIVES = 5
NEUTRAL_ENDING = re.compile("(?:投资)?(?:完成|进展|建设|推进)?情况$")


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
    telling = [bare for group in groups if (bare := drop_neutral(group))]
    joined = ["".join((*telling, own)), "".join((own, *telling))]
    # What is not read hangs on no time: 占年度计划 below 截至9月底.
    is_ignored = interpret(own)[0][:1] and interpret(own)[0][0].startswith("ignored")
    if is_ignored and not any(split_words(group).core for group in telling):
        joined.append(own)
    return list(dict.fromkeys(text for text in joined if text))


def drop_neutral(group: str) -> str:
    """What a group says of the columns below it: of 截至9月底完成情况 only the time."""
    if group in NEUTRAL_GROUPS:
        return ""
    before = NEUTRAL_ENDING.sub("", group)
    return group if split_words(before).core else before


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
