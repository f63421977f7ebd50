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
from services.scoring.engine.what_if.changes import ChangeMistake, Changes, Mistake, SchemeChange
from services.scoring.schemes import error_locations as told
from services.scoring.schemes.scheme_files import examined, lights_of
from shared.ledger.sheets import writable

Step = str | int


MOST_BYTES = 1_000_000
MOST_LEVELS = 12  # of lists and names within each other; those of schemes have six


def read_changes(path: Path) -> Changes:
    """The changes of a YAML file. Raises ChangeMistake with line and column of all mistakes."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise unreadable(path, f"超过 {MOST_BYTES} 字节")
        made, _, found = examined(path.read_text(encoding="utf-8-sig"), Changes, path.name)
    except UnicodeDecodeError:
        raise unreadable(path, "不是 UTF-8 文本") from None
    except (OSError, ValueError):
        raise unreadable(path, "读不到") from None
    except SchemeMistake as mistake:
        raise ChangeMistake([Mistake((), "file", mistake.detail)]) from None
    if made is None or found:
        first = {one.node.start_mark.index: one for one in reversed(told.in_order(found))}
        lines = [Mistake((path.name,), "file", str(one)) for one in reversed(first.values())]
        raise ChangeMistake(lines)
    return made


def unreadable(path: Path, why: str) -> ChangeMistake:
    return ChangeMistake([Mistake((str(path),), "file", why)])


class NoSuchItem(Exception):
    """What there is instead, in words."""


def scheme_changed(
    scheme: Scheme, preset: Lights, changes: Sequence[SchemeChange]
) -> tuple[Scheme, Lights]:
    """The scheme and its lights after the changes. Raises ChangeMistake with all mistakes."""
    if not changes:
        return scheme, preset
    document = {**scheme.model_dump(mode="json"), "lights": preset.model_dump(mode="json")}
    made: dict[int, list[Step]] = {}
    wrong: list[Mistake] = []
    for n, change in enumerate(changes):
        try:
            made[n] = resolved(document, change.path)
            put(document, made[n], written(change.value))
        except NoSuchItem as there:
            wrong.append(Mistake(("scheme", n, "path"), "no_such_item", f"{change.path}：{there}"))
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    try:
        after, root, found = examined(text, Scheme, scheme.id)
        wrong += [mistake_of(one, root, made, changes) for one in told.in_order(found)]
        if after is not None and not wrong:
            return after, lights_of(after)
    except SchemeMistake as mistake:
        wrong.append(Mistake(("scheme", len(changes) - 1), "scheme", mistake.detail))
    raise ChangeMistake(sorted(wrong, key=lambda mistake: mistake.path[1]))


def resolved(document: Any, path: str) -> list[Step]:
    """A path as keys and places. Raises NoSuchItem with what is there instead."""
    found: list[Step] = []
    names = path.split(".")
    for n, name in enumerate(names):
        step, there = step_to(document, name)
        if step is None:
            above = ".".join(names[:n]) or "方案"
            raise NoSuchItem(f"{above} 里没有“{name}”，有：{'、'.join(there) or '（没有下一级）'}")
        found.append(step)
        document = document[step]
    return found


def step_to(document: Any, name: str) -> tuple[Step | None, list[str]]:
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


def put(document: Any, path: Sequence[Step], value: Any) -> None:
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


def written(value: Any, levels: int = MOST_LEVELS) -> Any:
    """A value as YAML keeps it: numbers with the digits that were written. Raises NoSuchItem."""
    if not levels:
        raise NoSuchItem("写的内容层次太深")
    if isinstance(value, dict):
        return {writable(str(key)): written(of, levels - 1) for key, of in value.items()}
    if isinstance(value, list):
        return [written(of, levels - 1) for of in value]
    if isinstance(value, str):
        return writable(value)
    return str(value) if isinstance(value, Decimal | float) else value


def mistake_of(
    found: told.Mistake,
    root: yaml.Node,
    made: Mapping[int, Sequence[Step]],
    changes: Sequence[SchemeChange],
) -> Mistake:
    """A mistake at the last change within which it stands, or that stands within it."""
    nodes = {n: told.place(root, tuple(path))[0] for n, path in made.items()}
    near = [n for n, node in nodes.items() if within(found.node, node)]
    near = near or [n for n, node in nodes.items() if within(node, found.node)]
    n = near[-1] if near else max(made)
    return Mistake(("scheme", n, "value"), "scheme", f"{changes[n].path}：{found.said}")


def within(inner: yaml.Node, outer: yaml.Node) -> bool:
    begins = outer.start_mark.index <= inner.start_mark.index
    return begins and inner.end_mark.index <= outer.end_mark.index
