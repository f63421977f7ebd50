"""The origin of all services: it tells where they are, and delivers their answers once."""

import gzip
from collections.abc import AsyncIterator

import httpx
import pytest

from services.cli.server.all_in_one import SERVICES
from tests.together.house import HouseWithCounty

RAW = {"accept-encoding": "gzip"}


@pytest.fixture
async def office(house_with_county: HouseWithCounty) -> AsyncIterator[httpx.AsyncClient]:
    headers = house_with_county.as_("office").headers
    transport = httpx.ASGITransport(house_with_county.app)
    base = "http://house"
    async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as client:
        yield client


async def test_every_place_that_an_index_tells_of_is_there(office: httpx.AsyncClient) -> None:
    origin = (await office.get("/")).json()["links"]
    assert set(origin) == {"docs", "openapi", *SERVICES}
    for address in origin.values():
        assert (await office.get(address)).status_code == 200
    for service in SERVICES:
        told = (await office.get(f"/{service}/")).json()["links"]
        for address in told.values():
            assert address.startswith(f"/{service}/")
            assert (await office.get(address)).status_code == 200


async def test_an_answer_is_compressed_once(office: httpx.AsyncClient) -> None:
    for path in ("/registry/v1/projects", "/openapi.json"):
        request = office.build_request("GET", path, headers=RAW)
        answer = await office.send(request, stream=True)
        packed = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed).startswith(b'{"')


async def test_a_service_is_asked_by_head_and_by_what_is_known(office: httpx.AsyncClient) -> None:
    path = "/registry/v1/projects"
    whole, head = await office.get(path), await office.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    tag = {"if-none-match": whole.headers["etag"]}
    assert (await office.get(path, headers=tag)).status_code == 304


async def test_an_exported_ledger_is_sent_in_parts(office: httpx.AsyncClient) -> None:
    path = "/registry/v1/exports/ledger.xlsx"
    whole = await office.get(path)
    assert whole.headers["accept-ranges"] == "bytes"
    part = await office.get(path, headers={"range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, whole.content[:4])


async def test_metrics_of_a_service_tell_what_was_sent(office: httpx.AsyncClient) -> None:
    path = "/registry/v1/calendar/2022"
    tag = {"if-none-match": (await office.get(path)).headers["etag"]}
    await office.get(path, headers=tag)
    await office.head(path)
    metrics = (await office.get("/registry/metrics")).text
    for method, status in (("GET", 304), ("HEAD", 200)):
        line = f'method="{method}",route="/v1/calendar/{{year}}",status="{status}"'
        assert f"bairi_requests_total{{{line}}}" in metrics


@pytest.mark.parametrize("path", ["/registry/v1/calendar/20%0A22", "/registry/%0A", "/%00"])
async def test_an_address_that_is_no_text_is_refused_wherever_it_leads(
    office: httpx.AsyncClient, path: str
) -> None:
    answer = await office.get(path)
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == ["unreadable_address"]
