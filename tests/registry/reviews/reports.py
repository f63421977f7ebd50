"""Reports as tests send them and look at them."""

from typing import Any

import httpx

from tests.registry.clients import table_of

PROJECT, UNIT, OTHER_UNIT, REGION = "P024", "U12", "U01", "990101"
OF_PROJECT = f"/v1/projects/{PROJECT}/progress"
BILLIONS = 9_000_000_000  # of a project whose total investment is 64 million


async def put(
    client: httpx.AsyncClient, path: str, status: int, seen: int | None = None, **fact: Any
) -> dict[str, Any]:
    """Send a record, over the version that was seen, and take the answer with this status."""
    headers = {} if seen is None else {"if-match": f'"{seen}"'}
    answer = await client.put(path, json=fact, headers=headers)
    assert answer.status_code == status, answer.text
    if status == 202:
        assert answer.headers["location"] == f"/v1/reports/{answer.json()['id']}"
        assert "etag" not in answer.headers
    found: dict[str, Any] = answer.json()
    return found


async def report(
    client: httpx.AsyncClient, day: str, yuan: int, status: int, seen: int | None = None
) -> dict[str, Any]:
    """Report the completed investment of the project."""
    return await put(client, f"{OF_PROJECT}/{day}", status, seen, invested_ytd_yuan=yuan)


async def decide(
    client: httpx.AsyncClient, number: int, verb: str, status: int = 200, **sent: Any
) -> dict[str, Any]:
    """Accept, return or withdraw a report; `seen` is sent as If-Match, the rest as the body."""
    seen = sent.pop("seen", None)
    headers = {} if seen is None else {"if-match": f'"{seen}"'}
    path = f"/v1/reports/{number}/{verb}"
    answer = await client.post(path, headers=headers, json=sent or None)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def read(client: httpx.AsyncClient, path: str, **asked: Any) -> dict[str, Any]:
    answer = await client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def counted(client: httpx.AsyncClient, day: str, **asked: str) -> int | None:
    """What the facts say of the project for a day."""
    rows = (await table_of(client, "progress", **asked)).to_pylist()
    found = [row for row in rows if row["project_id"] == PROJECT and str(row["as_of"]) == day]
    return found[0]["invested_ytd_yuan"] if found else None


async def review(office: httpx.AsyncClient, **modes: str) -> None:
    """Have the office set what it reviews."""
    place = f"/v1/offices/{REGION}"
    now = await office.get(place)
    form = {"name": "青石县重点办", "agency_words": {"default": "青重办"}, "review": modes}
    version = now.json()["version"]
    headers = {} if version is None else {"if-match": f'"{version}"'}
    answer = await office.put(place, json=form, headers=headers)
    assert answer.status_code in (200, 201), answer.text
