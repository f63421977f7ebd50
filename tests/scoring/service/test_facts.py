"""Taking facts: what is known when, and what happens without a registry."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pyarrow as pa
import pytest
from joserfc.jwk import KeySet

from services.scoring.execution.content_digest import digest_facts
from services.scoring.execution.facts_storage import from_parquet, to_parquet
from services.scoring.main import build_app
from services.scoring.tables import Run
from shared.database.sessions import Sessions
from shared.facts.tables import Facts
from shared.http.tokens import Caller, Issuer, Role
from tests.paths import GOLDEN
from tests.registry.clients import REGION
from tests.scoring.service.conftest import client_of, ledger
from tests.scoring.service.registry import Registry
from tests.scoring.service.test_run_identity import count
from tests.scoring.service.test_runs import DAY, begun, part_asked

SETTLED = "2023-01-09T01:00:00+00:00"
SETTLED_MOMENT = {"known_at": SETTLED, "offices": [REGION]}
SEPTEMBER = "2022-09-30"


class TestALateCorrection:
    """A report of August, corrected after it was first told."""

    @pytest.fixture
    def registry(self, corrected: Registry) -> Registry:
        return corrected

    @pytest.fixture
    def then(self, corrected: Registry) -> str:
        return corrected.then.isoformat()

    async def test_as_known_then_and_as_known_now_differ(
        self, then: str, office: httpx.AsyncClient
    ) -> None:
        golden = json.loads((GOLDEN / f"county.score-{SEPTEMBER}.json").read_bytes())

        known_then = await begun(office, as_of=SEPTEMBER, known_at=then)
        known_now = await begun(office, as_of=SEPTEMBER)
        old, new = [
            (await office.get(f"/v1/runs/{run['id']}/document")).json()
            for run in (known_then, known_now)
        ]
        repeated = (await office.post(f"/v1/runs/{known_then['id']}/repeat")).json()

        assert part_asked(old, golden) == golden
        assert [light["project_id"] for light in new["lights"] if light not in old["lights"]] == [
            "P059"
        ]
        assert known_then["facts_digest"] != known_now["facts_digest"]
        assert repeated["same"]

    async def test_equal_facts_at_another_moment_are_the_same_run(
        self, then: str, office: httpx.AsyncClient
    ) -> None:
        now = await begun(office, as_of=SEPTEMBER)
        later = await begun(office, as_of=SEPTEMBER)
        first = await begun(office, as_of=SEPTEMBER, known_at=then)
        again = await begun(office, as_of=SEPTEMBER, known_at=then)

        assert now == later
        assert first == again
        assert datetime.fromisoformat(first["known_at"]) == datetime.fromisoformat(then)
        assert first["known_at"] < now["known_at"]

    async def test_lights_of_days_are_as_known_then(
        self, then: str, office: httpx.AsyncClient
    ) -> None:
        async def lights(**known: str) -> Any:
            days = {"as_of": [SEPTEMBER, "2022-08-31", "2022-08-31"], **known}
            return (await office.get("/v1/lights", params=days)).json()["items"]

        run = await begun(office, as_of=SEPTEMBER, known_at=then)
        kept = await office.get(f"/v1/runs/{run['id']}/lights", params={"limit": 200})
        old, new = await lights(known_at=then), await lights()

        assert [light["as_of"] for light in old] == sorted(light["as_of"] for light in old)
        in_september = [
            {k: v for k, v in light.items() if k != "as_of"}
            for light in old
            if light["as_of"] == SEPTEMBER
        ]
        assert part_asked(kept.json()["items"], in_september) == in_september
        changed = [light for light in new if light not in old]
        assert {light["project_id"] for light in changed} == {"P059"}

    async def test_a_moment_to_come_is_refused(self, office: httpx.AsyncClient) -> None:
        ask = {"as_of": SEPTEMBER, "known_at": "2199-01-01T00:00:00Z"}
        assert (await office.post("/v1/runs", json=ask)).status_code == 422


async def test_red_progress_is_asked_for_by_axis(office: httpx.AsyncClient) -> None:
    whole = (await office.get("/v1/lights", params={"as_of": DAY})).json()["items"]
    asked = {"as_of": DAY, "axis": "progress", "colour": "red"}
    red = (await office.get("/v1/lights", params=asked)).json()["items"]

    assert red == [light for light in whole if light["axes"]["progress"] == "red"] != []


Answer = Callable[[httpx.Request], httpx.Response]


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def cut(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/v1/facts":
        return httpx.Response(200, json=SETTLED_MOMENT)
    raise httpx.RemoteProtocolError("peer closed connection")


def failing(request: httpx.Request) -> httpx.Response:
    return httpx.Response(500, text="oops")


def forbidding(request: httpx.Request) -> httpx.Response:
    return httpx.Response(403, json={"title": "没有这个权限"})


def busy(request: httpx.Request) -> httpx.Response:
    return httpx.Response(503, json={"title": "数据库起不来", "detail": "稍后"})


def too_early(request: httpx.Request) -> httpx.Response:
    return httpx.Response(422, json={"title": "请求不合格式", "detail": "known_at 在将来"})


def nonsense(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/v1/facts":
        return httpx.Response(200, json=SETTLED_MOMENT)
    return httpx.Response(200, content=b"<html>")


def half(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/v1/facts":
        return httpx.Response(200, json=SETTLED_MOMENT)
    table = ledger("small").tables[request.url.path.rsplit("/", 1)[1]]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return httpx.Response(200, content=sink.getvalue().to_pybytes()[:700])


@pytest.mark.parametrize(
    ("answer", "status", "problem"),
    [
        (unreachable, 503, "registry-away"),
        (cut, 503, "registry-away"),
        (busy, 503, "registry-away"),
        (failing, 502, "registry-refused"),
        (forbidding, 502, "registry-refused"),
        (nonsense, 502, "registry-refused"),
        (half, 502, "registry-refused"),
        (too_early, 422, "invalid-request"),
    ],
)
async def test_without_facts_there_is_a_problem_and_nothing_stored(
    answer: Answer, status: int, problem: str, sessions: Sessions, issuer: Issuer
) -> None:
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(answer), base_url="http://registry"
    ) as http:
        app = build_app(sessions, KeySet([issuer.key]), http)
        office = client_of(app, issuer, Caller("office", Role.office, REGION))
        found = await office.post("/v1/runs", json={"as_of": DAY})
        lights = await office.get("/v1/lights", params={"as_of": DAY})

    assert (found.status_code, found.json()["type"]) == (status, f"/problems/{problem}")
    assert lights.status_code == status
    assert await count(sessions, Run) == 0


def in_pieces(table: pa.Table) -> pa.Table:
    parts = [table.slice(0, 3), table.slice(3, 0), table.slice(3, 40), table.slice(43)]
    return pa.concat_tables(parts)


class TestDigest:
    facts = ledger("county")

    def test_pieces_and_parquet_do_not_change_it(self) -> None:
        pieces = {name: in_pieces(table) for name, table in self.facts.tables.items()}
        assert digest_facts(Facts(pieces)) == digest_facts(self.facts)
        kept = {n: from_parquet(n, to_parquet(table)) for n, table in self.facts.tables.items()}
        assert digest_facts(Facts(kept)) == digest_facts(self.facts)
        assert kept == self.facts.tables

    @pytest.mark.parametrize("table", ledger("county").present)
    def test_one_value_more_or_less_changes_it(self, table: str) -> None:
        found = self.facts.tables[table]
        digests = {digest_facts(self.facts)}
        for name in found.column_names:
            blank = pa.nulls(found.num_rows, found.schema.field(name).type)
            other = found.set_column(found.schema.get_field_index(name), name, blank)
            if other[name] != found[name]:
                digests.add(digest_facts(Facts({**self.facts.tables, table: other})))
        digests.add(digest_facts(Facts({**self.facts.tables, table: found.slice(1)})))
        changed = sum(found[name].null_count < found.num_rows for name in found.column_names)
        assert len(digests) == changed + 2

    def test_where_one_text_ends_and_the_next_begins_counts(self) -> None:
        def told(*notes: str) -> str:
            rows = [{"project_id": "P", "note": note} for note in notes]
            return digest_facts(Facts.from_rows({"progress": rows}))

        assert len({told("ab", "c"), told("a", "bc"), told("", "abc")}) == 3
