"""Which changes of an OpenAPI document break those who use it. Pure.

What is asked may only ask for less, what is answered may only say more: so requests and answers are
compared the other way round. A generated front end knows the words of an enumeration, so a new word
in an answer breaks it, too. Made for the documents of this house (references, `anyOf`, objects,
lists, enumerations, limits), not for every JSON Schema.
A vocabulary that was released as open (`x-open`) may have new words in answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.facts.words import OPEN_KEY

ANYTHING = frozenset({"string", "integer", "number", "boolean", "object", "array", "null"})
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
NO_LIMIT = float("inf")
Node = Mapping[str, Any]


def breaking_changes(old: Node, new: Node) -> list[str]:
    """Each breaking change in a sentence that begins with where it is; none: an empty list."""
    return [*dict.fromkeys(Comparison(old, new).operations())]


def may_break(old: str, new: str) -> bool:
    """Whether a version may break what another allowed: 0.1.3 → 0.2.0, 1.4.0 → 2.0.0."""
    before, after = (tuple(map(int, version.split("."))) for version in (old, new))
    significant = 1 if before[0] else 2
    return after[:significant] > before[:significant]


@dataclass(frozen=True)
class Comparison:
    old: Node
    new: Node
    seen: set[tuple[str, str, bool]] = field(default_factory=set)

    def operations(self) -> Iterator[str]:
        for path, item in self.old["paths"].items():
            if path not in self.new["paths"]:
                yield f"{path}: the path is gone"
                continue
            for method, operation in item.items():
                place = f"{method.upper()} {path}"
                other = self.new["paths"][path].get(method)
                if other is None:
                    yield f"{place}: the operation is gone"
                else:
                    yield from self.operation(place, operation, other)

    def operation(self, place: str, old: Node, new: Node) -> Iterator[str]:
        if old.get("operationId") != new.get("operationId"):
            yield f"{place}: {old.get('operationId')} is now called {new.get('operationId')}"
        if new.get("security") and not old.get("security"):
            yield f"{place}: needs a token now"
        yield from self.parameters(place, old, new)
        yield from self.body(place, old.get("requestBody", {}), new.get("requestBody", {}))
        for status, answer in old["responses"].items():
            if status not in new["responses"]:
                yield f"{place}: answers {status} no more"
                continue
            others = whole(new["responses"][status], self.new).get("content", {})
            for media, content in whole(answer, self.old).get("content", {}).items():
                where = f"{place}: answer {status}"
                if media not in others:
                    yield f"{where}: is not {media} any more"
                else:
                    yield from self.schema(where, content, others[media], asked=False)

    def parameters(self, place: str, old: Node, new: Node) -> Iterator[str]:
        before = {(each["in"], each["name"]): each for each in old.get("parameters", ())}
        after = {(each["in"], each["name"]): each for each in new.get("parameters", ())}
        for key, parameter in after.items():
            if parameter.get("required") and not before.get(key, {}).get("required"):
                yield f"{place}: {' '.join(key)} is required now"
        for key, parameter in before.items():
            where = f"{place}: {' '.join(key)}"
            if key not in after:
                yield f"{where} is gone"
            else:
                yield from self.schema(where, parameter, after[key], asked=True)

    def body(self, place: str, old: Node, new: Node) -> Iterator[str]:
        if new.get("required") and not old.get("required"):
            yield f"{place}: a body is required now"
        for media, content in old.get("content", {}).items():
            if media not in new.get("content", {}):
                yield f"{place}: takes no {media} any more"
            else:
                there = new["content"][media]
                yield from self.schema(f"{place}: body", content, there, asked=True)

    def schema(self, place: str, old: Node, new: Node, *, asked: bool) -> Iterator[str]:
        """What stands under `schema` in a parameter, a body or an answer."""
        yield from self.compare(place, old.get("schema", {}), new.get("schema", {}), asked=asked)

    def compare(self, place: str, old: Node, new: Node, *, asked: bool) -> Iterator[str]:
        key = (old.get("$ref", ""), new.get("$ref", ""), asked)
        if all(key[:2]):
            if key in self.seen:  # told already, or a schema inside itself
                return
            self.seen.add(key)
        before, after = kinds(old, self.old), kinds(new, self.new)
        if asked and (lost := before.keys() - after.keys()):
            yield f"{place}: takes no {words(lost)} any more"
        if not asked and (more := after.keys() - before.keys()):
            yield f"{place}: may be {words(more)} now"
        if not before.keys() & after.keys():
            return
        for kind in sorted(before.keys() & after.keys()):
            yield from self.of_kind(place, before[kind], after[kind], asked=asked)

    def of_kind(self, place: str, old: Node, new: Node, *, asked: bool) -> Iterator[str]:
        """Two schemas of one type."""
        yield from enumerations(place, old, new, asked=asked)
        if asked:
            yield from limits(place, old, new)
        if old.get("format") != new.get("format"):
            yield f"{place}: the format {old.get('format')} is {new.get('format')} now"
        for inside in {"items", "additionalProperties"} & {*old, *new}:
            one, other = old.get(inside, {}), new.get(inside, {})
            if isinstance(one, dict) and isinstance(other, dict):
                yield from self.compare(f"{place}[]", one, other, asked=asked)
            elif asked and other is False and one is not False:
                yield f"{place}: takes no other fields any more"
        yield from self.fields(place, old, new, asked=asked)

    def fields(self, place: str, old: Node, new: Node, *, asked: bool) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, needs = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(before.keys() - after.keys()):
            yield f"{place}.{name} is gone"
        for name in sorted(needs - needed) if asked else ():
            yield f"{place}.{name} is required now"
        for name in sorted((needed - needs) & after.keys()) if not asked else ():
            yield f"{place}.{name} may be missing now"
        for name in sorted(before.keys() & after.keys()):
            yield from self.compare(f"{place}.{name}", before[name], after[name], asked=asked)


def whole(node: Node, document: Node) -> Node:
    """A node with what it refers to."""
    if "$ref" not in node:
        return node
    found: Any = document
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return {**whole(found, document), **{k: v for k, v in node.items() if k != "$ref"}}


def kinds(node: Node, document: Node) -> dict[str, Node]:
    """The types that a value may have, each with its schema; several of a type by their classes."""
    node = whole(node, document)
    choices = node.get("anyOf") or node.get("oneOf")
    if choices:
        found: dict[str, Node] = {}
        for choice in choices:
            for kind, schema in kinds(choice, document).items():
                name = f"{kind} {schema.get('title', len(found))}" if kind in found else kind
                found[name] = schema
        return found
    given = node.get("type", ANYTHING)
    types = {given} if isinstance(given, str) else set(given)
    if "const" in node:
        node = {**node, "enum": [node["const"]]}
    return dict.fromkeys(types, node)


def enumerations(place: str, old: Node, new: Node, *, asked: bool) -> Iterator[str]:
    """A word that is gone breaks whoever sends or names it; a new one, whoever has to show it."""
    before, after = old.get("enum"), new.get("enum")
    if before is None and after is None:
        return
    if before is None or after is None:
        if (after is not None) is asked:
            yield f"{place}: is {'a closed' if asked else 'no closed'} vocabulary now"
        return
    if gone := [word for word in before if word not in after]:
        yield f"{place}: the words {words(gone)} are gone"
    if asked or old.get(OPEN_KEY):
        return
    if more := [word for word in after if word not in before]:
        yield f"{place}: may say {words(more)} now"


def limits(place: str, old: Node, new: Node) -> Iterator[str]:
    for name in LOWER:
        if new.get(name, -NO_LIMIT) > old.get(name, -NO_LIMIT):
            yield f"{place}: {name} is {new[name]} now"
    for name in UPPER:
        if new.get(name, NO_LIMIT) < old.get(name, NO_LIMIT):
            yield f"{place}: {name} is {new[name]} now"
    if new.get("pattern") not in (None, old.get("pattern")):
        yield f"{place}: the pattern is {new['pattern']} now"


def words(found: Any) -> str:
    return ", ".join(sorted(map(str, found)))
