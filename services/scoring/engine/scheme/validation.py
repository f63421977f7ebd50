"""Validation of a scheme document across its parts: repeated ids, and names of nothing.

Documents are checked as written, whatever other errors they have, so that all errors can be
reported at once: each as a path of keys into the document, and a message.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.declarations import KeyPath
from services.scoring.engine.language.ratios import FIGURE_NAME
from services.scoring.engine.language.symbols import DAY_SYMBOLS
from shared.facts.tables import FACT_COLUMNS

MAX_ITEMS = 1000  # of all lists of a scheme: the built-in ones have less than a hundred
LocatedErrors = Iterator[tuple[KeyPath, str]]

# No fact may be called like a column: over that column's table it could not be named.
COLUMN_NAMES = {column.name for columns in FACT_COLUMNS.values() for column in columns}
RESERVED_FACT_NAMES = {FIGURE_NAME, *DAY_SYMBOLS, *COLUMN_NAMES, *(fact.id for fact in NAMED_FACTS)}


def find_inconsistencies(document: Mapping[str, Any]) -> LocatedErrors:
    """Find the inconsistencies of a scheme document; in one of too many parts no others."""
    if (count := count_items(document)) > MAX_ITEMS:
        yield (), f"板块、指标、事实等共 {count} 项，最多 {MAX_ITEMS} 项"
        return
    yield from find_name_clashes(document)
    yield from find_repeated_ids("项目得分", located_ids(document, "project_marks"))
    for n, _ in indexed_items(document, "project_marks"):
        yield from find_repeated_ids("得分项", located_ids(document, "project_marks", n, "items"))
    yield from find_repeated_ids("等次", located_ids(document, "grades"))
    yield from find_repeated_ids("一票项", located_ids(document, "gates"))
    yield from find_repeats_in_group(document)
    yield from find_unknown_metrics(document)
    yield from find_unknown_marks_grades(document)
    yield from find_unknown_groups(document)


def find_name_clashes(document: Mapping[str, Any]) -> LocatedErrors:
    """Find facts and metrics, of a scheme or a preset, that have the ids of others."""
    yield from find_repeated_ids("事实", located_ids(document, "facts"), RESERVED_FACT_NAMES)
    yield from find_repeated_ids("指标", located_ids(document, "metrics"), {m.id for m in METRICS})


# --- parts of a document


def count_items(document: Any) -> int:
    """The number of items of all lists, within each other too."""
    if isinstance(document, Mapping):
        return sum(map(count_items, document.values()))
    if isinstance(document, list | tuple):
        return len(document) + sum(map(count_items, document))
    return 0


def value_at_path(document: Any, *path: str | int) -> Any:
    """The value at a path; None where there is none."""
    for key in path:
        named = isinstance(document, Mapping) and key in document
        if not named and not (isinstance(document, list | tuple) and isinstance(key, int)):
            return None
        document = document[key]
    return document


def indexed_items(document: Any, *path: str | int) -> list[tuple[int, Any]]:
    """The items of a list with their indexes."""
    found = value_at_path(document, *path)
    return list(enumerate(found)) if isinstance(found, list | tuple) else []


def located_ids(document: Any, *path: str | int, key: str = "id") -> list[tuple[KeyPath, str]]:
    """The id of each item of a list that has one, and its path."""
    return [
        ((*path, n, key), item[key])
        for n, item in indexed_items(document, *path)
        if isinstance(item, Mapping) and isinstance(item.get(key), str)
    ]


def scored_metric_groups(document: Any) -> list[tuple[KeyPath, str, frozenset[str] | None]]:
    """The path, id and groups of every scored metric; None for all groups."""
    return [
        (
            path,
            metric,
            intersect_groups(
                declared_groups(document, *path[:2]), declared_groups(document, *path[:-1])
            ),
        )
        for n, _ in indexed_items(document, "pillars")
        for path, metric in located_ids(document, "pillars", n, "metrics")
    ]


def declared_groups(document: Any, *path: str | int) -> frozenset[str] | None:
    written = [g for _, g in indexed_items(document, *path, "groups") if isinstance(g, str)]
    return frozenset(written) or None


def intersect_groups(
    one: frozenset[str] | None, other: frozenset[str] | None
) -> frozenset[str] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


# --- repeated ids


def find_repeated_ids(
    word: str, ids: Iterable[tuple[KeyPath, str]], taken: Iterable[str] = ()
) -> LocatedErrors:
    seen = set(taken)
    for path, name in ids:
        if name in seen:
            yield path, f"{word}“{name}”重名"
        seen.add(name)


def find_repeats_in_group(document: Mapping[str, Any]) -> LocatedErrors:
    """Find pillars, scored metrics and adjustments with the same id for the same group."""
    pillars, items = (
        [
            (path, name, declared_groups(document, *path[:-1]))
            for path, name in located_ids(document, *of)
        ]
        for of in (("pillars",), ("adjustments", "items"))
    )
    for word, ids in (
        ("板块", pillars),
        ("计分指标", scored_metric_groups(document)),
        ("加减分项", items),
    ):
        seen: list[tuple[str, frozenset[str] | None]] = []
        for path, name, groups in ids:
            if any(
                name == other and intersect_groups(groups, theirs) != frozenset()
                for other, theirs in seen
            ):
                yield path, f"{word}“{name}”重名"
            seen.append((name, groups))


# --- names of nothing


def find_unknown_metrics(document: Mapping[str, Any]) -> LocatedErrors:
    known = [*(m.id for m in METRICS), *(i for _, i in located_ids(document, "metrics"))]
    used = [(path, metric) for path, metric, _ in scored_metric_groups(document)]
    used += [
        found
        for n, _ in indexed_items(document, "pillars")
        for found in located_ids(document, "pillars", n, "metrics", key="times")
    ]
    used += located_ids(document, "adjustments", "items")
    used += located_ids(document, "gates", key="metric")
    used += [
        (("tie_break", n), m) for n, m in indexed_items(document, "tie_break") if isinstance(m, str)
    ]
    for path, name in used:
        yield from find_unknown_name("指标", path, name, known)


def find_unknown_marks_grades(document: Mapping[str, Any]) -> LocatedErrors:
    marks = [name for _, name in located_ids(document, "project_marks")]
    for path, name in located_ids(document, "metrics", key="marks"):
        yield from find_unknown_name("项目得分", path, name, marks)
    grades = [name for _, name in located_ids(document, "grades")]
    for path, name in located_ids(document, "gates", key="best_grade"):
        yield from find_unknown_name("等次", path, name, grades)
    for n, gate in indexed_items(document, "gates"):
        if not grades and isinstance(gate, Mapping) and gate.get("lowers") is not None:
            yield ("gates", n, "lowers"), "方案没有等次（grades），降不了等次"
    for n, grade in indexed_items(document, "grades"):
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


def find_unknown_groups(document: Mapping[str, Any]) -> LocatedErrors:
    known = [group for _, group in indexed_items(document, "groups") if isinstance(group, str)]
    yield from find_repeated_ids("组别", ((("groups", n), group) for n, group in enumerate(known)))
    grouped: list[KeyPath] = []
    for n, _ in indexed_items(document, "pillars"):
        grouped += [("pillars", n)]
        grouped += [
            ("pillars", n, "metrics", k)
            for k, _ in indexed_items(document, "pillars", n, "metrics")
        ]
    grouped += [
        ("adjustments", "items", n) for n, _ in indexed_items(document, "adjustments", "items")
    ]
    grouped += [("gates", n) for n, _ in indexed_items(document, "gates")]
    strange = [
        error
        for path in grouped
        for n, group in indexed_items(document, *path, "groups")
        if isinstance(group, str)
        for error in find_unknown_name("组别", (*path, "groups", n), group, known)
    ]
    yield from strange
    if strange:  # a group may seem to have nothing because its name is wrong there
        return
    for path, metric, groups in scored_metric_groups(document):
        if groups == frozenset():
            yield path, f"“{metric}”的组别与板块的组别没有相同的，不会计分"
    covered = [groups for _, _, groups in scored_metric_groups(document)]
    if not covered:
        return
    for n, group in enumerate(known):
        if not any(groups is None or group in groups for groups in covered):
            yield ("groups", n), f"组别“{group}”没有计分指标"


def find_unknown_name(word: str, path: KeyPath, name: str, known: list[str]) -> LocatedErrors:
    """Find a name that is not known; `word` is what the message calls it."""
    if name in known:
        return
    near = difflib.get_close_matches(name, known, 1)
    hint = f"是不是“{near[0]}”？" if near else f"可用：{'、'.join(known) or '（方案里一个也没有）'}"
    yield path, f"没有名为“{name}”的{word}，{hint}"
