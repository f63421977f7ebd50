"""Mappings as YAML that people read and change; what is wrong is told with line and column."""

from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import ValidationError
from rapidfuzz import process

from shared.mapping.mapping_mistakes import (
    MappingMistake,
    expected_text,
    tell_mistakes,
    validate_mapping,
)
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
from shared.yaml_tree import (
    MAX_DEPTH,
    MAX_NODES,
    YamlMistake,
    compose_yaml,
    format_location,
    plain_values,
)

MAX_MAPPING_CHARACTERS = 1_000_000
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
        raise tell_mistakes(error, lambda each: f"{name} {describe_error(each, root)}") from None


def parse_document(values: Mapping[str, Any]) -> ImportMapping:
    """A mapping from plain values that somebody sent. Raises MappingMistake."""
    refuse_too_much(values)
    return validate_mapping(values)


def refuse_too_much(values: Any) -> None:
    """Raise MappingMistake for more or deeper than anybody writes, as YAML is refused."""
    level, count = [values], 0
    for _ in range(MAX_DEPTH + 1):
        count += len(level)
        if count > MAX_NODES:
            raise MappingMistake(f"内容太多，最多 {MAX_NODES} 项", f"At most {MAX_NODES} values.")
        level = [below for value in level for below in values_below(value)]
        if not level:
            return
    raise MappingMistake(f"层次太深，最多 {MAX_DEPTH} 层", f"At most {MAX_DEPTH} levels.")


def values_below(value: Any) -> list[Any]:
    """The items of a list; the keys and values of a mapping, each of which counts."""
    if isinstance(value, Mapping):
        return [*value, *value.values()]
    return [*value] if isinstance(value, list | tuple) else []


def describe_error(error: Mapping[str, Any], root: yaml.Node) -> str:
    """An error at its line: an unknown key with the nearest one that is known."""
    node, path = root, []
    for part in error["loc"]:
        found = child_node(node, part)
        if found is None:
            break
        node = found
        path.append(str(part))
    place = format_location(node.start_mark)
    if error["type"] == "extra_forbidden":
        key = str(error["loc"][-1])
        known = list(dict.fromkeys(field for part in PARTS for field in part.model_fields))
        near = process.extractOne(key, known, score_cutoff=60)
        hint = f"，是不是“{near[0]}”？" if near else ""
        return f"{place}：不认识“{key}”{hint}"
    if error["type"] == "missing":
        return f"{place}：缺少“{error['loc'][-1]}”"
    return f"{place} {'.'.join(path)}：{expected_text(error)}"


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
