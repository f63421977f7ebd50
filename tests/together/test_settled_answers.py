"""Answers that never change, whatever is done to what they are of; documents in parts."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from shared.http.delivery import IMMUTABLE
from tests.together.county import DRAFT_DAY, There
from tests.together.house import HouseWithCounty
from tests.together.regions import OWN, PROJECT, UNIT
from tests.together.system import LETTERHEAD, answer

VALUES = {"pillar": "speed", "metric": "start_rate", "unit_id": UNIT, "page": 1}
RUNS, LETTERS = "/scoring/v1/runs/{run_id}", "/notifier/v1/letters/{letter_id}"
SETTLED = {
    f"{RUNS}/document",
    f"{RUNS}/ranking",
    f"{RUNS}/pillars/{{pillar}}",
    f"{RUNS}/metrics/{{metric}}",
    f"{RUNS}/unit-lights",
    f"{RUNS}/boards",
    f"{RUNS}/streaks",
    f"{RUNS}/awards",
    f"{RUNS}/movement",
    f"{RUNS}/left-out",
    f"{RUNS}/units/{{unit_id}}/standing",
    f"{LETTERS}/document.pdf",
    f"{LETTERS}/document.docx",
    f"{LETTERS}/pages",
    f"{LETTERS}/pages/{{page}}.png",
}
DOCUMENTS = [
    *(f"{RUNS}/bulletin.{form}" for form in ("pdf", "docx", "xlsx")),
    *(f"{LETTERS}/document.{form}" for form in ("pdf", "docx")),
]


@pytest.fixture
async def office(house_with_county: HouseWithCounty) -> AsyncIterator[httpx.AsyncClient]:
    """The office without the checks of documents, which know no 304 and no part."""
    headers = house_with_county.as_("office").headers
    transport = httpx.ASGITransport(house_with_county.app)
    base = "http://house"
    async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as client:
        yield client


def routes_that_never_change(app: FastAPI) -> Iterator[str]:
    for mount in app.routes:
        if isinstance(mount, Mount) and isinstance(mount.app, FastAPI):
            for route in iter_route_contexts(mount.app.routes):
                if getattr(route.endpoint, "never_changes", False):
                    yield f"{mount.path}{route.path_format}"


def address(template: str, there: There) -> str:
    """The address of something of the draft of a run, or of the first letter."""
    since = f"?since={there.published_run}" if template.endswith("/movement") else ""
    return template.format(run_id=there.draft_run, letter_id=1, **VALUES) + since


def test_all_that_never_changes_is_looked_at(house_with_county: HouseWithCounty) -> None:
    assert {*routes_that_never_change(house_with_county.app)} == SETTLED


async def test_what_never_changes_stays_whatever_is_done(
    house_with_county: HouseWithCounty, office: httpx.AsyncClient
) -> None:
    house, there = house_with_county, house_with_county.there
    judged = {"project_id": PROJECT, "axis": "overall", "colour": "green", "reason": "现场核查"}
    target = {"unit_id": UNIT, "metric": "investment_completion", "value": "0.9", "reason": "追加"}
    path = f"/registry/v1/offices/{OWN}"
    async with house.undone():
        before = {each: await office.get(address(each, there)) for each in SETTLED}
        await answer(office, "POST", f"/scoring/v1/runs/{there.draft_run}/publish")
        await answer(office, "POST", "/scoring/v1/judgements", json=judged)
        await answer(
            office, "POST", "/scoring/v1/entries", json={"day": DRAFT_DAY, "targets": [target]}
        )
        letter = "/notifier/v1/letters/1"
        unit = (await answer(office, "GET", letter))["unit_id"]
        await answer(house.as_("unit", unit_id=unit), "POST", f"{letter}/acknowledge")
        version = (await office.get(path)).headers["etag"]
        renamed = LETTERHEAD | {"name": "另一个名称"}
        await answer(office, "PUT", path, json=renamed, headers={"if-match": version})
        after = {each: await office.get(address(each, there)) for each in SETTLED}
        for each, first in before.items():
            assert first.status_code == 200, first.text
            assert first.headers["cache-control"] == IMMUTABLE.decode()
            assert after[each].content == first.content, each
            tag = {"if-none-match": first.headers["etag"]}
            assert (await office.get(address(each, there), headers=tag)).status_code == 304


@pytest.mark.parametrize("template", DOCUMENTS)
async def test_a_document_is_the_same_each_time_and_sent_in_parts(
    house_with_county: HouseWithCounty, office: httpx.AsyncClient, template: str
) -> None:
    path = address(template, house_with_county.there)
    whole = await office.get(path)
    tag = {"if-range": whole.headers["etag"]}
    first = await office.get(path, headers=tag | {"range": "bytes=0-999"})
    rest = await office.get(path, headers=tag | {"range": "bytes=1000-"})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.content + rest.content == whole.content


async def test_a_bulletin_is_asked_for_each_time(
    house_with_county: HouseWithCounty, office: httpx.AsyncClient
) -> None:
    """It says whether the run is published, and the office's name as it is now."""
    path = address(f"{RUNS}/bulletin.pdf", house_with_county.there)
    async with house_with_county.undone():
        first = await office.get(path)
        assert first.headers["cache-control"] == "private, no-cache"
        await answer(office, "POST", f"{path.rpartition('/')[0]}/publish")
        tag = {"if-none-match": first.headers["etag"]}
        assert (await office.get(path, headers=tag)).status_code == 200


async def test_a_campaign_has_another_tag_when_it_is_published(
    house_with_county: HouseWithCounty, office: httpx.AsyncClient
) -> None:
    campaigns = "/scoring/v1/campaigns"
    form = {
        "name": "冲刺",
        "scheme": "lanxian-2022",
        "from_on": "2022-10-01",
        "to_on": "2022-12-25",
    }
    async with house_with_county.undone():
        path = f"{campaigns}/{(await answer(office, 'POST', campaigns, json=form))['id']}"
        tag = {"if-none-match": (await office.get(path)).headers["etag"]}
        assert (await office.get(path, headers=tag)).status_code == 304
        await answer(office, "POST", f"{path}/publish")
        published = await office.get(path, headers=tag)
        assert published.json()["published_at"] is not None
        correction = {"why": "改名", **form, "name": "再冲刺"}
        seen = {"if-match": f"W/{published.headers['etag']}"}
        await answer(office, "PUT", path, json=correction, headers=seen)
