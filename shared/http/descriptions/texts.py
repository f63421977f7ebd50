"""Texts of OpenAPI documents, from the files beside this module.

`glossary.csv` has the words of the wire, `operations.csv` the operations, `tags.csv` the tags in
the order of a day's work, `first_page.md` what stands before all. A word that means something else
in one place has a row of its own: `PeriodRead.runs` of a property, where a row of `Fund.on` is that
of `FundRead` and `FundForm`; `?since` of a query or a header, `list_offices.region` of one
operation.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SCHEMA_SUFFIX = re.compile(r"(Read|Form)$")
Document = dict[str, Any]
Texts = Mapping[str, tuple[str, str]]


@cache
def load_texts(name: str) -> Texts:
    """The rows of a file, Chinese and English by name, in its order."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: (row["zh"], row["en"]) for row in csv.DictReader(file)}


def join_languages(zh: str, en: str) -> str:
    """A description in both languages."""
    return f"{zh}\n\n{en}"


def build_info(title: str, version: str) -> dict[str, Any]:
    """The head of a document, with its first page."""
    return {
        "title": title,
        "version": version,
        "description": (FOLDER / "first_page.md").read_text("utf-8"),
        "contact": {"name": "Bairi 百日"},
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }


def build_tags(document: Document) -> list[dict[str, str]]:
    """The tags of a document's operations, in the order of a day's work."""
    used = {tag for _, operation in list_operations(document) for tag in operation.get("tags", ())}
    return [
        {"name": name, "description": join_languages(*texts)}
        for name, texts in load_texts("tags").items()
        if name in used
    ]


def describe_document(document: Document) -> None:
    """Describe the operations, parameters and properties, but those described in both languages.

    What an operation's function says in English stays, behind the Chinese.
    """
    glossary, operations = load_texts("glossary"), load_texts("operations")
    for name, operation in list_operations(document):
        if name in operations and not is_bilingual(operation):
            zh, en = operations[name]
            operation["description"] = join_languages(zh, operation.get("description") or en)
    for names, node in list_described(document):
        row = next((glossary[name] for name in names if name in glossary), None)
        if row is not None and not is_bilingual(node):
            node["description"] = join_languages(*row)


def is_bilingual(node: Mapping[str, Any]) -> bool:
    """Whether a description is Chinese first, then English."""
    zh, _, en = node.get("description", "").partition("\n\n")
    return bool(CHINESE.search(zh) and en)


def list_operations(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """The operations of a document by their ids."""
    for item in document["paths"].values():
        for operation in item.values():
            yield operation["operationId"], operation


def list_described(document: Document) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every parameter and property, with the names that its row may have, the nearest first."""
    for operation_id, operation in list_operations(document):
        for parameter in operation.get("parameters", ()):
            name = parameter["name"]
            asked = () if parameter["in"] == "path" else (f"?{name}",)
            yield (f"{operation_id}.{name}", *asked, name), parameter
    for schema_name, schema in document["components"]["schemas"].items():
        base = SCHEMA_SUFFIX.sub("", schema_name)
        for name, node in schema.get("properties", {}).items():
            yield (f"{schema_name}.{name}", f"{base}.{name}", name), node
