"""Changes of a scheme for «what if»: weights, points rules, thresholds of lights, by path.

A path such as `pillars.speed.metrics.start_rate.weight` has ids of a list's items, or their indexes
from 0. The changed scheme is validated as a file is; each mistake is reported at its change.
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
from services.scoring.schemes.error_locations import LocatedError, locate_node, sort_errors
from services.scoring.schemes.scheme_files import examine_document, resolve_lights
from shared.ledger.sheets import replace_unwritable

PathStep = str | int

MAX_CHANGES_BYTES = 1_000_000
MAX_LEVELS = 12  # of lists and names within each other; those of schemes have six


def read_changes(path: Path) -> Changes:
    """Read the changes of a YAML file. Raises ChangeMistake with line and column of mistakes."""
    try:
        if path.stat().st_size > MAX_CHANGES_BYTES:
            raise unreadable_file_error(path, f"超过 {MAX_CHANGES_BYTES} 字节")
        text = path.read_text(encoding="utf-8-sig")
        changes, _, errors = examine_document(text, Changes, path.name)
    except UnicodeDecodeError:
        raise unreadable_file_error(path, "不是 UTF-8 文本") from None
    except (OSError, ValueError):
        raise unreadable_file_error(path, "读不到") from None
    except SchemeMistake as mistake:
        raise ChangeMistake([ChangeErrorDetail((), "file", mistake.detail)]) from None
    if changes is None or errors:
        first = {error.node.start_mark.index: error for error in reversed(sort_errors(errors))}
        lines = [
            ChangeErrorDetail((path.name,), "file", str(error))
            for error in reversed(first.values())
        ]
        raise ChangeMistake(lines)
    return changes


def unreadable_file_error(path: Path, why: str) -> ChangeMistake:
    return ChangeMistake([ChangeErrorDetail((str(path),), "file", why)])


class NoSuchItem(Exception):
    """An item that does not exist; its text says what exists instead."""


def apply_scheme_changes(
    scheme: Scheme, preset: Lights, changes: Sequence[SchemeChange]
) -> tuple[Scheme, Lights]:
    """The scheme and its lights after the changes. Raises ChangeMistake with all mistakes."""
    if not changes:
        return scheme, preset
    document = {**scheme.model_dump(mode="json"), "lights": preset.model_dump(mode="json")}
    paths: dict[int, list[PathStep]] = {}
    mistakes: list[ChangeErrorDetail] = []
    for index, change in enumerate(changes):
        try:
            paths[index] = resolve_path(document, change.path)
            set_value(document, paths[index], yaml_value(change.value))
        except NoSuchItem as error:
            location, message = ("scheme", index, "path"), f"{change.path}：{error}"
            mistakes.append(ChangeErrorDetail(location, "no_such_item", message))
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    try:
        after, root, errors = examine_document(text, Scheme, scheme.id)
        mistakes += [locate_change_error(e, root, paths, changes) for e in sort_errors(errors)]
        if after is not None and not mistakes:
            return after, resolve_lights(after)
    except SchemeMistake as mistake:
        mistakes.append(ChangeErrorDetail(("scheme", len(changes) - 1), "scheme", mistake.detail))
    raise ChangeMistake(sorted(mistakes, key=lambda mistake: mistake.path[1]))


def resolve_path(document: Any, path: str) -> list[PathStep]:
    """A path as keys and indexes. Raises NoSuchItem with the names that exist instead."""
    steps: list[PathStep] = []
    names = path.split(".")
    for index, name in enumerate(names):
        step, known = resolve_step(document, name)
        if step is None:
            above = ".".join(names[:index]) or "方案"
            raise NoSuchItem(f"{above} 里没有“{name}”，有：{'、'.join(known) or '（没有下一级）'}")
        steps.append(step)
        document = document[step]
    return steps


def resolve_step(document: Any, name: str) -> tuple[PathStep | None, list[str]]:
    """The key or index of a name, or None; and the names that exist."""
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
    """A value for YAML, numbers with the digits as written. Raises NoSuchItem where too deep."""
    if not levels:
        raise NoSuchItem("写的内容层次太深")
    if isinstance(value, dict):
        return {
            replace_unwritable(str(key)): yaml_value(item, levels - 1)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [yaml_value(item, levels - 1) for item in value]
    if isinstance(value, str):
        return replace_unwritable(value)
    return str(value) if isinstance(value, Decimal | float) else value


def locate_change_error(
    error: LocatedError,
    root: yaml.Node,
    paths: Mapping[int, Sequence[PathStep]],
    changes: Sequence[SchemeChange],
) -> ChangeErrorDetail:
    """An error at the last change that encloses it, or that it encloses.

    `paths` are those of the changes, by index.
    """
    nodes = {index: locate_node(root, tuple(path))[0] for index, path in paths.items()}
    near = [index for index, node in nodes.items() if is_within(error.node, node)]
    near = near or [index for index, node in nodes.items() if is_within(node, error.node)]
    index = near[-1] if near else max(paths)
    message = f"{changes[index].path}：{error.message}"
    return ChangeErrorDetail(("scheme", index, "value"), "scheme", message)


def is_within(inner: yaml.Node, outer: yaml.Node) -> bool:
    begins = outer.start_mark.index <= inner.start_mark.index
    return begins and inner.end_mark.index <= outer.end_mark.index
