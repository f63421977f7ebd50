"""An undoing beside writers that have looked already, with commits that last."""

import asyncio
from collections.abc import Callable

from fastapi import FastAPI

from services.registry.import_undo import service
from shared.database.sessions import create_sessions
from shared.http.tokens import Caller, Issuer, Role
from tests.paths import GOLDEN
from tests.registry.clients import REGION, imported, items, speaking, zipped
from tests.registry.test_import_undo import import_files
from tests.registry.waiting_requests import send_waiting

OFFICE = Caller("the office", Role.office, REGION)
ONE_MORE = "project_id,name,unit_id,nature\nP901,沙棘,U01,new\n"


async def test_who_looked_before_an_undoing_writes_nothing_below_it(
    committing: Callable[[], FastAPI], issuer: Issuer, url: str
) -> None:
    """A report and a payment of a project wait for their turn while its import is undone."""
    office = speaking(committing(), issuer)("office")
    await imported(office, zipped(GOLDEN / "county"))
    number = await import_files(office, projects=ONE_MORE)
    report, other = (f"/v1/projects/{p}/progress/2022-10-30" for p in ("P901", "P024"))
    paid = {"project_id": "P901", "source": "bank_loan", "event": "arrived", "amount_yuan": 5}
    holder = create_sessions(url.replace("@/postgres", "@/lasting"))
    async with holder.begin() as session:
        await service.undo_import(session, number, "传错了文件", OFFICE, english=False)
        running = await send_waiting(
            session,
            office.put(report, json={"invested_ytd_yuan": 1}),
            office.post("/v1/funds", json=paid | {"on": "2022-10-01"}),
            office.put(other, json={"invested_ytd_yuan": 1}),
        )
    answers = await asyncio.gather(*running)
    await holder.kw["bind"].dispose()

    assert [each.status_code for each in answers] == [404, 422, 201]
    assert await items(office, "/v1/funds", project_id="P901") == []
