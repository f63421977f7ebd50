"""Components of OpenAPI documents: names, properties that are always sent, and merging. Pure.

A component is called by its class in the document of its service and in the merged one, so that a
generated client has one class for one thing, whichever document it was made from.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Document = dict[str, Any]
SCHEMAS = "#/components/schemas/"
BODY_PREFIX = "Body_"  # of the framework's name for the fields of a form


class NameTaken(Exception):
    """Two different components would have one name."""


def generic_name(parameters: tuple[Any, ...], suffix: str) -> str:
    """The name of a generic model with its parameter: `UnitRead`, `Page` → `UnitPage`."""
    (parameter,) = parameters
    return f"{parameter.__name__.removesuffix('Read')}{suffix}"


def name_schemas(document: Document) -> None:
    """Call each schema by its class, its title, and leave labels alone. Raises NameTaken."""
    schemas: dict[str, Any] = document["components"]["schemas"]
    names = {key: class_name(key, schema) for key, schema in schemas.items()}
    for node in walk_objects(document):
        if (target := referenced_schema(node)) is not None:
            node["$ref"] = SCHEMAS + names[target]
    drop_generated_titles(document["components"]["schemas"])
    drop_generated_titles(document["paths"])
    renamed: dict[str, Any] = {}
    for key, schema in schemas.items():
        add_component(renamed, names[key], schema | {"title": names[key]})
    document["components"]["schemas"] = renamed


def drop_generated_titles(document: Document) -> None:
    """Drop the titles that the framework makes of names (`Unit Id`); labels are Chinese."""
    for node in walk_objects(document):
        if isinstance(node.get("title"), str) and node["title"].isascii():
            del node["title"]


def class_name(key: str, schema: Mapping[str, Any]) -> str:
    """The name of a schema; of a form after its operation (`UploadLedgerForm`)."""
    if key.startswith(BODY_PREFIX):
        return key.removeprefix(BODY_PREFIX).title().replace("_", "") + "Form"
    return str(schema["title"])


def add_component(components: dict[str, Any], name: str, component: Any) -> None:
    """Add a component, or nothing where it is there already. Raises NameTaken."""
    if components.setdefault(name, component) != component:
        raise NameTaken(f"{name} is two things: give one of the classes another name")


def require_sent_properties(document: Document) -> None:
    """Require every property of every answer, as what has a default is sent, too.

    Raises NameTaken where a body has the same schema and may leave some out.
    """
    schemas = document["components"]["schemas"]
    operations = [of for item in document["paths"].values() for of in item.values()]
    bodies = reachable_schemas([of.get("requestBody") for of in operations], schemas)
    answers = [[of["responses"] for of in operations], document["components"].get("responses")]
    for name in sorted(reachable_schemas(answers, schemas)):
        schema = schemas[name]
        names = [*schema.get("properties", ())]
        if names and schema.get("required") != names:
            if name in bodies:
                raise NameTaken(f"{name} is a body and an answer: give the answer its own class")
            schema["required"] = names


def reachable_schemas(node: Any, schemas: Mapping[str, Any]) -> set[str]:
    """The names of the schemas that a part of a document refers to, and those that these do."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        for inner in walk_objects(waiting.pop()):
            name = referenced_schema(inner)
            if name is not None and name not in found:
                found.add(name)
                waiting.append(schemas[name])
    return found


def referenced_schema(node: Mapping[str, Any]) -> str | None:
    """The name of the schema that an object refers to."""
    target = node.get("$ref")
    if isinstance(target, str) and target.startswith(SCHEMAS):
        return target.removeprefix(SCHEMAS)
    return None


def walk_objects(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of a document; examples are data, and are not looked into."""
    if isinstance(node, list):
        for each in node:
            yield from walk_objects(each)
    if isinstance(node, dict):
        yield node
        for key, value in node.items():
            if key not in ("example", "examples"):
                yield from walk_objects(value)


def merge_documents(document: Document, parts: Mapping[str, Document]) -> Document:
    """A document with the paths of others below their names, and each of their components once.

    Raises NameTaken where two of them mean different things by one name.
    """
    for name, part in parts.items():
        document["paths"] |= {f"/{name}{path}": item for path, item in part["paths"].items()}
        for kind, components in part["components"].items():
            merged = document["components"].setdefault(kind, {})
            for key, component in components.items():
                add_component(merged, key, component)
    return document
