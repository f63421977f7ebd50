"""Mappings as YAML that people read and change; what is wrong is told with line and column."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from pydantic import ValidationError
from rapidfuzz import process

from shared.mapping.model import (
    ColumnMapping,
    ImportMapping,
    MappingPart,
    Names,
    OwnAnswers,
    SheetMapping,
    TitleCell,
)
from shared.mapping.patterns import compute_shape
from shared.problems import Problem
from shared.yaml_tree import YamlMistake, compose_yaml, format_location, plain_values

MAX_MAPPING_CHARACTERS = 1_000_000
MAX_MISTAKES = 20
PARTS: tuple[type[MappingPart], ...] = (
    ImportMapping,
    SheetMapping,
    ColumnMapping,
    TitleCell,
    Names,
    OwnAnswers,
)
HEAD = """\
# 导入映射：表里每一列是台账的哪一项。可以直接改，改后仍用 bairi import --mapping 导入。
# to: ask 是还没有定的，导入时会问；ignored 是不导入的，写明原因。
# 列名里的 {年} {月} {日} 是会变的，下月的表照样认得。
"""


# By the code of Pydantic's error, of which the bounds are.
EXPECTED = {
    "string_type": "文字",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "至多 {max_length} 个字",
    "int_type": "整数",
    "int_parsing": "整数",
    "bool_type": "true 或 false",
    "date_type": "日期，如 2022-09-30",
    "date_parsing": "日期，如 2022-09-30",
    "date_from_datetime_parsing": "日期，如 2022-09-30",
    "model_type": "一组 键: 值",
    "model_attributes_type": "一组 键: 值",
    "dict_type": "一组 键: 值",
    "list_type": "一个列表",
    "tuple_type": "一个列表",
    "too_short": "至少 {min_length} 项",
    "too_long": "至多 {max_length} 项",
}


class MappingMistake(Problem):
    """映射有误

    The mapping is wrong.
    """

    status = 422


def parse_mapping(text: str, name: str = "mapping.yaml") -> ImportMapping:
    """A mapping from YAML. Raises MappingMistake."""
    if len(text) > MAX_MAPPING_CHARACTERS:
        raise MappingMistake(f"{name} 过长，不像映射", "Too long for a mapping.")
    try:
        root = compose_yaml(text, name)
        return ImportMapping.model_validate(plain_values(root, name))
    except YamlMistake as mistake:
        raise MappingMistake(mistake.detail, "The YAML cannot be read.") from None
    except ValidationError as error:
        raise describe_mistake(error, root, name) from None


def parse_mapping_document(document: Mapping[str, Any]) -> ImportMapping:
    """A mapping from JSON. Raises MappingMistake."""
    try:
        return ImportMapping.model_validate(document)
    except ValidationError as error:
        raise describe_mistake(error) from None


def describe_mistake(
    error: ValidationError, root: yaml.Node | None = None, name: str = ""
) -> MappingMistake:
    """What is wrong in a mapping, in both languages; of a file also where."""
    # A list whose items are broken has none left, and is then called too short as well.
    errors = [each for each in error.errors() if each["type"] != "too_short" or not each["input"]]
    zh, en = [], []
    for each in errors[:MAX_MISTAKES]:
        found, path = locate_error(each["loc"], root)
        place = f"{name} {format_location(found.start_mark)} " if found else ""
        zh.append(f"{place}{path}：{describe_error(dict(each))}")
        en.append(f"{path}: {each['msg']}")
    return MappingMistake("；".join(zh), "; ".join(en))


def locate_error(loc: Sequence[int | str], root: yaml.Node | None) -> tuple[yaml.Node | None, str]:
    """The deepest node of a file on a path of keys, and the path as it is printed."""
    node = root
    for part in loc:
        node = node and (child_node(node, part) or node)
    return node, ".".join(map(str, loc))


def describe_error(error: Mapping[str, Any]) -> str:
    """What is expected in its place: of an unknown key the nearest one that is known."""
    key, kind, limits = (
        str(error["loc"][-1]) if error["loc"] else "",
        error["type"],
        error.get("ctx", {}),
    )
    if kind == "extra_forbidden":
        known = list(dict.fromkeys(field for part in PARTS for field in part.model_fields))
        near = process.extractOne(key, known, score_cutoff=60)
        hint = f"，是不是“{near[0]}”？" if near else ""
        return f"不认识“{key}”{hint}"
    if kind == "missing":
        return f"缺少“{key}”"
    expected = EXPECTED.get(kind, "{expected}" if "expected" in limits else "另一种内容")
    return f"应为 {expected.format(**limits)}"


def child_node(node: yaml.Node, key: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        return node.value[key] if key < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == key), None)
    return None


def write_mapping(mapping: ImportMapping) -> str:
    """A mapping as YAML, each column a line or few, in the order of the sheet."""
    values = mapping.model_dump(mode="json", exclude_defaults=True)
    values = {"name": mapping.name, **values}
    for sheet, written in zip(mapping.sheets, values["sheets"], strict=True):
        order = ("sheet", "year", "as_of", "unit_of_money")
        rest = {key: value for key, value in written.items() if key not in (*order, "columns")}
        columns = written["columns"]
        written.clear()
        dumped = sheet.model_dump(mode="json")
        written |= {key: dumped[key] for key in order} | {"columns": columns} | rest
    return HEAD + yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=1000)


def mapping_shapes(mapping: ImportMapping) -> tuple[str, ...]:
    """The fingerprints of the sheets that a mapping is of; compare `SheetHeader.shape`."""
    return tuple(compute_shape(c.header for c in sheet.columns) for sheet in mapping.sheets)
