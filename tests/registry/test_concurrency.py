"""Several at once, with commits that last: nothing is lost, doubled or passed over."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from services.registry.worker import build_worker_config
from shared.database.jobs import open_worker_sessions, run_workers
from shared.database.outbox import begin_write
from shared.database.sessions import create_sessions
from shared.http.tokens import Issuer
from tests.paths import GOLDEN
from tests.polling import until
from tests.registry.clients import (
    REGION,
    facts_of,
    imported,
    speaking,
    upload,
    zipped,
)

Committing = Callable[[], FastAPI]
POLLS = 3000  # nobody but the database knows who waits in it
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


async def test_four_imports_at_once_lose_no_update(
    committing: Committing, issuer: Issuer, url: str
) -> None:
    """Each brings another row of the same table; all four are there."""
    url = url.replace("@/postgres", "@/lasting")
    office = speaking(committing(), issuer)("office")
    await imported(office, zipped(GOLDEN / "county"))
    header, number = "project_id,year,planned_yuan", range(1, 5)
    alone = [f"{header}\nP00{n},2031,{n}0000\n" for n in number]
    uploads = [await upload(office, zipped(GOLDEN / "county", plans=text)) for text in alone]

    places = [f"/v1/imports/{uploaded['id']}" for uploaded in uploads]
    async with two_workers(url):
        answers = await asyncio.gather(*(office.post(f"{place}/apply") for place in places))
        assert [answer.status_code for answer in answers] == [202] * 4
        added = [(await applied(office, place))["changes"] for place in places]
    assert added == [{"plans": {"added": 1, "superseded": 0}}] * 4
    plans = (await facts_of(office)).tables["plans"].to_pylist()
    assert sum(row["year"] == 2031 for row in plans) == 4
    await the_same_import_four_times(url, office)
    await reports_at_once(office)


@asynccontextmanager
async def two_workers(url: str) -> AsyncIterator[None]:
    async with (
        open_worker_sessions(url) as one,
        open_worker_sessions(url) as other,
        run_workers([build_worker_config(one), build_worker_config(other)]),
    ):
        yield


async def applied(office: httpx.AsyncClient, place: str) -> dict[str, Any]:
    async def decided() -> dict[str, Any] | None:
        found: dict[str, Any] = (await office.get(place)).json()
        return None if found["state"] == "applying" else found

    found = await until(decided)
    assert found["state"] == "applied", found
    return found


async def the_same_import_four_times(url: str, office: httpx.AsyncClient) -> None:
    uploaded = await upload(office, zipped(GOLDEN / "small"))
    path = f"/v1/imports/{uploaded['id']}"
    answers = await asyncio.gather(*(office.post(f"{path}/apply") for _ in range(4)))
    assert all(answer.json() == answers[0].json() for answer in answers)
    async with two_workers(url):
        await applied(office, path)
    found = (await facts_of(office)).tables["progress"].num_rows
    again = await imported(office, zipped(GOLDEN / "small"))
    assert again == {}
    assert found == (await facts_of(office)).tables["progress"].num_rows


async def reports_at_once(office: httpx.AsyncClient) -> None:
    """Of eight that correct the same version one wins; the feed is complete and in order."""
    path = "/v1/projects/P024/progress/2022-10-30"
    first = await office.put(path, json={"invested_ytd_yuan": 1})
    seen = {"if-match": first.headers["etag"]}
    written = asyncio.Event()
    follower = asyncio.create_task(followed(office, written))
    same = [office.put(path, json={"invested_ytd_yuan": n}, headers=seen) for n in range(2, 10)]
    others = [
        office.put(f"/v1/projects/P024/progress/2022-11-{day:02}", json={"invested_ytd_yuan": day})
        for day in range(2, 30)
    ]
    answers = await asyncio.gather(*same, *others)
    assert sorted(answer.status_code for answer in answers) == [200] + [201] * 28 + [412] * 7
    written.set()
    known = await follower
    listed = (await office.get("/v1/events", params={"limit": 200})).json()["items"]
    assert known == [event["id"] for event in listed]
    assert [event["at"] for event in listed] == sorted(event["at"] for event in listed)


async def test_who_comes_second_is_told_what_came_first(
    committing: Committing, issuer: Issuer, url: str
) -> None:
    """Two have looked and found nothing there; then both may write, one after the other."""
    office = speaking(committing(), issuer)("office")
    await imported(office, zipped(GOLDEN / "county"))
    holder = create_sessions(url.replace("@/postgres", "@/lasting"))
    path = "/v1/projects/P024/progress/2022-10-30"
    async with holder.begin() as session:
        await begin_write(session, "registry", REGION)
        connection = await session.connection()
        reports = [{"invested_ytd_yuan": 1}, {"invested_ytd_yuan": 2}, {"invested_ytd_yuan": 1}]
        running = [asyncio.create_task(office.put(path, json=report)) for report in reports]
        for _ in range(POLLS):
            if await connection.scalar(WAITING) == len(running):
                break
            await asyncio.sleep(0.01)
        assert await connection.scalar(WAITING) == len(running)
    answers = await asyncio.gather(*running)
    await holder.kw["bind"].dispose()

    statuses = [answer.status_code for answer in answers]
    kept = (await office.get(path)).json()["invested_ytd_yuan"]
    # Whoever wanted what is there now is content, and the others must look first.
    assert statuses.count(201) == 1
    for report, status in zip(reports, statuses, strict=True):
        assert status in ({200, 201} if report["invested_ytd_yuan"] == kept else {412})
    assert len((await office.get(path + "/history")).json()) == 1


async def followed(office: httpx.AsyncClient, written: asyncio.Event) -> list[int]:
    """What a reader sees that follows the feed while others write, and once more after them."""
    seen: list[int] = []
    last = False
    while not last:
        last = written.is_set()
        asked = {"after": seen[-1] if seen else 0, "limit": 200}
        page = (await office.get("/v1/events", params=asked)).json()
        seen += [event["id"] for event in page["items"]]
    return seen
