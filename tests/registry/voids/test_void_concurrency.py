"""Voids beside writers that have looked already, with commits that last."""

import asyncio
from collections.abc import Callable

import httpx
from fastapi import FastAPI

from services.registry.voids import service
from services.registry.voids.schemas import VoidForm
from shared.database.sessions import create_sessions
from shared.http.tokens import Caller, Issuer, Role
from tests.paths import GOLDEN
from tests.registry.clients import REGION, imported, items, speaking, zipped
from tests.registry.voids.test_voids import named, record, void
from tests.registry.waiting_requests import send_waiting

OFFICE = Caller("the office", Role.office, REGION)


async def test_who_looked_before_a_void_writes_nothing_below_it(
    committing: Callable[[], FastAPI], issuer: Issuer, url: str
) -> None:
    """Reports and a payment of a project wait for their turn while it is voided."""
    as_ = speaking(committing(), issuer)
    office = as_("office")
    await imported(office, zipped(GOLDEN / "county"))
    project = await record(office, "projects/P017")
    seen = (await office.post("/v1/voids/preview", json=named(project))).json()
    form = VoidForm.model_validate(
        {**named(project), "reason": "误立", "dependants": seen["count"]}
    )
    report, other = (f"/v1/projects/{p}/progress/2022-10-30" for p in ("P017", "P024"))
    paid = {"project_id": "P017", "source": "bank_loan", "event": "arrived", "amount_yuan": 5}
    holder = create_sessions(url.replace("@/postgres", "@/lasting"))
    async with holder.begin() as session:
        await service.store_void(session, form, OFFICE)
        running = await send_waiting(
            session,
            office.put(report, json={"invested_ytd_yuan": 1}),
            office.post("/v1/funds", json=paid | {"on": "2022-10-01"}),
            office.put(other, json={"invested_ytd_yuan": 1}),
        )
    answers = await asyncio.gather(*running)
    await holder.kw["bind"].dispose()

    assert [each.status_code for each in answers] == [404, 422, 201]
    assert await items(office, "/v1/funds", project_id="P017") == []
    await two_offices_void_one(office)


async def two_offices_void_one(office: httpx.AsyncClient) -> None:
    """Of several that void the same record one does, and of several that take it back, too."""
    report = await record(office, "projects/P024/progress/2022-10-30")
    voids = [void(office, "progress", report["version"]) for _ in range(4)]
    answers = await asyncio.gather(*voids)
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    (made,) = [each.json() for each in answers if each.status_code == 201]
    path, back = f"/v1/voids/{made['id']}/take-back", {"reason": "误作废"}
    answers = await asyncio.gather(*(office.post(path, json=back) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]
    history = (await office.get("/v1/projects/P024/progress/2022-10-30/history")).json()
    assert [each["void"] is None for each in history] == [True, False]
