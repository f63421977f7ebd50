"""YAML that people write: a tree with line and column, and its plain values.

Accepted are mappings, lists, words, numbers, yes and no; tags, references and several documents in
one are not. Numbers keep the digits that were written.
"""

from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

import yaml

from shared.ledger.sheets import UNWRITABLE_CHARACTER

YAML_TAG_PREFIX = "tag:yaml.org,2002:"
MAX_DEPTH, MAX_NODES = 50, 100_000  # of a document; those of people have ten, and hundreds
LONGEST_EXPLAINED = 20_000  # characters: beyond, a slower parser would take seconds for its words
TEXT_TAGS = {"str", "timestamp", "merge", "value"}  # a date is a word


class YamlMistake(Exception):
    """A document that cannot be read: `detail` says where and why, `mistakes` for programs."""

    def __init__(self, detail: str, mistakes: list[dict[str, Any]]) -> None:
        super().__init__(detail)
        self.detail, self.mistakes = detail, mistakes


class Mark(Protocol):
    """Where something is in a text, from 0; either parser has a class of its own for it."""

    line: int
    column: int


def compose_yaml(text: str, name: str) -> yaml.MappingNode:
    """Parse a document into a tree. Raises YamlMistake."""
    try:
        check_size(text, name)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        if len(text) > LONGEST_EXPLAINED:
            mark = getattr(error, "problem_mark", None)
            raise build_yaml_error(mark, "不合 YAML 语法", name) from None
        node = compose_in_python(text, name)  # which says in more words what is wrong
    if not isinstance(node, yaml.MappingNode):
        raise build_yaml_error(None, "应为“名称: 值”的文档", name)
    return node


def check_size(text: str, name: str) -> None:
    """Raise YamlMistake for references, and for more or deeper than anybody writes.

    The events of a document come one by one, so that no more of it is read than is taken.
    """
    depth = count = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        count += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            message = "不能用 YAML 的引用（*名称），请写全"
            raise build_yaml_error(event.start_mark, message, name)
        if depth > MAX_DEPTH:
            raise build_yaml_error(event.start_mark, f"层次太深，最多 {MAX_DEPTH} 层", name)
        if count > MAX_NODES:
            raise build_yaml_error(event.start_mark, f"内容太多，最多 {MAX_NODES} 项", name)


def compose_in_python(text: str, name: str) -> yaml.Node | None:
    """The tree by the parser whose errors people can read. Raises YamlMistake."""
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise build_yaml_error(
            error.problem_mark, f"不合 YAML 语法（{error.problem}）", name
        ) from None
    except (yaml.YAMLError, ValueError):  # or an escape beyond Unicode
        raise build_yaml_error(None, "有 YAML 里不能用的字符", name) from None
    except RecursionError:
        raise build_yaml_error(None, "层次太深", name) from None


def build_yaml_error(mark: Mark | None, message: str, name: str) -> YamlMistake:
    """A fatal mistake: in words, and with its line and column for programs."""
    location = f"{name} {format_location(mark)}" if mark else name
    return YamlMistake(f"{location}：{message}", mistakes=[error_document(mark, message)])


def error_document(mark: Mark | None, message: str) -> dict[str, Any]:
    """A mistake on the wire; line and column from 1, or None of the whole."""
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
    return {"line": line, "column": column, "detail": message}


def format_location(mark: Mark) -> str:
    return f"第 {mark.line + 1} 行第 {mark.column + 1} 列"


def plain_values(node: yaml.Node, name: str) -> Any:
    """The values of a document. Raises YamlMistake for a key written twice, and for tags."""
    if not node.tag.startswith(YAML_TAG_PREFIX) or "/" in node.tag.removeprefix(YAML_TAG_PREFIX):
        raise build_yaml_error(node.start_mark, "不能用 YAML 的标签（!…）", name)
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise build_yaml_error(key.start_mark, "名称应是一个词", name)
            check_writable(key, name)
            if key.value in values:
                raise build_yaml_error(key.start_mark, f"“{key.value}”写了两次", name)
            values[key.value] = plain_values(value, name)
        return values
    if isinstance(node, yaml.SequenceNode):
        return [plain_values(value, name) for value in node.value]
    check_writable(node, name)
    return parse_decimal(node) if node.tag.endswith(":float") else parse_scalar(node)


def check_writable(node: yaml.Node, name: str) -> None:
    """Raise YamlMistake for a text that no database, workbook or answer can hold."""
    if UNWRITABLE_CHARACTER.search(node.value):
        raise build_yaml_error(node.start_mark, "含有看不见的控制字符", name)


def parse_decimal(node: yaml.Node) -> Decimal | str:
    """A number, digit by digit; one such as .inf stays a word."""
    try:
        return Decimal(node.value)
    except InvalidOperation:
        return str(node.value)


def parse_scalar(node: yaml.Node) -> Any:
    if node.tag.removeprefix(YAML_TAG_PREFIX) in TEXT_TAGS:
        return node.value
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError, KeyError, IndexError):
        return node.value
