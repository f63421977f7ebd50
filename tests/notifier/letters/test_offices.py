"""Offices: each has its own letters and numbers, and issues nobody else's."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest
from joserfc.jwk import KeySet
from sqlalchemy import text

from services.notifier.letters.queries import keep_letterhead
from services.notifier.main import build_app
from services.notifier.registry_client import RegistryClient
from services.notifier.scoring_client import ScoringClient
from services.notifier.sweeps import worker
from services.notifier.sweeps.service import SweepSources
from services.notifier.tables import LetterTexts
from services.registry.main import build_app as build_registry
from services.scoring.main import build_app as build_scoring
from shared import clock
from shared.database.jobs import Job
from shared.database.sessions import Sessions
from shared.http.facts_client import RegistryAway
from shared.http.offices_client import OfficeSettings
from shared.http.tokens import Issuer
from tests.databases import database
from tests.notifier.letters.conftest import CAMPAIGN, LETTERHEAD, OFFICE, print_all
from tests.notifier.letters.test_sweeps import all_letters, are_numbered, sweep
from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, imported, speaking, zipped
from tests.scoring.service.registry import connected
from tests.together.ledgers import neighbours
from tests.together.regions import BESIDE

CITY = "9901"
ABOVE = "990100"  # the city's office
Others = tuple[httpx.AsyncClient, httpx.AsyncClient]
WORDS = {"default": "邻重办", "supervision": "邻重办督", "yellow_card": "邻重办督"}


@pytest.fixture(scope="module")
async def two_counties(server: str, issuer: Issuer) -> AsyncIterator[Others]:
    """A registry and scoring of two counties of one city, each with its own letterhead."""
    async with (
        database(server, "two_offices", "registry", "scoring") as url,
        connected(url) as sessions,
    ):
        registry = build_registry(sessions, KeySet([issuer.key]))
        as_ = speaking(registry, issuer)
        await imported(as_("office"), zipped(GOLDEN / "small"))
        await imported(as_("office", BESIDE), neighbours(GOLDEN / "small"))
        for region, letterhead in (
            (REGION, LETTERHEAD),
            (BESIDE, {"name": "邻县重点项目建设领导小组办公室", "agency_words": WORDS}),
        ):
            named = await as_("office", region).put(f"/v1/offices/{region}", json=letterhead)
            assert named.status_code == 201, named.text
        async with as_("inspector", "") as http:
            scoring = build_scoring(sessions, KeySet([issuer.key]), http)
            async with speaking(scoring, issuer)("inspector", "") as asked:
                yield http, asked


@pytest.fixture
def as_(sessions: Sessions, two_counties: Others, issuer: Issuer) -> As:
    return speaking(build_app(sessions, KeySet([issuer.key]), *two_counties, OFFICE), issuer)


async def test_each_office_numbers_its_own_letters_by_its_own_words(as_: As) -> None:
    own, beside = as_("office"), as_("office", BESIDE)
    here, there = await sweep(own, **CAMPAIGN), await sweep(beside, **CAMPAIGN)

    assert (here["office"], there["office"]) == (REGION, BESIDE)
    assert here["issued"] == await all_letters(own)
    assert there["issued"] == await all_letters(beside)
    assert are_numbered(here["issued"])
    # Both counties have the same projects, so the same letters.
    alike = ("kind", "about", "counted_from", "trigger_on", "issue_on", "due_on")
    assert [[each[name] for name in alike] for each in here["issued"]] == [
        [each[name] for name in alike] for each in there["issued"]
    ]
    pressing = [each for each in there["issued"] if each["kind"] in WORDS]
    others = [each for each in there["issued"] if each["kind"] not in WORDS]
    for word, letters in (("邻重办督", pressing), ("邻重办", others)):
        numbers = [f"{word}〔2022〕{n}号" for n in range(1, len(letters) + 1)]
        assert [each["number"] for each in letters] == numbers


async def test_an_office_issues_no_other_s_letters(as_: As) -> None:
    city, day = as_("office", CITY), {"from_on": "2022-09-15", "to_on": "2022-09-15"}
    refused = await city.post("/v1/sweeps", json={**day, "office": REGION})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/another-office")
    of_region = await city.post("/v1/sweeps", json={**day, "region": CITY})
    assert of_region.status_code == 403
    part = await as_("office", f"{REGION}001").post("/v1/sweeps", json=day)
    assert part.status_code == 403
    for asked in ({"office": BESIDE}, {"region": BESIDE}, {"region": ""}, {"office": ABOVE}):
        hidden = await as_("office").post("/v1/sweeps", json={**day, **asked})
        assert hidden.status_code == 404, asked
    both = await as_("office").post("/v1/sweeps", json={**day, "office": REGION, "region": REGION})
    assert both.status_code == 422
    assert await all_letters(as_("inspector", ""), region="") == []


async def test_offices_above_preview(as_: As) -> None:
    preview = {"on": "2022-09-15"}
    own = (await as_("office").post("/v1/preview", params=preview)).json()
    above = await as_("office", CITY).post("/v1/preview", params={**preview, "office": REGION})
    assert above.json()["letters"] == own["letters"] != []
    assert own["office"] == REGION
    hidden = await as_("office").post("/v1/preview", params={**preview, "office": BESIDE})
    assert hidden.status_code == 404
    part = await as_("inspector", f"{REGION}001").post("/v1/preview", params=preview)
    assert part.json()["letters"] == []


async def test_a_region_is_previewed_office_by_office(as_: As) -> None:
    preview = {"on": "2022-09-15", "region": CITY}
    both = (await as_("office", CITY).post("/v1/preview", params=preview)).json()
    assert [each["office"] for each in both] == [REGION, BESIDE]
    for of_office in both:
        ids = {each["project_id"].split(":")[0] for each in of_office["letters"]}
        assert ids == {of_office["office"]}
    assert (await as_("office").post("/v1/preview", params=preview)).status_code == 404
    one_too_many = {**preview, "office": REGION}
    assert (await as_("office", CITY).post("/v1/preview", params=one_too_many)).status_code == 422


async def test_the_whole_country_sweeps_any_office_or_each_of_a_region(as_: As) -> None:
    country = as_("office", "")
    one = await sweep(country, office=REGION, **CAMPAIGN)
    assert one["issued"] == await all_letters(as_("office"))
    answer = await country.post("/v1/sweeps", json={**CAMPAIGN, "region": CITY})
    swept = {each["office"]: each for each in answer.json()}
    assert [*swept] == [REGION, BESIDE]
    assert swept[REGION]["issued"] == []
    ids = {each["project_id"].split(":")[0] for each in swept[BESIDE]["issued"]}
    assert ids == {BESIDE}  # a question about a region has every id qualified
    audit = (
        await as_("inspector", "").get("/v1/audit", params={"limit": 200, "region": ""})
    ).json()["items"]
    offices = {each["office"] for each in audit if each["action"] == "letter.issued"}
    assert offices == {REGION, BESIDE}


async def test_ids_are_written_for_the_question(as_: As) -> None:
    await sweep(as_("office"), **CAMPAIGN)
    await sweep(as_("office", BESIDE), **CAMPAIGN)
    city = as_("inspector", CITY)
    own = await all_letters(as_("office"))

    seen = await all_letters(city, region=CITY)
    here = [each for each in seen if each["office"] == REGION]
    assert len(seen) == 2 * len(own)
    assert [each["project_id"] for each in here] == [f"{REGION}:{e['project_id']}" for e in own]
    for asked, unit in (
        ({"region": CITY}, here[0]["unit_id"]),
        ({"office": REGION}, own[0]["unit_id"]),
    ):
        params = {"unit_id": unit, "limit": "200", **asked}
        found = (await city.get("/v1/letters", params=params)).json()["items"]
        expected = [each["id"] for each in own if each["unit_id"] == own[0]["unit_id"]]
        assert [each["id"] for each in found] == expected
        assert {each["unit_id"] for each in found} == {unit}
    path = f"/v1/letters/{own[0]['id']}"
    assert (await city.get(path, params={"office": REGION})).json() == own[0]
    assert (await city.get(path)).json() == here[0]
    same_id = {"project_id": own[0]["project_id"], "office": BESIDE}
    of_other = (await city.get("/v1/letters", params=same_id)).json()["items"]
    assert {each["office"] for each in of_other} == {BESIDE}


LETTER = """
    INSERT INTO notifier.letters (office, kind, project_id, about, counted_from, trigger_on,
        issue_on, unit_id, region, provisional, agency_word, year, sequence, title, issued_at)
    VALUES (:office, 'reminder', 'P1', 'started', '2022-10-15', '2022-09-15', '2022-09-15',
        :unit_id, :region, false, '重办', 2022, 1, '函', now()) RETURNING id"""


async def test_a_unit_is_one_of_its_office(as_: As, sessions: Sessions) -> None:
    """U01 of the county is not U01 of the city; the city's is addressed by a county, too."""
    addressed = [
        ("county", REGION, "U01", REGION),
        ("city", ABOVE, "U01", ABOVE),
        ("city's, by the county", BESIDE, f"{ABOVE}:U01", BESIDE),
    ]
    ids = {}
    async with sessions.begin() as session:
        for name, office, unit_id, region in addressed:
            values = {"office": office, "unit_id": unit_id, "region": region}
            stored = await (await session.connection()).execute(text(LETTER), values)
            ids[stored.scalar_one()] = name
    seen = {
        region: {ids[each["id"]]: each["unit_id"] for each in await all_letters(unit, region="")}
        for region, unit in ((r, as_("unit", r, unit_id="U01")) for r in (REGION, CITY, BESIDE))
    }
    assert seen == {
        REGION: {"county": f"{REGION}:U01"},
        CITY: {"city": f"{ABOVE}:U01", "city's, by the county": f"{ABOVE}:U01"},
        BESIDE: {},
    }


async def test_what_went_out_goes_out_to_nobody_again_whoever_sweeps(
    as_: As, sessions: Sessions, two_counties: Others, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices = [as_("office"), as_("office", BESIDE)]
    for office in offices:
        assert (await sweep(office, **CAMPAIGN))["issued"]
    monkeypatch.setattr(clock, "today", lambda: date(2022, 11, 30))
    before = await all_letters(as_("inspector", ""), region="")

    for office in offices:
        assert (await sweep(office, **CAMPAIGN))["issued"] == []
    country = await as_("office", "").post("/v1/sweeps", json={**CAMPAIGN, "region": ""})
    assert [each["issued"] for each in country.json()] == [[], []]
    await worker.run_sweep_job(sessions, sources(two_counties), Job({}))

    assert await all_letters(as_("inspector", ""), region="") == before


def sources(others: Others) -> SweepSources:
    return SweepSources(
        RegistryClient(others[0]), ScoringClient(others[1]), replace(OFFICE, region=CITY)
    )


async def test_one_office_that_fails_holds_up_no_other(
    as_: As, sessions: Sessions, two_counties: Others, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_office = RegistryClient.load_office

    async def load_some(client: RegistryClient, office: str) -> Any:
        if office == REGION:
            raise RegistryAway("没有应答")
        return await load_office(client, office)

    monkeypatch.setattr(clock, "today", lambda: date(2022, 11, 30))
    with monkeypatch.context() as patched:
        patched.setattr(RegistryClient, "load_office", load_some)
        with pytest.raises(RegistryAway):
            await worker.run_sweep_job(sessions, sources(two_counties), Job({}))
    letters = await all_letters(as_("inspector", ""), region="")
    assert {each["office"] for each in letters} == {BESIDE}

    await worker.run_sweep_job(sessions, sources(two_counties), Job({}))
    letters = await all_letters(as_("inspector", ""), region="")
    assert {each["office"] for each in letters} == {REGION, BESIDE}
    await print_all(sessions)


async def test_an_office_that_has_set_no_name_goes_on_as_its_last_letter(
    sessions: Sessions,
) -> None:
    """As before there were settings: a name derived from the region begins no other sequence."""
    derived = OfficeSettings(REGION, "某县某办", {"default": "某重办"}, None, None, {}, None)
    async with sessions.begin() as session:
        assert await keep_letterhead(session, derived) == derived
        values = {"office": REGION, "unit_id": "U01", "region": REGION}
        stored = await (await session.connection()).execute(text(LETTER), values)
        session.add(
            LetterTexts(
                letter_id=stored.scalar_one(),
                texts={"office": "岚县某办"},
                quotes={},
                known_at=clock.now(),
                template_version="",
            )
        )
        await session.flush()
        kept = await keep_letterhead(session, derived)
        assert (kept.name, kept.agency_words) == ("岚县某办", {"default": "重办"})
        beside = replace(derived, office=BESIDE)
        assert await keep_letterhead(session, beside) == beside
