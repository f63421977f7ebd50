"""The YAML of schemes: what cannot be read is a mistake of the scheme."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from services.scoring.engine.scheme.model import SchemeMistake
from shared import yaml_tree
from shared.yaml_tree import YamlMistake


@contextmanager
def scheme_mistakes() -> Iterator[None]:
    try:
        yield
    except YamlMistake as mistake:
        raise SchemeMistake(mistake.detail, mistakes=mistake.mistakes) from None


def compose_yaml(text: str, name: str) -> yaml.MappingNode:
    """Parse a document into a tree. Raises SchemeMistake."""
    with scheme_mistakes():
        return yaml_tree.compose_yaml(text, name)


def plain_values(node: yaml.Node, name: str) -> Any:
    """The values of a document. Raises SchemeMistake for a key written twice, and for tags."""
    with scheme_mistakes():
        return yaml_tree.plain_values(node, name)
