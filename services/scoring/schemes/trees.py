"""YAML as people write schemes in it: a tree with line and column, and its plain values.

Taken are mappings, lists, words, numbers, yes and no; tags, references and several documents in
one are not. Numbers keep the digits that were written.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from services.scoring.engine.scheme import SchemeMistake

PREFIX = "tag:yaml.org,2002:"
AS_WRITTEN = {"str", "timestamp", "merge", "value"}  # a date in a scheme is a word


def composed(text: str, name: str) -> yaml.MappingNode:
    """The tree of a document. Raises SchemeMistake."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        aliases = [token for token in yaml.scan(text) if isinstance(token, yaml.AliasToken)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{name} {at(mark)}" if mark else name
        raise SchemeMistake(f"{where}：不合 YAML 语法（{error.problem}）") from None
    except yaml.YAMLError:
        raise SchemeMistake(f"{name}：有 YAML 里不能用的字符") from None
    except RecursionError:
        raise SchemeMistake(f"{name}：层次太深") from None
    if aliases:
        where = at(aliases[0].start_mark)
        raise SchemeMistake(f"{name} {where}：不能用 YAML 的引用（*名称），请写全")
    if not isinstance(node, yaml.MappingNode):
        raise SchemeMistake(f"{name}：应为“名称: 值”的文档")
    return node


def at(mark: yaml.Mark) -> str:
    return f"第 {mark.line + 1} 行第 {mark.column + 1} 列"


def plain(node: yaml.Node, name: str) -> Any:
    """The values of a document. Raises SchemeMistake for a key written twice, and for tags."""
    if not node.tag.startswith(PREFIX) or "/" in node.tag.removeprefix(PREFIX):
        raise SchemeMistake(f"{name} {at(node.start_mark)}：不能用 YAML 的标签（!…）")
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise SchemeMistake(f"{name} {at(key.start_mark)}：名称应是一个词")
            if key.value in made:
                raise SchemeMistake(f"{name} {at(key.start_mark)}：“{key.value}”写了两次")
            made[key.value] = plain(value, name)
        return made
    if isinstance(node, yaml.SequenceNode):
        return [plain(value, name) for value in node.value]
    return number(node) if node.tag.endswith(":float") else scalar(node)


def number(node: yaml.Node) -> Decimal | str:
    """A number, digit by digit; what is none, such as .inf, stays a word."""
    try:
        return Decimal(node.value)
    except InvalidOperation:
        return str(node.value)


def scalar(node: yaml.Node) -> Any:
    if node.tag.removeprefix(PREFIX) in AS_WRITTEN:
        return node.value
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError):
        return node.value
