"""Scheme documents and light presets, from YAML, with line and column in every error.

Numbers keep the digits that were written (0.1 is a tenth). A key written twice is a mistake.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from services.scoring.engine.scheme import Lights, Scheme, SchemeMistake

M = TypeVar("M", bound=BaseModel)
BUILT_IN = files("services.scoring.schemes")
MOST_BYTES = 1_000_000  # a scheme is read by people; a file beyond this is another file
SAID = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项",
    "string_pattern_mismatch": "只能用小写字母、数字和连接符，以字母开头",
    "int_parsing": "应为整数",
    "decimal_parsing": "应为数",
    "greater_than": "应大于 0",
    "too_short": "至少要有一项",
    "union_tag_invalid": "没有这种计分规则，可用：proportional、best_ratio",
    "union_tag_not_found": "要写明 rule：proportional 或 best_ratio",
}


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
    if not path.is_file():
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


def parse(text: str, model: type[M], name: str) -> M:
    """A document as a model. Raises SchemeMistake that names every mistake with line and column."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{name} 第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else name
        raise SchemeMistake(f"{where}：不合 YAML 语法（{error.problem}）") from None
    except RecursionError:
        raise SchemeMistake(f"{name}：层次太深") from None
    if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
        raise SchemeMistake(f"{name}：不能用 YAML 的引用（*名称），请写全")
    if not isinstance(node, yaml.MappingNode):
        raise SchemeMistake(f"{name}：应为“名称: 值”的文档")
    try:
        return model.model_validate(plain(node, name))
    except ValidationError as error:
        said = [f"{name} {place(node, e['loc'])}：{said_of(e)}" for e in error.errors()]
        raise SchemeMistake("\n".join(said)) from None


def plain(node: yaml.Node, name: str) -> Any:
    """The values of a document; numbers as Decimal, so that no digit changes."""
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key, value in node.value:
            if key.value in made:
                line, column = key.start_mark.line + 1, key.start_mark.column + 1
                raise SchemeMistake(f"{name} 第 {line} 行第 {column} 列：“{key.value}”写了两次")
            made[key.value] = plain(value, name)
        return made
    if isinstance(node, yaml.SequenceNode):
        return [plain(value, name) for value in node.value]
    if node.tag == "tag:yaml.org,2002:float":
        return Decimal(node.value)
    return yaml.SafeLoader("").construct_object(node)


def place(node: yaml.Node, loc: tuple[int | str, ...]) -> str:
    """Where in the document a path of keys leads: the deepest part of it that is there."""
    for key in loc:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            found = next((value for k, value in node.value if k.value == key), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            found = node.value[key]
        node = found or node
    path = ".".join(str(key) for key in loc)
    mark = node.start_mark
    return f"第 {mark.line + 1} 行第 {mark.column + 1} 列" + (f" {path}" if path else "")


def said_of(error: Any) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    said = SAID.get(error["type"], error["msg"])
    value = error.get("input")
    return said if isinstance(value, dict | list) else f"{said}，写的是“{value}”"
