"""Errors of a scheme document, in words, with line and column."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import yaml
from pydantic import BaseModel, ValidationError

from services.scoring.engine.scheme.validation import find_inconsistencies
from services.scoring.schemes.known_keys import suggest_key
from shared.http.field_errors import shorten
from shared.yaml_tree import format_location

ERROR_MESSAGES = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项",
    "string_type": "应为文字",
    "string_too_short": "不能空着",
    "string_too_long": "太长，最多 {max_length} 个字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "decimal_type": "应为数",
    "decimal_parsing": "应为数",
    "finite_number": "应为数",
    "number_or_word": "应为数、target（本单位目标）或 average（组内平均）",
    "decimal_max_digits": "最多 {max_digits} 位数字",
    "decimal_max_places": "最多 {decimal_places} 位小数",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "literal_error": "应为 {expected}",
    "enum": "应为 {expected}",
    "date_type": "应为日期，如 2022-12-25",
    "date_parsing": "应为日期，如 2022-12-25",
    "date_from_datetime_parsing": "应为日期，如 2022-12-25",
    "date_from_datetime_inexact": "应为日期，如 2022-12-25",
    "tuple_type": "应为若干项，每项以“- ”开头",
    "model_type": "应为“名称: 值”",
    "model_attributes_type": "应为“名称: 值”",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "union_tag_invalid": "没有这种计分规则，可用：{expected_tags}",
    "union_tag_not_found": "要写明用哪种规则，如 rule: proportional",
    "told": "{said}",
}
MAX_SUGGESTIONS = 20  # of names that are like an unknown one: to look for them takes time
KeyedChildren = dict[Any, tuple[yaml.Node, yaml.Node]]
CHILDREN: WeakKeyDictionary[yaml.Node, KeyedChildren] = WeakKeyDictionary()
UNDERSCORE_MESSAGE = "只能用小写字母、数字和下划线（_），以字母开头"
HYPHEN_MESSAGE = "只能用小写字母、数字和连字符（-），以字母或数字开头"


@dataclass(frozen=True)
class LocatedError:
    """An error at a node of a document; `path` is printed where it is not empty."""

    node: yaml.Node
    path: str
    message: str

    def __str__(self) -> str:
        path = f" {self.path}" if self.path else ""
        return f"{format_location(self.node.start_mark)}{path}：{self.message}"


def sort_errors(errors: Iterable[LocatedError]) -> list[LocatedError]:
    """Errors from the top of the document to its end."""
    return sorted(errors, key=lambda error: error.node.start_mark.index)


# --- shape


def shape_errors(
    error: ValidationError, root: yaml.Node, model: type[BaseModel]
) -> Iterator[LocatedError]:
    """Pydantic's errors at their nodes, without those that `reference_errors` finds."""
    suggested = 0
    for details in error.errors(include_url=False):
        if details["type"] == "value_error":
            continue
        # A list whose items are broken has none left, and is then called too short as well.
        if details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]:
            continue
        loc = (*details["loc"], *details.get("ctx", {}).get("path", ()))
        node, path = locate_node(root, loc, details["type"])
        message = describe_error(details, node)
        if details["type"] == "extra_forbidden" and suggested < MAX_SUGGESTIONS:
            suggested += 1
            message = f"{message}，{suggest_key(model, details['loc'])}"
        yield LocatedError(node, path, message)


def locate_node(
    node: yaml.Node, loc: tuple[int | str, ...], kind: str = ""
) -> tuple[yaml.Node, str]:
    """The deepest node on a path of keys, and the path as it is printed."""
    path = []
    for index, key in enumerate(loc):
        last = index == len(loc) - 1
        found = child_node(node, key, of_key=last and kind == "extra_forbidden")
        # What is not there is the key that is missing, or no key but the name of a rule or kind.
        if found is not None or (last and kind == "missing"):
            path.append(str(key))
        node = found or node
    return node, ".".join(path)


def child_node(node: yaml.Node, key: int | str, *, of_key: bool = False) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        return item_nodes(node)[key] if key < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        found = keyed_children(node).get(key)
        return found and found[0 if of_key else 1]
    return None


def keyed_children(node: yaml.MappingNode) -> KeyedChildren:
    """Key → its node and that of its value, looked through once for all errors in a document."""
    found = CHILDREN.get(node)
    if found is None:
        found = CHILDREN[node] = {}
        for key, value in node.value:
            found.setdefault(key.value, (key, value))
    return found


def item_nodes(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def describe_error(error: Mapping[str, Any], node: yaml.Node) -> str:
    """The message of one of Pydantic's errors, with the value where it is a scalar."""
    kind, limits = error["type"], error.get("ctx", {})
    if kind == "string_pattern_mismatch":
        message = UNDERSCORE_MESSAGE if "_" in limits["pattern"] else HYPHEN_MESSAGE
    else:
        message = ERROR_MESSAGES.get(kind, error["msg"]).format(**limits).replace("' or '", " 或 ")
        message = message.replace("', '", "、").replace("'", "").replace(" 1 项", "一项")
    if kind in ("missing", "extra_forbidden") or not isinstance(node, yaml.ScalarNode):
        return message
    return f"{message}，写的是“{shorten(node.value)}”"


# --- references


def reference_errors(document: Any, root: yaml.Node) -> Iterator[LocatedError]:
    """Ids written twice and unknown names, found also where the shape is broken."""
    for path, message in find_inconsistencies(document):
        yield LocatedError(locate_node(root, path)[0], "", message)
