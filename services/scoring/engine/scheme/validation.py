"""Whether a scheme document hangs together: ids written twice, names of what is nowhere.

Documents are looked at as they are written, whatever else is wrong with them, so that all mistakes
can be told at once: each as a path of keys into the document, and words.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.language.ratios import FIGURE
from services.scoring.engine.language.symbols import THE_DAY
from shared.facts.tables import COLUMNS

Path = tuple[str | int, ...]
Told = Iterator[tuple[Path, str]]

# No fact may be called like a column: over that column's table it could not be named.
COLUMN_NAMES = {column.name for columns in COLUMNS.values() for column in columns}
FACT_NAMES = {FIGURE, *THE_DAY, *COLUMN_NAMES, *(fact.id for fact in NAMED_FACTS)}


def inconsistencies(document: Mapping[str, Any]) -> Told:
    """What does not hang together in a scheme, as it is written."""
    yield from own_names(document)
    yield from repeated("项目得分", identified(document, "project_marks"))
    for n, _ in enumerated(document, "project_marks"):
        yield from repeated("得分项", identified(document, "project_marks", n, "items"))
    yield from repeated("等次", identified(document, "grades"))
    yield from repeated("一票项", identified(document, "gates"))
    yield from repeated_in_a_group(document)
    yield from unknown_metrics(document)
    yield from unknown_marks_and_grades(document)
    yield from unknown_groups(document)


def own_names(document: Mapping[str, Any]) -> Told:
    """Own facts and metrics, of a scheme or a preset, that are called like others."""
    yield from repeated("事实", identified(document, "facts"), FACT_NAMES)
    yield from repeated("指标", identified(document, "metrics"), {m.id for m in METRICS})


# --- what is there


def at(document: Any, *path: str | int) -> Any:
    """What stands at a path; None where nothing does."""
    for key in path:
        named = isinstance(document, Mapping) and key in document
        if not named and not (isinstance(document, list | tuple) and isinstance(key, int)):
            return None
        document = document[key]
    return document


def enumerated(document: Any, *path: str | int) -> list[tuple[int, Any]]:
    """The items of a list, with their places."""
    found = at(document, *path)
    return list(enumerate(found)) if isinstance(found, list | tuple) else []


def identified(document: Any, *path: str | int, key: str = "id") -> list[tuple[Path, str]]:
    """The id of each item of a list that has one, and its path."""
    return [
        ((*path, n, key), item[key])
        for n, item in enumerated(document, *path)
        if isinstance(item, Mapping) and isinstance(item.get(key), str)
    ]


def scored(document: Any) -> list[tuple[Path, str, frozenset[str] | None]]:
    """Path, id and groups of every scored metric; without groups it is for all, which is None."""
    return [
        (path, metric, both(groups_of(document, *path[:2]), groups_of(document, *path[:-1])))
        for n, _ in enumerated(document, "pillars")
        for path, metric in identified(document, "pillars", n, "metrics")
    ]


def groups_of(document: Any, *path: str | int) -> frozenset[str] | None:
    written = [g for _, g in enumerated(document, *path, "groups") if isinstance(g, str)]
    return frozenset(written) or None


def both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


# --- ids written twice


def repeated(word: str, ids: Iterable[tuple[Path, str]], taken: Iterable[str] = ()) -> Told:
    seen = set(taken)
    for path, given in ids:
        if given in seen:
            yield path, f"{word}“{given}”重名"
        seen.add(given)


def repeated_in_a_group(document: Mapping[str, Any]) -> Told:
    """Pillars, scored metrics and adjustments of one name, unless they are for different groups."""
    pillars, items = (
        [(path, name, groups_of(document, *path[:-1])) for path, name in identified(document, *of)]
        for of in (("pillars",), ("adjustments", "items"))
    )
    for word, given in (("板块", pillars), ("计分指标", scored(document)), ("加减分项", items)):
        seen: list[tuple[str, frozenset[str] | None]] = []
        for path, name, groups in given:
            if any(name == other and both(groups, theirs) != frozenset() for other, theirs in seen):
                yield path, f"{word}“{name}”重名"
            seen.append((name, groups))


# --- names of what is nowhere


def unknown_metrics(document: Mapping[str, Any]) -> Told:
    known = [*(m.id for m in METRICS), *(i for _, i in identified(document, "metrics"))]
    used = [(path, metric) for path, metric, _ in scored(document)]
    used += [
        found
        for n, _ in enumerated(document, "pillars")
        for found in identified(document, "pillars", n, "metrics", key="times")
    ]
    used += identified(document, "adjustments", "items")
    used += identified(document, "gates", key="metric")
    used += [
        (("tie_break", n), m) for n, m in enumerated(document, "tie_break") if isinstance(m, str)
    ]
    for path, given in used:
        yield from unknown("指标", path, given, known)


def unknown_marks_and_grades(document: Mapping[str, Any]) -> Told:
    marks = [name for _, name in identified(document, "project_marks")]
    for path, given in identified(document, "metrics", key="marks"):
        yield from unknown("项目得分", path, given, marks)
    grades = [name for _, name in identified(document, "grades")]
    for path, given in identified(document, "gates", key="best_grade"):
        yield from unknown("等次", path, given, grades)
    for n, gate in enumerated(document, "gates"):
        if not grades and isinstance(gate, Mapping) and gate.get("lowers") is not None:
            yield ("gates", n, "lowers"), "方案没有等次（grades），降不了等次"
    for n, grade in enumerated(document, "grades"):
        last = n == len(document["grades"]) - 1
        written = [
            key
            for key in ("from_total", "first")
            if isinstance(grade, Mapping) and grade.get(key) is not None
        ]
        if last and written:
            yield ("grades", n, written[0]), "最后一个等次收下其余单位，不写条件"
        if not last and isinstance(grade, Mapping) and not written:
            yield ("grades", n), "除最后一个等次外，要写 from_total 或 first"


def unknown_groups(document: Mapping[str, Any]) -> Told:
    known = [group for _, group in enumerated(document, "groups") if isinstance(group, str)]
    yield from repeated("组别", ((("groups", n), group) for n, group in enumerate(known)))
    places: list[Path] = []
    for n, _ in enumerated(document, "pillars"):
        places += [("pillars", n)]
        places += [
            ("pillars", n, "metrics", k) for k, _ in enumerated(document, "pillars", n, "metrics")
        ]
    places += [("adjustments", "items", n) for n, _ in enumerated(document, "adjustments", "items")]
    places += [("gates", n) for n, _ in enumerated(document, "gates")]
    strange = [
        told
        for place in places
        for n, group in enumerated(document, *place, "groups")
        if isinstance(group, str)
        for told in unknown("组别", (*place, "groups", n), group, known)
    ]
    yield from strange
    if strange:  # a group may seem to have nothing because its name is wrong there
        return
    for path, metric, groups in scored(document):
        if groups == frozenset():
            yield path, f"“{metric}”的组别与板块的组别没有相同的，不会计分"
    covered = [groups for _, _, groups in scored(document)]
    if not covered:
        return
    for n, group in enumerate(known):
        if not any(groups is None or group in groups for groups in covered):
            yield ("groups", n), f"组别“{group}”没有计分指标"


def unknown(word: str, path: Path, given: str, known: list[str]) -> Told:
    if given in known:
        return
    near = difflib.get_close_matches(given, known, 1)
    hint = f"是不是“{near[0]}”？" if near else f"可用：{'、'.join(known) or '（方案里一个也没有）'}"
    yield path, f"没有名为“{given}”的{word}，{hint}"
