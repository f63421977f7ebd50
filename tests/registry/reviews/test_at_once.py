"""Several at once, with commits that last: of two that decide one wins, and nothing is done twice.

Each pair is sent again and again, so that now the one comes first and now the other.
"""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
from fastapi import FastAPI

from shared.http.tokens import Issuer
from tests.paths import GOLDEN
from tests.registry.clients import imported, items, speaking, zipped
from tests.registry.reviews.reports import BILLIONS, OF_PROJECT, UNIT, counted, read, report

ROUNDS = 5
Committing = Callable[[], FastAPI]
Pair = tuple[Awaitable[httpx.Response], Awaitable[httpx.Response]]


async def test_of_two_at_once_one_wins(committing: Committing, issuer: Issuer) -> None:
    app = committing()
    as_ = speaking(app, issuer)
    office, unit = as_("office"), as_("unit", unit_id=UNIT)
    await imported(office, zipped(GOLDEN / "county"))
    await two_decisions(office, unit)
    await an_acceptance_and_a_write(office, unit)
    await two_reports_of_a_place(office, unit, as_("field", unit_id=UNIT))
    await two_reports_that_are_true_alone(office, unit)
    await a_decision_in_two_batches(office, unit)


async def two_decisions(office: httpx.AsyncClient, unit: httpx.AsyncClient) -> None:
    """Two acceptances; an acceptance and a return; an acceptance and a withdrawal."""

    def pair(kind: int, path: str) -> Pair:
        second = (
            office.post(f"{path}/accept"),
            office.post(f"{path}/return", json={"reason": "请核对"}),
            unit.post(f"{path}/withdraw"),
        )
        others = [each for number, each in enumerate(second) if number != kind]
        for each in others:
            each.close()
        return office.post(f"{path}/accept"), second[kind]

    for kind in range(3):
        for number in range(ROUNDS):
            day = f"2022-10-{1 + kind * ROUNDS + number:02}"
            waiting = await report(unit, day, BILLIONS, 202)
            one, other = pair(kind, f"/v1/reports/{waiting['id']}")
            first, second = await asyncio.gather(*((one, other) if number % 2 else (other, one)))
            assert sorted([first.status_code, second.status_code]) == [200, 409]
            found = await read(office, f"/v1/reports/{waiting['id']}")
            is_accepted = found["state"] == "accepted"
            assert (await counted(office, day) == BILLIONS) is is_accepted
            history = await office.get(f"{OF_PROJECT}/{day}/history")
            assert len(history.json()) == 1 if is_accepted else history.status_code == 404


async def an_acceptance_and_a_write(office: httpx.AsyncClient, unit: httpx.AsyncClient) -> None:
    """Whoever comes second is told that the record is no longer what it saw."""
    for number in range(ROUNDS):
        day = f"2022-10-{20 + number:02}"
        waiting = await report(unit, day, BILLIONS, 202)
        accepted, written = await asyncio.gather(
            office.post(f"/v1/reports/{waiting['id']}/accept"),
            office.put(f"{OF_PROJECT}/{day}", json={"invested_ytd_yuan": 25_000_000}),
        )
        assert (accepted.status_code, written.status_code) in {(200, 412), (412, 201)}
        figure = BILLIONS if accepted.is_success else 25_000_000
        assert await counted(office, day) == figure
        assert len((await office.get(f"{OF_PROJECT}/{day}/history")).json()) == 1


async def two_reports_of_a_place(
    office: httpx.AsyncClient, unit: httpx.AsyncClient, officer: httpx.AsyncClient
) -> None:
    """One waits and one was replaced by it: neither is lost."""
    path = f"{OF_PROJECT}/2022-11-29"
    sent = [unit.put(path, json={"invested_ytd_yuan": BILLIONS + n}) for n in range(ROUNDS)]
    sent += [officer.put(path, json={"invested_ytd_yuan": BILLIONS - n}) for n in range(ROUNDS)]
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} == {202}
    found = [
        each for each in await items(office, "/v1/reports") if each["subject"].endswith("11-29")
    ]
    assert len({each["id"] for each in found}) == len(answers)
    states = [each["state"] for each in found]
    assert (states.count("waiting"), states.count("replaced")) == (1, len(answers) - 1)


async def two_reports_that_are_true_alone(
    office: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    """Together they would fall: the second to come is judged knowing the first."""
    for number in range(ROUNDS):
        days = [f"201{number}-03-{day}" for day in ("10", "20")]
        answers = await asyncio.gather(
            *(
                unit.put(f"{OF_PROJECT}/{day}", json={"invested_ytd_yuan": yuan})
                for day, yuan in zip(days, (2_000_000, 1_000_000), strict=True)
            )
        )
        assert sorted(answer.status_code for answer in answers) == [201, 202]
        assert len([day for day in days if await counted(office, day) is not None]) == 1


async def a_decision_in_two_batches(office: httpx.AsyncClient, unit: httpx.AsyncClient) -> None:
    """Each report is accepted by one of the two, whichever was quicker with it."""
    days = [f"2022-12-{day}" for day in range(10, 16)]
    numbers = [(await report(unit, day, BILLIONS, 202))["id"] for day in days]
    batches = [
        {"decisions": [{"report_id": number, "decision": "accept"} for number in order]}
        for order in (numbers, numbers[::-1])
    ]
    answers = await asyncio.gather(
        *(office.post("/v1/reports/decisions", json=batch) for batch in batches)
    )
    results = [each for answer in answers for each in answer.json()["items"]]
    accepted = [each["report_id"] for each in results if each["result"] == "accepted"]
    assert sorted(accepted) == numbers
    refused = [each["refusal"]["type"] for each in results if each["result"] == "refused"]
    assert refused == ["/problems/report-decided"] * len(numbers)
    assert [await counted(office, day) for day in days] == [BILLIONS] * len(days)
