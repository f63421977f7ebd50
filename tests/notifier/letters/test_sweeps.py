"""Sweeps: the letters of the replay, once each, numbered without gaps, whoever sweeps how often."""

import asyncio
import json
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest
from joserfc.jwk import KeySet

from services.notifier.main import build_app
from services.notifier.registry_client import RegistryClient
from shared.calendar import ONE_DAY
from shared.database.sessions import Sessions
from shared.http.offices_client import OfficeSettings
from shared.http.tokens import Issuer
from tests.notifier.letters.conftest import CAMPAIGN, OFFICE, NotifierWith
from tests.paths import GOLDEN
from tests.registry.clients import As, speaking

WRITTEN = json.loads((GOLDEN / "small.letters-2022-09-15--2022-12-25.json").read_bytes())["letters"]
BY_DAY_UNTIL = date(2022, 10, 10)  # past a month's end and the holidays; a day costs half a second
FIRST, LAST = map(date.fromisoformat, CAMPAIGN.values())


async def sweep(client: httpx.AsyncClient, **days: str) -> dict[str, Any]:
    answer = await client.post("/v1/sweeps", json=days)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert found["not_printed"] == []
    return found


async def all_letters(client: httpx.AsyncClient, **asked: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        params = httpx.QueryParams({"after": after, "limit": 7, **asked})
        page = (await client.get("/v1/letters", params=params)).json()
        found, after = found + page["items"], page["next"]
    return found


def as_written(letters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: letter[name] for name in WRITTEN[0]} for letter in letters]


def are_numbered(letters: list[dict[str, Any]]) -> bool:
    numbers = [f"岚重办〔2022〕{n}号" for n in range(1, len(letters) + 1)]
    return [letter["number"] for letter in letters] == numbers


async def test_the_campaign_day_by_day_then_week_by_week_is_the_replay(
    office: httpx.AsyncClient, swept: As
) -> None:
    day, settled = FIRST, list[int]()
    while day <= LAST:
        until = day if day < BY_DAY_UNTIL else min(day + 6 * ONE_DAY, LAST)
        settled += (await sweep(office, from_on=str(day), to_on=str(until)))["settled"]
        day = until + ONE_DAY

    letters = await all_letters(office)
    assert as_written(letters) == WRITTEN
    assert are_numbered(letters)
    assert sorted(settled) == [each["id"] for each in letters if each["state"] == "settled"]
    assert settled

    at_once = await all_letters(swept("office"))
    # Another test acknowledges, and nobody prints here.
    differ = {"id", "issued_at", "state", "acknowledged_at", "printed"}
    assert [{k: v for k, v in each.items() if k not in differ} for each in letters] == [
        {k: v for k, v in each.items() if k not in differ} for each in at_once
    ]


async def test_days_swept_twice_add_nothing(swept: As) -> None:
    office = swept("office")
    before = await all_letters(office)

    again = await sweep(office, **CAMPAIGN)

    assert (again["issued"], again["settled"]) == ([], [])
    assert await all_letters(office) == before
    assert as_written(before) == WRITTEN


@pytest.mark.parametrize("keyed", [False, True])
async def test_four_sweeps_at_once_double_nothing_and_leave_no_gap(
    keyed: bool, office: httpx.AsyncClient
) -> None:
    async def sweep_with_key(n: int) -> dict[str, Any]:
        headers = {"idempotency-key": f"the-sweep-{n}"} if keyed else {}
        answer = await office.post("/v1/sweeps", json=CAMPAIGN, headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    answers = await asyncio.gather(*(sweep_with_key(n) for n in range(4)))

    letters = await all_letters(office)
    assert as_written(letters) == WRITTEN
    assert are_numbered(letters)
    assert sorted(len(answer["issued"]) for answer in answers) == [0, 0, 0, len(WRITTEN)]
    assert letters in [answer["issued"] for answer in answers]


async def test_a_preview_issues_nothing(office: httpx.AsyncClient) -> None:
    answer = await office.post("/v1/preview", params={"on": str(FIRST)})

    due = [each for each in WRITTEN if each["issue_on"] == str(FIRST)]
    assert as_written(answer.json()["letters"]) == due
    assert await all_letters(office) == []


async def test_a_letter_that_cannot_be_printed_holds_up_no_other(
    notifier_with: NotifierWith, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = speaking(notifier_with(OFFICE), issuer)("office")

    async def load_unprintable(client: RegistryClient, code: str) -> OfficeSettings:
        words = {"default": "岚重办", "supervision": "岚重办\U000f0000"}
        return OfficeSettings(code, "岚县办公室", words, None, None, {}, None)

    with monkeypatch.context() as patched:
        patched.setattr(RegistryClient, "load_office", load_unprintable)
        answer = (await office.post("/v1/sweeps", json=CAMPAIGN)).json()
    kinds = {each["letter"]["kind"] for each in answer["not_printed"]}
    assert kinds == {"supervision"}
    assert "U+F0000" in answer["not_printed"][0]["detail"]
    assert are_numbered(answer["issued"])

    healed = await sweep(office, **CAMPAIGN)
    letters = await all_letters(office)
    assert are_numbered(letters)
    assert {each["kind"] for each in healed["issued"]} == {"supervision"}
    assert len(letters) == len(answer["issued"]) + len(answer["not_printed"]) == len(WRITTEN)


async def test_other_days_than_today_are_refused_where_the_office_does_not_allow_them(
    notifier_with: NotifierWith, issuer: Issuer
) -> None:
    office = speaking(notifier_with(replace(OFFICE, any_day=False)), issuer)("office")
    refused = await office.post("/v1/sweeps", json=CAMPAIGN)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-today")
    assert (await office.post("/v1/sweeps")).status_code == 200


async def test_without_scoring_nothing_goes_out(
    sessions: Sessions,
    issuer: Issuer,
    others: tuple[httpx.AsyncClient, httpx.AsyncClient],
) -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there", request=request)

    async with httpx.AsyncClient(
        transport=httpx.MockTransport(silent), base_url="http://scoring"
    ) as nobody:
        app = build_app(sessions, KeySet([issuer.key]), others[0], nobody, OFFICE)
        office = speaking(app, issuer)("office")
        answer = await office.post("/v1/sweeps", json=CAMPAIGN)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/scoring-away")
        assert await all_letters(office) == []
