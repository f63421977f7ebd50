"""Operations read from the merged OpenAPI document, and a request that is right for each."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from shared.facts.tables import FACT_KINDS
from shared.offices import NO_OFFICE, format_id
from tests.registry.clients import zipped_files
from tests.samples import sample_places
from tests.together.system import answer

Document = Mapping[str, Any]
METHODS = ("get", "put", "post", "patch", "delete")
MOST = 200  # items of a page
UPLOADED = {"file": ("ledger.zip", zipped_files({"units.csv": "unit_id\n"}))}


@dataclass(frozen=True)
class Operation:
    """`name` is its id without the service's; `form` the schema of its JSON body, if it has one.

    `guarded` says whether it asks for a token.
    """

    method: str
    path: str
    name: str
    guarded: bool
    query: Mapping[str, Mapping[str, Any]]
    required: frozenset[str]
    form: Mapping[str, Any] | None
    uploads: bool

    @property
    def is_place(self) -> bool:
        """Whether its address names something that belongs to a region."""
        return bool(set(names_in(self.path)) - REGIONLESS)

    @property
    def has_key_without_ids(self) -> bool:
        """Whether its address is a key of records in which no id can be qualified."""
        names = {*names_in(self.path)}
        return bool(names) and names <= KEYS - IDS

    @property
    def label(self) -> str:
        return f"{self.method.upper()} {self.path}"


@dataclass(frozen=True)
class Request:
    """What to send; `names_project` when its body does, so that it may point at what is foreign."""

    method: str
    url: str
    given: dict[str, Any] = field(default_factory=dict)
    names_project: bool = False

    def also(self, **params: str) -> "Request":
        """The same, asked more narrowly."""
        given = self.given | {"params": self.given.get("params", {}) | params}
        return replace(self, given=given)

    def without_headers(self) -> "Request":
        return replace(self, given={k: v for k, v in self.given.items() if k != "headers"})

    def with_body(self, body: Mapping[str, Any]) -> "Request":
        return replace(self, given=self.given | {"json": body})

    def of_office(self, operation: Operation, office: str) -> "Request":
        """The same about what is an office's, whoever asks.

        The office is named where the operation takes it, else the ids of its are qualified.
        """
        if "office" in operation.query:
            return self.also(office=office)
        if "office" in (operation.form or {}).get("properties", {}):
            return self.with_body(self.given.get("json", {}) | {"office": office})
        return self.qualified(operation, office)

    def qualified(self, operation: Operation, office: str) -> "Request":
        """The same with every id qualified that is an office's."""

        def written(values: Mapping[str, Any]) -> dict[str, Any]:
            return {
                name: format_id(value, office, NO_OFFICE) if name in IDS and value else value
                for name, value in values.items()
            }

        parts = zip(operation.path.split("/"), self.url.split("/"), strict=True)
        url = [
            format_id(value, office, NO_OFFICE) if IDS & {*names_in(part)} else value
            for part, value in parts
        ]
        given = {
            name: written(values) if name in ("params", "json") else values
            for name, values in self.given.items()
        }
        return replace(self, url="/".join(url), given=given)


# Parts of addresses that name nothing of a region.
REGIONLESS = frozenset({"table", "period_kind", "last_day"})
REGIONLESS |= {"scheme_id", "scheme_version"}  # the scheme asked for is built in
# Names of ids, which are an office's, and of all that a record's key may have.
IDS = frozenset(name for kind in FACT_KINDS.values() for name in kind.id_columns)
KEYS = frozenset(name for kind in FACT_KINDS.values() for name in kind.key)


def names_in(path: str) -> list[str]:
    return re.findall(r"{(\w+)}", path)


def operations(document: Document) -> list[Operation]:
    return [*found(document)]


def found(document: Document) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if says := methods.get(method):
                content = says.get("requestBody", {}).get("content", {})
                asked = [p for p in says.get("parameters", ()) if p["in"] == "query"]
                yield Operation(
                    method=method,
                    path=path,
                    name=says["operationId"].rpartition(".")[2],
                    guarded=any("HTTPBearer" in each for each in says.get("security", ())),
                    query={p["name"]: p["schema"] for p in asked},
                    required=frozenset(p["name"] for p in asked if p.get("required")),
                    form=form_of(document, content.get("application/json")),
                    uploads="multipart/form-data" in content,
                )


def form_of(document: Document, content: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The schema of a body, followed to where it stands; of several the first."""
    if content is None:
        return None
    schema = content["schema"]
    schema = schema.get("anyOf", [schema])[0]
    name = schema["$ref"].rpartition("/")[2]
    found: Mapping[str, Any] = document["components"]["schemas"][name]
    return found


@dataclass(frozen=True)
class Places:
    """Values for what addresses name, each of something that is there.

    `given` are those that no list tells. The others are the first of the list above them, as
    `owner` sees it: so they are the owner's, whatever resources the document may come to have.
    `bodies` are what is sent where neither a record nor the schema tells it, by operation.
    """

    lists: frozenset[str]
    given: Mapping[str, str]
    bodies: Mapping[str, Mapping[str, Any]]
    owner: httpx.AsyncClient
    day: str

    async def filled(self, path: str) -> str:
        """`/projects/{project_id}/plans/{year}` → `/projects/P053/plans/2022`."""
        template, made, sampled = "", "", sample_places(path)
        for part in path.strip("/").split("/"):
            names = names_in(part)
            value = part
            if names:
                found = sampled.get(names[0]) or await self.value(template, made, names[0])
                value = part.replace(f"{{{names[0]}}}", found)  # `{page}.png` keeps its ending
            template, made = f"{template}/{part}", f"{made}/{value}"
        return made

    async def value(self, template: str, above: str, name: str) -> str:
        if name in self.given or template not in self.lists:
            return self.given[name]
        listed = await answer(self.owner, "GET", above, params={"limit": MOST})
        values = (item.get(name, item.get("id")) for item in listed["items"])
        return str(next(value for value in values if value is not None))

    async def request(self, operation: Operation, office: httpx.AsyncClient) -> Request:
        """What is right to send: a record as it is already, or as little as the schema demands."""
        url, given = await self.filled(operation.path), dict[str, Any]()
        params = {
            name: self.given.get(name) or self.example(operation.query[name])
            for name in sorted(operation.required)
        }
        if "limit" in operation.query:
            params["limit"] = str(MOST)
        if params:
            given["params"] = params
        if operation.uploads:
            given["files"] = UPLOADED
        elif operation.form is not None:
            given |= await self.body(operation, url, office)
        body = given.get("json", {})
        names_project = any(body.get(name) for name in ("project_id", "project_ids"))
        return Request(operation.method, url, given, names_project)

    async def body(
        self, operation: Operation, url: str, office: httpx.AsyncClient
    ) -> dict[str, Any]:
        assert operation.form is not None
        if operation.name in self.bodies:
            return {"json": self.bodies[operation.name]}
        fields = operation.form["properties"]
        if operation.method == "put":
            there = await office.get(url)
            assert there.is_success, f"{url}: {there.text}"
            record = {name: value for name, value in there.json().items() if name in fields}
            return {"json": record, "headers": {"if-match": there.headers["etag"]}}
        needed = operation.form.get("required", ())
        if operation.path in self.lists and needed != ["as_of"]:
            item = (await answer(self.owner, "GET", url))["items"][0]
            # Whoever sends it has a region and an office of its own.
            names = fields.keys() & item.keys() - {"region", "office"}
            return {"json": {name: item[name] for name in names}}
        return {"json": {name: self.example(fields[name]) for name in needed}}

    def example(self, schema: Mapping[str, Any]) -> str:
        schema = schema.get("items", schema)
        if schema.get("type") == "integer":
            return self.day[:4]
        assert schema.get("format") == "date", f"what is an example of {schema}?"
        return self.day
