"""Examples for the documents, recorded: the services are asked, over the golden county.

Every operation that answers JSON is sent one request that is done. What is read is what the county
holds; what is written is a record of the county, sent again. Moments are set to one moment, it
is one day, and of lists the first entry is kept, so that a recording made again is the same to the
byte.
"""

import io
import re
import zipfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import httpx
from fastapi import FastAPI
from joserfc.jwk import KeySet
from starlette.routing import Mount

from services.cli.server.all_in_one import SERVICE_NAMES, mount_services
from services.notifier.letters.worker import run_print_job
from services.notifier.main import build_app as notifier
from services.notifier.settings import IssuingOffice
from services.registry.main import build_app as registry
from services.scoring.main import build_app as scoring
from shared import clock
from shared.database.jobs import Job
from shared.database.migrations import migrate_schema
from shared.database.sessions import Sessions
from shared.http.tokens import Caller, Issuer, Role
from tests.databases import owner_of
from tests.openapi.documents import operations
from tests.openapi.example_requests import (
    ANSWERS,
    BODIES,
    CAMPAIGN,
    FIRST_SWEEP,
    MISTAKEN,
    NOT_SENT,
    OBJECTION,
    PLACES,
    PLACES_BELOW,
    QUERIES,
    RUN,
    SETTINGS,
    UNDONE,
    UNTIL,
    WHY,
)
from tests.openapi.moments import shortened
from tests.openapi.report_examples import OF_REPORTS, record_reports
from tests.openapi.session_examples import RECORDED_APART, record_sessions
from tests.paths import GOLDEN
from tests.registry.clients import REGION, jobs_done, speaking
from tests.registry.mappings.sheets import NAME, SEPTEMBER, build_sheet
from tests.registry.sessions.oidc.provider import SingleSignOn
from tests.samples import sample_files, sample_places
from tests.scoring.service.registry import connected

JSON = "application/json"
TOLD_APART = RECORDED_APART | OF_REPORTS
TODAY = date(2022, 12, 25)  # the last of the campaign, which may be summed up then

Example = dict[str, Any]


async def recorded(url: str, issuer: Issuer) -> dict[str, dict[str, Example]]:
    """Of every service the examples by operation; `url` is an empty database."""
    with patch.object(clock, "today", return_value=TODAY):
        return await recorded_today(url, issuer)


async def recorded_today(url: str, issuer: Issuer) -> dict[str, dict[str, Example]]:
    async with services_over(url, issuer) as app:
        found: dict[str, dict[str, Example]] = {}
        async with client(app, issuer, Caller("王芳", Role.office, REGION)) as office:
            document = (await office.get("/openapi.json")).json()
            asked = Asked(office, document)
            for example in await set_up(asked, app, issuer):
                keep(found, document, *example)
            for example in await record_sessions(app, office):
                keep(found, document, *example)
            async with client(app, issuer, Caller("赵敏", Role.unit, REGION, "U12")) as unit:
                for name, answer, sent in await record_reports(unit, office):
                    keep(found, document, name, done(answer) | sent)
            known = operations(document)
            for reading in (True, False):
                for name, (method, _, operation) in known.items():
                    if is_sent(name, operation) and (method == "get") is reading:
                        keep(found, document, name, await asked.send(name))
    return found


@asynccontextmanager
async def services_over(url: str, issuer: Issuer) -> AsyncIterator[FastAPI]:
    """The three as in `bairi up`, but nothing beside them that would write by itself."""
    for name in SERVICE_NAMES:
        await migrate_schema(url, name, owner_of(url))
    keys = KeySet([issuer.key])
    async with connected(url) as sessions:
        facts = registry(sessions, keys, issuer, oidc=SingleSignOn().provider())
        async with speaking(facts, issuer)("inspector", "") as to_facts:
            runs = scoring(sessions, keys, to_facts)
            async with speaking(runs, issuer)("inspector", "") as to_runs:
                letters = notifier(sessions, keys, to_facts, to_runs, IssuingOffice(any_day=True))
                parts = zip(SERVICE_NAMES, (facts, runs, letters), strict=True)
                yield mount_services(dict(parts), issuer)


def keep(found: Any, document: Any, name: str, example: Example) -> None:
    service = operations(document)[name][1].split("/")[1]
    found.setdefault(service, {})[name] = example


def client(app: FastAPI, issuer: Issuer, who: Caller) -> httpx.AsyncClient:
    token = issuer.issue(who, now=clock.now(), lasts=timedelta(hours=1))
    headers = {"authorization": f"Bearer {token}", "x-request-id": "example"}
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://bairi", headers=headers)


def answers(operation: Any) -> bool:
    """Whether an operation answers JSON when all goes well."""
    return any(JSON in answer.get("content", {}) for answer in operation["responses"].values())


def is_sent(name: str, operation: Any) -> bool:
    """Whether an operation is sent from the tables, and not in a story of its own."""
    apart = name in NOT_SENT or not TOLD_APART.isdisjoint(operation["tags"])
    return answers(operation) and not apart


class Asked:
    """Operations of the document, sent as a front end would, and what became of it."""

    def __init__(self, http: httpx.AsyncClient, document: Any) -> None:
        self.http = http
        self.document = document

    async def send(self, name: str) -> Example:
        """One request and its answer; places, query and body from the tables above."""
        method, path, operation = operations(self.document)[name]
        places = await self.places(path)
        query = dict(QUERIES.get(name, {}))
        if any(each["name"] == "limit" for each in operation.get("parameters", ())):
            query["limit"] = "2"
        body, headers = await self.body(name, path, path.format(**places), operation)
        answer = await self.http.request(
            method, path.format(**places), params=query, json=body, headers=headers
        )
        assert answer.is_success, (name, answer.text)
        given = typed({**places, **query}, operation)
        example: Example = {"answers": {str(answer.status_code): shortened(answer.json())}}
        if given:
            example["parameters"] = given
        if body is not None:
            example["body"] = body
        return example

    async def places(self, path: str) -> dict[str, str]:
        names = re.findall(r"{(\w+)}", path)
        below = [of for part, of in PLACES_BELOW.items() if part in path]
        places = {**PLACES, **(below[0] if below else {}), **sample_places(path)}
        if "version" in names:
            listed = path.removesuffix("/{version}").format(**places)
            places["version"] = str((await self.http.get(listed)).json()["items"][0]["version"])
        return {name: places[name] for name in names}

    async def body(
        self, name: str, path: str, place: str, operation: Any
    ) -> tuple[Any, dict[str, str]]:
        """What is sent: one of `BODIES`, or what is recorded there, or else in the list."""
        if "requestBody" not in operation:
            return None, {}
        if name in BODIES:
            return BODIES[name], {}
        read = await self.http.get(place)
        assert read.is_success, (name, f"Put a body for {path} into BODIES.")
        record = read.json().get("items", [read.json()])[0]
        reference = operation["requestBody"]["content"][JSON]["schema"]["$ref"]
        form = self.document["components"]["schemas"][reference.rpartition("/")[2]]
        known = {field: record[field] for field in form["properties"] if field in record}
        body = {field: value for field, value in known.items() if value not in (None, [])}
        etag = read.headers.get("etag")
        return body | {"why": WHY}, {"if-match": etag} if etag else {}


async def set_up(asked: Asked, app: FastAPI, issuer: Issuer) -> list[tuple[str, Example]]:
    """A county imported, a run, a sweep, and a letter acknowledged; the examples of doing so."""
    files = {"file": ("岚县.zip", zipped())}
    uploaded = await asked.http.post("/registry/v1/imports", files=files)
    applied = await asked.http.post("/registry/v1/imports/1/apply")
    await jobs_done(sessions_of(app, "registry"))
    mistaken = {"file": ("progress.zip", zip_files({"progress.csv": MISTAKEN}))}
    assert (await asked.http.post("/registry/v1/imports", files=mistaken)).is_success
    assert (await asked.http.post("/registry/v1/imports/2/apply")).is_success
    await jobs_done(sessions_of(app, "registry"))
    undone = await asked.http.post("/registry/v1/imports/2/undo", json=UNDONE)
    own = {"file": ("九月台账.xlsx", build_sheet(SEPTEMBER))}
    suggested = await asked.http.post("/registry/v1/mappings/suggestions", files=own)
    path = f"/registry/v1/mappings/{NAME}"
    assert (await asked.http.put(path, json={"document": suggested.json()["document"]})).is_success
    path = "/registry/v1/imports"
    assert (await asked.http.post(path, files=own, params={"mapping": NAME})).is_success
    answered = await asked.http.post(f"{path}/3/answers", json=ANSWERS)
    assert (await asked.http.put(f"/registry/v1/offices/{REGION}", json=SETTINGS)).is_success
    given = {"runs": RUN, "campaigns": CAMPAIGN}
    asks = [(f"/scoring/v1/{name}", body) for name, body in given.items()]
    opened = ("/scoring/v1/runs/1/comment-period", UNTIL)
    for path, body in (*asks, opened, ("/notifier/v1/sweeps", FIRST_SWEEP)):
        assert (await asked.http.post(path, json=body)).is_success
    await run_print_job(sessions_of(app, "notifier"), Job({}))
    letter = (await asked.http.get("/notifier/v1/letters/1")).json()
    unit = Caller("李强", Role.unit, REGION, letter["unit_id"])
    async with client(app, issuer, unit) as http:
        acknowledged = await http.post("/notifier/v1/letters/1/acknowledge")
    objector = Caller("李强", Role.unit, REGION, OBJECTION["unit_id"])
    async with client(app, issuer, objector) as http:
        objected = await http.post("/scoring/v1/runs/1/objections", json=OBJECTION)
    return [
        *await void_twice(asked.http),
        ("upload_ledger", done(uploaded)),
        ("apply_import", done(applied, import_id=1)),
        ("preview_mapping", done(suggested)),
        ("answer_import_questions", {**done(answered, import_id=3), "body": ANSWERS}),
        ("undo_import", {**done(undone, import_id=2), "body": UNDONE}),
        ("acknowledge_letter", done(acknowledged, letter_id=1)),
        ("record_objection", done(objected, run_id=1) | {"body": OBJECTION}),
    ]


async def void_twice(http: httpx.AsyncClient) -> list[tuple[str, Example]]:
    """A report voided, taken back, and voided again; the examples of doing so."""
    path, voids = "/registry/v1/projects/P018/progress/2022-09-28", "/registry/v1/voids"
    await http.put(path, json={"invested_ytd_yuan": 12_000_000})
    named = {"kind": "progress", "version": (await http.get(path)).json()["version"]}
    form = named | {"reason": "与 9 月 30 日的重复"}
    previewed = await http.post(f"{voids}/preview", json=named)
    voided = await http.post(voids, json=form)
    back = {"reason": "核对后不是重复"}
    revoked = await http.post(f"{voids}/1/take-back", json=back)
    version = (await http.get(path)).json()["version"]
    assert (await http.post(voids, json=form | {"version": version})).is_success
    return [
        ("preview_void", done(previewed) | {"body": named}),
        ("void_record", done(voided) | {"body": form}),
        ("revoke_void", done(revoked, void_id=1) | {"body": back}),
    ]


def sessions_of(app: FastAPI, service: str) -> Sessions:
    (part,) = [each for each in app.routes if isinstance(each, Mount) and service in each.path]
    assert isinstance(part.app, FastAPI)
    sessions: Sessions = part.app.state.sessions
    return sessions


def done(answer: httpx.Response, **places: int) -> Example:
    assert answer.is_success, answer.text
    made: Example = {"answers": {str(answer.status_code): shortened(answer.json())}}
    return made | ({"parameters": places} if places else {})


def zipped() -> bytes:
    """The county as a ZIP whose bytes are always the same."""
    golden = {path.name: path.read_bytes() for path in sorted((GOLDEN / "county").glob("*.csv"))}
    return zip_files(golden | {f"{name}.csv": text for name, text in sample_files().items()})


def zip_files(files: Mapping[str, str | bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as out:
        for name, content in files.items():
            out.writestr(zipfile.ZipInfo(name), content)
    return sink.getvalue()


def typed(given: Mapping[str, str], operation: Any) -> dict[str, Any]:
    """Parameters as their schemas have them: a number, a list, or text."""
    types = {each["name"]: each["schema"].get("type") for each in operation.get("parameters", ())}
    made: dict[str, Callable[[str], Any]] = {"integer": int, "array": lambda value: [value]}
    return {name: made.get(types[name], str)(value) for name, value in given.items()}
