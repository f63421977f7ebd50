"""Files in an OpenAPI document, as generators of clients know them: binary texts.

FastAPI says nothing of what a response sends that is no JSON, and of an uploaded file its
`contentMediaType`, by which half of the generators take it for a text.
"""

from collections.abc import Iterator
from typing import Any

BINARY_SCHEMA = {"type": "string", "format": "binary"}
ANY_FILE = "application/octet-stream"


def describe_binary_content(document: dict[str, Any]) -> None:
    """Say of every file, downloaded or uploaded, that it is one."""
    for content in find_contents(document["paths"]):
        for media_type in content.values():
            media_type.setdefault("schema", dict(BINARY_SCHEMA))
    for schema in document.get("components", {}).get("schemas", {}).values():
        for field in schema.get("properties", {}).values():
            if field.get("contentMediaType") == ANY_FILE:
                field |= BINARY_SCHEMA


def find_contents(paths: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What each operation answers, by media type."""
    for path in paths.values():
        for operation in path.values():
            for response in operation["responses"].values():
                yield response.get("content", {})
