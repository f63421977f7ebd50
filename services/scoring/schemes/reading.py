"""Scheme documents and light presets, from YAML, with line and column in every error.

Numbers keep the digits that were written (0.1 is a tenth). A key written twice is a mistake.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from services.scoring.engine.scheme import Lights, Scheme, SchemeMistake
from services.scoring.schemes.mistakes import in_order, of_formulas, of_references, of_shape
from services.scoring.schemes.trees import composed, plain

M = TypeVar("M", bound=BaseModel)
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
    """The preset that a scheme names. Raises SchemeMistake."""
    known = built_in_lights()
    if scheme.lights not in known:
        raise SchemeMistake(f"没有红黄绿灯方案“{scheme.lights}”，可用：{'、'.join(known)}")
    return known[scheme.lights]


def is_file(path: Path) -> bool:
    """Whether a file is there; a name that no file can have is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def parse(text: str, model: type[M], name: str) -> M:
    """A document as a model. Raises SchemeMistake that names every mistake with line and column."""
    node = composed(text, name)
    document = plain(node, name)
    mistakes = [*of_references(document, node)] if issubclass(model, Scheme) else []
    try:
        made = model.model_validate(document)
        mistakes += of_formulas(made, node) if isinstance(made, Scheme) else []
    except ValidationError as error:
        mistakes += of_shape(error, node)
    if mistakes:
        raise SchemeMistake("\n".join(f"{name} {mistake}" for mistake in in_order(mistakes)))
    return made
