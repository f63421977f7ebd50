"""A scheme changed for a question: weights, points rules, thresholds of lights, by their paths.

`pillars.speed.metrics.start_rate.weight`: names of a list's items, or their places from 0. What
comes out is validated as a scheme file is; each mistake is told at the change that made it.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.engine.what_if.changes import (
    ChangeErrorDetail,
    ChangeMistake,
    Changes,
    SchemeChange,
)
from services.scoring.schemes import error_locations as told
from services.scoring.schemes.scheme_files import examine_document, resolve_lights
from shared.ledger.sheets import replace_unwritable

PathStep = str | int


MAX_CHANGES_BYTES = 1_000_000
MAX_LEVELS = 12  # of lists and names within each other; those of schemes have six


def read_changes(path: Path) -> Changes:
    """The changes of a YAML file. Raises ChangeMistake with line and column of all mistakes."""
    try:
        if path.stat().st_size > MAX_CHANGES_BYTES:
            raise unreadable_file_error(path, f"超过 {MAX_CHANGES_BYTES} 字节")
        made, _, found = examine_document(path.read_text(encoding="utf-8-sig"), Changes, path.name)
    except UnicodeDecodeError:
        raise unreadable_file_error(path, "不是 UTF-8 文本") from None
    except (OSError, ValueError):
        raise unreadable_file_error(path, "读不到") from None
    except SchemeMistake as mistake:
        raise ChangeMistake([ChangeErrorDetail((), "file", mistake.detail)]) from None
    if made is None or found:
        first = {one.node.start_mark.index: one for one in reversed(told.sort_errors(found))}
        lines = [
            ChangeErrorDetail((path.name,), "file", str(one)) for one in reversed(first.values())
        ]
        raise ChangeMistake(lines)
    return made


def unreadable_file_error(path: Path, why: str) -> ChangeMistake:
    return ChangeMistake([ChangeErrorDetail((str(path),), "file", why)])


class NoSuchItem(Exception):
    """What there is instead, in words."""


def apply_scheme_changes(
    scheme: Scheme, preset: Lights, changes: Sequence[SchemeChange]
) -> tuple[Scheme, Lights]:
    """The scheme and its lights after the changes. Raises ChangeMistake with all mistakes."""
    if not changes:
        return scheme, preset
    document = {**scheme.model_dump(mode="json"), "lights": preset.model_dump(mode="json")}
    made: dict[int, list[PathStep]] = {}
    wrong: list[ChangeErrorDetail] = []
    for n, change in enumerate(changes):
        try:
            made[n] = resolve_path(document, change.path)
            set_value(document, made[n], yaml_value(change.value))
        except NoSuchItem as there:
            wrong.append(
                ChangeErrorDetail(("scheme", n, "path"), "no_such_item", f"{change.path}：{there}")
            )
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    try:
        after, root, found = examine_document(text, Scheme, scheme.id)
        wrong += [locate_change_error(one, root, made, changes) for one in told.sort_errors(found)]
        if after is not None and not wrong:
            return after, resolve_lights(after)
    except SchemeMistake as mistake:
        wrong.append(ChangeErrorDetail(("scheme", len(changes) - 1), "scheme", mistake.detail))
    raise ChangeMistake(sorted(wrong, key=lambda mistake: mistake.path[1]))


def resolve_path(document: Any, path: str) -> list[PathStep]:
    """A path as keys and places. Raises NoSuchItem with what is there instead."""
    found: list[PathStep] = []
    names = path.split(".")
    for n, name in enumerate(names):
        step, there = resolve_step(document, name)
        if step is None:
            above = ".".join(names[:n]) or "方案"
            raise NoSuchItem(f"{above} 里没有“{name}”，有：{'、'.join(there) or '（没有下一级）'}")
        found.append(step)
        document = document[step]
    return found


def resolve_step(document: Any, name: str) -> tuple[PathStep | None, list[str]]:
    """The key or place of a name, or None; and the names that there are."""
    if isinstance(document, dict):
        return (name if name in document else None), [*document]
    if not isinstance(document, list):
        return None, []
    ids = [
        str(item.get("id", n)) if isinstance(item, dict) else str(n)
        for n, item in enumerate(document)
    ]
    if ids.count(name) == 1:
        return ids.index(name), ids
    return (int(name) if name.isdecimal() and int(name) < len(ids) else None), ids


def set_value(document: Any, path: Sequence[PathStep], value: Any) -> None:
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


def yaml_value(value: Any, levels: int = MAX_LEVELS) -> Any:
    """A value as YAML keeps it: numbers with the digits that were written. Raises NoSuchItem."""
    if not levels:
        raise NoSuchItem("写的内容层次太深")
    if isinstance(value, dict):
        return {
            replace_unwritable(str(key)): yaml_value(of, levels - 1) for key, of in value.items()
        }
    if isinstance(value, list):
        return [yaml_value(of, levels - 1) for of in value]
    if isinstance(value, str):
        return replace_unwritable(value)
    return str(value) if isinstance(value, Decimal | float) else value


def locate_change_error(
    found: told.LocatedError,
    root: yaml.Node,
    made: Mapping[int, Sequence[PathStep]],
    changes: Sequence[SchemeChange],
) -> ChangeErrorDetail:
    """A mistake at the last change within which it stands, or that stands within it."""
    nodes = {n: told.locate_node(root, tuple(path))[0] for n, path in made.items()}
    near = [n for n, node in nodes.items() if is_within(found.node, node)]
    near = near or [n for n, node in nodes.items() if is_within(node, found.node)]
    n = near[-1] if near else max(made)
    return ChangeErrorDetail(("scheme", n, "value"), "scheme", f"{changes[n].path}：{found.said}")


def is_within(inner: yaml.Node, outer: yaml.Node) -> bool:
    begins = outer.start_mark.index <= inner.start_mark.index
    return begins and inner.end_mark.index <= outer.end_mark.index
