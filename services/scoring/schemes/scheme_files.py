"""Scheme documents and light presets, from YAML, with line and column in every error.

Numbers keep the digits that were written (0.1 is a tenth). A key written twice is a mistake.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from services.scoring.engine.scheme.honour_declarations import HONOURS, Honours
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.schemes.error_locations import (
    Mistake,
    child,
    in_order,
    of_references,
    of_shape,
)
from services.scoring.schemes.formulas import of_formulas
from services.scoring.schemes.yaml_tree import composed, plain, told_of

M = TypeVar("M", bound=BaseModel)
DEFAULT_SCHEME = "lanxian-2022"  # where none is named
BUILT_IN = files("services.scoring.schemes")
MOST_BYTES = 1_000_000  # a scheme is read by people; a file beyond this is another file


@cache
def built_in_schemes() -> dict[str, Scheme]:
    """The built-in schemes by id."""
    return {scheme.id: scheme for scheme in read_all(BUILT_IN, Scheme)}


@cache
def built_in_lights() -> dict[str, Lights]:
    """The built-in light presets by id."""
    return {lights.id: lights for lights in read_all(BUILT_IN / "lights", Lights)}


@cache
def built_in_honours(kind: str) -> dict[str, Honours]:
    """The built-in `boards`, `streaks` or `awards` by id."""
    return {found.id: found for found in read_all(BUILT_IN / kind, Honours)}


def read_all(folder: Traversable, model: type[M]) -> Iterator[M]:
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            yield parse(file.read_text(encoding="utf-8"), model, file.name)


def find_scheme(name_or_file: str) -> Scheme:
    """A built-in scheme by its id, or one from a file. Raises SchemeMistake."""
    if name_or_file in built_in_schemes():
        return built_in_schemes()[name_or_file]
    path = Path(name_or_file)
    if not is_file(path):
        known = "、".join(built_in_schemes())
        raise SchemeMistake(f"没有内置方案或文件“{name_or_file}”；内置方案：{known}")
    if path.stat().st_size > MOST_BYTES:
        raise SchemeMistake(f"{path} 超过 {MOST_BYTES} 字节，不像方案文件")
    try:
        return parse(path.read_text(encoding="utf-8-sig"), Scheme, path.name)
    except UnicodeDecodeError:
        raise SchemeMistake(f"{path} 不是 UTF-8 文本") from None


def lights_of(scheme: Scheme) -> Lights:
    """The preset that a scheme names or brings. Raises SchemeMistake."""
    preset = scheme.lights
    if not isinstance(preset, Lights):
        known = built_in_lights()
        if preset not in known:
            raise SchemeMistake(f"没有红黄绿灯方案“{preset}”，可用：{'、'.join(known)}")
        preset = known[preset]
    for word, own, brought in (
        ("事实", scheme.facts, preset.facts),
        ("指标", scheme.metrics, preset.metrics),
    ):
        if twice := sorted({one.id for one in own} & {one.id for one in brought}):
            raise SchemeMistake(f"方案与红黄绿灯方案“{preset.id}”的{word}重名：{'、'.join(twice)}")
    return preset


def named_honours(given: dict[str, Any], root: yaml.Node) -> Iterator[Mistake]:
    """Puts built-in boards, streaks and awards where a scheme names them; tells unknown names."""
    for kind in HONOURS:
        if isinstance(name := given.get(kind), str):
            known = built_in_honours(kind)
            given[kind] = getattr(known[name], kind) if name in known else ()
            if name not in known:
                told = f"没有名为“{name}”的内置方案，可用：{'、'.join(known)}"
                yield Mistake(child(root, kind) or root, kind, told)


def is_file(path: Path) -> bool:
    """Whether a file is there; a name that no file can have is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def parse(text: str, model: type[M], name: str) -> M:
    """A document as a model. Raises SchemeMistake that names every mistake with line and column."""
    made, _, mistakes = examined(text, model, name)
    if made is None or mistakes:
        ordered = in_order(mistakes)
        told = [told_of(m.node.start_mark, f"{m.path}：{m.said}".lstrip("：")) for m in ordered]
        raise SchemeMistake("\n".join(f"{name} {mistake}" for mistake in ordered), mistakes=told)
    return made


def examined(
    text: str, model: type[M], name: str
) -> tuple[M | None, yaml.MappingNode, list[Mistake]]:
    """A document as a model, its tree, and its mistakes; the model where its shape is right.

    Raises SchemeMistake where it is no document.
    """
    node = composed(text, name)
    document = plain(node, name)
    mistakes: list[Mistake] = []
    if issubclass(model, Scheme):
        mistakes += [*of_references(document, node), *named_honours(document, node)]
    try:
        made = model.model_validate(document)
        return made, node, [*mistakes, *of_formulas(made, node)]
    except ValidationError as error:
        mistakes += of_shape(error, node, model)
        if not mistakes:  # then an error has no words here; rather told raw than not at all
            raise
        return None, node, mistakes
