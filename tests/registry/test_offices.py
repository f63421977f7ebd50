"""Settings of offices over HTTP: the whole of them replaced, and everything that was remembered."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.http.tokens import Issuer
from tests.registry.clients import As, speaking
from tests.registry.office_settings import BESIDE, CITY, COUNTY, DERIVED, FORM, PLACE, THRESHOLDS


async def test_an_office_that_has_set_nothing_is_called_after_its_region(
    county: httpx.AsyncClient,
) -> None:
    answer = await county.get(PLACE)
    assert answer.json() == DERIVED
    assert answer.headers["etag"] == '"0"'
    assert (await county.get(f"{PLACE}/history")).json() == []


async def test_the_tag_of_nothing_is_for_the_first_settings(county: httpx.AsyncClient) -> None:
    unset = {"if-match": (await county.get(PLACE)).headers["etag"]}
    assert (await county.put(PLACE, json=FORM, headers=unset)).status_code == 201
    other = {**FORM, "name": "惠安县项目办"}
    assert (await county.put(PLACE, json=other, headers=unset)).status_code == 412


async def test_settings_have_another_tag_when_they_are_superseded(
    county: httpx.AsyncClient,
) -> None:
    first = await county.put(PLACE, json=FORM)
    moment = {"known_at": first.json()["recorded_at"]}
    seen = {"if-match": f"W/{first.headers['etag']}"}  # as a gateway may write it
    then = {"if-none-match": first.headers["etag"]}
    await county.put(PLACE, json={**FORM, "name": "惠安县项目办"}, headers=seen)
    superseded = await county.get(PLACE, params=moment, headers=then)
    assert superseded.status_code == 200
    assert superseded.json()["superseded_at"] is not None


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
    assert now["plausibility"] == THRESHOLDS
    history = (await county.get(f"{PLACE}/history")).json()
    assert history[0] == now
    assert history[1] == {**first.json(), "superseded_at": now["recorded_at"]}
    assert [each["why"] for each in history] == ["", "机构改革"]


async def test_the_first_settings_replace_no_version(county: httpx.AsyncClient) -> None:
    answer = await county.put(PLACE, json=FORM, headers={"if-match": '"1"'})
    assert answer.status_code == 412
    assert answer.json()["current"] is None
    assert (await county.get(PLACE)).json() == DERIVED


async def test_of_two_first_settings_at_once_one_is_stale(
    committing: Callable[[], FastAPI], issuer: Issuer
) -> None:
    clients = [speaking(committing(), issuer)("office", COUNTY) for _ in range(2)]
    names = ("惠安县项目办", "惠安县重点办")
    forms = [{**FORM, "name": name} for name in names]
    puts = zip(clients, forms, strict=True)
    answers = await asyncio.gather(*(client.put(PLACE, json=form) for client, form in puts))
    assert sorted(answer.status_code for answer in answers) == [201, 412]
    (first,) = [answer.json() for answer in answers if answer.status_code == 201]
    assert (await clients[0].get(f"{PLACE}/history")).json() == [first]


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
        ({"plausibility": {"plan_factor": 0}}, "#/plausibility/plan_factor"),
        ({"plausibility": {"plan_factor": "3"}}, "#/plausibility/plan_factor"),
        ({"plausibility": {"plan_factor": 101}}, "#/plausibility/plan_factor"),
        ({"plausibility": {"max_percent": 99}}, "#/plausibility/max_percent"),
        (
            {"plausibility": {"days_before_period_end": 32}},
            "#/plausibility/days_before_period_end",
        ),
        ({"plausibility": {"factor": 3}}, "#/plausibility/factor"),
        ({"plausibility": None}, "#/plausibility"),
        ({"review": {"progress": "all"}}, "#/review/progress"),
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
    await connection.execute(text("RESET ROLE"))  # the owner may not, either
    with pytest.raises(DBAPIError, match="what was recorded stays"):
        async with connection.begin_nested():
            await connection.execute(text(statement))
