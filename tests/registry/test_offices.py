"""Settings of offices over HTTP: the whole of them replaced, and everything that was remembered."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.http.facts_client import RegistryAway, RegistryRefused
from shared.http.offices_client import OfficesClient
from shared.http.tokens import Issuer
from tests.paths import GOLDEN
from tests.registry.clients import As, imported, zipped

COUNTY, CITY, BESIDE = "350521", "350500", "350524"
PLACE = f"/v1/offices/{COUNTY}"
FORM: dict[str, Any] = {
    "name": "惠安县项目攻坚指挥部办公室",
    "agency_words": {"default": "惠攻办", "supervision": "惠攻督"},
    "contact": "督查科 王芳",
    "telephone": "0595-12345678",
    "signers": {"supervision": "李强"},
}
DERIVED = {
    "office": COUNTY,
    "name": "惠安县重点项目建设领导小组办公室",
    "agency_words": {"default": "惠安重办"},
    "contact": None,
    "telephone": None,
    "signers": {},
    "version": None,
    "recorded_at": None,
    "recorded_by": None,
    "why": None,
    "superseded_at": None,
}
READERS = ("office", "inspector", "unit", "leader", "field")


@pytest.fixture
def county(as_: As) -> httpx.AsyncClient:
    return as_("office", COUNTY)


async def test_an_office_that_has_set_nothing_is_called_after_its_region(
    county: httpx.AsyncClient,
) -> None:
    answer = await county.get(PLACE)
    assert answer.json() == DERIVED
    assert "etag" not in answer.headers
    assert (await county.get(f"{PLACE}/history")).json() == []


async def test_settings_are_recorded_replaced_and_remembered(county: httpx.AsyncClient) -> None:
    first = await county.put(PLACE, json={**FORM, "why": "机构改革"})
    assert first.status_code == 201, first.text
    again = await county.put(PLACE, json=FORM)
    less = {"name": FORM["name"], "agency_words": {"default": "惠攻办"}}
    unseen = await county.put(PLACE, json=less)
    seen = {"if-match": first.headers["etag"]}
    replaced = await county.put(PLACE, json=less, headers=seen)
    stale = await county.put(PLACE, json=FORM, headers=seen)

    codes = [answer.status_code for answer in (again, unseen, replaced, stale)]
    assert codes == [200, 412, 200, 412]
    assert unseen.json()["current"] == first.json()["version"]
    assert again.json() == first.json()
    assert FORM.items() <= first.json().items()
    assert first.json()["recorded_by"] == "the office"
    now = (await county.get(PLACE)).json()
    assert now == replaced.json()
    assert (now["contact"], now["signers"]) == (None, {})
    history = (await county.get(f"{PLACE}/history")).json()
    assert history[0] == now
    assert history[1] == {**first.json(), "superseded_at": now["recorded_at"]}
    assert [each["why"] for each in history] == ["", "机构改革"]


async def test_the_first_settings_replace_no_version(county: httpx.AsyncClient) -> None:
    answer = await county.put(PLACE, json=FORM, headers={"if-match": '"1"'})
    assert answer.status_code == 412
    assert answer.json()["current"] is None
    assert (await county.get(PLACE)).json() == DERIVED


async def test_what_was_in_force_at_a_moment_is_told(county: httpx.AsyncClient) -> None:
    first = await county.put(PLACE, json=FORM)
    headers = {"if-match": first.headers["etag"]}
    await county.put(PLACE, json={**FORM, "name": "惠安县项目办"}, headers=headers)

    async def name_at(moment: str) -> Any:
        answer = await county.get(PLACE, params={"known_at": moment})
        assert answer.status_code == 200, answer.text
        return answer.json()["name"]

    moments = [each["recorded_at"] for each in (await county.get(f"{PLACE}/history")).json()]
    assert await name_at(moments[0]) == "惠安县项目办"
    assert await name_at(moments[1]) == FORM["name"]
    assert await name_at("2020-01-01T00:00:00Z") == DERIVED["name"]
    future = await county.get(PLACE, params={"known_at": "2199-01-01T00:00:00Z"})
    assert (future.status_code, future.json()["type"]) == (422, "/problems/not-yet")
    assert (await county.get(PLACE, params={"known_at": "2022-01-01"})).status_code == 422


async def test_a_prefix_names_the_office_that_it_is_filled_to(as_: As) -> None:
    city = as_("office", "3505")
    written = await city.put("/v1/offices/3505", json=FORM)
    assert (written.status_code, written.json()["office"]) == (201, CITY)
    for place in ("/v1/offices/3505", f"/v1/offices/{CITY}"):
        assert (await city.get(place)).json() == written.json()
    same = await as_("office", CITY).put(
        f"/v1/offices/{CITY}", json=FORM, headers={"if-match": written.headers["etag"]}
    )
    assert same.status_code == 200


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"name": ""}, "#/name"),
        ({"name": " \u3000"}, "#/name"),
        ({"name": "办" * 61}, "#/name"),
        ({"name": "惠安\n重点办"}, "#/name"),
        ({"name": "惠安\u2028重点办"}, "#/name"),
        ({"name": None}, "#/name"),
        ({"agency_words": {}}, "#/agency_words"),
        ({"agency_words": {"supervision": "惠重督"}}, "#/agency_words"),
        ({"agency_words": {"default": ""}}, "#/agency_words/default"),
        ({"agency_words": {"default": "办" * 21}}, "#/agency_words/default"),
        ({"agency_words": {"default": "惠重办\u200b"}}, "#/agency_words/default"),
        (
            {"agency_words": {"default": "惠重办", "督办函": "惠重督"}},
            "#/agency_words/督办函/[key]",
        ),
        ({"agency_words": "惠重办"}, "#/agency_words"),
        (
            {"agency_words": {"default": "惠重办"} | {41 * "a": "办"}},
            f"#/agency_words/{41 * 'a'}/[key]",
        ),
        (
            {"agency_words": {"a" * n: "办" for n in range(1, 41)} | {"default": "办"}},
            "#/agency_words",
        ),
        ({"contact": ""}, "#/contact"),
        ({"telephone": "1\t2"}, "#/telephone"),
        ({"telephone": 12345678}, "#/telephone"),
        ({"signers": {"supervision": None}}, "#/signers/supervision"),
        ({"office": COUNTY}, "#/office"),
        ({"why": "改" * 501}, "#/why"),
    ],
)
async def test_what_cannot_be_printed_is_refused(
    county: httpx.AsyncClient, changed: dict[str, Any], pointer: str
) -> None:
    answer = await county.put(PLACE, json={**FORM, **changed})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert (await county.get(PLACE)).json() == DERIVED


async def test_blanks_around_a_text_are_dropped(county: httpx.AsyncClient) -> None:
    blank = {**FORM, "name": f" {FORM['name']}\u3000", "agency_words": {"default": " 惠攻办 "}}
    written = (await county.put(PLACE, json=blank)).json()
    assert (written["name"], written["agency_words"]) == (FORM["name"], {"default": "惠攻办"})


@pytest.mark.parametrize("place", ["abc", "3505211", "35052X", "350521:U01", "３５０５２１"])
async def test_what_is_no_code_is_no_office(county: httpx.AsyncClient, place: str) -> None:
    assert (await county.get(f"/v1/offices/{place}")).status_code == 422
    assert (await county.put(f"/v1/offices/{place}", json=FORM)).status_code == 422


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", READERS)
async def test_everybody_of_the_region_reads_its_office_and_those_above(
    as_: As, county: httpx.AsyncClient, role: str
) -> None:
    await county.put(PLACE, json=FORM)
    reader = as_(role, COUNTY, "U01")
    assert (await reader.get(PLACE)).json()["name"] == FORM["name"]
    assert (await reader.get(f"{PLACE}/history")).status_code == 200
    for above in ("3505", "350000", "000000"):
        assert (await reader.get(f"/v1/offices/{above}")).status_code == 200
    for elsewhere in (BESIDE, "350600", "140000"):
        assert (await reader.get(f"/v1/offices/{elsewhere}")).status_code == 404
        assert (await reader.get(f"/v1/offices/{elsewhere}/history")).status_code == 404


@pytest.mark.parametrize("role", ["viewer", "approval"])
async def test_others_do_not_read_it(as_: As, role: str) -> None:
    client = as_(role, COUNTY, "U01")
    for place in (PLACE, f"{PLACE}/history", "/v1/offices"):
        assert (await client.get(place)).status_code == 403


@pytest.mark.parametrize(
    ("role", "region", "status"),
    [
        ("office", COUNTY, 201),
        ("office", f"{COUNTY}001", 201),
        ("office", "3505", 403),
        ("office", "", 403),
        ("office", BESIDE, 404),
        ("office", CITY, 403),
        ("inspector", COUNTY, 403),
        ("unit", COUNTY, 403),
        ("leader", COUNTY, 403),
        ("field", COUNTY, 403),
        ("viewer", COUNTY, 403),
    ],
)
async def test_only_the_office_itself_sets_anything(
    as_: As, county: httpx.AsyncClient, role: str, region: str, status: int
) -> None:
    answer = await as_(role, region, "U01").put(PLACE, json=FORM)
    assert answer.status_code == status, answer.text
    set_by_itself = (await county.get(PLACE)).json()["version"] is not None
    assert set_by_itself == (status == 201)


async def test_a_county_does_not_set_what_is_above_it(county: httpx.AsyncClient) -> None:
    answer = await county.put(f"/v1/offices/{CITY}", json=FORM)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/outside-region")


# --- lists ---------------------------------------------------------------------------------------


async def listed(client: httpx.AsyncClient, **asked: str | int) -> list[str]:
    answer = await client.get("/v1/offices", params=asked)
    assert answer.status_code == 200, answer.text
    return [item["office"] for item in answer.json()["items"]]


async def test_a_list_has_offices_with_settings_or_rows_within_a_region_and_above(
    as_: As,
) -> None:
    await imported(as_("office"), zipped(GOLDEN / "small"))  # of 990101
    for region in (COUNTY, BESIDE, "350622", "3505", ""):
        code = region or "000000"
        await as_("office", region).put(f"/v1/offices/{code}", json=FORM)

    country, city, county = (as_("inspector", region) for region in ("", "3505", COUNTY))
    everything = ["000000", CITY, COUNTY, BESIDE, "350622", "990101"]
    assert await listed(country) == everything
    assert await listed(country, region="3505") == ["000000", CITY, COUNTY, BESIDE]
    assert await listed(country, region="35") == ["000000", CITY, COUNTY, BESIDE, "350622"]
    assert await listed(city) == ["000000", CITY, COUNTY, BESIDE]
    assert await listed(county) == ["000000", CITY, COUNTY]
    assert await listed(county, region="3505") == ["000000", CITY, COUNTY]
    for elsewhere in (BESIDE, "3506"):
        answer = await county.get("/v1/offices", params={"region": elsewhere})
        assert answer.status_code == 404

    first = (await country.get("/v1/offices", params={"limit": 4})).json()
    rest = (await country.get("/v1/offices", params={"limit": 4, "after": first["next"]})).json()
    items = [*first["items"], *rest["items"]]
    assert [item["office"] for item in items] == everything
    assert rest["next"] is None
    assert items[2]["agency_words"] == FORM["agency_words"]
    assert (items[5]["name"], items[5]["version"]) == ("重点项目建设领导小组办公室", None)


# --- what a write leaves -------------------------------------------------------------------------


async def test_every_write_leaves_an_audit_row_and_an_event(
    county: httpx.AsyncClient, as_: As
) -> None:
    first = await county.put(PLACE, json={**FORM, "why": "机构改革"})
    await county.put(PLACE, json=FORM)  # is recorded already
    headers = {"if-match": first.headers["etag"]}
    changed = {**FORM, "telephone": None}
    second = (await county.put(PLACE, json=changed, headers=headers)).json()

    audit = (await county.get("/v1/audit", params={"subject": f"offices/{COUNTY}"})).json()["items"]
    before = {**FORM, "version": first.json()["version"]}
    after = {**changed, "version": second["version"], "why": ""}
    assert [row["action"] for row in audit] == ["office.recorded", "office.recorded"]
    assert [row["before"] for row in audit] == [None, before]
    assert [row["after"] for row in audit] == [{**before, "why": "机构改革"}, after]
    assert {(row["who"], row["region_code"]) for row in audit} == {("the office", COUNTY)}
    events = (await county.get("/v1/events")).json()["items"]
    seen = [(each["kind"], each["subject"], each["data"]) for each in events]
    assert seen[-1] == ("office.recorded", f"offices/{COUNTY}", after)
    assert len(seen) == 2
    assert (await as_("office", BESIDE).get("/v1/events")).json()["items"] == []


async def test_a_key_makes_a_write_once(county: httpx.AsyncClient) -> None:
    headers = {"idempotency-key": "settings-1"}
    first = await county.put(PLACE, json=FORM, headers=headers)
    again = await county.put(PLACE, json=FORM, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json(), again.headers["etag"]) == (first.json(), first.headers["etag"])
    other = await county.put(PLACE, json={**FORM, "contact": None}, headers=headers)
    assert other.status_code == 422


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry.office_settings SET why = 'x'",
        "UPDATE registry.office_settings SET superseded_at = NULL WHERE superseded_at IS NOT NULL",
        "DELETE FROM registry.office_settings",
        "TRUNCATE registry.office_settings",
    ],
)
async def test_what_was_set_stays(
    county: httpx.AsyncClient, connection: AsyncConnection, statement: str
) -> None:
    first = await county.put(PLACE, json=FORM)
    headers = {"if-match": first.headers["etag"]}
    await county.put(PLACE, json={**FORM, "contact": None}, headers=headers)
    with pytest.raises(DBAPIError, match="what was recorded stays"):
        async with connection.begin_nested():
            await connection.execute(text(statement))


# --- the client of other services ----------------------------------------------------------------


@pytest.fixture
def reader(as_: As) -> OfficesClient:
    """What notifier and scoring ask with: it reads everything and writes nothing."""
    return OfficesClient(as_("inspector", ""))


async def test_other_services_read_the_settings_of_an_office(
    county: httpx.AsyncClient, reader: OfficesClient
) -> None:
    derived = await reader.load_office(COUNTY)
    await county.put(PLACE, json=FORM)
    settings = await reader.load_office(COUNTY)

    assert (derived.name, derived.version) == (DERIVED["name"], None)
    assert derived.agency_word("supervision") == "惠安重办"
    assert (settings.office, settings.name, settings.contact) == (
        COUNTY,
        FORM["name"],
        "督查科 王芳",
    )
    assert (settings.telephone, settings.signers) == ("0595-12345678", {"supervision": "李强"})
    assert settings.agency_word("supervision") == "惠攻督"
    assert settings.agency_word("reminder") == "惠攻办"
    assert settings.version is not None
    assert (await reader.load_office("3505")).name == "泉州市重点项目建设领导小组办公室"
    assert (await reader.load_office("000000")).name == "重点项目建设领导小组办公室"


async def test_other_services_say_why_there_are_no_settings(
    as_: As, registry: FastAPI, issuer: Issuer
) -> None:
    hidden = OfficesClient(as_("inspector", BESIDE))
    with pytest.raises(RegistryRefused, match="404"):
        await hidden.load_office(COUNTY)
    away = httpx.AsyncClient(base_url="http://127.0.0.1:1")
    with pytest.raises(RegistryAway):
        await OfficesClient(away).load_office(COUNTY)

    def nonsense(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={**DERIVED, "agency_words": {}})

    odd = httpx.AsyncClient(transport=httpx.MockTransport(nonsense), base_url="http://registry")
    with pytest.raises(RegistryRefused):
        await OfficesClient(odd).load_office(COUNTY)
